//! `POST /api/predictions/{id}/rerun`: have the kept picture of a prediction read by the present model; older readings
//! stay.

use domain::prediction::PredictionUnknown;
use domain::readings::Reading;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Route};

use crate::opinion_answer::WithOpinions;
use crate::photo::{self, FaceModels};
use crate::prediction_answer::{Parameters, PredictionAnswer, one};
use crate::rereading::{self, read_again};
use crate::result_access::Whose;

pub static FUNCTION: Function = Function::endpoint::<RerunPrediction>();

pub struct RerunPrediction;

impl Endpoint for RerunPrediction {
    const NAME: &'static str = "rerun-prediction";
    const SUMMARY: &'static str = "Have a prediction read by the present model, if it has not been";
    const ROUTES: &'static [Route] = &[Route::post("/api/predictions/{id}/rerun")];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &rereading::NEEDS;
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Whose>);
    type Output = Json<WithOpinions<PredictionAnswer>>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        FaceModels::shared(platform).map(drop)
    }

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &caller.session, whose).await?;
        let models = FaceModels::shared(&context.platform)?;
        let card = models.classifier.card();
        let (thresholds, model) = (card.thresholds(), card.identity());
        let (present, now) = (model.clone(), context.now);
        let id = found.result.id;
        let again = read_again(context, &caller.session, id, found, &model, move |jpeg| {
            let seen = photo::judge_again(&models, &jpeg)?;
            Ok(Reading::of_classes(seen, thresholds, present, now))
        });
        let prediction = again.await?.ok_or(PredictionUnknown::NotFound)?;
        one(context, prediction).await.map(Json)
    }
}
