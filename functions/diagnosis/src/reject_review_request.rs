//! `POST /api/review-requests/{id}/reject`: decline a review request (contract #82).

use domain::review::Verdict;
use domain::session::Product;
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{OptionalJson, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::review_answer::{Parameters, ReviewAnswer};
use crate::settling;

pub static FUNCTION: Function = Function::endpoint::<RejectReviewRequest>();

pub struct RejectReviewRequest;

/// The web app's word and the mobile app's; neither is needed.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ReviewRejection")]
pub struct Body {
    /// At most 2,000 characters.
    comment: Option<String>,
    /// Where there is no comment.
    reason: Option<String>,
}

impl Endpoint for RejectReviewRequest {
    const NAME: &'static str = "reject-review-request";
    const SUMMARY: &'static str = "Decline a review request";
    const ROUTES: &'static [Route] = &[Route::post("/api/review-requests/{id}/reject").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &settling::NEEDS;

    type Caller = VerifiedDoctor;
    type Input = (Path<Parameters>, OptionalJson<Body>);
    type Output = answer::Json<ReviewAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        (Path(path), OptionalJson(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let said = [body.comment, body.reason].into_iter().flatten();
        let reason = said.into_iter().find(|text| !text.trim().is_empty());
        let verdict = Verdict::reject(reason.as_deref())?;
        settling::settle(context, &doctor, &path, &verdict)
            .await
            .map(answer::Json)
    }
}
