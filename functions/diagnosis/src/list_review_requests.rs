//! `GET /api/review-requests`: the own review requests, newest first: sent by a patient, received by a dermatologist
//! (contract #79).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::review::ReviewStatus;
use domain::role::Role;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{Error, outbox, reviews};

use crate::review_answer::{Found, ReviewAnswer};
use crate::review_rights::{must_see_patients, must_still_be_in};

pub static FUNCTION: Function = Function::endpoint::<ListReviewRequests>();

pub struct ListReviewRequests;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Filter {
    /// All without it.
    #[serde(alias = "status")]
    status_filter: Option<ReviewStatus>,
    /// 1 to 100; 50 without it.
    limit: Limit,
    offset: Offset,
}

#[derive(Default, Deserialize, JsonSchema, Clone, Copy)]
#[serde(try_from = "u16")]
#[schemars(inline)]
struct Offset(#[schemars(range(max = 2000))] u16);

impl TryFrom<u16> for Offset {
    type Error = &'static str;

    fn try_from(offset: u16) -> Result<Self, Self::Error> {
        if usize::from(offset) <= reviews::MOST_SKIPPED {
            Ok(Self(offset))
        } else {
            Err("must be at most 2000")
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReviewRequests")]
pub struct Answer {
    requests: Vec<ReviewAnswer>,
    /// How many there are in all, of that status if one was asked for.
    total: u64,
    limit: u16,
    offset: u16,
}

impl Endpoint for ListReviewRequests {
    const NAME: &'static str = "list-review-requests";
    const SUMMARY: &'static str = "The own review requests, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/review-requests").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::BatchGet]),
        Need::Items(
            Table::Diagnosis,
            &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Query<Filter>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(filter): Query<Filter>,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        must_see_patients(session)?;
        let total = reviews::total(&context.store, session.user_id, filter.status_filter).await?;
        let found = if session.role == Role::Doctor {
            received(context, &caller, &filter).await?
        } else {
            sent(context, &caller, &filter).await?
        };
        Ok(Json(Answer {
            requests: found.answers(context, session.user_id).await?,
            total,
            limit: filter.limit.0,
            offset: filter.offset.0,
        }))
    }
}

async fn read(context: &Context, caller: &SignedIn, filter: &Filter) -> Result<Found, Error> {
    let (skip, limit) = (usize::from(filter.offset.0), usize::from(filter.limit.0));
    let person = caller.user_id();
    let mut requests = reviews::list(&context.store, person, filter.status_filter, skip, limit).await?;
    requests.retain(|request| must_still_be_in(&caller.session, request).is_ok());
    Found::around(context, requests).await
}

/// Noted in the patient's own log.
async fn sent(context: &Context, caller: &SignedIn, filter: &Filter) -> Result<Found, Problem> {
    let resource = Resource::all(ResourceKind::ReviewRequest);
    let note = context.audit(&caller.session, caller.user_id(), Action::List, resource, Why::Own)?;
    context.audited(&note, read(context, caller, filter)).await
}

/// Noted in the log of every patient in it, before anything is shown.
async fn received(context: &Context, caller: &SignedIn, filter: &Filter) -> Result<Found, Problem> {
    let found = read(context, caller, filter).await?;
    let note = |patient| {
        let resource = Resource::all(ResourceKind::ReviewRequest);
        context.audit(&caller.session, patient, Action::List, resource, Why::Care)
    };
    let notes = found.patients().into_iter().map(note);
    let notes = notes.collect::<Result<Vec<_>, _>>()?;
    outbox::add_all(&context.store, &notes).await?;
    Ok(found)
}
