//! The machine that alarms come from: what it remembers of one person, and what follows from a reading, from time that
//! passes, and from what people answer. Its memory is kept beside the readings, so a restart forgets nothing.

mod silence;
mod step;
mod telling;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Alarm, Amount, Reading, Rule, Source, Subject, VitalKind, VitalSettings};

pub use step::{Outcome, Step};
pub use telling::{To, Told};

/// Of one person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Of each kind that there are readings of.
    latest: Vec<Latest>,
    /// Up to when each subject has been judged: what comes late changes no alarm.
    judged: Vec<(Subject, Timestamp)>,
    tracks: Vec<Track>,
    /// The least of each day of the last week.
    weights: Vec<(Timestamp, Amount)>,
    /// Until then a sensor says nothing, as it must.
    warm_up_until: Option<Timestamp>,
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
    /// When the person was last told, of this alarm or one before.
    told_at: Option<Timestamp>,
    /// Nobody is told until then, whatever readings come: it outlives the alarm that it was said of.
    quiet_until: Option<Timestamp>,
    open: Option<Alarm>,
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
/// What two readings say that are further apart says nothing of the time between them.
const GAP: SignedDuration = SignedDuration::from_mins(30);
/// Then one says nothing of the other either.
const LONG_GAP: SignedDuration = SignedDuration::from_hours(6);

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

    /// When something may have to happen although no reading comes. `followers`: how many there are to tell.
    pub fn next_deadline(&self, settings: &VitalSettings, followers: usize, now: Timestamp) -> Option<Timestamp> {
        let on = settings
            .no_data
            .iter()
            .filter(|rule| !settings.off.contains(&Subject::of(rule.kind)));
        let silences = on.filter_map(|rule| self.silent_from(rule));
        let silences = silences.filter(|at| *at > now);
        let open = self.tracks.iter().filter(|track| track.open.is_some());
        let tellings = open.filter_map(|track| self.next_telling(track, settings, followers, now));
        silences.chain(tellings).min()
    }
}

impl Track {
    fn new(rule: Rule) -> Self {
        Self {
            rule,
            since: None,
            readings: 0,
            told_at: None,
            quiet_until: None,
            open: None,
        }
    }

    fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet_until.is_some_and(|until| now < until)
    }

    /// Whether there is nothing to remember any more.
    fn is_idle(&self, settings: &VitalSettings, now: Timestamp) -> bool {
        let repeat = SignedDuration::from_mins(i64::from(settings.timing(self.rule.level()).repeat_minutes));
        let may_be_told = self.told_at.is_none_or(|told_at| now >= told_at + repeat);
        self.open.is_none() && self.since.is_none() && !self.is_quiet(now) && may_be_told
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
