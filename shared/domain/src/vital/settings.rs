//! When a person wants to be told, and from where on: what stands in place of the defaults.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Level, Personal, Rule, Side, Subject, Thresholds, VitalKind, VitalRefused, is_sound};
use crate::id::UserId;
use crate::scheduling::clock_time::ClockTime;
use crate::scheduling::zone::Zone;

pub const MOST_FOLLOWERS: usize = 5;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VitalSettings {
    /// 0 for what was never changed.
    pub version: u64,
    pub limits: Vec<Personal>,
    /// Of NEWS2: only a clinician says so.
    pub spo2_scale_2: bool,
    pub on_oxygen: bool,
    /// Alarms of weight that rises, as it does with a weak heart.
    pub weight_gain: bool,
    /// Subjects that nobody is told of.
    pub off: Vec<Subject>,
    pub zone: Zone,
    pub night: Option<Night>,
    pub warning: Timing,
    pub critical: Timing,
    /// After so long without an answer to a critical alarm the next follower is told; never if none.
    pub escalate_after_minutes: Option<u16>,
    /// In this order, as long as each has the person's leave to see vital signs. None: whoever has it, by when they got it.
    pub followers: Option<Vec<UserId>>,
    pub no_data: Vec<NoData>,
}

/// Hours of the person's own clock in which warnings wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "VitalNight")]
pub struct Night {
    pub from: ClockTime,
    pub until: ClockTime,
}

/// Warnings must not wait for ever.
const LONGEST_NIGHT: u16 = 16 * 60;
const A_DAY: u16 = 24 * 60;

impl Night {
    fn is_sound(self) -> bool {
        let (from, until) = (self.from.minutes() % A_DAY, self.until.minutes() % A_DAY);
        (1..=LONGEST_NIGHT).contains(&((until + A_DAY - from) % A_DAY))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "VitalTiming")]
pub struct Timing {
    /// How long it must have been so before it is an alarm; 0 for at once.
    pub sustained_minutes: u16,
    /// Nobody is told again of the same before that.
    pub repeat_minutes: u16,
}

/// An alarm for silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "VitalNoData")]
pub struct NoData {
    pub kind: VitalKind,
    pub after_minutes: u16,
    /// By so much readings arrive late anyhow, such as 60 or 180 where a vendor holds them back.
    #[serde(default)]
    pub delay_minutes: u16,
}

impl NoData {
    pub fn span(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.after_minutes) + i64::from(self.delay_minutes))
    }
}

impl Default for VitalSettings {
    fn default() -> Self {
        Self {
            version: 0,
            limits: Vec::new(),
            spo2_scale_2: false,
            on_oxygen: false,
            weight_gain: false,
            off: Vec::new(),
            zone: Zone::utc(),
            night: None,
            warning: Timing {
                sustained_minutes: 0,
                repeat_minutes: 60,
            },
            critical: Timing {
                sustained_minutes: 0,
                repeat_minutes: 15,
            },
            escalate_after_minutes: Some(15),
            followers: None,
            no_data: Vec::new(),
        }
    }
}

impl VitalSettings {
    pub fn timing(&self, level: Level) -> Timing {
        match level {
            Level::Warning => self.warning,
            Level::Critical => self.critical,
        }
    }

    pub fn thresholds(&self, kind: VitalKind, on: Side) -> Thresholds {
        let usual = match kind {
            VitalKind::Spo2 if self.spo2_scale_2 => Thresholds::of_scale_2(on, self.on_oxygen),
            _ => Thresholds::default_of(kind, on),
        };
        usual.with(self.limits.iter().find(|limit| limit.kind == kind), on)
    }

    /// All that alarms can be about as things are.
    pub fn rules(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        for subject in Subject::ALL.into_iter().filter(|subject| !self.off.contains(subject)) {
            for level in Level::BOTH {
                match subject {
                    Subject::Weight => rules.extend(self.weight_rules(level)),
                    _ => rules.extend(Side::BOTH.map(|side| Rule::Bounds { subject, side, level })),
                }
            }
        }
        let heard = self
            .no_data
            .iter()
            .filter(|rule| !self.off.contains(&Subject::of(rule.kind)));
        rules.extend(heard.map(|rule| Rule::NoData { kind: rule.kind }));
        rules
    }

    /// Nobody's weight is too much by itself: only what somebody has set counts.
    fn weight_rules(&self, level: Level) -> Vec<Rule> {
        let subject = Subject::Weight;
        let has_limits = self.limits.iter().any(|limit| limit.kind == VitalKind::Weight);
        let bounds = Side::BOTH.map(|side| Rule::Bounds { subject, side, level });
        let bounds = bounds.into_iter().filter(|_| has_limits);
        let gain = self.weight_gain.then_some(Rule::Gain { level });
        bounds.chain(gain).collect()
    }

    /// When the night that it is at this moment ends; none by day.
    pub fn night_end(&self, now: Timestamp) -> Option<Timestamp> {
        let night = self.night?;
        let civil = self.zone.rules().to_datetime(now);
        let minute = u16::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).ok()?;
        let (from, until) = (night.from.minutes(), night.until.minutes());
        let is_night = match from < until {
            true => (from..until).contains(&minute),
            false => minute >= from || minute < until,
        };
        // Over midnight it ends tomorrow, unless it is tomorrow already.
        let ends_tomorrow = from >= until && minute >= from;
        let date = match ends_tomorrow {
            true => civil.date().tomorrow().ok()?,
            false => civil.date(),
        };
        let end = self.zone.rules().to_timestamp(night.until.on(date)?).ok()?;
        // On a night when the clock is put back the hour before the end comes twice.
        is_night.then(|| end.max(now + SignedDuration::from_mins(1)))
    }

    pub fn check(&self) -> Result<(), VitalRefused> {
        let invalid = |field, rule| Err(VitalRefused::Invalid { field, rule });
        let twice = |kinds: Vec<VitalKind>| {
            let mut distinct = kinds.clone();
            distinct.sort();
            distinct.dedup();
            distinct.len() != kinds.len()
        };
        if !self.limits.iter().all(is_sound) || twice(self.limits.iter().map(|limit| limit.kind).collect()) {
            return invalid("limits", "must be plausible and in order, one for each kind");
        }
        let timings = [self.warning, self.critical];
        if timings
            .iter()
            .any(|timing| !(5..=1_440).contains(&timing.repeat_minutes))
        {
            return invalid("repeat_minutes", "must be from 5 to 1440");
        }
        if timings.iter().any(|timing| timing.sustained_minutes > 240) {
            return invalid("sustained_minutes", "must be at most 240");
        }
        if self
            .escalate_after_minutes
            .is_some_and(|minutes| !(1..=240).contains(&minutes))
        {
            return invalid("escalate_after_minutes", "must be from 1 to 240");
        }
        let silence = |rule: &NoData| (5..=10_080).contains(&rule.after_minutes) && rule.delay_minutes <= 1_440;
        if !self.no_data.iter().all(silence) || twice(self.no_data.iter().map(|rule| rule.kind).collect()) {
            return invalid(
                "no_data",
                "must be after 5 to 10080 minutes, with a delay of at most 1440, once for each kind",
            );
        }
        if self.night.is_some_and(|night| !night.is_sound()) {
            return invalid(
                "night",
                "must be of 16 hours at most, and end at another time than it begins",
            );
        }
        if self
            .followers
            .as_ref()
            .is_some_and(|followers| followers.len() > MOST_FOLLOWERS)
        {
            return invalid("followers", "must be at most 5");
        }
        Ok(())
    }

    /// Whether the person may put this in place of `before`, who is no clinician.
    pub fn may_be_set_by_owner(&self, before: &Self) -> Result<(), VitalRefused> {
        if (self.spo2_scale_2, self.on_oxygen) != (before.spo2_scale_2, before.on_oxygen) {
            return Err(VitalRefused::CliniciansOnly);
        }
        let clinical = before.limits.iter().filter(|limit| limit.by_clinician);
        for limit in clinical {
            if !self.limits.contains(limit) {
                let kind = limit.kind.word();
                return Err(VitalRefused::SetByClinician { kind });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(zone: &str, from: &str, until: &str) -> VitalSettings {
        VitalSettings {
            zone: zone.to_owned().try_into().unwrap(),
            night: Some(Night {
                from: from.parse().unwrap(),
                until: until.parse().unwrap(),
            }),
            ..VitalSettings::default()
        }
    }

    #[test]
    fn a_night_is_the_clocks_also_when_the_clock_changes() {
        let end = |settings: &VitalSettings, at: &str| {
            let end = settings.night_end(at.parse().unwrap());
            end.map_or_else(|| "day".to_owned(), |end| end.to_string())
        };
        let berlin = settings("Europe/Berlin", "22:00", "07:00");
        assert_eq!(end(&berlin, "2026-10-24T19:59:59Z"), "day");
        // Put back: the night has ten hours.
        for at in [
            "2026-10-24T20:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T05:59:00Z",
        ] {
            assert_eq!(end(&berlin, at), "2026-10-25T06:00:00Z", "{at}");
        }
        assert_eq!(end(&berlin, "2026-10-25T06:00:00Z"), "day");
        // Put forward: eight hours.
        assert_eq!(end(&berlin, "2026-03-28T21:00:00Z"), "2026-03-29T05:00:00Z");
        assert_eq!(end(&berlin, "2026-03-29T05:00:00Z"), "day");
        let kolkata = settings("Asia/Kolkata", "01:00", "05:30");
        assert_eq!(end(&kolkata, "2026-11-30T19:29:00Z"), "day");
        assert_eq!(end(&kolkata, "2026-11-30T19:30:00Z"), "2026-12-01T00:00:00Z");
        assert_eq!(VitalSettings::default().night_end(Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_night_ends() {
        let is_sound = |from, until| settings("UTC", from, until).check().is_ok();
        assert!(is_sound("22:00", "07:00") && is_sound("00:00", "08:00") && is_sound("20:00", "24:00"));
        for (from, until) in [
            ("00:00", "24:00"),
            ("24:00", "00:00"),
            ("07:00", "07:00"),
            ("08:00", "07:59"),
        ] {
            assert!(!is_sound(from, until), "{from} {until}");
        }
    }

    #[test]
    fn off_is_off() {
        let mut settings = VitalSettings {
            no_data: vec![NoData {
                kind: VitalKind::Glucose,
                after_minutes: 30,
                delay_minutes: 0,
            }],
            ..VitalSettings::default()
        };
        let about = |settings: &VitalSettings| {
            let rules = settings.rules();
            rules.iter().filter(|rule| rule.subject() == Subject::Glucose).count()
        };
        assert_eq!(about(&settings), 5);
        settings.off = vec![Subject::Glucose];
        assert_eq!(about(&settings), 0);
        settings.check().unwrap();
    }
}
