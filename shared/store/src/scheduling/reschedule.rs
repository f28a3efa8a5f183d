//! A time anew for the same visit, with the same doctor: another one, or the one that was held for it for too long.

use domain::id::{AppointmentId, SlotNumber, UserId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::free::{FreeTime, Wish};
use domain::scheduling::hours::lasting;
use jiff::Timestamp;

use super::booking::{Found, guards, look_up, refusal, want_around};
use super::change::{NotWritten, Turn, as_seen};
use super::practice::Practice;
use super::sheets::{Sheets, Wanted, want};
use super::{ATTEMPTS, BookingError, When, practice, slots};
use crate::outbox::Entry;
use crate::{Error, RefusedOr, Store, pause};

/// What the visit gets a time for.
#[derive(Clone, Copy)]
enum Aim {
    Move(When),
    ConfirmLate,
}

/// What is asked for: a moment and a length, or a slot.
#[derive(Clone, Copy)]
struct Asked {
    from: Timestamp,
    minutes: Option<u16>,
    slot: Option<SlotNumber>,
}

/// Gives an appointment another time: it has the new one and no longer the old one, or nothing has happened.
pub async fn reschedule<E: From<BookingError> + From<Error>>(
    store: &Store,
    appointment: (UserId, AppointmentId),
    seen: Option<u64>,
    when: When,
    now: Timestamp,
    entries: impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    let moved = give_time(store, appointment, seen, Aim::Move(when), now, &entries);
    moved.await?.map_err(E::from)
}

/// Confirms what was held for too long, where its time could still be booked by anybody.
pub async fn confirm_late<E: From<BookingError> + From<Error>>(
    store: &Store,
    appointment: (UserId, AppointmentId),
    seen: Option<u64>,
    now: Timestamp,
    entries: impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    use SchedulingRefused as Refused;
    let confirmed = give_time(store, appointment, seen, Aim::ConfirmLate, now, &entries);
    confirmed.await?.map_err(|error| {
        E::from(match error {
            RefusedOr::Refused(
                Refused::Taken { .. } | Refused::NotOffered { .. } | Refused::NoSlot | Refused::NoDoctor,
            ) => Refused::HoldExpired.into(),
            other => other,
        })
    })
}

/// The inner result: what came of it, where the caller's part did not fail.
async fn give_time<E: From<BookingError> + From<Error>>(
    store: &Store,
    (patient, id): (UserId, AppointmentId),
    seen: Option<u64>,
    aim: Aim,
    now: Timestamp,
    entries: &impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Result<Appointment, BookingError>, E> {
    for attempt in 0..ATTEMPTS {
        let before = as_seen(store, patient, id, seen).await?;
        let Some(practice) = practice::one(store, before.doctor, now).await? else {
            return Ok(Err(SchedulingRefused::NoDoctor.into()));
        };
        let asked = asked(store, &before, aim).await?;
        match give_once(store, &before, &practice, (aim, asked), now, entries).await? {
            Ok(after) => return Ok(Ok(after)),
            Err(NotWritten::Again) => pause::before_trying_again(attempt).await,
            Err(other) => {
                let refusal = refusal(store, &practice, other, asked.from, asked.minutes, now).await?;
                return Ok(Err(refusal));
            }
        }
    }
    Ok(Err(SchedulingRefused::Busy.into()))
}

/// By the hours, a visit stays as long as it was unless another length is asked for.
async fn asked(store: &Store, before: &Appointment, aim: Aim) -> Result<Asked, BookingError> {
    let length = before.ends_at.duration_since(before.starts_at).as_mins();
    let length = u16::try_from(length).ok().filter(|_| before.slot.is_none());
    Ok(match aim {
        Aim::ConfirmLate => Asked {
            from: before.starts_at,
            minutes: length,
            slot: before.slot,
        },
        Aim::Move(When::At { from, minutes }) => Asked {
            from,
            minutes: minutes.or(length),
            slot: None,
        },
        Aim::Move(When::Slot(slot)) => {
            let place = slots::place(store, slot).await?;
            if place.doctor != before.doctor {
                return Err(SchedulingRefused::NoSlot.into());
            }
            Asked {
                from: place.from,
                minutes: None,
                slot: Some(slot),
            }
        }
    })
}

async fn give_once<E: From<BookingError> + From<Error>>(
    store: &Store,
    before: &Appointment,
    practice: &Practice,
    (aim, asked): (Aim, Asked),
    now: Timestamp,
    entries: &impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Result<Appointment, NotWritten>, E> {
    let mut wanted = Wanted::new();
    want_around(&mut wanted, practice, before.patient, asked.from);
    for (person, taken) in before.takes() {
        if let Some(taken) = taken {
            want(&mut wanted, person, taken.stretch());
        }
    }
    let sheets = Sheets::read(store, wanted).await?;
    let wish = Wish {
        within: lasting(asked.from, 1),
        minutes: asked.minutes,
        busy: &[],
        now,
    };
    let time: FreeTime = match look_up(practice, &sheets.agenda(practice.doctor), wish, asked.slot) {
        Found::Time(time) => time,
        Found::NoSlot => return Ok(Err(NotWritten::Refused(SchedulingRefused::NoSlot))),
        Found::NotOffered => {
            let free = Vec::new();
            return Ok(Err(NotWritten::Refused(SchedulingRefused::NotOffered { free })));
        }
    };
    let (takes, zone) = (time.takes(&practice.availability), &practice.availability.zone);
    let after = match aim {
        Aim::Move(_) => before.moved(&time, takes, zone, now),
        Aim::ConfirmLate => before.confirmed_late(&time, takes, zone, now),
    };
    let after = after.map_err(BookingError::from)?;
    let turn = Turn {
        before: Some(before),
        after: &after,
        now,
    };
    let entries = entries(before, &after)?;
    let written = turn.write(store, &sheets, guards(practice)?, &entries).await;
    Ok(written.map(|()| after))
}
