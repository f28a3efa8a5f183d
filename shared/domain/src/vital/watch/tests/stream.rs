//! A person whose readings come in one after another, and everybody who is told.

use jiff::ToSpan;

use crate::id::{UserId, VitalDeviceId};
use crate::vital::watch::*;
use crate::vital::{Alarm, Amount, Reading, Source, VitalKind, VitalSettings};

/// A person with a machine, and a sweep each minute.
pub struct Stream {
    pub settings: VitalSettings,
    pub followers: Vec<UserId>,
    /// As the last step knew them: who keeps them asks only when it matters.
    known: Vec<UserId>,
    pub watch: Watch,
    pub now: Timestamp,
    pub day: &'static str,
    pub told: Vec<String>,
}

pub fn owner() -> UserId {
    UserId::new(Timestamp::UNIX_EPOCH, [1; 6])
}

pub fn follower(number: u8) -> UserId {
    UserId::new(Timestamp::UNIX_EPOCH, [100 + number; 6])
}

pub fn device(number: u8) -> Source {
    Source::Device(VitalDeviceId::new(Timestamp::UNIX_EPOCH, [number; 6]))
}

pub fn source() -> Source {
    device(2)
}

impl Stream {
    pub fn new(settings: VitalSettings) -> Self {
        settings.check().unwrap();
        Self {
            settings,
            followers: Vec::new(),
            known: Vec::new(),
            watch: Watch::default(),
            now: "2026-11-30T00:00:00Z".parse().unwrap(),
            day: "2026-11-30",
            told: Vec::new(),
        }
    }

    pub fn usual() -> Self {
        Self::new(VitalSettings::default())
    }

    pub fn at(&self, time: &str) -> Timestamp {
        match time.split_once('+') {
            Some((days, time)) => {
                let at: Timestamp = format!("{}T{time}:00Z", self.day).parse().unwrap();
                at.checked_add((24 * days.parse::<i64>().unwrap()).hours()).unwrap()
            }
            None => format!("{}T{time}:00Z", self.day).parse().unwrap(),
        }
    }

    pub fn finish(&mut self, step: impl FnOnce(&mut Step<'_>)) -> Vec<Alarm> {
        let mut next = Step::new(&self.watch, owner(), &self.settings, self.now);
        step(&mut next);
        self.known = match next.wants_followers() {
            true => self.followers.clone(),
            false => Vec::new(),
        };
        let outcome = next.finish(&self.known);
        for told in outcome.told {
            let to = match told.to {
                To::Owner => "owner".to_owned(),
                To::Follower(id) => format!("follower {}", (0..9).find(|number| follower(*number) == id).unwrap()),
            };
            let again = if told.again { " again" } else { "" };
            let time = self.now.to_string();
            self.told
                .push(format!("{} {to} {}{again}", &time[8..16], told.rule.word()));
        }
        self.watch = outcome.watch;
        outcome.changed
    }

    /// Lets time pass as the sweep does: it looks when something is due, to the minute.
    pub fn until(&mut self, time: &str) -> &mut Self {
        let end = self.at(time);
        while let Some(due) = self.watch.next_deadline(&self.settings, &self.known, self.now) {
            assert!(due > self.now, "a deadline that is over would be looked at for ever");
            let minute = (due.as_second() + 59).div_euclid(60) * 60;
            let minute = Timestamp::from_second(minute).unwrap();
            if minute >= end {
                break;
            }
            self.now = minute;
            self.finish(|_| ());
        }
        self.now = end;
        self
    }

    pub fn reads(&mut self, time: &str, readings: &[(VitalKind, f64)]) -> Vec<Alarm> {
        self.until(time);
        let readings: Vec<Reading> = readings
            .iter()
            .map(|(kind, number)| Reading {
                kind: *kind,
                amount: Amount::read(*kind, *number, kind.unit()).unwrap(),
                at: self.now,
            })
            .collect();
        let samples = Sample::of(source(), &readings);
        self.finish(|step| samples.iter().for_each(|sample| step.take(sample)))
    }

    /// At a moment, what was measured by somebody at others.
    pub fn hears(&mut self, time: &str, source: Source, kind: VitalKind, readings: &[(&str, f64)]) -> Vec<Alarm> {
        self.until(time);
        let reading = |(at, number): &(&str, f64)| Reading {
            kind,
            amount: Amount::read(kind, *number, kind.unit()).unwrap(),
            at: self.at(at),
        };
        let readings: Vec<Reading> = readings.iter().map(reading).collect();
        let samples = Sample::of(source, &readings);
        self.finish(|step| samples.iter().for_each(|sample| step.take(sample)))
    }

    pub fn is_open(&self, word: &str) -> bool {
        self.watch.alarms().iter().any(|alarm| alarm.rule.word() == word)
    }

    pub fn glucose(&mut self, readings: &[(&str, f64)]) -> &mut Self {
        for (time, number) in readings {
            self.reads(time, &[(VitalKind::Glucose, *number)]);
        }
        self
    }

    pub fn open(&self, word: &str) -> Alarm {
        let alarms = self.watch.alarms();
        let found = alarms.into_iter().find(|alarm| alarm.rule.word() == word);
        found.unwrap_or_else(|| panic!("{word} is not open")).clone()
    }

    pub fn snooze(&mut self, time: &str, word: &str, until: &str) -> &mut Self {
        self.until(time);
        let (id, until) = (self.open(word).id, self.at(until));
        self.finish(|step| step.snooze(id, until).unwrap());
        self
    }

    pub fn acknowledge(&mut self, time: &str, word: &str) -> &mut Self {
        self.until(time);
        let id = self.open(word).id;
        self.finish(|step| step.acknowledge(id, owner()).unwrap());
        self
    }

    pub fn restart(&mut self) -> &mut Self {
        self.watch = serde_json::from_str(&serde_json::to_string(&self.watch).unwrap()).unwrap();
        self
    }

    pub fn told(&self, expected: &[&str]) {
        assert_eq!(self.told, expected);
    }
}
