//! Slots: times that a doctor offers apart from their hours. They stand on the doctor's sheets, so that whatever is offered at once
//! is there or not at all, and two that overlap cannot both be.

use domain::id::{SlotBlock, SlotNumber, UserId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::availability::{Availability, LONGEST};
use domain::scheduling::free::{FreeTime, Wish};
use domain::scheduling::hours::{Stretch, lasting};
use domain::scheduling::occupancy::{MOST_SLOTS, Slot, days_of, seats_left};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::earliest::ahead;
use super::sheets::{Sheets, Wanted, want};
use super::{ATTEMPTS, BookingError, earliest, free};
use crate::write::{Item, Write};
use crate::{Error, Store, key, pause, table};

/// A block goes so long after its last slot.
const KEPT: SignedDuration = SignedDuration::from_hours(9 * 24);

/// Slots of one length, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct NewSlots {
    pub block: SlotBlock,
    pub from: Timestamp,
    pub length: SignedDuration,
    pub count: u16,
    pub seats: u16,
}

/// Whose slots have numbers of a block, and when they are.
#[derive(Serialize, Deserialize)]
struct BlockHolder {
    doctor: UserId,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    from: Timestamp,
    seconds: i64,
    count: u16,
}

pub(super) struct Place {
    pub doctor: UserId,
    pub from: Timestamp,
}

impl NewSlots {
    pub fn slots(&self) -> Vec<Slot> {
        let slot = |place: u16| {
            let from = self.from + self.length * i32::from(place);
            Slot {
                number: SlotNumber::in_block(self.block, place),
                from,
                until: from + self.length,
                seats: self.seats,
            }
        };
        (0..self.count).map(slot).collect()
    }

    fn stretch(&self) -> Stretch {
        Stretch {
            from: self.from,
            until: self.from + self.length * i32::from(self.count),
        }
    }

    fn holder(&self, doctor: UserId) -> Result<Write, Error> {
        let holder = BlockHolder {
            doctor,
            from: self.from,
            seconds: self.length.as_secs(),
            count: self.count,
        };
        let mut item: Item = serde_dynamo::to_item(holder)?;
        let end = (self.stretch().until + KEPT).as_second();
        item.insert(table::EXPIRY.to_owned(), serde_dynamo::to_attribute_value(end)?);
        Ok(Write::put_item(key::slot_block_holder(self.block), item).if_absent())
    }
}

/// All of them or none: none if one overlaps a slot that is there. Of many at once that overlap, one call is taken.
pub async fn offer(store: &Store, doctor: UserId, new: &NewSlots) -> Result<Vec<Slot>, BookingError> {
    let slots = new.slots();
    for attempt in 0..ATTEMPTS {
        let mut wanted = Wanted::new();
        want(&mut wanted, doctor, new.stretch());
        let sheets = Sheets::read(store, wanted).await?;
        let known = sheets.agenda(doctor).slots;
        let overlaps = |slot: &Slot| known.iter().any(|known| known.stretch().meets(slot.stretch()));
        if slots.iter().any(overlaps) {
            return Err(SchedulingRefused::SlotsOverlap.into());
        }
        let mut writes = sheets.change_slots(doctor, |day, sheet| {
            sheet
                .slots
                .extend(slots.iter().filter(|slot| days_of(slot.stretch()).contains(&day)));
            match sheet.slots.len() > MOST_SLOTS {
                true => Err(SchedulingRefused::DayFull),
                false => Ok(()),
            }
        })?;
        writes.push(new.holder(doctor)?);
        writes.push(earliest::offers(store, doctor).await?);
        match store.transact(writes).await {
            Ok(()) => return Ok(slots),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(SchedulingRefused::Busy.into())
}

/// Whose slot it is, and when. It may have been withdrawn.
pub(super) async fn place(store: &Store, slot: SlotNumber) -> Result<Place, BookingError> {
    let holder: Option<BlockHolder> = store.get(&key::slot_block_holder(slot.block())).await?;
    let holder = holder.filter(|holder| slot.place() < holder.count);
    let holder = holder.ok_or(SchedulingRefused::NoSlot)?;
    let length = SignedDuration::from_secs(holder.seconds);
    Ok(Place {
        doctor: holder.doctor,
        from: holder.from + length * i32::from(slot.place()),
    })
}

/// A doctor's own, that nobody has booked.
pub async fn withdraw(store: &Store, doctor: UserId, slot: SlotNumber, now: Timestamp) -> Result<(), BookingError> {
    let place = place(store, slot).await?;
    if place.doctor != doctor {
        return Err(SchedulingRefused::NoSlot.into());
    }
    for attempt in 0..ATTEMPTS {
        let mut wanted = Wanted::new();
        want(&mut wanted, doctor, lasting(place.from, LONGEST));
        let sheets = Sheets::read(store, wanted).await?;
        let agenda = sheets.agenda(doctor);
        let found = agenda.slots.iter().find(|known| known.number == slot);
        let found = found.ok_or(SchedulingRefused::NoSlot)?;
        if seats_left(&agenda.taken, found.stretch(), found.seats, now) < found.seats {
            return Err(SchedulingRefused::SlotBooked.into());
        }
        let writes = sheets.change_slots(doctor, |_, sheet| {
            sheet.slots.retain(|known| known.number != slot);
            Ok(())
        })?;
        match store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(SchedulingRefused::Busy.into())
}

/// A doctor's own that begin later and have room, by their beginning, whatever else they have said.
pub async fn own_free_slots(store: &Store, doctor: UserId, now: Timestamp, most: usize) -> Result<Vec<Slot>, Error> {
    let wish = Wish {
        within: ahead(now),
        minutes: None,
        busy: &[],
        now,
    };
    let times = free::upcoming(store, doctor, &Availability::unsaid(), wish, most).await?;
    let slot = |time: FreeTime| {
        time.slot.map(|number| Slot {
            number,
            from: time.from,
            until: time.until,
            seats: time.seats,
        })
    };
    Ok(times.into_iter().filter_map(slot).collect())
}
