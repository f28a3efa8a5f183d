//! `GET /api/pharmacy/reservations`: a patient's reservations, or what a pharmacy keeps, newest first.

use std::collections::BTreeMap;

use domain::audit::{Action, Why};
use domain::id::{PharmacyId, UserId};
use domain::pharmacy::PharmacyRefused;
use domain::session::Session;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Page, PageRequest, outbox, pharmacies};

use crate::access;
use crate::needs;
use crate::reservation_answer::ReservationAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListReservations>();

pub struct ListReservations;

/// Each patient on a page gets an entry in their log.
const MOST: u16 = 50;

#[derive(Deserialize, JsonSchema)]
pub struct Which {
    /// What this pharmacy keeps, for those who run it.
    #[serde(default)]
    pharmacy_id: Option<PharmacyId>,
    /// Whoever was let in names the patient; without it, it is about the caller.
    #[serde(default)]
    patient_id: Option<UserId>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reservations")]
pub struct Answer {
    reservations: Vec<ReservationAnswer>,
    /// For the next page, of 50 at most; null on the last.
    next_cursor: Option<String>,
}

impl Endpoint for ListReservations {
    const NAME: &'static str = "list-reservations";
    const SUMMARY: &'static str = "Own reservations, or what a pharmacy keeps, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/pharmacy/reservations")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ_RESERVATIONS;

    type Caller = SignedIn;
    type Input = (Query<Which>, Query<Paging>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(which), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let request = PageRequest {
            limit: request.limit.min(MOST),
            ..request
        };
        let session = &caller.session;
        let Page { items, next } = match which.pharmacy_id {
            Some(pharmacy) => kept_at(context, session, pharmacy, &request).await?,
            None => {
                let refused = PharmacyRefused::NoReservation;
                let patient = access::patient(context, session, which.patient_id, Action::List, refused).await?;
                let note = context.audit(session, patient.id, Action::List, access::all(), patient.why)?;
                let reading = pharmacies::list_of(&context.store, patient.id, &request);
                context.audited(&note, reading).await?
            }
        };
        Ok(Json(Answer {
            reservations: items
                .into_iter()
                .map(|reservation| ReservationAnswer::new(reservation, context.now))
                .collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}

async fn kept_at(
    context: &Context,
    session: &Session,
    id: PharmacyId,
    request: &PageRequest,
) -> Result<Page<domain::pharmacy::reservation::Reservation>, Problem> {
    let pharmacy = pharmacies::get(&context.store, id)
        .await?
        .ok_or(PharmacyRefused::NotFound)?;
    access::must_run(&pharmacy, session)?;
    let page = pharmacies::kept_at(&context.store, id, request).await?;
    let patients: BTreeMap<UserId, Why> = page
        .items
        .iter()
        .map(|reservation| (reservation.patient, access::right_of(session)))
        .collect();
    let notes = patients
        .into_iter()
        .map(|(patient, why)| context.audit(session, patient, Action::List, access::all(), why));
    outbox::add_all(&context.store, &notes.collect::<Result<Vec<_>, _>>()?).await?;
    Ok(page)
}
