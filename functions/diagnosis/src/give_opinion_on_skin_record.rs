//! `POST /infections/{record_id}/opinions`: agree with what a model said of a patient's picture, or correct it, signed.

use domain::session::Product;
use domain::skin_record::SkinRecordRefused;
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::skin_records;

use crate::opinion_answer::WithOpinions;
use crate::opinion_form::{self, OpinionForm};
use crate::result_access::Whose;
use crate::skin_record_answer::{PicturedRecord, Target, one};

pub static FUNCTION: Function = Function::endpoint::<GiveOpinionOnSkinRecord>();

pub struct GiveOpinionOnSkinRecord;

impl Endpoint for GiveOpinionOnSkinRecord {
    const NAME: &'static str = "give-opinion-on-skin-record";
    const SUMMARY: &'static str = "Agree with what a model said of a patient's picture, or correct it";
    const ROUTES: &'static [Route] = &[Route::post("/infections/{record_id}/opinions").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &opinion_form::NEEDS;

    type Caller = VerifiedDoctor;
    type Input = ((Path<Target>, Query<Whose>), Json<OpinionForm>);
    type Output = answer::Json<WithOpinions<PicturedRecord>>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        ((Path(path), Query(whose)), Json(form)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &doctor.session, whose).await?;
        opinion_form::give(context, &doctor, &found, &form).await?;
        let record = skin_records::get(&context.store, found.result.patient, found.result.number).await?;
        let record = record.ok_or(SkinRecordRefused::NotFound)?;
        one(context, &record).await.map(answer::Json)
    }
}
