//! A reservation as clients read it.

use domain::id::{PharmacyId, RecordId, ReservationId, UserId};
use domain::pharmacy::reservation::{Reservation, Status};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reservation")]
pub struct ReservationAnswer {
    id: ReservationId,
    pharmacy_id: PharmacyId,
    patient_id: UserId,
    status: Status,
    medicine_name: String,
    quantity: u64,
    unit: String,
    price: Option<f64>,
    /// Less than a fill: the rest can be reserved later.
    is_partial: bool,
    record_id: RecordId,
    /// The place of the medication in the record, from 0.
    medication: u16,
    /// By a doctor, here; of what is not, the pharmacy must see the paper.
    is_signed: bool,
    reserved_by: UserId,
    #[schemars(with = "String")]
    collect_by: Timestamp,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "Option<String>")]
    ended_at: Option<Timestamp>,
}

impl ReservationAnswer {
    pub fn new(reservation: Reservation, now: Timestamp) -> Self {
        Self {
            status: reservation.status_at(now),
            id: reservation.id,
            pharmacy_id: reservation.pharmacy,
            patient_id: reservation.patient,
            medicine_name: reservation.medicine_name,
            quantity: reservation.quantity,
            unit: reservation.unit,
            price: reservation.price,
            is_partial: reservation.is_partial,
            record_id: reservation.record,
            medication: reservation.medication,
            is_signed: reservation.is_signed,
            reserved_by: reservation.reserved_by,
            collect_by: reservation.collect_by,
            created_at: reservation.created_at,
            ended_at: reservation.ended_at,
        }
    }
}
