//! Another time for the same visit, with the same doctor.

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
use crate::{Error, Store, pause};

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
    (patient, id): (UserId, AppointmentId),
    seen: Option<u64>,
    when: When,
    now: Timestamp,
    entries: impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    for attempt in 0..ATTEMPTS {
        let before = as_seen(store, patient, id, seen).await?;
        let practice = practice::one(store, before.doctor, now).await?;
        let practice = practice.ok_or(BookingError::Refused(SchedulingRefused::NoDoctor))?;
        let asked = asked(store, &before, when).await?;
        match move_once(store, &before, &practice, asked, now, &entries).await? {
            Ok(after) => return Ok(after),
            Err(NotWritten::Again) => pause::before_trying_again(attempt).await,
            Err(other) => {
                let refusal = refusal(store, &practice, other, asked.from, asked.minutes, now).await?;
                return Err(refusal.into());
            }
        }
    }
    Err(BookingError::from(SchedulingRefused::Busy).into())
}

/// By the hours, a visit stays as long as it was unless another length is asked for.
async fn asked(store: &Store, before: &Appointment, when: When) -> Result<Asked, BookingError> {
    let length = before.ends_at.duration_since(before.starts_at).as_mins();
    let length = u16::try_from(length).ok().filter(|_| before.slot.is_none());
    Ok(match when {
        When::At { from, minutes } => Asked {
            from,
            minutes: minutes.or(length),
            slot: None,
        },
        When::Slot(slot) => {
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

async fn move_once<E: From<BookingError> + From<Error>>(
    store: &Store,
    before: &Appointment,
    practice: &Practice,
    asked: Asked,
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
    let zone = &practice.availability.zone;
    let moved = before.moved(&time, time.takes(&practice.availability), zone, now);
    let after = moved.map_err(BookingError::from)?;
    let turn = Turn {
        before: Some(before),
        after: &after,
        now,
    };
    let entries = entries(before, &after)?;
    let written = turn.write(store, &sheets, guards(practice)?, &entries).await;
    Ok(written.map(|()| after))
}
