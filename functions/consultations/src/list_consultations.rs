//! `GET /api/consultations`: those that the caller is in, newest first.

use std::collections::BTreeSet;

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::consultation::{Consultation, Party};
use domain::id::UserId;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::{Limit, ListCursor};
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox::{self, Entry};
use store::{PageRequest, consultations};

use crate::access;
use crate::consultation_answer::{self, ConsultationAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListConsultations>();

pub struct ListConsultations;

/// Each patient on a page gets an entry in their log.
const MOST: u16 = 50;

#[derive(Deserialize, JsonSchema)]
pub struct Window {
    /// 1 to 100, of which a page has 50 at most; 20 without it.
    #[serde(default)]
    limit: Option<Limit>,
    /// From an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Consultations")]
pub struct Answer {
    /// Without credentials for servers, and without guests.
    consultations: Vec<ConsultationAnswer>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

impl Endpoint for ListConsultations {
    const NAME: &'static str = "list-consultations";
    const SUMMARY: &'static str = "Own consultations, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/consultations")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = Query<Window>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(window): Query<Window>,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest {
            limit: window.limit.map_or(20, |limit| limit.0).min(MOST),
            after: window.cursor.map(|cursor| cursor.0),
        };
        let page = consultations::list(&context.store, caller.user_id(), &request).await?;
        let seen = |call: &Consultation| match call.party_of(caller.user_id()) {
            Some(Party::Patient) => true,
            Some(Party::Doctor) => caller.session.is_verified_doctor(),
            _ => false,
        };
        let calls: Vec<Consultation> = page.items.into_iter().filter(seen).collect();
        let notes = notes(context, &caller, &calls)?;
        outbox::add_all(&context.store, &notes).await?;
        let mut answers = Vec::with_capacity(calls.len());
        for call in calls {
            answers.push(consultation_answer::in_list(context, call).await?);
        }
        Ok(Json(Answer {
            consultations: answers,
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }))
    }
}

/// One for each patient; the caller's own list is noted also where it is empty.
fn notes(context: &Context, caller: &SignedIn, calls: &[Consultation]) -> Result<Vec<Entry>, Problem> {
    let mut patients: BTreeSet<UserId> = calls.iter().map(|call| call.patient).collect();
    if patients.is_empty() {
        patients.insert(caller.user_id());
    }
    let note = |patient: UserId| {
        let why = if patient == caller.user_id() {
            Why::Own
        } else {
            Why::Care
        };
        let resource = Resource::all(ResourceKind::Consultation);
        Ok(context.audit(&caller.session, patient, Action::List, resource, why)?)
    };
    patients.into_iter().map(note).collect()
}
