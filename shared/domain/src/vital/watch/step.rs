//! One step of the machine: from what was remembered, by what has come, to what is remembered and what is to be told.

use jiff::{SignedDuration, Timestamp};

use super::{GAP, LONG_GAP, Latest, STALE, Sample, Told, Watch};
use crate::id::{UserId, VitalAlertId};
use crate::vital::{
    Acknowledged, Alarm, Amount, Band, Level, Rule, Side, Source, Subject, VitalKind, VitalRefused, VitalSettings,
};

pub struct Step<'a> {
    before: &'a Watch,
    owner: UserId,
    pub(super) settings: &'a VitalSettings,
    pub(super) now: Timestamp,
    pub(super) rules: Vec<Rule>,
    pub(super) watch: Watch,
    cleared: Vec<Alarm>,
}

pub struct Outcome {
    pub watch: Watch,
    pub told: Vec<Told>,
    /// Alarms as they are now that were otherwise before.
    pub changed: Vec<Alarm>,
}

/// In a day, and in a week.
const GAIN_WARNS: i32 = 1_000;
const GAIN_IS_CRITICAL: i32 = 2_000;
/// People do not weigh themselves at the same hour each day.
const A_DAY: SignedDuration = SignedDuration::from_hours(36);
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24 + 12);

impl<'a> Step<'a> {
    pub fn new(before: &'a Watch, owner: UserId, settings: &'a VitalSettings, now: Timestamp) -> Self {
        Self {
            before,
            owner,
            settings,
            now,
            rules: settings.rules(),
            watch: before.clone(),
            cleared: Vec::new(),
        }
    }

    /// Samples must come in the order of their times.
    pub fn take(&mut self, sample: &Sample) {
        for (kind, amount) in &sample.amounts {
            self.note_latest(*kind, *amount, sample);
        }
        for subject in Subject::ALL {
            let of_subject = |(kind, _): &&(VitalKind, Amount)| Subject::of(*kind) == subject;
            let amounts: Vec<(VitalKind, Amount)> = sample.amounts.iter().filter(of_subject).copied().collect();
            if !amounts.is_empty() && !self.is_stale(sample.at, subject) {
                self.judge(subject, &amounts, sample);
            }
        }
    }

    /// A sensor was changed, and says nothing for a while.
    pub fn warm_up(&mut self, until: Timestamp) {
        self.watch.warm_up_until = self.watch.warm_up_until.max(Some(until));
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
            // Whoever does not answer then is waited for anew.
            alarm.told_at = None;
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
        let is_urgent = |alarm: &&Alarm| alarm.rule.level() == Level::Critical && alarm.acknowledged.is_none();
        self.settings.escalate_after_minutes.is_some() && self.watch.alarms().iter().any(is_urgent)
    }

    /// `followers`: how many there are to tell.
    pub fn finish(mut self, followers: usize) -> Outcome {
        self.drop_what_is_off();
        self.listen();
        let told = self.tell(followers);
        let (settings, now) = (self.settings, self.now);
        self.watch.tracks.retain(|track| !track.is_idle(settings, now));
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

    fn note_latest(&mut self, kind: VitalKind, amount: Amount, sample: &Sample) {
        let latest = Latest {
            kind,
            amount,
            at: sample.at,
            source: sample.source,
        };
        match self.watch.latest.iter_mut().find(|known| known.kind == kind) {
            Some(known) if known.at <= latest.at => *known = latest,
            Some(_) => {}
            None => self.watch.latest.push(latest),
        }
    }

    fn is_stale(&self, at: Timestamp, subject: Subject) -> bool {
        let delay = self
            .settings
            .no_data
            .iter()
            .find(|rule| Subject::of(rule.kind) == subject);
        let delay = delay.map_or(0, |rule| rule.delay_minutes);
        self.now.duration_since(at) > STALE + SignedDuration::from_mins(i64::from(delay))
    }

    fn judge(&mut self, subject: Subject, amounts: &[(VitalKind, Amount)], sample: &Sample) {
        let judged = self
            .watch
            .judged
            .iter()
            .find(|(of, _)| *of == subject)
            .map(|(_, at)| *at);
        if judged.is_some_and(|judged| sample.at <= judged) {
            return;
        }
        let gap = judged.map_or(SignedDuration::ZERO, |judged| sample.at.duration_since(judged));
        self.watch.judged.retain(|(of, _)| *of != subject);
        self.watch.judged.push((subject, sample.at));
        for rule in self.rules.clone() {
            if rule.subject() != subject || rule.is_silence() {
                continue;
            }
            match self.breach(rule, amounts, sample.at) {
                Some((kind, amount)) => self.count(rule, gap, (kind, amount), sample),
                None => self.clear(rule, sample.at),
            }
        }
        if let Some((_, weight)) = amounts.iter().find(|(kind, _)| *kind == VitalKind::Weight) {
            self.remember_weight(*weight, sample.at);
        }
    }

    /// What breaks the rule, the gravest of it.
    fn breach(&self, rule: Rule, amounts: &[(VitalKind, Amount)], at: Timestamp) -> Option<(VitalKind, Amount)> {
        let (side, level) = match rule {
            Rule::Bounds { side, level, .. } => (side, level),
            Rule::Gain { level } => {
                let (kind, weight) = *amounts.first()?;
                return (self.gain(weight, at)? >= level).then_some((kind, weight));
            }
            Rule::NoData { .. } => return None,
        };
        let band = |(kind, amount): &(VitalKind, Amount)| self.settings.thresholds(*kind, side).judge(side, *amount);
        let gravest = amounts.iter().max_by_key(|amount| band(amount))?;
        let broken: Band = level.band();
        (band(gravest) >= broken).then_some(*gravest)
    }

    fn gain(&self, weight: Amount, at: Timestamp) -> Option<Level> {
        let least = |within: SignedDuration| {
            let recent = self
                .watch
                .weights
                .iter()
                .filter(|(then, _)| at.duration_since(*then) <= within);
            recent.map(|(_, weight)| weight.in_thousandths()).min()
        };
        let risen = |within| least(within).map_or(0, |least| weight.in_thousandths() - least);
        if risen(A_WEEK) >= GAIN_IS_CRITICAL {
            return Some(Level::Critical);
        }
        (risen(A_DAY) >= GAIN_WARNS).then_some(Level::Warning)
    }

    fn remember_weight(&mut self, weight: Amount, at: Timestamp) {
        let day = crate::calendar::day_of(at);
        let weights = &mut self.watch.weights;
        weights.retain(|(then, _)| at.duration_since(*then) <= A_WEEK);
        match weights
            .iter_mut()
            .find(|(then, _)| crate::calendar::day_of(*then) == day)
        {
            Some((_, least)) => *least = weight.min(*least),
            None => weights.push((at, weight)),
        }
    }

    fn count(&mut self, rule: Rule, gap: SignedDuration, (kind, amount): (VitalKind, Amount), sample: &Sample) {
        let sustained = SignedDuration::from_mins(i64::from(self.settings.timing(rule.level()).sustained_minutes));
        let wanted = self.wanted_readings(rule);
        let track = self.watch.track_mut(rule);
        if gap > LONG_GAP {
            track.readings = 0;
        }
        if gap > GAP {
            track.since = None;
        }
        let since = *track.since.get_or_insert(sample.at);
        track.readings = track.readings.saturating_add(1);
        let is_sure = track.readings >= wanted && sample.at.duration_since(since) >= sustained;
        if is_sure && track.open.is_none() {
            self.raise(rule, sample.at, kind, Some(amount), Some(sample.source));
        }
    }

    /// One high glucose may be jam on a finger.
    fn wanted_readings(&self, rule: Rule) -> u16 {
        let high = Rule::Bounds {
            subject: Subject::Glucose,
            side: Side::High,
            level: Level::Critical,
        };
        let is_personal =
            |limit: &crate::vital::Personal| limit.kind == VitalKind::Glucose && limit.critical_high.is_some();
        let is_usual = !self.settings.limits.iter().any(is_personal);
        if rule == high && is_usual { 2 } else { 1 }
    }

    pub(super) fn raise(
        &mut self,
        rule: Rule,
        at: Timestamp,
        kind: VitalKind,
        amount: Option<Amount>,
        source: Option<Source>,
    ) {
        let id = VitalAlertId::of(self.owner, &rule.word(), at);
        let track = self.watch.track_mut(rule);
        track.open = Some(Alarm {
            id,
            rule,
            raised_at: at,
            kind,
            amount,
            source,
            reading: source.map(|source| source.reading_at(at)),
            told: 0,
            told_at: None,
            escalated: 0,
            acknowledged: None,
            snoozed_until: track.quiet_until,
            cleared_at: None,
        });
    }

    pub(super) fn clear(&mut self, rule: Rule, at: Timestamp) {
        let Some(track) = self.watch.tracks.iter_mut().find(|track| track.rule == rule) else {
            return;
        };
        (track.since, track.readings) = (None, 0);
        if let Some(alarm) = track.open.take() {
            self.cleared.push(Alarm {
                cleared_at: Some(at.max(alarm.raised_at)),
                ..alarm
            });
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
