//! Whom to tell of what, and when again.

use jiff::{SignedDuration, Timestamp};

use super::{Step, Track, Watch};
use crate::id::UserId;
use crate::notice::{Notice, Reference};
use crate::vital::{Level, Rule, VitalSettings};

/// A person whose vital signs they are, or one of those who follow them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Owner,
    Follower(UserId),
}

/// Somebody is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub to: To,
    pub rule: Rule,
    /// Of an alarm that they were told of before.
    pub again: bool,
}

/// Of one alarm. Whoever did not hear ten will not hear the eleventh.
const MOST_TELLINGS: u16 = 10;
/// In one step: who is left over is told in the next.
const MOST_AT_ONCE: usize = 25;

impl Told {
    /// `owner`: whose vital signs they are.
    pub fn notice(&self, owner: UserId) -> Notice {
        match (self.to, self.rule.is_silence(), self.rule.level()) {
            (To::Follower(_), _, _) => Notice::FollowedVitalsUrgent(Reference::of_patient(owner)),
            (To::Owner, true, _) => Notice::VitalsSilent,
            (To::Owner, false, Level::Warning) => Notice::VitalsWarning,
            (To::Owner, false, Level::Critical) => Notice::VitalsUrgent,
        }
    }
}

fn minutes(minutes: u16) -> SignedDuration {
    SignedDuration::from_mins(i64::from(minutes))
}

impl Watch {
    /// What is graver than a warning: it speaks for it while it is open, and its snooze holds for both.
    fn graver(&self, rule: Rule) -> Option<&Track> {
        let graver = rule.at(Level::Critical).filter(|_| rule.level() == Level::Warning)?;
        self.track(graver)
    }

    /// From when on the person is to be told, of an alarm that is open; none where readings must come first.
    fn tell_from(&self, track: &Track, settings: &VitalSettings, now: Timestamp) -> Option<Timestamp> {
        let alarm = track.open.as_ref()?;
        let most = if track.rule.is_silence() { 1 } else { MOST_TELLINGS };
        let graver = self.graver(track.rule);
        let is_covered = graver.is_some_and(|graver| graver.open.is_some());
        if alarm.acknowledged.is_some() || alarm.told >= most || is_covered {
            return None;
        }
        let level = track.rule.level();
        let repeat = minutes(settings.timing(level).repeat_minutes);
        let waits = level == Level::Warning && !track.rule.is_silence();
        let night = settings.night_end(now).filter(|_| waits);
        let told = track.told_at.map(|told_at| told_at + repeat);
        let snoozed = graver.and_then(|graver| graver.quiet_until);
        let after = [told, track.quiet_until, snoozed, night];
        Some(after.into_iter().flatten().fold(alarm.raised_at, Timestamp::max))
    }

    /// From when on the next follower is to be told.
    fn escalate_from(
        &self,
        track: &Track,
        settings: &VitalSettings,
        followers: &[UserId],
        now: Timestamp,
    ) -> Option<Timestamp> {
        let alarm = track.open.as_ref()?;
        let wait = minutes(settings.escalate_after_minutes?);
        let is_urgent = track.rule.level() == Level::Critical;
        let is_answered = alarm.acknowledged.is_some() || track.is_quiet(now);
        if !is_urgent || is_answered || alarm.next_of(followers).is_none() {
            return None;
        }
        Some(alarm.waits_from? + wait)
    }

    pub(super) fn next_telling(
        &self,
        track: &Track,
        settings: &VitalSettings,
        followers: &[UserId],
        now: Timestamp,
    ) -> Option<Timestamp> {
        let both = [
            self.tell_from(track, settings, now),
            self.escalate_from(track, settings, followers, now),
        ];
        both.into_iter().flatten().min()
    }
}

impl Step<'_> {
    pub(super) fn tell(&mut self, followers: &[UserId]) -> Vec<Told> {
        let mut told = Vec::new();
        let mut rules: Vec<Rule> = self.watch.tracks.iter().map(|track| track.rule).collect();
        // What is graver first.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.level()));
        for rule in rules {
            if told.len() >= MOST_AT_ONCE {
                break;
            }
            told.extend(self.tell_owner(rule));
            let left = MOST_AT_ONCE - told.len();
            told.extend(std::iter::from_fn(|| self.tell_next(rule, followers)).take(left));
        }
        told
    }

    fn tell_owner(&mut self, rule: Rule) -> Option<Told> {
        let from = self.watch.tell_from(self.watch.track(rule)?, self.settings, self.now)?;
        let now = self.now;
        let track = self.watch.track_mut(rule);
        let alarm = track.open.as_mut().filter(|_| from <= now)?;
        let again = alarm.told > 0;
        alarm.told += 1;
        alarm.told_at = alarm.told_at.or(Some(now));
        alarm.waits_from = alarm.waits_from.or(Some(now));
        track.told_at = Some(now);
        // Who is told that it is very high need not hear a moment later that it is high.
        let beside = rule
            .at(Level::Warning)
            .filter(|beside| self.watch.track(*beside).is_some());
        if let Some(beside) = beside {
            self.watch.track_mut(beside).told_at = Some(now);
        }
        Some(Told {
            to: To::Owner,
            rule,
            again,
        })
    }

    fn tell_next(&mut self, rule: Rule, followers: &[UserId]) -> Option<Told> {
        let track = self.watch.track(rule)?;
        let from = self.watch.escalate_from(track, self.settings, followers, self.now)?;
        let now = self.now;
        let alarm = self.watch.track_mut(rule).open.as_mut().filter(|_| from <= now)?;
        let next = alarm.next_of(followers)?;
        alarm.followers_told.push(next);
        alarm.waits_from = Some(from);
        Some(Told {
            to: To::Follower(next),
            rule,
            again: false,
        })
    }
}
