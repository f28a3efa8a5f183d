//! Reading vital signs: single readings, sums by hour, and what is newest. Each is one page of one range.

use domain::calendar::day_of;
use domain::id::UserId;
use domain::vital::watch::Latest;
use domain::vital::{Kept, Summary, VitalKind};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::day::{hour_of, open_chunk, open_day};
use super::head::see;
use crate::query::{Order, place_in, sort_key};
use crate::write::Item;
use crate::{Error, Store, key};

/// A page of single readings, the earliest first.
pub struct Raw {
    pub readings: Vec<Kept>,
    /// Before this nothing is missing.
    pub covered_until: Timestamp,
    /// How many readings lie together, as it was found.
    pub in_an_item: usize,
}

/// A page of sums by hour, the earliest first.
pub struct Hours {
    pub hours: Vec<(Timestamp, Summary)>,
    pub covered_until: Timestamp,
}

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

fn midnight(day: Date) -> Option<Timestamp> {
    Offset::UTC
        .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .ok()
}

/// Readings from one moment until before another. `most`: items of the one page that is read.
pub async fn raw(
    store: &Store,
    (owner, kind): (UserId, VitalKind),
    (from, until): (Timestamp, Timestamp),
    most: u16,
) -> Result<Raw, Error> {
    let range = key::vital_raw(owner, kind);
    let first = key::vital_hour(owner, kind, day_of(from), hour_of(from)).sort;
    let last = key::vital_whole_day(owner, kind, day_of(until)).sort;
    let page = store
        .query_between(&range, (&first, &last), most, Order::Forwards)
        .await?;
    let end = page.next.as_ref().and_then(|_| end_of_chunk(page.items.last()?));
    let items = page.items.len();
    let mut readings = Vec::new();
    for item in page.items {
        readings.extend(
            open_chunk(store, &place_in(&range, &item)?, item)
                .await?
                .into_readings(),
        );
    }
    let in_an_item = readings.len() / items.max(1);
    readings.retain(|kept| from <= kept.at && kept.at < until);
    Ok(Raw {
        readings,
        covered_until: end.map_or(until, |end| end.min(until)),
        in_an_item,
    })
}

fn end_of_chunk(item: &Item) -> Option<Timestamp> {
    let (_, day, hour) = key::read_vital_raw(sort_key(item)?)?;
    let day = midnight(day)?;
    match hour {
        Some(hour) => Some(day + AN_HOUR * (i32::try_from(hour).ok()? + 1)),
        None => Some(day + A_DAY),
    }
}

/// Sums of the hours that begin within a stretch. `most`: days of the one page that is read.
pub async fn hours(
    store: &Store,
    (owner, kind): (UserId, VitalKind),
    (from, until): (Timestamp, Timestamp),
    most: u16,
) -> Result<Hours, Error> {
    let range = key::vital_days(owner, kind);
    let places = [from, until].map(|at| key::vital_day(owner, kind, day_of(at)).sort);
    let page = store
        .query_between(&range, (&places[0], &places[1]), most, Order::Forwards)
        .await?;
    let mut covered_until = until;
    let mut found = Vec::new();
    let is_cut = page.next.is_some();
    for item in page.items {
        let place = place_in(&range, &item)?;
        let Some(day) = key::day_of_vital(&place.sort).and_then(midnight) else {
            continue;
        };
        let (summary, _) = open_day(store, &place, item).await?;
        for (hour, summary) in summary.hours() {
            let begins = day + AN_HOUR * i32::try_from(hour).unwrap_or_default();
            found.push((begins, summary));
        }
        if is_cut {
            covered_until = (day + A_DAY).min(until);
        }
    }
    found.retain(|(begins, _)| from <= *begins && *begins < until);
    Ok(Hours {
        hours: found,
        covered_until,
    })
}

/// The newest reading of each kind.
pub async fn latest(store: &Store, owner: UserId) -> Result<Vec<Latest>, Error> {
    Ok(see(store, owner).await?.head.watch.latest().to_vec())
}

/// The newest readings of a kind, the latest first: looks at two items, which hold enough of what comes often, and then at
/// more, if it must.
pub async fn newest(store: &Store, owner: UserId, kind: VitalKind, count: usize) -> Result<Vec<Kept>, Error> {
    let range = key::vital_raw(owner, kind);
    let most = u16::try_from(count).unwrap_or(u16::MAX).max(1);
    let mut readings: Vec<Kept> = Vec::new();
    for limit in [2, most] {
        let request = crate::PageRequest { limit, after: None };
        let page = store.query(&range, &request, Order::Backwards).await?;
        let is_all = page.next.is_none();
        readings.clear();
        for item in page.items {
            readings.extend(
                open_chunk(store, &place_in(&range, &item)?, item)
                    .await?
                    .into_readings(),
            );
        }
        if is_all || readings.len() >= count {
            break;
        }
    }
    readings.sort_by_key(|kept| std::cmp::Reverse((kept.at, kept.source)));
    readings.truncate(count);
    Ok(readings)
}
