//! Medicine that is set apart for a patient until they collect it, a day at most.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PharmacyRefused;
use super::medicine::MedicineName;
use super::prescription::Counted;
use super::shelf::Portions;
use crate::id::{PharmacyId, RecordId, ReservationId, UserId};

pub const LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Of one patient, at once.
pub const MOST_OPEN: i64 = 10;
/// The same of prescriptions that no doctor has signed here: anybody can note one.
pub const MOST_OPEN_UNSIGNED: i64 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReservationStatus")]
pub enum Status {
    Open,
    Collected,
    Cancelled,
    /// Nobody came in time.
    Expired,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Collected => "collected",
            Status::Cancelled => "cancelled",
            Status::Expired => "expired",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reservation {
    pub id: ReservationId,
    pub patient: UserId,
    pub pharmacy: PharmacyId,
    pub status: Status,
    pub medicine: MedicineName,
    pub medicine_name: String,
    pub unit: String,
    pub price: Option<f64>,
    pub quantity: u64,
    /// Of a fill; less was there, and the rest is still to be had.
    pub is_partial: bool,
    pub lots: Portions,
    pub record: RecordId,
    /// The place of the medication in the record.
    pub medication: u16,
    /// What the prescription is used up by.
    pub counted: Counted,
    /// By a doctor, here. Of what is not, the paper must be seen.
    pub is_signed: bool,
    /// The patient, or whoever was let in by them.
    pub reserved_by: UserId,
    pub created_at: Timestamp,
    pub collect_by: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Reservation {
    /// Whatever a worker has noted of it.
    pub fn status_at(&self, now: Timestamp) -> Status {
        match self.status {
            Status::Open if self.collect_by <= now => Status::Expired,
            status => status,
        }
    }

    /// `paper_seen`: of a prescription that no doctor has signed here.
    pub fn collected(&self, paper_seen: bool, now: Timestamp) -> Result<Self, PharmacyRefused> {
        self.must_be_open(now)?;
        if !self.is_signed && !paper_seen {
            return Err(PharmacyRefused::PaperNeeded);
        }
        Ok(self.ended(Status::Collected, now))
    }

    pub fn cancelled(&self, now: Timestamp) -> Result<Self, PharmacyRefused> {
        self.must_be_open(now)?;
        Ok(self.ended(Status::Cancelled, now))
    }

    /// None where it is not over by its time, or is over already.
    pub fn expired(&self, now: Timestamp) -> Option<Self> {
        let is_due = self.status == Status::Open && self.collect_by <= now;
        is_due.then(|| self.ended(Status::Expired, now))
    }

    /// With the account of its patient, whatever its time.
    pub fn dropped(&self, now: Timestamp) -> Option<Self> {
        (self.status == Status::Open).then(|| self.ended(Status::Cancelled, now))
    }

    fn must_be_open(&self, now: Timestamp) -> Result<(), PharmacyRefused> {
        match self.status_at(now) {
            Status::Open => Ok(()),
            status => Err(PharmacyRefused::ReservationOver { status }),
        }
    }

    fn ended(&self, status: Status, now: Timestamp) -> Self {
        Self {
            status,
            ended_at: Some(now),
            ..self.clone()
        }
    }
}
