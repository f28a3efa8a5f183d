//! `POST /infections/{record_id}/rerun`: have the kept picture of a skin record read by the present model; older
//! readings stay.

use domain::readings::Reading;
use domain::session::Product;
use domain::skin_record::SkinRecordRefused;
use models::picture::Picture;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Route};

use crate::diagnose_skin::{self, shared};
use crate::opinion_answer::WithOpinions;
use crate::rereading::{self, read_again};
use crate::result_access::Whose;
use crate::skin_record_answer::{PicturedRecord, Target, one};

pub static FUNCTION: Function = Function::endpoint::<RerunSkinRecord>();

pub struct RerunSkinRecord;

impl Endpoint for RerunSkinRecord {
    const NAME: &'static str = "rerun-skin-record";
    const SUMMARY: &'static str = "Have a skin record read by the present model, if it has not been";
    const ROUTES: &'static [Route] = &[Route::post("/infections/{record_id}/rerun").of(Product::Derma)];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &rereading::NEEDS;
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Target>, Query<Whose>);
    type Output = Json<WithOpinions<PicturedRecord>>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        shared(platform).map(drop)
    }

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &caller.session, whose).await?;
        let classifier = shared(&context.platform)?;
        let (thresholds, model) = (classifier.card().thresholds(), classifier.card().identity());
        let (present, now) = (model.clone(), context.now);
        let id = found.result.number;
        let again = read_again(context, &caller.session, id, found, &model, move |jpeg| {
            let picture = Picture::decode(&jpeg)?;
            let seen = diagnose_skin::read(&classifier, &picture)?;
            Ok(Reading::of_conditions(seen, thresholds, present, now))
        });
        let record = again.await?.ok_or(SkinRecordRefused::NotFound)?;
        one(context, &record).await.map(Json)
    }
}
