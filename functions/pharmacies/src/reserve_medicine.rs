//! `POST /api/pharmacy/reservations`: set a prescribed medicine apart at the nearest pharmacy that has it.

use domain::audit::Action;
use domain::id::{OutboxId, PharmacyId, RecordId, ReservationId, StockMovementId, UserId};
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::prescription::Prescribed;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::pharmacies::{self, Reserving};
use store::records;

use crate::access;
use crate::nearby::{Nearby, kilometres};
use crate::needs;
use crate::pharmacy_answer::PharmacyAnswer;
use crate::reservation_answer::ReservationAnswer;

pub static FUNCTION: Function = Function::endpoint::<ReserveMedicine>();

pub struct ReserveMedicine;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewReservation")]
pub struct Body {
    /// A prescription among the patient's records. Of each of its `medications`, `name`, `generic_name`, `quantity`, `refills`
    /// and `partial_fill` are read.
    record_id: RecordId,
    /// Which of them, from 0; the first without it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    medication: Option<u16>,
    #[serde(flatten)]
    nearby: Nearby,
    /// One that the patient chose, instead of a position.
    #[serde(default)]
    pharmacy_id: Option<PharmacyId>,
    /// Whoever was let in names the patient.
    #[serde(default)]
    patient_id: Option<UserId>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReservedAt")]
pub struct Answer {
    #[serde(flatten)]
    reservation: ReservationAnswer,
    pharmacy: PharmacyAnswer,
    distance_km: Option<f64>,
}

impl Endpoint for ReserveMedicine {
    const NAME: &'static str = "reserve-medicine";
    const SUMMARY: &'static str = "Set a prescribed medicine apart at the nearest pharmacy that has it";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy/reservations")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let place = body.nearby.place()?;
        if place.near.is_none() && body.pharmacy_id.is_none() {
            return Err(PharmacyRefused::Invalid("latitude", "is required without pharmacy_id").into());
        }
        let session = &caller.session;
        let refused = PharmacyRefused::NoPrescription;
        let patient = access::patient(context, session, body.patient_id, Action::Create, refused.clone()).await?;
        let record = records::get(&context.store, patient.id, body.record_id)
            .await?
            .ok_or(refused)?;
        let is_signed = records::is_authentic(&context.store, &record).await?;
        let medication = body.medication.unwrap_or(0);
        let prescribed = Prescribed::read(&record, usize::from(medication), is_signed, context.now)?;
        let reserving = Reserving {
            id: context.new_id(ReservationId::new)?,
            patient: patient.id,
            by: session.user_id,
            record: &record,
            medication,
            prescribed: &prescribed,
            place: &place,
            pharmacy: body.pharmacy_id,
            movement: context.new_id(StockMovementId::new)?,
            low: context.new_id(OutboxId::new)?,
            now: context.now,
        };
        let resource = access::one(reserving.id);
        let audit = context.audit(session, patient.id, Action::Create, resource, patient.why)?;
        let reserved = pharmacies::reserve(&context.store, &reserving, &audit).await?;
        Ok(Created(Answer {
            reservation: ReservationAnswer::new(reserved.reservation, context.now),
            pharmacy: PharmacyAnswer::new(reserved.pharmacy, context.now),
            distance_km: reserved.metres.map(kilometres),
        }))
    }
}
