//! `GET /api/predictions/{id}`: one prediction with all readings and opinions, for its patient or a doctor who may see
//! it.

use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};

use crate::opinion_answer::WithOpinions;
use crate::prediction_answer::{Parameters, PredictionAnswer, one};
use crate::result_access::Whose;

pub static FUNCTION: Function = Function::endpoint::<GetPrediction>();

pub struct GetPrediction;

impl Endpoint for GetPrediction {
    const NAME: &'static str = "get-prediction";
    const SUMMARY: &'static str = "One prediction with all readings and opinions";
    const ROUTES: &'static [Route] = &[Route::get("/api/predictions/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get]),
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Query]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Whose>);
    type Output = Json<WithOpinions<PredictionAnswer>>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &caller.session, whose).await?;
        one(context, found.result).await.map(Json)
    }
}
