//! Readings come in: each is kept once, whoever sends it how often, and alarms follow in the transaction that keeps it.

use domain::id::UserId;
use domain::notice::Notice;
use domain::vital::watch::{Sample, Step};
use domain::vital::{Fault, Kept, Put, Quarantined, Reading, Source};
use jiff::{SignedDuration, Timestamp};

use super::day::{Day, Group};
use super::head::{Queue, Seen, see};
use super::{ATTEMPTS, quarantine};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, pause};

/// What was sent, in its order: what can be true, and what cannot.
pub type Checked = Result<Reading, Quarantined>;

pub struct Batch<'a> {
    pub owner: UserId,
    pub source: Source,
    pub readings: &'a [Checked],
    /// Until then the source says nothing, as it must.
    pub warm_up_until: Option<Timestamp>,
    /// Readings of this source come late by so much anyhow, and are not stale for that.
    pub late_by: SignedDuration,
    /// Noted in the log with the first that is kept.
    pub note: &'a Entry,
    pub now: Timestamp,
}

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Stored,
    Duplicate,
    Replaced,
    /// Set apart.
    Quarantined(Fault),
    /// Not kept.
    Refused(Fault),
}

/// Days that are read at once, and writes after which a transaction takes no further day: a day is 26 at most, and
/// DynamoDB takes 100.
const MOST_DAYS: usize = 20;
const ENOUGH_WRITES: usize = 50;

/// Writes beside which alarms fit into the same transaction: of each rule one at most, with some who are told.
const BESIDE_ALARMS: usize = 24;

/// All of a batch, most often in one transaction. Of readings that are spread over many days parts are kept one after another;
/// who sends the batch again after a failure finds those that are kept as duplicates. Alarms come with the last part, or, where
/// that is large, after it; they follow from what is sent again, too.
pub async fn take<E: From<Error>>(
    store: &Store,
    batch: &Batch<'_>,
    tell: impl Fn(UserId, Notice) -> Result<Entry, E>,
) -> Result<Vec<Became>, E> {
    let mut became: Vec<Became> = batch.readings.iter().map(at_first).collect();
    let groups = Group::of(batch.readings.iter().enumerate().filter_map(|(place, checked)| {
        let reading = checked.as_ref().ok()?;
        Some((place, reading.kind, batch.kept(reading)))
    }));
    let mut left = groups.as_slice();
    let (mut is_first, mut is_judged) = (true, false);
    while !is_judged {
        let part = Part {
            batch,
            left,
            became: &became,
            is_first,
        };
        let done = part.keep(store, &tell).await?;
        left = left.get(done.groups..).unwrap_or_default();
        (became, is_judged) = (done.became, done.is_judged);
        is_first = false;
    }
    Ok(became)
}

fn at_first(checked: &Checked) -> Became {
    match checked {
        Ok(_) => Became::Stored,
        Err(bad) => Became::Quarantined(bad.fault),
    }
}

impl Batch<'_> {
    fn kept(&self, reading: &Reading) -> Kept {
        Kept {
            at: reading.at,
            source: self.source,
            amount: reading.amount,
            received_at: Timestamp::from_second(self.now.as_second()).unwrap_or(self.now),
        }
    }

    fn good(&self) -> Vec<Reading> {
        self.readings
            .iter()
            .filter_map(|checked| checked.as_ref().ok().copied())
            .collect()
    }

    fn step<'a>(&self, seen: &'a Seen, became: &[Became]) -> Step<'a> {
        let mut step = Step::new(&seen.head.watch, self.owner, &seen.settings, self.now);
        step.late_by(self.late_by);
        for sample in Sample::of(self.source, &self.kept_of(became)) {
            step.take(&sample);
        }
        if let Some(until) = self.warm_up_until {
            step.warm_up(self.source, until);
        }
        step
    }

    /// What is kept, now or before: nobody is alarmed by what nobody can look up.
    fn kept_of(&self, became: &[Became]) -> Vec<Reading> {
        let is_kept = |became: &Became| matches!(became, Became::Stored | Became::Duplicate | Became::Replaced);
        let all = self.readings.iter().zip(became);
        all.filter(|(_, became)| is_kept(became))
            .filter_map(|(checked, _)| checked.as_ref().ok().copied())
            .collect()
    }
}

/// As much of a batch as fits into one transaction.
struct Part<'a> {
    batch: &'a Batch<'a>,
    left: &'a [Group],
    /// What became of the parts before.
    became: &'a [Became],
    is_first: bool,
}

/// What was done of a part.
struct Done {
    groups: usize,
    became: Vec<Became>,
    /// Whether alarms were looked at, which comes last.
    is_judged: bool,
}

type Results = Vec<(usize, Became)>;

impl Part<'_> {
    async fn keep<E: From<Error>>(
        &self,
        store: &Store,
        tell: &impl Fn(UserId, Notice) -> Result<Entry, E>,
    ) -> Result<Done, E> {
        for attempt in 0..ATTEMPTS {
            let (done, writes) = self.prepare(store, tell).await?;
            match store.transact_as_seen(writes).await {
                Ok(()) => return Ok(done),
                Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Contended.into())
    }

    async fn prepare<E: From<Error>>(
        &self,
        store: &Store,
        tell: &impl Fn(UserId, Notice) -> Result<Entry, E>,
    ) -> Result<(Done, Vec<Write>), E> {
        let batch = self.batch;
        let seen = see(store, batch.owner).await?;
        let (groups, results, days) = self.days(store).await?;
        let mut rest = days;
        let mut head = seen.head.next();
        if self.is_first {
            rest.push(batch.note.write(store).await?);
            let book = self.set_apart(store, seen.head.has_quarantined).await?;
            head.has_quarantined |= book.is_some();
            rest.extend(book);
        }
        let became = self.became_with(results);
        // Alarms look at all of it at once: pressures, for example, are of two kinds.
        let is_judged = groups == self.left.len() && rest.len() <= BESIDE_ALARMS;
        if is_judged {
            let step = batch.step(&seen, &became);
            let concluded = seen.conclude(store, step, Queue::MayBeEarly, batch.now, tell).await?;
            let has_quarantined = head.has_quarantined;
            head = concluded.head;
            head.has_quarantined = has_quarantined;
            rest.extend(concluded.writes);
        }
        let mut writes = vec![head.write(store, batch.owner).await?];
        writes.extend(rest);
        let done = Done {
            groups,
            became,
            is_judged,
        };
        Ok((done, writes))
    }

    fn became_with(&self, results: Results) -> Vec<Became> {
        let mut became = self.became.to_vec();
        for (place, result) in results {
            if let Some(of_reading) = became.get_mut(place) {
                *of_reading = result;
            }
        }
        became
    }

    async fn days(&self, store: &Store) -> Result<(usize, Results, Vec<Write>), Error> {
        let groups = self.left.get(..MOST_DAYS.min(self.left.len())).unwrap_or_default();
        let keys: Vec<_> = groups.iter().map(|group| group.day_key(self.batch.owner)).collect();
        let mut days: Vec<(Day, usize)> = Vec::with_capacity(groups.len());
        let mut places = Vec::new();
        if !keys.is_empty() {
            for (group, item) in groups.iter().zip(store.batch_get(&keys).await?) {
                let (day, chunks) = group.read_day(store, self.batch.owner, item).await?;
                days.push((day, chunks.len()));
                places.extend(chunks);
            }
        }
        let mut items = match places.is_empty() {
            true => Vec::new().into_iter(),
            false => store.batch_get(&places).await?.into_iter(),
        };
        let (mut done, mut results, mut writes) = (0, Vec::new(), Vec::new());
        for (group, (mut day, count)) in groups.iter().zip(days) {
            if writes.len() >= ENOUGH_WRITES {
                break;
            }
            day.read_chunks(store, items.by_ref().take(count).collect()).await?;
            let became = day.put(group);
            if became
                .iter()
                .any(|(_, put)| matches!(put, Some(Put::New | Put::Replaced)))
            {
                writes.extend(day.writes(store).await?);
            }
            results.extend(became.into_iter().map(|(place, put)| (place, result(put))));
            done += 1;
        }
        Ok((done, results, writes))
    }

    async fn set_apart(&self, store: &Store, has_quarantined: bool) -> Result<Option<Write>, Error> {
        let batch = self.batch;
        let bad: Vec<&Quarantined> = batch
            .readings
            .iter()
            .filter_map(|checked| checked.as_ref().err())
            .collect();
        if bad.is_empty() && !has_quarantined {
            return Ok(None);
        }
        let good = batch.good();
        // A corrected reading takes the place of the one that was set apart.
        let is_good = |entry: &Quarantined| {
            let millisecond = entry.at.as_millisecond();
            good.iter()
                .any(|good| good.kind == entry.kind && good.at.as_millisecond() == millisecond)
        };
        quarantine::book(store, (batch.owner, batch.source), &bad, is_good).await
    }
}

fn result(put: Option<Put>) -> Became {
    match put {
        Some(Put::New) => Became::Stored,
        Some(Put::Same) => Became::Duplicate,
        Some(Put::Replaced) => Became::Replaced,
        None => Became::Refused(Fault::TooMany),
    }
}
