//! One step of the machine: from what was remembered, by what has come, to what is remembered and what is to be told.

use jiff::{SignedDuration, Timestamp};

use super::{A_WEEK, Closed, Latest, QUIET, Told, Track, Watch};
use crate::id::{UserId, VitalAlertId};
use crate::vital::{Acknowledged, Alarm, Level, Rule, VitalKind, VitalRefused, VitalSettings};

pub struct Step<'a> {
    before: &'a Watch,
    owner: UserId,
    pub(super) settings: &'a VitalSettings,
    pub(super) now: Timestamp,
    pub(super) rules: Vec<Rule>,
    pub(super) watch: Watch,
    pub(super) late_by: SignedDuration,
    cleared: Vec<Alarm>,
}

pub struct Outcome {
    pub watch: Watch,
    pub told: Vec<Told>,
    /// Alarms as they are now that were otherwise before.
    pub changed: Vec<Alarm>,
}

/// A person's devices are few; what else was ever heard makes room, the oldest first.
const MOST_HEARD: usize = 160;

impl<'a> Step<'a> {
    pub fn new(before: &'a Watch, owner: UserId, settings: &'a VitalSettings, now: Timestamp) -> Self {
        Self {
            before,
            owner,
            settings,
            now,
            rules: settings.rules(),
            watch: before.clone(),
            late_by: SignedDuration::ZERO,
            cleared: Vec::new(),
        }
    }

    /// What comes arrives late by so much anyhow, and is not stale for that.
    pub fn late_by(&mut self, delay: SignedDuration) {
        self.late_by = delay;
    }

    /// Somebody takes care of it. Who answers what is critical answers the warning beside it.
    pub fn acknowledge(&mut self, id: VitalAlertId, by: UserId) -> Result<(), VitalRefused> {
        let rule = self.rule_of(id)?;
        let beside = rule.at(Level::Warning).filter(|_| rule.level() == Level::Critical);
        for rule in [Some(rule), beside].into_iter().flatten() {
            let now = self.now;
            if let Some(alarm) = &mut self.watch.track_mut(rule).open {
                alarm.acknowledged = alarm.acknowledged.or(Some(Acknowledged { by, at: now }));
            }
        }
        Ok(())
    }

    /// Nobody is told of it until then.
    pub fn snooze(&mut self, id: VitalAlertId, until: Timestamp) -> Result<(), VitalRefused> {
        let rule = self.rule_of(id)?;
        let track = self.watch.track_mut(rule);
        track.quiet_until = Some(until);
        if let Some(alarm) = &mut track.open {
            alarm.snoozed_until = Some(until);
            // Whoever does not answer then is told and waited for anew.
            (alarm.told, alarm.waits_from) = (0, Some(until));
        }
        Ok(())
    }

    fn rule_of(&self, id: VitalAlertId) -> Result<Rule, VitalRefused> {
        let alarms = self.watch.alarms();
        let alarm = alarms.into_iter().find(|alarm| alarm.id == id);
        Ok(alarm.ok_or(VitalRefused::AlertNotFound)?.rule)
    }

    /// Whether it matters who there is to follow.
    pub fn wants_followers(&self) -> bool {
        let is_or_will_be = |track: &Track| match &track.open {
            Some(alarm) => alarm.acknowledged.is_none(),
            None => self.is_ripe(track),
        };
        let mut urgent = self
            .watch
            .tracks
            .iter()
            .filter(|track| track.rule.level() == Level::Critical);
        self.settings.escalate_after_minutes.is_some() && urgent.any(is_or_will_be)
    }

    /// `followers`: whom there is to tell, in their order.
    pub fn finish(mut self, followers: &[UserId]) -> Outcome {
        self.drop_what_is_off();
        self.ripen();
        self.listen();
        let told = self.tell(followers);
        let (settings, now) = (self.settings, self.now);
        self.watch.tracks.retain(|track| !track.is_idle(settings, now));
        self.forget();
        let before = self.before.alarms();
        let open = self.watch.alarms();
        let mut changed: Vec<Alarm> = open
            .into_iter()
            .filter(|alarm| !before.contains(alarm))
            .cloned()
            .collect();
        changed.append(&mut self.cleared);
        Outcome {
            watch: self.watch,
            told,
            changed,
        }
    }

    /// What was broken for long enough without anything else being said is an alarm.
    fn ripen(&mut self) {
        let ripe = self.watch.tracks.iter().filter(|track| self.is_ripe(track));
        let ripe: Vec<(Rule, Latest)> = ripe.filter_map(|track| Some((track.rule, track.counted?))).collect();
        for (rule, reading) in ripe {
            self.raise(rule, self.now, reading.kind, Some(reading));
        }
    }

    fn is_ripe(&self, track: &Track) -> bool {
        track.ripe_from().is_some_and(|at| at <= self.now)
    }

    fn forget(&mut self) {
        let now = self.now;
        let heard = &mut self.watch.heard;
        heard.retain(|heard| now.duration_since(heard.at) <= A_WEEK);
        if heard.len() > MOST_HEARD {
            heard.sort_by_key(|heard| std::cmp::Reverse(heard.at));
            heard.truncate(MOST_HEARD);
        }
    }

    /// What is broken again soon, or within the same step, is the same alarm: flapping neither tells anybody anew nor undoes
    /// an answer, and a step changes one alarm of a rule at most.
    pub(super) fn raise(&mut self, rule: Rule, at: Timestamp, kind: VitalKind, reading: Option<Latest>) {
        let at = at.min(self.now);
        let closed = self.watch.track_mut(rule).closed.take();
        let is_soon = |closed: &Closed| {
            closed
                .alarm
                .cleared_at
                .is_some_and(|over| at.duration_since(over) < QUIET)
        };
        let is_of_now = |closed: &Closed| self.cleared.iter().any(|cleared| cleared.id == closed.alarm.id);
        let again = closed.filter(|closed| is_soon(closed) || is_of_now(closed));
        let alarm = match again {
            Some(Closed { alarm, .. }) => {
                self.cleared.retain(|cleared| cleared.id != alarm.id);
                Alarm {
                    cleared_at: None,
                    ..alarm
                }
            }
            None => self.new_alarm(rule, at, kind, reading),
        };
        let track = self.watch.track_mut(rule);
        track.sure_at = None;
        track.open = Some(Alarm {
            snoozed_until: track.quiet_until,
            ..alarm
        });
    }

    fn new_alarm(&self, rule: Rule, at: Timestamp, kind: VitalKind, reading: Option<Latest>) -> Alarm {
        Alarm {
            id: VitalAlertId::of(self.owner, &rule.word(), at),
            rule,
            raised_at: at,
            kind,
            amount: reading.map(|reading| reading.amount),
            source: reading.map(|reading| reading.source),
            reading: reading.map(|reading| reading.source.reading_at(reading.at)),
            told: 0,
            told_at: None,
            waits_from: None,
            followers_told: Vec::new(),
            acknowledged: None,
            snoozed_until: None,
            cleared_at: None,
        }
    }

    pub(super) fn clear(&mut self, rule: Rule, at: Timestamp) {
        let until = self.now + QUIET;
        let Some(track) = self.watch.tracks.iter_mut().find(|track| track.rule == rule) else {
            return;
        };
        (track.since, track.readings) = (None, 0);
        (track.counted, track.sure_at) = (None, None);
        if let Some(alarm) = track.open.take() {
            let cleared_at = Some(at.max(alarm.raised_at));
            let alarm = Alarm { cleared_at, ..alarm };
            // Silence that comes back is new.
            if !rule.is_silence() {
                let alarm = alarm.clone();
                track.closed = Some(Closed { alarm, until });
            }
            self.cleared.push(alarm);
        }
    }

    fn drop_what_is_off(&mut self) {
        let off = self.watch.tracks.iter().map(|track| track.rule);
        let off: Vec<Rule> = off.filter(|rule| !self.rules.contains(rule)).collect();
        for rule in off {
            self.clear(rule, self.now);
            self.watch.tracks.retain(|track| track.rule != rule);
        }
    }
}
