//! Who is free first, of all doctors who can be booked and offer anything: nobody else is looked at twice.
//!
//! For each of them there is a moment before which they are known not to be free. It is looked through from the earliest on, and
//! ends where the best that was found is before all that follow. It rises when somebody looked and found nothing earlier, over
//! the version that they saw, and falls with whatever makes time free, in that transaction.

use domain::id::UserId;
use domain::scheduling::availability::FURTHEST;
use domain::scheduling::free::{FreeTime, Wish};
use domain::scheduling::hours::Stretch;
use domain::scheduling::occupancy::Taken;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::practice::Practice;
use super::{Booking, free, practice};
use crate::write::Write;
use crate::{Error, Store, key};

/// Doctors that are looked through.
const MOST_DOCTORS: usize = 500;
/// Of them, so many at once.
const AT_ONCE: usize = 8;
/// Where nobody is free, the moment rises with the clock: noting that is worth a write so often.
const WORTH_NOTING: SignedDuration = SignedDuration::from_hours(24);

#[derive(Deserialize)]
struct Opening {
    doctor: UserId,
    /// Milliseconds since 1970; 0 where nothing is known.
    at: i64,
    /// Drawn anew with each change: one that is dropped and made again is another.
    version: u64,
}

/// For whom, and among whom.
pub(super) struct Search<'a> {
    pub booking: &'a Booking,
    pub busy: &'a [Taken],
    pub specialization: Option<&'a str>,
    pub now: Timestamp,
}

pub(super) struct First {
    pub practice: Practice,
    pub time: FreeTime,
}

/// Part of becoming a doctor who can be booked, and of whatever makes time of such a doctor free.
pub(crate) fn may_be_free_now(doctor: UserId) -> Result<Write, Error> {
    Write::update(key::opening(doctor))
        .set("doctor", &doctor)?
        .set("at", &0)?
        .set("version", &fastrand::u64(..))
}

/// Part of whatever makes time free. None where nobody can book it: the doctor is looked for from when somebody can.
pub(super) async fn frees(store: &Store, doctor: UserId) -> Result<Option<Write>, Error> {
    let is_listed = store.get_item(&key::doctor(doctor)).await?.is_some();
    is_listed.then(|| may_be_free_now(doctor)).transpose()
}

/// Part of offering time, also by somebody who cannot be booked yet: then, only if that stays so.
pub(super) async fn offers(store: &Store, doctor: UserId) -> Result<Write, Error> {
    let frees = frees(store, doctor).await?;
    Ok(frees.unwrap_or_else(|| Write::check(key::doctor(doctor)).if_absent()))
}

pub(super) async fn find(store: &Store, search: &Search<'_>) -> Result<Option<First>, Error> {
    let items = store.query_all(&key::openings(), MOST_DOCTORS).await?;
    let mut openings: Vec<Opening> = serde_dynamo::from_items(items)?;
    openings.sort_by_key(|opening| (opening.at, opening.doctor));
    let mut best: Option<First> = None;
    let is_beaten = |best: &Option<First>, opening: &Opening| {
        best.as_ref()
            .is_some_and(|best| best.time.from.as_millisecond() < opening.at)
    };
    for chunk in openings.chunks(AT_ONCE) {
        if chunk.first().is_none_or(|first| is_beaten(&best, first)) {
            break;
        }
        let doctors: Vec<UserId> = chunk.iter().map(|opening| opening.doctor).collect();
        let practices = practice::find(store, &doctors, search.now).await?;
        for (opening, practice) in chunk.iter().zip(practices) {
            let Some(practice) = practice else {
                drop_opening(store, opening).await?;
                continue;
            };
            if search.booking.is_with(opening.doctor) || is_beaten(&best, opening) {
                continue;
            }
            if !is_wanted(store, search, &practice).await? {
                continue;
            }
            let time = first_of(store, search, opening, &practice).await?;
            let order = |first: &First| (first.time.from, first.practice.number);
            let found = time.map(|time| First { practice, time });
            best = match (best, found) {
                (Some(best), Some(found)) if order(&best) <= order(&found) => Some(best),
                (best, found) => found.or(best),
            };
        }
    }
    Ok(best)
}

/// Without regard to case.
async fn is_wanted(store: &Store, search: &Search<'_>, practice: &Practice) -> Result<bool, Error> {
    let Some(wanted) = search.specialization else {
        return Ok(true);
    };
    let has = practice.specialization(store).await?.unwrap_or_default();
    Ok(has.trim().to_lowercase() == wanted.trim().to_lowercase())
}

async fn first_of(
    store: &Store,
    search: &Search<'_>,
    opening: &Opening,
    practice: &Practice,
) -> Result<Option<FreeTime>, Error> {
    let wish = Wish {
        within: ahead(search.now),
        minutes: None,
        busy: search.busy,
        now: search.now,
    };
    let nearest = free::nearest(store, practice, wish).await?;
    // By weekly hours, time comes up at the horizon as days go by.
    let (not_before, worth) = match nearest.possible {
        Some(time) => (time.from, SignedDuration::from_millis(1)),
        None if practice.availability.hours.is_empty() => {
            drop_opening(store, opening).await?;
            return Ok(None);
        }
        None => (search.now + practice.availability.terms.horizon(), WORTH_NOTING),
    };
    if i128::from(not_before.as_millisecond() - opening.at) >= worth.as_millis() {
        raise(store, opening, not_before).await?;
    }
    Ok(nearest.free)
}

/// From now to as far as anybody may offer anything.
pub(super) fn ahead(now: Timestamp) -> Stretch {
    Stretch {
        from: now,
        until: now + FURTHEST,
    }
}

/// At once, whatever becomes of the request: it is true of what was seen, and a request with a key could not hold back a
/// write for each doctor.
async fn raise(store: &Store, opening: &Opening, not_before: Timestamp) -> Result<(), Error> {
    let write = Write::update(key::opening(opening.doctor))
        .set("at", &not_before.as_millisecond())?
        .set("version", &fastrand::u64(..))?
        .if_equals("version", &opening.version)?;
    note(store, write).await
}

/// Of who cannot be booked, or offers nothing: whatever changes that makes another.
async fn drop_opening(store: &Store, opening: &Opening) -> Result<(), Error> {
    let write = Write::delete(key::opening(opening.doctor)).if_equals("version", &opening.version)?;
    note(store, write).await
}

async fn note(store: &Store, write: Write) -> Result<(), Error> {
    match store.write_now(write).await {
        // Somebody else knows better, or writes it at this moment: whoever looks next may note it.
        Err(Error::ConditionFailed(_) | Error::Contended | Error::Unavailable(_)) => Ok(()),
        outcome => outcome,
    }
}
