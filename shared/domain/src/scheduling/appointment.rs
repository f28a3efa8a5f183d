//! A visit, from the moment that its time is held to its end.
//!
//! | From | To | Who | When |
//! |---|---|---|---|
//! | held | scheduled | patient | while it is held |
//! | scheduled | checked_in | either | from an hour before its start to its end |
//! | scheduled, checked_in | in_progress | doctor | from a quarter of an hour before its start, up to four hours after its end |
//! | scheduled, checked_in, in_progress | completed | doctor | from its start, up to a week after its end |
//! | scheduled | no_show | doctor | from a quarter of an hour after its start, up to a week after its end |
//! | held, scheduled, checked_in | cancelled | patient | before its start |
//! | held, scheduled, checked_in | cancelled | doctor | before its end |
//! | held | expired | nobody | when it is held no longer |
//! | expired | scheduled | patient | before its start, if its time can still be booked |
//!
//! Whoever speaks for the patient counts as the patient. A visit that is scheduled may be given another time before its start, by either.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SchedulingRefused;
use super::free::FreeTime;
use super::hours::Stretch;
use super::occupancy::Taken;
use super::zone::Zone;
use crate::care::{AFTER_A_VISIT, Care, Cause};
use crate::consultation::channel;
use crate::id::{AppointmentId, RecordNumber, SlotNumber, UserId, UserNumber, WaitingId};

/// How long a time is held for who has yet to confirm it.
pub const HELD: SignedDuration = SignedDuration::from_mins(5);
/// Characters of a reason.
pub const LONGEST_REASON: usize = 1_000;

const CHECK_IN_OPENS: SignedDuration = SignedDuration::from_hours(1);
const STARTS_EARLY: SignedDuration = SignedDuration::from_mins(15);
const STARTS_LATE: SignedDuration = SignedDuration::from_hours(4);
const GRACE: SignedDuration = SignedDuration::from_mins(15);
const SETTLED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AppointmentStatus")]
pub enum Status {
    Held,
    Scheduled,
    CheckedIn,
    InProgress,
    Completed,
    Cancelled,
    NoShow,
    Expired,
}

impl Status {
    pub const ALL: [Status; 8] = [
        Status::Held,
        Status::Scheduled,
        Status::CheckedIn,
        Status::InProgress,
        Status::Completed,
        Status::Cancelled,
        Status::NoShow,
        Status::Expired,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Status::Held => "held",
            Status::Scheduled => "scheduled",
            Status::CheckedIn => "checked_in",
            Status::InProgress => "in_progress",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
            Status::NoShow => "no_show",
            Status::Expired => "expired",
        }
    }

    /// Whether the visit is still to be, or is going on.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Status::Held | Status::Scheduled | Status::CheckedIn | Status::InProgress
        )
    }

    /// Whether its time is nobody else's.
    fn takes_time(self) -> bool {
        !matches!(self, Status::Cancelled | Status::Expired)
    }
}

/// Of the two people in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AppointmentSide")]
pub enum Side {
    Patient,
    Doctor,
}

impl Side {
    pub fn word(self) -> &'static str {
        match self {
            Side::Patient => "patient",
            Side::Doctor => "doctor",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    pub id: AppointmentId,
    pub patient: UserId,
    pub doctor: UserId,
    pub patient_number: UserNumber,
    pub doctor_number: UserNumber,
    /// None where it was booked by the doctor's hours.
    pub slot: Option<SlotNumber>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// With what must be free around it.
    pub takes_from: Timestamp,
    pub takes_until: Timestamp,
    pub seats: u16,
    /// Of the doctor, when it got its time.
    pub zone: Zone,
    pub status: Status,
    /// Rises with each change.
    pub version: u64,
    pub held_until: Option<Timestamp>,
    /// The place on a waiting list that it was offered to.
    pub waiting: Option<WaitingId>,
    pub skin_record: Option<RecordNumber>,
    /// In the words of whoever booked it.
    pub reason: Option<String>,
    pub cancel_reason: Option<String>,
    pub cancelled_by: Option<Side>,
    pub booked_by: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is to become of an appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub to: Status,
    pub by: Side,
    pub reason: Option<String>,
}

impl Appointment {
    pub fn stretch(&self) -> Stretch {
        Stretch {
            from: self.starts_at,
            until: self.ends_at,
        }
    }

    /// A time that was held for too long counts as free, whether or not somebody has cleared it away.
    pub fn status_at(&self, now: Timestamp) -> Status {
        let is_over = self.held_until.is_some_and(|end| end <= now);
        match self.status {
            Status::Held if is_over => Status::Expired,
            status => status,
        }
    }

    /// Whether it is still to be, or goes on. One that nobody has settled is over by its time.
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.status_at(now).is_open() && now < self.ends_at
    }

    /// Whose time it takes, and which: the doctor's with what must be free around it, the patient's without.
    pub fn takes(&self) -> [(UserId, Option<Taken>); 2] {
        let taken = |from, until, seats| {
            self.status.takes_time().then_some(Taken {
                appointment: self.id,
                from,
                until,
                seats,
                held_until: self.held_until,
            })
        };
        [
            (self.doctor, taken(self.takes_from, self.takes_until, self.seats)),
            (self.patient, taken(self.starts_at, self.ends_at, 1)),
        ]
    }

    /// How long a token of its video channel lives: while the visit is to come or goes on, and a little longer.
    pub fn video_seconds(&self, now: Timestamp) -> Result<u32, SchedulingRefused> {
        match self.status_at(now) {
            Status::Scheduled | Status::CheckedIn | Status::InProgress => {
                channel::token_seconds(self.ends_at, now).ok_or(SchedulingRefused::NoVideo("over"))
            }
            other => Err(SchedulingRefused::NoVideo(other.word())),
        }
    }

    /// What lets the doctor see the patient's records: not before it is sure that there will be a visit.
    pub fn care(&self) -> Option<Care> {
        let is_visit = matches!(
            self.status,
            Status::Scheduled | Status::CheckedIn | Status::InProgress | Status::Completed
        );
        is_visit.then_some(Care {
            patient: self.patient,
            doctor: self.doctor,
            cause: Cause::Appointment(self.id),
            until: self.ends_at + AFTER_A_VISIT,
        })
    }

    pub fn stepped(&self, step: &Step, now: Timestamp) -> Result<Self, SchedulingRefused> {
        let from = self.status_at(now);
        if from == Status::Expired && step.to == Status::Scheduled {
            return Err(SchedulingRefused::HoldExpired);
        }
        let rule = Rule::of(from, step.to).ok_or(SchedulingRefused::Impossible { from, to: step.to })?;
        rule.check(self, step.by, now)?;
        let mut after = self.changed(now);
        after.status = step.to;
        after.held_until = None;
        if step.to == Status::Cancelled {
            after.cancel_reason.clone_from(&step.reason);
            after.cancelled_by = Some(step.by);
        }
        Ok(after)
    }

    /// Without anybody's doing: what was held for too long. None where it is not.
    pub fn expired(&self, now: Timestamp) -> Option<Self> {
        let has_run_out = self.status == Status::Held && self.status_at(now) == Status::Expired;
        has_run_out.then(|| Self {
            status: Status::Expired,
            held_until: None,
            ..self.changed(now)
        })
    }

    /// By the clinic, when one of the two is no longer there.
    pub fn called_off(&self, now: Timestamp) -> Option<Self> {
        let is_ahead = self.status.is_open() && now < self.ends_at;
        is_ahead.then(|| Self {
            status: Status::Cancelled,
            held_until: None,
            ..self.changed(now)
        })
    }

    /// The same visit at another time.
    pub fn moved(
        &self,
        time: &FreeTime,
        takes: Stretch,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Self, SchedulingRefused> {
        let from = self.status_at(now);
        if from != Status::Scheduled {
            let to = Status::Scheduled;
            return Err(SchedulingRefused::Impossible { from, to });
        }
        if now >= self.starts_at {
            return Err(SchedulingRefused::TooLate);
        }
        Ok(self.at(time, takes, zone, now))
    }

    /// Confirmed although it was held for too long, since its time could be booked anew.
    pub fn confirmed_late(
        &self,
        time: &FreeTime,
        takes: Stretch,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Self, SchedulingRefused> {
        let (from, to) = (self.status_at(now), Status::Scheduled);
        if from != Status::Expired {
            return Err(SchedulingRefused::Impossible { from, to });
        }
        Ok(Self {
            status: to,
            held_until: None,
            ..self.at(time, takes, zone, now)
        })
    }

    fn at(&self, time: &FreeTime, takes: Stretch, zone: &Zone, now: Timestamp) -> Self {
        Self {
            slot: time.slot,
            starts_at: time.from,
            ends_at: time.until,
            takes_from: takes.from,
            takes_until: takes.until,
            seats: time.seats,
            zone: zone.clone(),
            ..self.changed(now)
        }
    }

    fn changed(&self, now: Timestamp) -> Self {
        Self {
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        }
    }
}

/// Who may, and from when to when.
struct Rule {
    by: Option<Side>,
    opens: fn(&Appointment) -> Timestamp,
    closes: fn(&Appointment, Side) -> Timestamp,
}

impl Rule {
    fn of(from: Status, to: Status) -> Option<Self> {
        let always = |_: &Appointment| Timestamp::MIN;
        let rule = |by, opens, closes| Some(Self { by, opens, closes });
        match (from, to) {
            (Status::Held, Status::Scheduled) => rule(Some(Side::Patient), always, |it, _| it.starts_at),
            (Status::Scheduled, Status::CheckedIn) => {
                rule(None, |it| it.starts_at - CHECK_IN_OPENS, |it, _| it.ends_at)
            }
            (Status::Scheduled | Status::CheckedIn, Status::InProgress) => rule(
                Some(Side::Doctor),
                |it| it.starts_at - STARTS_EARLY,
                |it, _| it.ends_at + STARTS_LATE,
            ),
            (Status::Scheduled | Status::CheckedIn | Status::InProgress, Status::Completed) => rule(
                Some(Side::Doctor),
                |it| it.starts_at,
                |it, _| it.ends_at + SETTLED_WITHIN,
            ),
            (Status::Scheduled, Status::NoShow) => rule(
                Some(Side::Doctor),
                |it| it.starts_at + GRACE,
                |it, _| it.ends_at + SETTLED_WITHIN,
            ),
            (Status::Held | Status::Scheduled | Status::CheckedIn, Status::Cancelled) => {
                rule(None, always, |it, by| match by {
                    Side::Patient => it.starts_at,
                    Side::Doctor => it.ends_at,
                })
            }
            _ => None,
        }
    }

    fn check(&self, appointment: &Appointment, by: Side, now: Timestamp) -> Result<(), SchedulingRefused> {
        if let Some(side) = self.by.filter(|side| *side != by) {
            return Err(SchedulingRefused::OnlyBy(side));
        }
        if now < (self.opens)(appointment) {
            return Err(SchedulingRefused::TooEarly);
        }
        if now >= (self.closes)(appointment, by) {
            return Err(SchedulingRefused::TooLate);
        }
        Ok(())
    }
}

/// A reason as it may be kept: whole. None for what is absent or blank.
pub fn checked_reason(reason: Option<String>) -> Result<Option<String>, SchedulingRefused> {
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    match &reason {
        Some(text) if text.chars().count() > LONGEST_REASON => Err(SchedulingRefused::Invalid {
            field: "reason",
            rule: "must have at most 1000 characters",
        }),
        _ => Ok(reason),
    }
}

#[cfg(test)]
mod tests;
