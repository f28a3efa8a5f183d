//! Booking: a chosen time, a slot, or the first that is free.

use domain::id::{AppointmentId, RecordNumber, SlotNumber, UserId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::{Appointment, Status};
use domain::scheduling::availability::LONGEST;
use domain::scheduling::free::{self as rules, Agenda, FreeTime, Wish};
use domain::scheduling::hours::{Stretch, lasting};
use jiff::{SignedDuration, Timestamp};

use super::change::{Meaning, NotWritten, Turn};
use super::earliest::{self, Search, ahead};
use super::practice::{Numbered, Practice};
use super::sheets::{Sheets, Wanted, want};
use super::{ATTEMPTS, BookingError, free, practice, slots, waitlist};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key, pause};

/// What is to be booked, but for whose time and which.
#[derive(Debug, Clone)]
pub struct Booking {
    pub id: AppointmentId,
    pub patient: UserId,
    pub booked_by: UserId,
    /// Not booked but held, for so long.
    pub hold: Option<SignedDuration>,
    pub waiting: Option<domain::id::WaitingId>,
    pub reason: Option<String>,
    pub skin_record: Option<SkinLink>,
    pub now: Timestamp,
}

impl Booking {
    /// Since a booking lets the doctor see the patient's records, no doctor makes it for a patient whom they speak for.
    pub(super) fn is_with(&self, doctor: UserId) -> bool {
        doctor == self.patient || doctor == self.booked_by
    }

    fn check_doctor(&self, doctor: UserId) -> Result<(), BookingError> {
        match self.is_with(doctor) {
            true => Err(SchedulingRefused::OwnDoctor.into()),
            false => Ok(()),
        }
    }
}

/// The diagnosis that a visit is about, as it was seen: it names one open visit at most.
#[derive(Debug, Clone, Copy)]
pub struct SkinLink {
    pub number: RecordNumber,
    pub appointment: Option<AppointmentId>,
    pub asked_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
pub enum When {
    At { from: Timestamp, minutes: Option<u16> },
    Slot(SlotNumber),
}

/// Books a time of a doctor. Of many who want the last place at once, one gets it; the others are told what is free instead.
/// `entries`: what goes out and is noted with it.
pub async fn book<E: From<BookingError> + From<Error>>(
    store: &Store,
    booking: &Booking,
    doctor: Option<UserId>,
    when: When,
    entries: impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    let (doctor, choice) = match (when, doctor) {
        (When::At { from, minutes }, Some(doctor)) => (doctor, Choice::at(from, minutes)),
        (When::At { .. }, None) => return Err(BookingError::from(SchedulingRefused::NoDoctor).into()),
        (When::Slot(slot), doctor) => {
            let place = slots::place(store, slot).await?;
            let is_theirs = doctor.is_none_or(|doctor| doctor == place.doctor);
            if !is_theirs {
                return Err(BookingError::from(SchedulingRefused::NoSlot).into());
            }
            (place.doctor, Choice::slot(place.from, slot))
        }
    };
    booking.check_doctor(doctor)?;
    for attempt in 0..ATTEMPTS {
        let practice = practice::one(store, doctor, booking.now).await?;
        let practice = practice.ok_or(BookingError::Refused(SchedulingRefused::NoDoctor))?;
        match try_once(store, booking, &practice, choice, &entries).await? {
            Ok(appointment) => return Ok(appointment),
            Err(NotWritten::Again) => pause::before_trying_again(attempt).await,
            Err(other) => {
                let refusal = refusal(store, &practice, other, choice.from, choice.minutes, booking.now).await?;
                return Err(refusal.into());
            }
        }
    }
    Err(BookingError::from(SchedulingRefused::Busy).into())
}

/// Books the first time that is free of a doctor, or of all doctors of a specialization, or of all.
pub async fn book_first<E: From<BookingError> + From<Error>>(
    store: &Store,
    booking: &Booking,
    doctor: Option<UserId>,
    specialization: Option<&str>,
    entries: impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    doctor.map_or(Ok(()), |doctor| booking.check_doctor(doctor))?;
    for attempt in 0..ATTEMPTS {
        let busy = free::busy(store, booking.patient, booking.now).await?;
        let search = Search {
            booking,
            busy: &busy,
            specialization,
            now: booking.now,
        };
        let found = match doctor {
            Some(doctor) => first_of(store, doctor, &search).await?,
            None => earliest::find(store, &search).await?,
        };
        let found = found.ok_or(BookingError::Refused(SchedulingRefused::NothingFree))?;
        let time = found.time;
        let choice = match time.slot {
            Some(slot) => Choice::slot(time.from, slot),
            None => Choice::at(time.from, None),
        };
        match try_once(store, booking, &found.practice, choice, &entries).await? {
            Ok(appointment) => return Ok(appointment),
            // Gone between the search and now: look for the next.
            Err(NotWritten::Again | NotWritten::Taken(_)) => pause::before_trying_again(attempt).await,
            Err(NotWritten::Refused(
                SchedulingRefused::NotOffered { .. } | SchedulingRefused::NoSlot | SchedulingRefused::NoDoctor,
            )) => pause::before_trying_again(attempt).await,
            Err(NotWritten::Refused(refused)) => return Err(BookingError::from(refused).into()),
            Err(NotWritten::Store(error)) => return Err(error.into()),
        }
    }
    Err(BookingError::from(SchedulingRefused::Busy).into())
}

async fn first_of(store: &Store, doctor: UserId, search: &Search<'_>) -> Result<Option<earliest::First>, BookingError> {
    let practice = practice::one(store, doctor, search.now).await?;
    let practice = practice.ok_or(SchedulingRefused::NoDoctor)?;
    let wish = Wish {
        within: ahead(search.now),
        minutes: None,
        busy: search.busy,
        now: search.now,
    };
    let first = free::upcoming(store, doctor, &practice.availability, wish, 1).await?;
    let first = first.into_iter().next();
    Ok(first.map(|time| earliest::First { practice, time }))
}

/// Which of a doctor's times.
#[derive(Clone, Copy)]
struct Choice {
    from: Timestamp,
    minutes: Option<u16>,
    slot: Option<SlotNumber>,
}

impl Choice {
    fn at(from: Timestamp, minutes: Option<u16>) -> Self {
        let slot = None;
        Self { from, minutes, slot }
    }

    fn slot(from: Timestamp, slot: SlotNumber) -> Self {
        let (minutes, slot) = (None, Some(slot));
        Self { from, minutes, slot }
    }
}

/// The inner result: what came of it, where nothing failed for good.
async fn try_once<E: From<BookingError> + From<Error>>(
    store: &Store,
    booking: &Booking,
    practice: &Practice,
    choice: Choice,
    entries: &impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Result<Appointment, NotWritten>, E> {
    let mut wanted = Wanted::new();
    want_around(&mut wanted, practice, booking.patient, choice.from);
    let place = key::account(booking.patient);
    let patient = store.get::<Numbered>(&place);
    let (sheets, patient) = futures_util::try_join!(Sheets::read(store, wanted), patient)?;
    let Some(patient) = patient.filter(|patient| !patient.is_suspended) else {
        return Ok(Err(NotWritten::Refused(SchedulingRefused::NotFound)));
    };
    let wish = Wish {
        within: lasting(choice.from, 1),
        minutes: choice.minutes,
        busy: &[],
        now: booking.now,
    };
    let time = match look_up(practice, &sheets.agenda(practice.doctor), wish, choice.slot) {
        Found::Time(time) => time,
        Found::NoSlot => return Ok(Err(NotWritten::Refused(SchedulingRefused::NoSlot))),
        Found::NotOffered => {
            let free = Vec::new();
            return Ok(Err(NotWritten::Refused(SchedulingRefused::NotOffered { free })));
        }
    };
    let appointment = appointment(booking, practice, &patient, &time);
    let mut guards = guards(practice)?;
    if let Some(link) = booking.skin_record {
        let refused = Meaning::Refused(SchedulingRefused::NoRecord);
        guards.push((about_record(booking, link)?, refused));
    }
    if let (Some(waiting), Some(until)) = (booking.waiting, appointment.held_until) {
        let offered = waitlist::offered(practice.doctor, waiting, until, booking.now)?;
        guards.push((offered, Meaning::Refused(SchedulingRefused::NotWaiting)));
    }
    let turn = Turn {
        before: None,
        after: &appointment,
        now: booking.now,
    };
    let entries = entries(&appointment)?;
    let written = turn.write(store, &sheets, guards, &entries).await;
    Ok(written.map(|()| appointment))
}

/// What a moment of a doctor's time is.
pub(super) enum Found {
    Time(FreeTime),
    NotOffered,
    NoSlot,
}

pub(super) fn look_up(practice: &Practice, agenda: &Agenda, wish: Wish<'_>, slot: Option<SlotNumber>) -> Found {
    match (rules::offered_at(&practice.availability, agenda, wish), slot) {
        (Some(time), None) => Found::Time(time),
        (Some(time), wanted) if time.slot == wanted => Found::Time(time),
        (_, Some(_)) => Found::NoSlot,
        (None, None) => Found::NotOffered,
    }
}

/// The sheets that whatever begins then may stand on, whatever its length.
pub(super) fn want_around(wanted: &mut Wanted, practice: &Practice, patient: UserId, from: Timestamp) {
    let terms = &practice.availability.terms;
    let visit = lasting(from, LONGEST);
    want(wanted, patient, visit);
    let with_buffers = Stretch {
        from: visit.from - terms.buffer_before(),
        until: visit.until + terms.buffer_after(),
    };
    want(wanted, practice.doctor, with_buffers);
}

/// The doctor can be booked, and by the hours that were seen.
pub(super) fn guards(practice: &Practice) -> Result<Vec<(Write, Meaning)>, Error> {
    Ok(vec![
        (practice.still_listed(), Meaning::Refused(SchedulingRefused::NoDoctor)),
        (practice.hours_unchanged()?, Meaning::Again),
    ])
}

fn about_record(booking: &Booking, link: SkinLink) -> Result<Write, Error> {
    let asked_at = link.asked_at.unwrap_or(booking.now);
    let update = Write::update(key::skin_record(booking.patient, link.number))
        .set("appointment", &booking.id)?
        .set("consultation_asked_at", &asked_at)?
        .if_present();
    match link.appointment {
        Some(seen) => update.if_equals("appointment", &seen),
        None => Ok(update.if_null_or_absent("appointment")),
    }
}

fn appointment(booking: &Booking, practice: &Practice, patient: &Numbered, time: &FreeTime) -> Appointment {
    let takes = time.takes(&practice.availability);
    // Nothing is held until after it would begin.
    let held_until = booking.hold.map(|hold| (booking.now + hold).min(time.from));
    Appointment {
        id: booking.id,
        patient: booking.patient,
        doctor: practice.doctor,
        patient_number: patient.number,
        doctor_number: practice.number,
        slot: time.slot,
        starts_at: time.from,
        ends_at: time.until,
        takes_from: takes.from,
        takes_until: takes.until,
        seats: time.seats,
        zone: practice.availability.zone.clone(),
        status: match held_until {
            Some(_) => Status::Held,
            None => Status::Scheduled,
        },
        version: 1,
        held_until,
        waiting: booking.waiting,
        skin_record: booking.skin_record.map(|link| link.number),
        reason: booking.reason.clone(),
        cancel_reason: None,
        cancelled_by: None,
        booked_by: booking.booked_by,
        created_at: booking.now,
        updated_at: booking.now,
    }
}

/// How the caller is told, with what they may choose instead.
pub(super) async fn refusal(
    store: &Store,
    practice: &Practice,
    why: NotWritten,
    at: Timestamp,
    minutes: Option<u16>,
    now: Timestamp,
) -> Result<BookingError, Error> {
    let refused = match why {
        NotWritten::Again => SchedulingRefused::Busy,
        NotWritten::Store(error) => return Err(error),
        NotWritten::Taken(person) if person != practice.doctor => SchedulingRefused::PatientBusy,
        NotWritten::Taken(_) => SchedulingRefused::Taken {
            free: free::instead(store, practice, at, minutes, now).await?,
        },
        NotWritten::Refused(SchedulingRefused::NotOffered { .. }) => SchedulingRefused::NotOffered {
            free: free::instead(store, practice, at, minutes, now).await?,
        },
        NotWritten::Refused(refused) => refused,
    };
    Ok(refused.into())
}
