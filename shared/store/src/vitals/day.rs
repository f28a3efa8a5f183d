//! One day of one kind: its readings, and what they sum up to.

use data_encoding::BASE64;
use domain::calendar::day_of;
use domain::id::UserId;
use domain::vital::{Chunk, DaySummary, Kept, Malformed, Put, Summary, VitalKind};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::key::{self, Key};
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, Store};

/// From more than one in five minutes on each hour has an item of its own.
const MOST_TOGETHER: usize = 300;
/// Of an hour: two a second.
const MOST_IN_HOUR: usize = 7_200;

#[derive(Serialize, Deserialize)]
struct StoredDay {
    is_by_hour: bool,
    packed: String,
}

#[derive(Serialize, Deserialize)]
struct StoredChunk {
    packed: String,
}

impl Sealed for StoredDay {
    const SEALED: &'static [&'static str] = &["packed"];
}

impl Sealed for StoredChunk {
    const SEALED: &'static [&'static str] = &["packed"];
}

/// Readings of a kind, as they lie together.
pub struct ReadingsOfKind {
    pub kind: VitalKind,
    pub readings: Vec<Kept>,
}

fn malformed(_: Malformed) -> Error {
    Error::Sealed("its readings are malformed")
}

fn unpacked(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = BASE64.decode(text.as_bytes());
    bytes.map_err(|_| Error::Sealed("its readings are malformed"))
}

pub(super) async fn open_chunk(store: &Store, place: &Key, item: Item) -> Result<Chunk, Error> {
    let StoredChunk { packed } = store.open_item(place, item).await?;
    Chunk::unpack(&unpacked(&packed)?).map_err(malformed)
}

pub(super) async fn open_day(store: &Store, place: &Key, item: Item) -> Result<(DaySummary, bool), Error> {
    let StoredDay { is_by_hour, packed } = store.open_item(place, item).await?;
    let summary = DaySummary::unpack(&unpacked(&packed)?).map_err(malformed)?;
    Ok((summary, is_by_hour))
}

pub(crate) async fn open_readings(store: &Store, place: &Key, item: Item) -> Result<ReadingsOfKind, Error> {
    let (kind, ..) = key::read_vital_raw(&place.sort).ok_or(Error::Sealed("its place is none of readings"))?;
    let readings = open_chunk(store, place, item).await?.into_readings();
    Ok(ReadingsOfKind { kind, readings })
}

/// Where something is within a day of UTC.
pub(super) fn hour_of(at: Timestamp) -> usize {
    usize::try_from(Offset::UTC.to_datetime(at).hour()).unwrap_or_default()
}

/// New readings of a kind and a day, with their places in what was sent.
#[derive(Clone)]
pub(super) struct Group {
    pub kind: VitalKind,
    pub day: Date,
    pub readings: Vec<(usize, Kept)>,
}

/// The same day as it is kept.
pub(super) struct Day {
    owner: UserId,
    kind: VitalKind,
    day: Date,
    summary: DaySummary,
    is_by_hour: bool,
    /// Of the hours that are touched, or of the whole day under none.
    chunks: Vec<(Option<usize>, Chunk)>,
}

impl Group {
    /// By kind and day, the earliest first.
    pub fn of(readings: impl IntoIterator<Item = (usize, VitalKind, Kept)>) -> Vec<Self> {
        let mut groups = std::collections::BTreeMap::<_, Vec<_>>::new();
        for (place, kind, kept) in readings {
            groups.entry((kind, day_of(kept.at))).or_default().push((place, kept));
        }
        let group = |((kind, day), readings)| Self { kind, day, readings };
        groups.into_iter().map(group).collect()
    }

    fn hours(&self) -> Vec<usize> {
        let mut hours: Vec<usize> = self.readings.iter().map(|(_, kept)| hour_of(kept.at)).collect();
        hours.sort_unstable();
        hours.dedup();
        hours
    }

    pub fn day_key(&self, owner: UserId) -> Key {
        key::vital_day(owner, self.kind, self.day)
    }

    /// The day as it is, without its readings, and where those are.
    pub async fn read_day(&self, store: &Store, owner: UserId, item: Option<Item>) -> Result<(Day, Vec<Key>), Error> {
        let (summary, is_by_hour) = match item {
            Some(item) => open_day(store, &self.day_key(owner), item).await?,
            None => Default::default(),
        };
        let parts: Vec<Option<usize>> = match is_by_hour {
            true => self.hours().into_iter().map(Some).collect(),
            false => vec![None],
        };
        let day = Day {
            owner,
            kind: self.kind,
            day: self.day,
            summary,
            is_by_hour,
            chunks: parts.into_iter().map(|part| (part, Chunk::default())).collect(),
        };
        let keys = day.chunks.iter().map(|(part, _)| day.key_of(*part)).collect();
        Ok((day, keys))
    }
}

impl Day {
    fn key_of(&self, part: Option<usize>) -> Key {
        match part {
            Some(hour) => key::vital_hour(self.owner, self.kind, self.day, hour),
            None => key::vital_whole_day(self.owner, self.kind, self.day),
        }
    }

    /// What lay at the places that were asked for, in their order.
    pub async fn read_chunks(&mut self, store: &Store, items: Vec<Option<Item>>) -> Result<(), Error> {
        let keys: Vec<Key> = self.chunks.iter().map(|(part, _)| self.key_of(*part)).collect();
        for ((place, item), (_, chunk)) in keys.iter().zip(items).zip(&mut self.chunks) {
            if let Some(item) = item {
                *chunk = open_chunk(store, place, item).await?;
            }
        }
        Ok(())
    }

    /// What becomes of each reading; none for one too many.
    pub fn put(&mut self, group: &Group) -> Vec<(usize, Option<Put>)> {
        let mut became = Vec::with_capacity(group.readings.len());
        for (place, kept) in &group.readings {
            let hour = hour_of(kept.at);
            let part = self
                .chunks
                .iter_mut()
                .find(|(part, _)| part.is_none_or(|part| part == hour));
            let put = part.and_then(|(part, chunk)| {
                let is_full = part.is_some() && chunk.len() >= MOST_IN_HOUR && !chunk.has(kept.at, kept.source);
                (!is_full).then(|| chunk.put(*kept))
            });
            became.push((*place, put));
        }
        became
    }

    /// What is written where something has changed, at most 26 items.
    pub async fn writes(mut self, store: &Store) -> Result<Vec<Write>, Error> {
        let mut writes = Vec::new();
        let is_many = |(part, chunk): &(Option<usize>, Chunk)| part.is_none() && chunk.len() > MOST_TOGETHER;
        if self.chunks.iter().any(is_many) {
            writes.push(Write::delete(self.key_of(None)));
            self.split();
        }
        for (part, chunk) in &self.chunks {
            let hours = match part {
                Some(hour) => *hour..*hour + 1,
                None => 0..24,
            };
            for hour in hours {
                let of_hour = chunk.readings().iter().filter(|kept| hour_of(kept.at) == hour);
                self.summary.set(hour, Summary::of_all(of_hour.map(|kept| kept.amount)));
            }
            let packed = BASE64.encode(&chunk.pack());
            writes.push(store.sealed_put(self.key_of(*part), &StoredChunk { packed }).await?);
        }
        let day = StoredDay {
            is_by_hour: self.is_by_hour,
            packed: BASE64.encode(&self.summary.pack()),
        };
        let place = key::vital_day(self.owner, self.kind, self.day);
        writes.push(store.sealed_put(place, &day).await?);
        Ok(writes)
    }

    fn split(&mut self) {
        let all = std::mem::take(&mut self.chunks);
        let readings: Vec<Kept> = all.into_iter().flat_map(|(_, chunk)| chunk.into_readings()).collect();
        self.is_by_hour = true;
        for hour in 0..24 {
            let chunk: Chunk = readings
                .iter()
                .filter(|kept| hour_of(kept.at) == hour)
                .copied()
                .collect();
            if !chunk.is_empty() {
                self.chunks.push((Some(hour), chunk));
            }
        }
    }
}
