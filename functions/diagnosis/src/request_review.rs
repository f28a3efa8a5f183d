//! `POST /api/review-requests`: ask a dermatologist to look at an own prediction (contract #78).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::{PredictionId, ReviewRequestId, UserId};
use domain::notice::Notice;
use domain::review::{ReviewRequest, ReviewRequestRefused};
use domain::role::Role;
use domain::session::Product;
use runtime::answer::Created;
use runtime::callers::Patient;
use runtime::input::Json;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::table::{ItemAction, Table};
use store::{accounts, reviews};

use crate::review_answer::{ReviewAnswer, one};

pub static FUNCTION: Function = Function::endpoint::<RequestReview>();

pub struct RequestReview;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ReviewRequestForm")]
pub struct Body {
    prediction_id: PredictionId,
    dermatologist_id: UserId,
    /// At most 1,000 characters.
    #[serde(default)]
    message: Option<String>,
}

impl Endpoint for RequestReview {
    const NAME: &'static str = "request-review";
    const SUMMARY: &'static str = "Ask a dermatologist to look at an own prediction";
    const ROUTES: &'static [Route] = &[Route::post("/api/review-requests").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Identity,
            &[
                ItemAction::Get,
                ItemAction::BatchGet,
                ItemAction::Update,
                ItemAction::Check,
            ],
        ),
        Need::Items(
            Table::Diagnosis,
            &[
                ItemAction::BatchGet,
                ItemAction::Put,
                ItemAction::Update,
                ItemAction::Check,
            ],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = Patient;
    type Input = Json<Body>;
    type Output = Created<ReviewAnswer>;

    async fn handle(context: &Context, caller: Patient, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let (id, patient) = (context.new_id(ReviewRequestId::new)?, caller.user_id());
        let (doctor, message) = (body.dermatologist_id, body.message.as_deref());
        let request = ReviewRequest::ask(id, patient, doctor, body.prediction_id, message, context.now)?;
        must_be_available(context, doctor).await?;
        let notice = context.tell(doctor, Notice::ReviewRequested(request.reference()))?;
        let resource = Resource::one(ResourceKind::ReviewRequest, id);
        let audit = context.audit(&caller.session, patient, Action::Create, resource, Why::Own)?;
        reviews::ask(&context.store, &request, &[notice, audit]).await?;
        Ok(Created(one(context, request, patient).await?))
    }
}

/// Says why not; the write itself looks again at whether patients can find the doctor.
async fn must_be_available(context: &Context, doctor: UserId) -> Result<(), Problem> {
    let account = accounts::get(&context.store, doctor).await?;
    let account = account.ok_or(ReviewRequestRefused::NoDoctor)?;
    if account.role != Role::Doctor {
        return Err(ReviewRequestRefused::NotADoctor.into());
    }
    if account.is_suspended || !account.is_verified(context.now) {
        return Err(ReviewRequestRefused::NoDoctor.into());
    }
    Ok(())
}
