//! What readings say of alarms: each source is believed about what it measures itself, and its own later word alone, or a
//! correction, takes back what it has said. So neither a clock that is fast nor a device that sends live hides what another
//! measured.

use jiff::{SignedDuration, Timestamp};

use super::{A_DAY, A_WEEK, GAP, Latest, STALE, Sample, Step};
use crate::calendar::day_of;
use crate::vital::{Amount, Level, Personal, Rule, Side, Source, Subject, VitalKind};

/// In a day, and in a week.
const GAIN_WARNS: i32 = 1_000;
const GAIN_IS_CRITICAL: i32 = 2_000;
/// Weights of a day that are remembered: more than the least, since one may be corrected.
const MOST_OF_A_DAY: usize = 8;

impl Sample {
    fn readings(&self) -> impl Iterator<Item = Latest> {
        self.amounts.iter().map(|(kind, amount)| Latest {
            kind: *kind,
            amount: *amount,
            at: self.at,
            source: self.source,
        })
    }
}

impl Step<'_> {
    /// Samples must come in the order of their times.
    pub fn take(&mut self, sample: &Sample) {
        sample.readings().for_each(|reading| self.note_latest(reading));
        let weights = sample.readings().filter(|reading| reading.kind == VitalKind::Weight);
        let reweighed = weights.filter(|weight| self.remember_weight(*weight)).count();
        for subject in Subject::ALL {
            let may_raise = !self.is_stale(sample.at, subject);
            if self.hear(subject, sample, may_raise) {
                self.judge(subject, (sample.source, sample.at), may_raise);
            } else if reweighed > 0 && subject == Subject::Weight {
                self.weigh_again(sample.source);
            }
        }
    }

    fn note_latest(&mut self, latest: Latest) {
        match self.watch.latest.iter_mut().find(|known| known.kind == latest.kind) {
            Some(known) if known.at <= latest.at => *known = latest,
            Some(_) => {}
            None => self.watch.latest.push(latest),
        }
    }

    fn is_stale(&self, at: Timestamp, subject: Subject) -> bool {
        let mut rules = self.settings.no_data.iter();
        let delay = rules.find(|rule| Subject::of(rule.kind) == subject);
        let delay = SignedDuration::from_mins(delay.map_or(0, |rule| i64::from(rule.delay_minutes)));
        self.now.duration_since(at) > STALE + delay.max(self.late_by)
    }

    /// Takes in what is news, and whether anything is. What is stale is none, but as a correction: it may end an alarm and
    /// raise none.
    fn hear(&mut self, subject: Subject, sample: &Sample, is_fresh: bool) -> bool {
        let mut is_news = false;
        for reading in sample.readings().filter(|reading| Subject::of(reading.kind) == subject) {
            let heard = &mut self.watch.heard;
            let is_of_both = |known: &&mut Latest| (known.kind, known.source) == (reading.kind, reading.source);
            match heard.iter_mut().find(is_of_both) {
                Some(known) if known.at == reading.at && known.amount != reading.amount => *known = reading,
                Some(known) if known.at < reading.at && is_fresh => *known = reading,
                None if is_fresh => heard.push(reading),
                _ => continue,
            }
            is_news = true;
        }
        is_news
    }

    /// What a source says now of a subject, and all that follows.
    fn judge(&mut self, subject: Subject, (source, at): (Source, Timestamp), may_raise: bool) {
        for rule in self.rules.clone() {
            if rule.subject() != subject || rule.is_silence() {
                continue;
            }
            match self.breach(rule, source, at) {
                Some(reading) if may_raise => self.count(rule, reading),
                Some(_) => {}
                None if self.is_broken_elsewhere(rule, (source, at)) => {}
                None => self.clear(rule, at),
            }
        }
    }

    /// A weight of before was corrected, and what was made of it may be wrong.
    fn weigh_again(&mut self, source: Source) {
        let mut heard = self.watch.heard.iter();
        let newest = heard.find(|heard| heard.kind == VitalKind::Weight && heard.source == source);
        if let Some(at) = newest.map(|newest| newest.at) {
            let may_raise = !self.is_stale(at, Subject::Weight);
            self.judge(Subject::Weight, (source, at), may_raise);
        }
    }

    /// What a source last said, as far as it is of the time before a moment, or after it.
    fn last_said(&self, subject: Subject, source: Source, at: Timestamp) -> impl Iterator<Item = &Latest> {
        self.watch.heard.iter().filter(move |heard| {
            let is_asked = heard.source == source && Subject::of(heard.kind) == subject;
            is_asked && at.duration_since(heard.at) <= GAP
        })
    }

    /// What breaks the rule by the word of a source, the gravest of it.
    fn breach(&self, rule: Rule, source: Source, at: Timestamp) -> Option<Latest> {
        let mut said = self.last_said(rule.subject(), source, at);
        let (side, level) = match rule {
            Rule::Bounds { side, level, .. } => (side, level),
            Rule::Gain { level } => {
                let weight = *said.next()?;
                return (self.gain(weight.amount, weight.at)? >= level).then_some(weight);
            }
            Rule::NoData { .. } => return None,
        };
        let band = |said: &Latest| self.settings.thresholds(said.kind, side).judge(side, said.amount);
        let gravest = *said.max_by_key(|said| band(said))?;
        (band(&gravest) >= level.band()).then_some(gravest)
    }

    fn is_broken_elsewhere(&self, rule: Rule, (source, at): (Source, Timestamp)) -> bool {
        let others = self.watch.heard.iter().map(|heard| heard.source);
        let mut others = others.filter(|other| *other != source);
        others.any(|other| self.breach(rule, other, at).is_some())
    }

    fn gain(&self, weight: Amount, at: Timestamp) -> Option<Level> {
        let least = |within: SignedDuration| {
            let is_recent = |then: &Timestamp| *then <= at && at.duration_since(*then) <= within;
            let recent = self.watch.weighed.iter().filter(|weighed| is_recent(&weighed.at));
            recent.map(|weighed| weighed.amount.in_thousandths()).min()
        };
        let risen = |within| least(within).map_or(0, |least| weight.in_thousandths() - least);
        if risen(A_WEEK) >= GAIN_IS_CRITICAL {
            return Some(Level::Critical);
        }
        (risen(A_DAY) >= GAIN_WARNS).then_some(Level::Warning)
    }

    /// Whether something else was known of that moment.
    fn remember_weight(&mut self, weight: Latest) -> bool {
        let now = self.now;
        let weighed = &mut self.watch.weighed;
        weighed.retain(|known| now.duration_since(known.at) <= A_WEEK);
        if now.duration_since(weight.at) > A_WEEK {
            return false;
        }
        let is_same = |known: &&mut Latest| (known.at, known.source) == (weight.at, weight.source);
        if let Some(known) = weighed.iter_mut().find(is_same) {
            let is_corrected = known.amount != weight.amount;
            *known = weight;
            return is_corrected;
        }
        weighed.push(weight);
        let is_of_day = |known: &Latest| day_of(known.at) == day_of(weight.at);
        if weighed.iter().filter(|known| is_of_day(known)).count() > MOST_OF_A_DAY {
            let places = weighed.iter().enumerate().filter(|(_, known)| is_of_day(known));
            let greatest = places.max_by_key(|(_, known)| known.amount).map(|(place, _)| place);
            greatest.map(|place| weighed.remove(place));
        }
        false
    }

    fn count(&mut self, rule: Rule, reading: Latest) {
        let sustained = SignedDuration::from_mins(i64::from(self.settings.timing(rule.level()).sustained_minutes));
        let (wanted, now) = (self.wanted_readings(rule), self.now);
        let track = self.watch.track_mut(rule);
        let before = track.counted.replace(reading);
        if before.is_some_and(|before| reading.at.duration_since(before.at) > A_WEEK) {
            (track.since, track.readings) = (None, 0);
        }
        let since = track.since.map_or(reading.at, |since| since.min(reading.at));
        track.since = Some(since);
        let is_same = |before: Latest| (before.at, before.source) == (reading.at, reading.source);
        if !before.is_some_and(is_same) {
            track.readings = track.readings.saturating_add(1);
        }
        if track.open.is_some() || track.readings < wanted {
            return;
        }
        let left = sustained - reading.at.duration_since(since);
        if left <= SignedDuration::ZERO {
            self.raise(rule, reading.at, reading.kind, Some(reading));
        } else {
            // Whoever measures now and then says nothing else until then.
            track.sure_at = Some(now + left);
        }
    }

    /// One high glucose may be jam on a finger.
    fn wanted_readings(&self, rule: Rule) -> u16 {
        let high = Rule::Bounds {
            subject: Subject::Glucose,
            side: Side::High,
            level: Level::Critical,
        };
        let is_personal = |limit: &Personal| limit.kind == VitalKind::Glucose && limit.critical_high.is_some();
        let is_usual = !self.settings.limits.iter().any(is_personal);
        if rule == high && is_usual { 2 } else { 1 }
    }
}
