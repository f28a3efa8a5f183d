//! A slot as the dermatology clinic's clients read it.

use domain::id::{SlotNumber, UserNumber};
use domain::scheduling::occupancy::Slot;
use jiff::Timestamp;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Slot")]
pub struct SlotAnswer {
    id: SlotNumber,
    doctor_id: UserNumber,
    #[schemars(with = "String")]
    start_datetime: Timestamp,
    #[schemars(with = "String")]
    end_datetime: Timestamp,
    is_booked: bool,
    /// Patients who may be there at once.
    seats: u16,
}

impl SlotAnswer {
    /// Of a slot that has room.
    pub fn free(slot: &Slot, doctor: UserNumber) -> Self {
        Self {
            id: slot.number,
            doctor_id: doctor,
            start_datetime: slot.from,
            end_datetime: slot.until,
            is_booked: false,
            seats: slot.seats,
        }
    }
}

/// The number that the clinic's clients know a doctor by.
pub async fn doctor_number(context: &Context, doctor: domain::id::UserId) -> Result<UserNumber, Problem> {
    let account = accounts::get(&context.store, doctor).await?;
    Ok(account.ok_or(domain::account::AccountGone)?.number)
}
