//! `POST /api/predictions/{id}/opinions`: agree with what a model said of a patient's picture, or correct it, signed.

use domain::prediction::PredictionUnknown;
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::predictions;

use crate::opinion_answer::WithOpinions;
use crate::opinion_form::{self, OpinionForm};
use crate::prediction_answer::{Parameters, PredictionAnswer, one};
use crate::result_access::Whose;

pub static FUNCTION: Function = Function::endpoint::<GiveOpinionOnPrediction>();

pub struct GiveOpinionOnPrediction;

impl Endpoint for GiveOpinionOnPrediction {
    const NAME: &'static str = "give-opinion-on-prediction";
    const SUMMARY: &'static str = "Agree with what a model said of a patient's picture, or correct it";
    const ROUTES: &'static [Route] = &[Route::post("/api/predictions/{id}/opinions")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &opinion_form::NEEDS;

    type Caller = VerifiedDoctor;
    type Input = ((Path<Parameters>, Query<Whose>), Json<OpinionForm>);
    type Output = answer::Json<WithOpinions<PredictionAnswer>>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        ((Path(path), Query(whose)), Json(form)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &doctor.session, whose).await?;
        opinion_form::give(context, &doctor, &found, &form).await?;
        let prediction = predictions::get(&context.store, found.result.patient, found.result.id).await?;
        let prediction = prediction.ok_or(PredictionUnknown::NotFound)?;
        one(context, prediction).await.map(answer::Json)
    }
}
