//! Writing an appointment with all that follows from it: what it takes of both people's days, its places in their lists, their
//! counts, the tie of care, when a hold ends, and when somebody is to be reminded. All of it is the difference between what
//! followed before and what follows now, in one transaction.

use domain::id::{AppointmentId, UserId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::{Appointment, Side, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sheets::{Sheets, Wanted, want};
use super::{ATTEMPTS, BookingError, earliest, find, reminders, waitlist};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, care, key, pause};

/// Beside a patient's counts: how long a time is held for them that they asked for.
const HOLDS_UNTIL: &str = "holds_until";

/// Where an appointment is, in lists and queues.
#[derive(Serialize, Deserialize)]
pub(super) struct Pointer {
    pub patient: UserId,
    pub appointment: AppointmentId,
}

impl Pointer {
    /// What somebody in whose list it is, is in it.
    pub fn side_of(&self, person: UserId) -> Side {
        match self.patient == person {
            true => Side::Patient,
            false => Side::Doctor,
        }
    }
}

/// Whose appointment has a number.
#[derive(Serialize, Deserialize)]
pub(super) struct NumberHolder {
    pub patient: UserId,
    pub doctor: UserId,
    pub appointment: AppointmentId,
}

/// An appointment as it was seen and as it is to be.
pub(super) struct Turn<'a> {
    pub before: Option<&'a Appointment>,
    pub after: &'a Appointment,
    pub now: Timestamp,
}

/// What it means when a condition of a write does not hold.
#[derive(Clone)]
pub(super) enum Meaning {
    /// Somebody else was faster: look again.
    Again,
    Refused(SchedulingRefused),
}

/// Why nothing was written.
pub(super) enum NotWritten {
    Again,
    /// Of this person there is no time.
    Taken(UserId),
    Refused(SchedulingRefused),
    Store(Error),
}

impl From<Error> for NotWritten {
    fn from(error: Error) -> Self {
        match error {
            Error::Contended => Self::Again,
            error => Self::Store(error),
        }
    }
}

impl Turn<'_> {
    /// All sheets that it stands on, or did.
    pub fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::new();
        for appointment in self.before.into_iter().chain([self.after]) {
            for (person, taken) in appointment.takes() {
                if let Some(taken) = taken {
                    want(&mut wanted, person, taken.stretch());
                }
            }
        }
        wanted
    }

    pub async fn write(
        &self,
        store: &Store,
        sheets: &Sheets,
        guards: Vec<(Write, Meaning)>,
        entries: &[Entry],
    ) -> Result<(), NotWritten> {
        let mut writes = vec![(self.appointment(store).await?, Meaning::Again)];
        for (person, taken) in self.after.takes() {
            if taken.is_some_and(|taken| !sheets.has_room(person, &taken, self.now)) {
                return Err(NotWritten::Taken(person));
            }
            let entered = sheets.enter(person, self.after.id, taken, self.now)?;
            writes.extend(entered.into_iter().map(|write| (write, Meaning::Again)));
        }
        writes.extend(guards);
        writes.extend(self.lists()?);
        let follow_ups = self
            .follow_ups(store)
            .await?
            .into_iter()
            .chain(self.ends_offer(store).await?);
        writes.extend(follow_ups.map(|write| (write, Meaning::Again)));
        for entry in entries {
            writes.push((entry.write(store).await?, Meaning::Again));
        }
        let (writes, meanings): (Vec<Write>, Vec<Meaning>) = writes.into_iter().unzip();
        store.transact(writes).await.map_err(|error| match error {
            Error::ConditionFailed(place) => match meanings.get(place) {
                Some(Meaning::Refused(refused)) => NotWritten::Refused(refused.clone()),
                _ => NotWritten::Again,
            },
            other => other.into(),
        })
    }

    async fn appointment(&self, store: &Store) -> Result<Write, Error> {
        let place = key::appointment(self.after.patient, self.after.id);
        let put = store.sealed_put(place, self.after).await?;
        match self.before {
            None => Ok(put.if_absent()),
            Some(before) => put.if_equals("version", &before.version),
        }
    }

    /// Places in both people's lists, and their counts.
    fn lists(&self) -> Result<Vec<(Write, Meaning)>, Error> {
        let (before, after) = (self.before, self.after);
        let pointer = Pointer {
            patient: after.patient,
            appointment: after.id,
        };
        let mut writes = Vec::new();
        for (person, side) in [(after.patient, Side::Patient), (after.doctor, Side::Doctor)] {
            let place = key::visit(person, after.starts_at, after.id);
            let old = before.map(|before| key::visit(person, before.starts_at, before.id));
            if old.as_ref() != Some(&place) {
                writes.extend(old.map(|old| (Write::delete(old), Meaning::Again)));
                writes.push((Write::put(place, &pointer)?, Meaning::Again));
            }
            writes.extend(self.count(person, side)?);
        }
        Ok(writes)
    }

    fn count(&self, person: UserId, side: Side) -> Result<Option<(Write, Meaning)>, Error> {
        let before = self.before.map(|before| before.status);
        let status = self.after.status;
        if before == Some(status) {
            return Ok(None);
        }
        let counts = Write::update(key::visit_counts(person, side)).add(status.word(), 1);
        let counts = match before {
            Some(before) => counts.add(before.word(), -1),
            None => counts,
        };
        // What is offered to somebody is not of their doing.
        let is_own = side == Side::Patient && self.after.waiting.is_none();
        let stood = self
            .before
            .is_some_and(|before| before.status_at(self.now) == Status::Held);
        Ok(Some(match self.after.held_until {
            // One at a time, whether or not somebody has cleared away what ran out.
            Some(until) if is_own => (
                counts
                    .set(HOLDS_UNTIL, &until.as_millisecond())?
                    .if_less_or_absent(HOLDS_UNTIL, self.now.as_millisecond() + 1),
                Meaning::Refused(SchedulingRefused::TooManyHeld),
            ),
            None if is_own && stood => (counts.set(HOLDS_UNTIL, &0)?, Meaning::Again),
            _ => (counts, Meaning::Again),
        }))
    }

    async fn follow_ups(&self, store: &Store) -> Result<Vec<Write>, Error> {
        let (before, after) = (self.before, self.after);
        let mut writes = Vec::new();
        if before.is_none() {
            let holder = NumberHolder {
                patient: after.patient,
                doctor: after.doctor,
                appointment: after.id,
            };
            writes.push(Write::put(key::appointment_holder(after.id.number()), &holder)?.if_absent());
        }
        let (old, new) = (before.and_then(Appointment::care), after.care());
        match (&old, &new) {
            (old, Some(new)) if old.as_ref() != Some(new) => writes.push(care::begin(new)?),
            (Some(old), None) => writes.push(care::end(old.patient, old.doctor, old.cause)),
            _ => {}
        }
        let held = |appointment: &Appointment| appointment.held_until.map(|end| key::held(end, appointment.id));
        let (old, new) = (before.and_then(held), held(after));
        if old != new {
            let pointer = Pointer {
                patient: after.patient,
                appointment: after.id,
            };
            writes.extend(old.map(Write::delete));
            writes.extend(new.map(|place| Write::put(place, &pointer)).transpose()?);
        }
        writes.extend(reminders::changes(before, after, self.now)?);
        if self.frees_time() {
            writes.extend(earliest::frees(store, after.doctor).await?);
        }
        Ok(writes)
    }

    /// Whoever takes what they were offered waits no longer; whoever declines it may be offered the next.
    async fn ends_offer(&self, store: &Store) -> Result<Vec<Write>, Error> {
        let after = self.after;
        let was_offered = |before: &Appointment| matches!(before.status, Status::Held | Status::Expired);
        let Some(waiting) = after.waiting.filter(|_| self.before.is_some_and(was_offered)) else {
            return Ok(Vec::new());
        };
        match after.status {
            Status::Scheduled => waitlist::removal(store, after.patient, after.doctor, waiting).await,
            Status::Cancelled => {
                let declined = waitlist::declined(store, after.doctor, waiting, self.now).await?;
                Ok(declined.into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn frees_time(&self) -> bool {
        let stretch = |appointment: &Appointment| appointment.takes()[0].1.map(|taken| taken.stretch());
        let before = self.before.and_then(stretch);
        before.is_some() && before != stretch(self.after)
    }
}

/// Changes an appointment by a rule, again and again until nobody else did at the same moment. `seen`: the version that the
/// change was asked for, if it must be that one. A rule that gives none leaves it as it is.
pub async fn change<E: From<BookingError> + From<Error>>(
    store: &Store,
    (patient, id): (UserId, AppointmentId),
    seen: Option<u64>,
    now: Timestamp,
    rule: impl Fn(&Appointment) -> Result<Option<Appointment>, SchedulingRefused>,
    entries: impl Fn(&Appointment, &Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    for attempt in 0..ATTEMPTS {
        let before = as_seen(store, patient, id, seen).await?;
        let Some(after) = rule(&before).map_err(BookingError::from)? else {
            return Ok(before);
        };
        let turn = Turn {
            before: Some(&before),
            after: &after,
            now,
        };
        let sheets = Sheets::read(store, turn.wanted()).await?;
        let entries = entries(&before, &after)?;
        match turn.write(store, &sheets, Vec::new(), &entries).await {
            Ok(()) => return Ok(after),
            Err(NotWritten::Again) => pause::before_trying_again(attempt).await,
            // Of what was held, and was cleared away since the clocks of two processes differ.
            Err(NotWritten::Taken(_)) => return Err(BookingError::from(SchedulingRefused::HoldExpired).into()),
            Err(NotWritten::Refused(refused)) => return Err(BookingError::from(refused).into()),
            Err(NotWritten::Store(error)) => return Err(error.into()),
        }
    }
    Err(BookingError::from(SchedulingRefused::Busy).into())
}

pub(super) async fn as_seen(
    store: &Store,
    patient: UserId,
    id: AppointmentId,
    seen: Option<u64>,
) -> Result<Appointment, BookingError> {
    let found = find::get(store, patient, id).await?;
    let found = found.ok_or(SchedulingRefused::NotFound)?;
    match seen {
        Some(seen) if seen != found.version => Err(SchedulingRefused::Changed { version: found.version }.into()),
        _ => Ok(found),
    }
}
