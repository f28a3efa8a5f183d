//! One kind over a range of time: single readings, or what each stretch of it sums up to. A page is one page of what is kept.

use std::collections::BTreeMap;

use domain::id::{UserId, VitalDeviceId};
use domain::vital::{Kept, Number, Summary, Unit, VitalKind};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Error, Store, vitals};

use crate::paging::{MOST_ITEMS, MOST_POINTS, SeriesCursor};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[schemars(rename = "VitalBucket")]
pub enum Bucket {
    /// Every reading.
    #[default]
    #[serde(rename = "raw")]
    Raw,
    #[serde(rename = "1m")]
    Minute,
    #[serde(rename = "5m")]
    FiveMinutes,
    #[serde(rename = "15m")]
    QuarterHour,
    #[serde(rename = "1h")]
    Hour,
    /// Of UTC.
    #[serde(rename = "1d")]
    Day,
}

impl Bucket {
    pub fn seconds(self) -> Option<i64> {
        match self {
            Bucket::Raw => None,
            Bucket::Minute => Some(60),
            Bucket::FiveMinutes => Some(300),
            Bucket::QuarterHour => Some(900),
            Bucket::Hour => Some(3_600),
            Bucket::Day => Some(86_400),
        }
    }

    /// Hours and days are rolled up when readings come.
    fn is_rolled_up(self) -> bool {
        matches!(self, Bucket::Hour | Bucket::Day)
    }
}

/// The beginning of the bucket that a moment is in.
pub fn begin_of(at: Timestamp, seconds: i64) -> Timestamp {
    let begin = at.as_second().div_euclid(seconds) * seconds;
    Timestamp::from_second(begin).unwrap_or(at)
}

/// The end of the bucket that a moment is in, or the moment where one ends at it.
fn end_of(at: Timestamp, seconds: i64) -> Timestamp {
    let begin = begin_of(at, seconds);
    match begin == at {
        true => at,
        false => begin.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at),
    }
}

pub struct Wanted {
    pub owner: UserId,
    pub kind: VitalKind,
    pub stretch: (Timestamp, Timestamp),
    pub bucket: Bucket,
    pub device: Option<VitalDeviceId>,
    /// Items to look at for single readings.
    pub items: u16,
}

/// A page of summed up stretches, or of single readings.
pub struct Series {
    pub buckets: Vec<(Timestamp, Summary)>,
    pub readings: Vec<Kept>,
    pub next: Option<SeriesCursor>,
}

pub async fn read(store: &Store, wanted: &Wanted) -> Result<Series, Error> {
    match wanted.bucket.seconds() {
        None => single(store, wanted).await,
        Some(seconds) if wanted.bucket.is_rolled_up() && wanted.device.is_none() => {
            rolled_up(store, wanted, seconds).await
        }
        Some(seconds) => summed_up(store, wanted, seconds).await,
    }
}

async fn single(store: &Store, wanted: &Wanted) -> Result<Series, Error> {
    let of = (wanted.owner, wanted.kind);
    let page = vitals::raw(store, of, wanted.stretch, wanted.items).await?;
    let mut readings: Vec<Kept> = page.readings.into_iter().filter(|kept| wanted.is_from(kept)).collect();
    let cut = readings.get(MOST_POINTS).map(|kept| kept.at);
    let covered = cut.unwrap_or(page.covered_until);
    readings.retain(|kept| kept.at < covered);
    Ok(Series {
        buckets: Vec::new(),
        readings,
        next: wanted.next(covered, page.in_an_item),
    })
}

/// From the sums of hours.
async fn rolled_up(store: &Store, wanted: &Wanted, seconds: i64) -> Result<Series, Error> {
    let (of, stretch) = ((wanted.owner, wanted.kind), wanted.whole(seconds));
    let days = match wanted.bucket {
        Bucket::Day => MOST_POINTS as u16,
        // A day more than the hours fill.
        _ => (MOST_POINTS / 24) as u16 + 2,
    };
    let page = vitals::hours(store, of, stretch, days).await?;
    Ok(wanted.pages(buckets(page.hours, seconds), page.covered_until, seconds, 0))
}

/// From single readings.
async fn summed_up(store: &Store, wanted: &Wanted, seconds: i64) -> Result<Series, Error> {
    let (of, stretch) = ((wanted.owner, wanted.kind), wanted.whole(seconds));
    // A page fills no more than so many hours, and a day is one item at least.
    let hours = MOST_POINTS as i64 * seconds / 3_600 + 25;
    let most = u16::try_from(hours).unwrap_or(MOST_ITEMS).min(MOST_ITEMS);
    let page = vitals::raw(store, of, stretch, most).await?;
    let readings = page.readings.iter().filter(|kept| wanted.is_from(kept));
    let found = buckets(readings.map(|kept| (kept.at, Summary::of(kept.amount))), seconds);
    Ok(wanted.pages(found, page.covered_until, seconds, page.in_an_item))
}

fn buckets(parts: impl IntoIterator<Item = (Timestamp, Summary)>, seconds: i64) -> Vec<(Timestamp, Summary)> {
    let mut buckets: BTreeMap<Timestamp, Summary> = BTreeMap::new();
    for (at, summary) in parts {
        let bucket = buckets.entry(begin_of(at, seconds));
        bucket.and_modify(|sum| *sum = sum.and(summary)).or_insert(summary);
    }
    buckets.into_iter().collect()
}

impl Wanted {
    fn is_from(&self, kept: &Kept) -> bool {
        self.device.is_none_or(|device| kept.source.device() == Some(device))
    }

    /// The buckets that the stretch touches are summed up whole, whichever way.
    fn whole(&self, seconds: i64) -> (Timestamp, Timestamp) {
        (begin_of(self.stretch.0, seconds), end_of(self.stretch.1, seconds))
    }

    fn next(&self, covered: Timestamp, in_an_item: usize) -> Option<SeriesCursor> {
        (covered < self.stretch.1).then(|| SeriesCursor {
            from: covered,
            in_an_item: u32::try_from(in_an_item).unwrap_or(u32::MAX),
        })
    }

    /// Whole buckets only, as many as a page has.
    fn pages(
        &self,
        mut buckets: Vec<(Timestamp, Summary)>,
        covered: Timestamp,
        seconds: i64,
        density: usize,
    ) -> Series {
        let is_cut = covered < end_of(self.stretch.1, seconds);
        let whole = if is_cut { begin_of(covered, seconds) } else { covered };
        // A page that holds no whole bucket is taken as it is.
        let whole = if whole <= self.stretch.0 { covered } else { whole };
        let cut = buckets.get(MOST_POINTS).map(|(at, _)| *at);
        let covered = cut.unwrap_or(whole);
        buckets.retain(|(at, _)| *at < covered);
        Series {
            buckets,
            readings: Vec::new(),
            next: self.next(covered, density),
        }
    }
}

/// A point of a series, in one unit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalPoint")]
pub struct Point {
    /// The moment, or the beginning of the stretch.
    #[schemars(with = "String")]
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    /// The device, or `hand`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Number>,
}

impl Series {
    pub fn points(&self, unit: Unit) -> Vec<Point> {
        let single = self.readings.iter().map(|kept| Point {
            at: kept.at,
            value: Some(kept.amount.shown(unit)),
            source: Some(kept.source.to_string()),
            count: None,
            min: None,
            max: None,
            mean: None,
        });
        let summed = self.buckets.iter().map(|(at, summary)| Point {
            at: *at,
            value: None,
            source: None,
            count: Some(summary.count),
            min: Some(summary.min.shown(unit)),
            max: Some(summary.max.shown(unit)),
            mean: Some(summary.mean_shown(unit)),
        });
        single.chain(summed).collect()
    }
}
