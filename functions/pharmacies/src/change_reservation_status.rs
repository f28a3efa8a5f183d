//! `POST /api/pharmacy/reservations/{id}/status`: hand a reserved medicine over, or give the reservation up.

use domain::audit::{Action, Why};
use domain::id::{OutboxId, ReservationId, StockMovementId};
use domain::notice::Notice;
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::reservation::Reservation;
use domain::session::Session;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::pharmacies::{self, Ending};

use crate::access;
use crate::needs;
use crate::reservation_answer::ReservationAnswer;

pub static FUNCTION: Function = Function::endpoint::<ChangeReservationStatus>();

pub struct ChangeReservationStatus;

/// A reservation in a path.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ReservationName")]
pub struct Parameters {
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReservationEnd")]
enum End {
    /// By the pharmacy.
    Collected,
    /// By the patient or the pharmacy.
    Cancelled,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ReservationStatusChange")]
pub struct Body {
    status: End,
    /// Whoever hands it over has seen the prescription on paper: needed where no doctor has signed it here.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    paper_seen: Option<bool>,
}

/// On whose side somebody is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Patient,
    Pharmacy,
}

impl Endpoint for ChangeReservationStatus {
    const NAME: &'static str = "change-reservation-status";
    const SUMMARY: &'static str = "Hand a reserved medicine over, or give the reservation up";
    const ROUTES: &'static [Route] = &[Route::post("/api/pharmacy/reservations/{id}/status")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<ReservationAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id: ReservationId = path.id.parse().map_err(|_| PharmacyRefused::NoReservation)?;
        let parties = pharmacies::parties(&context.store, id).await?;
        let parties = parties.ok_or(PharmacyRefused::NoReservation)?;
        let (session, patient) = (&caller.session, parties.patient);
        let Some((side, why)) = right(context, session, &parties).await? else {
            context
                .note_refused(session, patient, Action::Update, access::one(id))
                .await?;
            return Err(PharmacyRefused::NoReservation.into());
        };
        if side == Side::Patient && body.status == End::Collected {
            return Err(PharmacyRefused::OnlyPharmacy.into());
        }
        let mut entries = vec![context.audit(session, patient, Action::Update, access::one(id), why)?];
        if side == Side::Pharmacy && body.status == End::Cancelled {
            entries.push(context.tell(patient, Notice::ReservationEnded)?);
        }
        let ending = Ending {
            by: (side == Side::Pharmacy).then_some(session.user_id),
            movement: context.new_id(StockMovementId::new)?,
            low: context.new_id(OutboxId::new)?,
            entries: &entries,
            now: context.now,
            is_at_once: false,
        };
        let rule = |seen: &Reservation| match body.status {
            End::Collected => seen.collected(body.paper_seen == Some(true), context.now).map(Some),
            End::Cancelled => seen.cancelled(context.now).map(Some),
        };
        let ended = pharmacies::end(&context.store, (patient, id), &ending, rule).await?;
        Ok(answer::Json(ReservationAnswer::new(ended, context.now)))
    }
}

async fn right(
    context: &Context,
    session: &Session,
    parties: &pharmacies::Parties,
) -> Result<Option<(Side, Why)>, Problem> {
    // Whoever runs it is there for it, also where the patient lets them see prescriptions.
    if session.user_id != parties.patient {
        let pharmacy = pharmacies::get(&context.store, parties.pharmacy).await?;
        if pharmacy.is_some_and(|pharmacy| pharmacy.is_run_by(session)) {
            return Ok(Some((Side::Pharmacy, access::right_of(session))));
        }
    }
    let why = access::speaks_for(context, session, parties.patient).await?;
    Ok(why.map(|why| (Side::Patient, why)))
}
