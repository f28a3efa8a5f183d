//! Sheets of several people and days, read together and written over the versions that were read.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{AppointmentId, UserId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::free::Agenda;
use domain::scheduling::hours::Stretch;
use domain::scheduling::occupancy::{Sheet, Taken, days_of, full_days, seats_left};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::BookingError;
use crate::write::Write;
use crate::{Error, Store, key, table};

/// A sheet goes so long after its day began.
const KEPT: SignedDuration = SignedDuration::from_hours(9 * 24);

pub(super) type Wanted = BTreeSet<(UserId, Date)>;

pub(super) struct Sheets(BTreeMap<(UserId, Date), Sheet>);

pub(super) fn want(wanted: &mut Wanted, user: UserId, stretch: Stretch) {
    wanted.extend(days_of(stretch).into_iter().map(|day| (user, day)));
}

impl Sheets {
    pub async fn read(store: &Store, wanted: Wanted) -> Result<Self, Error> {
        let places: Vec<_> = wanted.into_iter().collect();
        let keys: Vec<_> = places.iter().map(|(user, day)| key::sheet(*user, *day)).collect();
        let mut sheets = BTreeMap::new();
        for (place, item) in places.into_iter().zip(store.batch_get(&keys).await?) {
            let sheet = item.map(serde_dynamo::from_item).transpose()?;
            sheets.insert(place, sheet.unwrap_or_default());
        }
        Ok(Self(sheets))
    }

    pub fn agenda(&self, user: UserId) -> Agenda {
        let own = self.0.iter().filter(|((owner, _), _)| *owner == user);
        Agenda::of(own.map(|(_, sheet)| sheet))
    }

    /// Whether there is room for an appointment, wherever it stands itself.
    pub fn has_room(&self, user: UserId, new: &Taken, now: Timestamp) -> bool {
        let mut taken = self.agenda(user).taken;
        taken.retain(|other| other.appointment != new.appointment);
        let full = full_days(&taken, now);
        let is_full = days_of(new.stretch()).iter().any(|day| full.contains(day));
        !is_full && seats_left(&taken, new.stretch(), new.seats, now) > 0
    }

    /// Takes an appointment off all of a person's sheets that were read, and puts it where it is now, for which there must
    /// be room. Gives what must be written.
    pub fn enter(
        &self,
        user: UserId,
        appointment: AppointmentId,
        new: Option<Taken>,
        now: Timestamp,
    ) -> Result<Vec<Write>, Error> {
        let days = new.map(|new| days_of(new.stretch())).unwrap_or_default();
        if days.iter().any(|day| !self.0.contains_key(&(user, *day))) {
            let text = "an appointment reaches onto a sheet that was not read";
            return Err(Error::Rejected(text.to_owned()));
        }
        let mut writes = Vec::new();
        for ((_, day), sheet) in self.0.iter().filter(|((owner, _), _)| *owner == user) {
            let mut after = sheet.clone();
            after.taken.retain(|taken| taken.appointment != appointment);
            if let Some(new) = new.filter(|_| days.contains(day)) {
                // What was held for too long makes room.
                after.taken.retain(|taken| taken.stands(now));
                after.taken.push(new);
            }
            if after != *sheet {
                writes.push(put(user, *day, sheet, after)?);
            }
        }
        Ok(writes)
    }

    /// Changes the slots of one person's sheets. Gives what must be written.
    pub fn change_slots(
        &self,
        user: UserId,
        change: impl Fn(Date, &mut Sheet) -> Result<(), SchedulingRefused>,
    ) -> Result<Vec<Write>, BookingError> {
        let mut writes = Vec::new();
        for ((_, day), sheet) in self.0.iter().filter(|((owner, _), _)| *owner == user) {
            let mut after = sheet.clone();
            change(*day, &mut after)?;
            if after != *sheet {
                writes.push(put(user, *day, sheet, after)?);
            }
        }
        Ok(writes)
    }
}

fn put(user: UserId, day: Date, seen: &Sheet, after: Sheet) -> Result<Write, Error> {
    let after = Sheet {
        version: seen.version + 1,
        ..after
    };
    let mut item: crate::write::Item = serde_dynamo::to_item(after)?;
    if let Some(end) = start_of(day).and_then(|start| start.checked_add(KEPT).ok()) {
        let expiry = serde_dynamo::to_attribute_value(end.as_second())?;
        item.insert(table::EXPIRY.to_owned(), expiry);
    }
    let put = Write::put_item(key::sheet(user, day), item);
    match seen.version {
        // One that has expired may be gone, or still be there.
        0 => Ok(put.if_absent()),
        version => put.if_equals("version", &version),
    }
}

pub(super) fn start_of(day: Date) -> Option<Timestamp> {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    Offset::UTC.to_timestamp(midnight).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_onto_a_sheet_that_was_not_read_is_not_entered() {
        let midnight: Timestamp = "2026-12-11T00:00:00Z".parse().unwrap();
        let (doctor, hour) = (UserId::new(midnight, [1; 6]), SignedDuration::from_hours(1));
        let night = Taken {
            appointment: AppointmentId::new(midnight, [2; 6]),
            from: midnight - hour,
            until: midnight + hour,
            seats: 1,
            held_until: None,
        };
        let enter = |read: &[Date]| {
            let read = read.iter().map(|day| ((doctor, *day), Sheet::default()));
            let writes = Sheets(read.collect()).enter(doctor, night.appointment, Some(night), midnight);
            writes.ok().map(|writes| writes.len())
        };
        let days = days_of(night.stretch());
        assert_eq!((enter(&days), enter(&days[..1])), (Some(2), None));
    }
}
