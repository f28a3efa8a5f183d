//! `DELETE /api/predictions/{id}`: delete an own prediction, its picture, the opinions and the open review requests on
//! it (contract #96).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::prediction::PredictionUnknown;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::outbox::Errand;
use store::predictions;
use store::table::{ItemAction, Table};

use crate::prediction_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<DeletePrediction>();

pub struct DeletePrediction;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for DeletePrediction {
    const NAME: &'static str = "delete-prediction";
    const SUMMARY: &'static str = "Delete an own prediction and its picture";
    const ROUTES: &'static [Route] = &[Route::delete("/api/predictions/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Update]),
        Need::Items(
            Table::Diagnosis,
            &[
                ItemAction::Get,
                ItemAction::Query,
                ItemAction::Update,
                ItemAction::Delete,
            ],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];
    const HEALTH_DATA: bool = true;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(parameters): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let id = parameters.prediction()?;
        let prediction = predictions::get(&context.store, caller.user_id(), id).await?;
        let prediction = prediction.ok_or(PredictionUnknown::NotFound)?;
        let errand = Errand::RemovePicture {
            picture: prediction.picture.clone(),
        };
        let picture_goes = context.entry(errand)?;
        let resource = Resource::one(ResourceKind::Prediction, id);
        let audit = context.audit(&caller.session, caller.user_id(), Action::Delete, resource, Why::Own)?;
        let removed = predictions::remove(&context.store, &prediction, &picture_goes, &audit).await;
        removed.map_err(|error| error.or_if_condition_failed(|_| Problem::from(PredictionUnknown::NotFound)))?;
        Ok(Json(Answer {
            message: "Prediction deleted successfully",
        }))
    }
}
