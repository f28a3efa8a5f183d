//! The machine that alarms come from: what it remembers of one person, and what follows from a reading, from time that
//! passes, and from what people answer. Its memory is kept beside the readings, so a restart forgets nothing.

mod judge;
mod silence;
mod step;
mod telling;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Alarm, Amount, Reading, Rule, Source, Subject, VitalKind, VitalSettings};
use crate::id::UserId;

pub use step::{Outcome, Step};
pub use telling::{To, Told};

/// Of one person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// Of each kind that there are readings of.
    latest: Vec<Latest>,
    /// The newest of each kind from each source: what a source said before that changes no alarm, whatever others say.
    heard: Vec<Latest>,
    tracks: Vec<Track>,
    /// Weights of the last week, the least few of each day.
    weighed: Vec<Latest>,
    /// Until when sources say nothing, as they must.
    warm_ups: Vec<(Source, Timestamp)>,
}

/// The newest reading of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    pub kind: VitalKind,
    pub amount: Amount,
    pub at: Timestamp,
    pub source: Source,
}

/// What is remembered of a rule, as long as there is anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Track {
    rule: Rule,
    /// Since when it is broken, and by how many readings.
    since: Option<Timestamp>,
    readings: u16,
    /// The last of them.
    #[serde(default)]
    counted: Option<Latest>,
    /// Then it is an alarm, if nothing else is said before.
    #[serde(default)]
    sure_at: Option<Timestamp>,
    /// When the person was last told, of this alarm or one before.
    told_at: Option<Timestamp>,
    /// Nobody is told until then, whatever readings come: it outlives the alarm that it was said of.
    quiet_until: Option<Timestamp>,
    open: Option<Alarm>,
    #[serde(default)]
    closed: Option<Closed>,
}

/// An alarm that is over, for a while: what is broken again so soon is the same, with whom was told and who has answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Closed {
    alarm: Alarm,
    /// It is remembered until then.
    until: Timestamp,
}

/// What one source measured at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub at: Timestamp,
    pub source: Source,
    pub amounts: Vec<(VitalKind, Amount)>,
}

/// Older readings raise no alarm: what they tell of is long over.
const STALE: SignedDuration = SignedDuration::from_hours(1);
/// What a source said before that is no longer held against what another says.
const GAP: SignedDuration = SignedDuration::from_mins(30);
/// What is broken again within it was not over.
const QUIET: SignedDuration = SignedDuration::from_mins(15);
/// Sensors of glucose take half an hour to a day.
const LONGEST_WARM_UP: SignedDuration = SignedDuration::from_hours(24);
/// People do not weigh themselves at the same hour each day.
const A_DAY: SignedDuration = SignedDuration::from_hours(36);
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24 + 12);

impl Watch {
    pub fn latest(&self) -> &[Latest] {
        &self.latest
    }

    pub fn latest_of(&self, kind: VitalKind) -> Option<&Latest> {
        self.latest.iter().find(|latest| latest.kind == kind)
    }

    /// Those that are not over, the newest first.
    pub fn alarms(&self) -> Vec<&Alarm> {
        let mut open: Vec<&Alarm> = self.tracks.iter().filter_map(|track| track.open.as_ref()).collect();
        open.sort_by_key(|alarm| std::cmp::Reverse((alarm.raised_at, alarm.id)));
        open
    }

    fn track(&self, rule: Rule) -> Option<&Track> {
        self.tracks.iter().find(|track| track.rule == rule)
    }

    fn track_mut(&mut self, rule: Rule) -> &mut Track {
        let place = self.tracks.iter().position(|track| track.rule == rule);
        let place = place.unwrap_or_else(|| {
            self.tracks.push(Track::new(rule));
            self.tracks.len() - 1
        });
        &mut self.tracks[place]
    }

    /// When something may have to happen although no reading comes. `followers`: whom there is to tell, in their order.
    pub fn next_deadline(&self, settings: &VitalSettings, followers: &[UserId], now: Timestamp) -> Option<Timestamp> {
        let on = settings
            .no_data
            .iter()
            .filter(|rule| !settings.off.contains(&Subject::of(rule.kind)));
        let silences = on.filter_map(|rule| self.silent_from(rule));
        let silences = silences.filter(|at| *at > now);
        let open = self.tracks.iter().filter(|track| track.open.is_some());
        let tellings = open.filter_map(|track| self.next_telling(track, settings, followers, now));
        let ripe = self.tracks.iter().filter_map(Track::ripe_from);
        silences.chain(tellings).chain(ripe).min()
    }
}

impl Track {
    fn new(rule: Rule) -> Self {
        Self {
            rule,
            since: None,
            readings: 0,
            counted: None,
            sure_at: None,
            told_at: None,
            quiet_until: None,
            open: None,
            closed: None,
        }
    }

    /// When it is an alarm without any further reading.
    fn ripe_from(&self) -> Option<Timestamp> {
        self.sure_at.filter(|_| self.open.is_none())
    }

    fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet_until.is_some_and(|until| now < until)
    }

    /// Whether there is nothing to remember any more.
    fn is_idle(&self, settings: &VitalSettings, now: Timestamp) -> bool {
        let repeat = SignedDuration::from_mins(i64::from(settings.timing(self.rule.level()).repeat_minutes));
        let may_be_told = self.told_at.is_none_or(|told_at| now >= told_at + repeat);
        let is_over = self.closed.as_ref().is_none_or(|closed| now >= closed.until);
        self.open.is_none() && self.since.is_none() && is_over && !self.is_quiet(now) && may_be_told
    }
}

impl Sample {
    /// Readings of one source, put together by their moments, the earliest first.
    pub fn of(source: Source, readings: &[Reading]) -> Vec<Self> {
        let mut sorted: Vec<&Reading> = readings.iter().collect();
        sorted.sort_by_key(|reading| (reading.at, reading.kind));
        let mut samples: Vec<Self> = Vec::new();
        for reading in sorted {
            let amount = (reading.kind, reading.amount);
            match samples.last_mut() {
                Some(sample) if sample.at == reading.at => sample.amounts.push(amount),
                _ => samples.push(Self {
                    at: reading.at,
                    source,
                    amounts: vec![amount],
                }),
            }
        }
        samples
    }
}
