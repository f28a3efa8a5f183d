//! Looking for free times: over the sheets that are there, from a day on. What lies behind is never read.

use domain::calendar::day_of;
use domain::id::UserId;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::availability::Availability;
use domain::scheduling::free::{self, Agenda, FreeTime, Wish};
use domain::scheduling::hours::Stretch;
use domain::scheduling::occupancy::{Sheet, Taken};
use jiff::{SignedDuration, Timestamp};

use super::BookingError;
use super::practice::{self, Practice};
use super::sheets::start_of;
use crate::query::{Order, sort_key};
use crate::{Cursor, Error, PageRequest, Store, key};

/// Sheets that are read at once: few at first, since what is looked for is often near, then twice as many each time.
const PAGES: std::ops::RangeInclusive<u16> = 4..=64;
/// Pages that one search reads: two years that are full to the last day.
const MOST_PAGES: usize = 16;
/// Hours are looked up for so long at once, in the same way.
const DAY: SignedDuration = SignedDuration::from_hours(24);
const MONTH: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Days with appointments that a patient has ahead, as far as they are minded.
const MOST_BUSY_DAYS: usize = 64;

/// Free times of a doctor, with the availability that they come from.
pub async fn free_times(
    store: &Store,
    doctor: UserId,
    wish: Wish<'_>,
    most: usize,
) -> Result<(Availability, Vec<FreeTime>), BookingError> {
    let practice = practice::one(store, doctor, wish.now).await?;
    let practice = practice.ok_or(SchedulingRefused::NoDoctor)?;
    let times = upcoming(store, doctor, &practice.availability, wish, most).await?;
    Ok((practice.availability, times))
}

/// The first so many, by their beginning.
pub(super) async fn upcoming(
    store: &Store,
    doctor: UserId,
    availability: &Availability,
    wish: Wish<'_>,
    most: usize,
) -> Result<Vec<FreeTime>, Error> {
    let (mut look, mut found) = (Look::at(doctor, wish.within), Vec::new());
    while found.len() < most {
        let Some((agenda, within)) = look.further(store).await? else {
            break;
        };
        collect(availability, &agenda, Wish { within, ..wish }, most, &mut found);
    }
    Ok(found)
}

/// What comes next of a doctor's time.
#[derive(Default)]
pub(super) struct Nearest {
    /// Free for whoever asks.
    pub free: Option<FreeTime>,
    /// Free for anybody, if nothing that is held now is confirmed: there is nothing before it.
    pub possible: Option<FreeTime>,
}

pub(super) async fn nearest(store: &Store, practice: &Practice, wish: Wish<'_>) -> Result<Nearest, Error> {
    let availability = &practice.availability;
    let (mut free, mut possible) = (Vec::new(), Vec::new());
    let mut look = Look::at(practice.doctor, wish.within);
    while free.is_empty() {
        let Some((agenda, within)) = look.further(store).await? else {
            break;
        };
        let wish = Wish { within, ..wish };
        collect(availability, &agenda, wish, 1, &mut free);
        let of_anybody = Wish { busy: &[], ..wish };
        collect(availability, &agenda.without_holds(), of_anybody, 1, &mut possible);
    }
    Ok(Nearest {
        free: free.pop(),
        possible: possible.pop(),
    })
}

/// A look through a doctor's sheets, from a day on.
struct Look {
    doctor: UserId,
    /// What is left to be looked through; none where that was all.
    left: Option<Stretch>,
    after: Option<Cursor>,
    sheets: Vec<Sheet>,
    limit: u16,
    pages: usize,
}

impl Look {
    fn at(doctor: UserId, within: Stretch) -> Self {
        Self {
            doctor,
            left: Some(within),
            after: Some(before_day_of(doctor, within.from)),
            sheets: Vec::new(),
            limit: *PAGES.start(),
            pages: 0,
        }
    }

    /// All that is known so far, and of which further part of the time it is enough.
    async fn further(&mut self, store: &Store) -> Result<Option<(Agenda, Stretch)>, Error> {
        let Some(Stretch { from, until: end }) = self.left.take().filter(|_| self.pages < MOST_PAGES) else {
            return Ok(None);
        };
        let request = PageRequest {
            limit: self.limit,
            after: self.after.take(),
        };
        let page = store
            .query(&key::sheets(self.doctor), &request, Order::Forwards)
            .await?;
        let last = page.items.last().and_then(sort_key).and_then(key::sheet_day);
        for item in page.items {
            self.sheets.push(serde_dynamo::from_item(item)?);
        }
        // Of the last day's sheet and those before it everything is known, so of what begins before that day as well.
        let known_until = page.next.as_ref().and(last).and_then(start_of);
        let until = known_until.map_or(end, |known| known.min(end));
        let next = from.max(until);
        self.left = (until < end).then_some(Stretch { from: next, until: end });
        self.after = page.next;
        self.limit = (self.limit * 2).min(*PAGES.end());
        self.pages += 1;
        Ok(Some((Agenda::of(&self.sheets), Stretch { from, until })))
    }
}

fn collect(availability: &Availability, agenda: &Agenda, wish: Wish<'_>, most: usize, found: &mut Vec<FreeTime>) {
    let (mut from, mut length) = (wish.within.from, DAY);
    // Beyond the horizon there are slots only, which cost no looking up.
    let horizon = wish.now + availability.terms.horizon();
    while from < wish.within.until && found.len() < most {
        let until = match from < horizon {
            true => (from + length).min(wish.within.until),
            false => wish.within.until,
        };
        let within = Stretch { from, until };
        let wish = Wish { within, ..wish };
        let left = most - found.len();
        found.extend(free::free_times(availability, agenda, wish, left));
        from = until;
        length = (length * 2).min(MONTH);
    }
}

/// A cursor before all sheets that matter to what begins then.
pub(super) fn before_day_of(user: UserId, from: Timestamp) -> Cursor {
    let day = day_of(from);
    let day = day.yesterday().and_then(|day| day.yesterday()).unwrap_or(day);
    Cursor::at(&key::sheet(user, day).sort)
}

/// When a person has no time, from a moment on.
pub(super) async fn busy(store: &Store, user: UserId, from: Timestamp) -> Result<Vec<Taken>, Error> {
    let request = PageRequest {
        limit: u16::try_from(MOST_BUSY_DAYS).unwrap_or(u16::MAX),
        after: Some(before_day_of(user, from)),
    };
    let page = store.query(&key::sheets(user), &request, Order::Forwards).await?;
    let sheets: Vec<Sheet> = serde_dynamo::from_items(page.items)?;
    Ok(Agenda::of(&sheets).taken)
}

/// What to choose instead of a time that is gone: up to three.
pub(super) async fn instead(
    store: &Store,
    practice: &Practice,
    at: Timestamp,
    minutes: Option<u16>,
    now: Timestamp,
) -> Result<Vec<FreeTime>, Error> {
    const MOST: usize = 3;
    let month = |from: Timestamp| Wish {
        within: Stretch {
            from,
            until: from + MONTH,
        },
        minutes,
        busy: &[],
        now,
    };
    let (doctor, availability) = (practice.doctor, &practice.availability);
    let later = upcoming(store, doctor, availability, month(at.max(now)), MOST).await?;
    if !later.is_empty() || at <= now {
        return Ok(later);
    }
    upcoming(store, doctor, availability, month(now), MOST).await
}
