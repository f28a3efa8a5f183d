//! `GET /api/review-requests/{id}`: one review request with its prediction, for the two people in it (contract #80).

use domain::audit::{Action, Resource, ResourceKind};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::reviews;
use store::table::{ItemAction, Table};

use crate::review_answer::{Parameters, ReviewAnswer, one};
use crate::review_rights::{must_see_patients, must_still_be_in, why};

pub static FUNCTION: Function = Function::endpoint::<GetReviewRequest>();

pub struct GetReviewRequest;

impl Endpoint for GetReviewRequest {
    const NAME: &'static str = "get-review-request";
    const SUMMARY: &'static str = "One review request with its prediction";
    const ROUTES: &'static [Route] = &[Route::get("/api/review-requests/{id}").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::BatchGet]),
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::BatchGet]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<ReviewAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        must_see_patients(&caller.session)?;
        let id = path.request()?;
        let request = reviews::find(&context.store, caller.user_id(), id).await?;
        must_still_be_in(&caller.session, &request)?;
        let (patient, right) = (request.patient, why(&request, caller.user_id()));
        let resource = Resource::one(ResourceKind::ReviewRequest, id);
        let note = context.audit(&caller.session, patient, Action::Read, resource, right)?;
        Ok(Json(
            context.audited(&note, one(context, request, caller.user_id())).await?,
        ))
    }
}
