//! `DELETE /api/review-requests/{id}`: delete a review request, by either of the two people in it (contract #83).

use domain::audit::{Action, Resource, ResourceKind};
use domain::id::ReviewRequestId;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::reviews;
use store::table::{ItemAction, Table};

use crate::review_answer::Parameters;
use crate::review_rights::{must_see_patients, must_still_be_in, why};

pub static FUNCTION: Function = Function::endpoint::<DeleteReviewRequest>();

pub struct DeleteReviewRequest;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeletedReviewRequest")]
pub struct Answer {
    message: &'static str,
    id: ReviewRequestId,
}

impl Endpoint for DeleteReviewRequest {
    const NAME: &'static str = "delete-review-request";
    const SUMMARY: &'static str = "Delete a review request";
    const ROUTES: &'static [Route] = &[Route::delete("/api/review-requests/{id}").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Update]),
        Need::Items(
            Table::Diagnosis,
            &[ItemAction::Get, ItemAction::Update, ItemAction::Delete],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        must_see_patients(&caller.session)?;
        let (id, person) = (path.request()?, caller.user_id());
        let request = reviews::find(&context.store, person, id).await?;
        must_still_be_in(&caller.session, &request)?;
        let resource = Resource::one(ResourceKind::ReviewRequest, id);
        let right = why(&request, person);
        let audit = context.audit(&caller.session, request.patient, Action::Delete, resource, right)?;
        reviews::remove(&context.store, person, &request, &audit).await?;
        Ok(Json(Answer {
            message: "Review request deleted successfully",
            id,
        }))
    }
}
