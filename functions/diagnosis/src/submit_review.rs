//! `POST /api/review-requests/{id}/review`: answer a review request with a signed opinion (contract #81).

use domain::review::Verdict;
use domain::session::Product;
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::review_answer::{Parameters, ReviewAnswer};
use crate::settling;

pub static FUNCTION: Function = Function::endpoint::<SubmitReview>();

pub struct SubmitReview;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ReviewForm")]
pub struct Body {
    /// 1 to 2,000 characters.
    comment: String,
}

impl Endpoint for SubmitReview {
    const NAME: &'static str = "submit-review";
    const SUMMARY: &'static str = "Answer a review request with an opinion";
    const ROUTES: &'static [Route] = &[Route::post("/api/review-requests/{id}/review").of(Product::FacialDerma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &settling::NEEDS;

    type Caller = VerifiedDoctor;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<ReviewAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let verdict = Verdict::review(&body.comment)?;
        settling::settle(context, &doctor, &path, &verdict)
            .await
            .map(answer::Json)
    }
}
