//! `GET /api/uploads/{id}`: how an own upload stands.

use domain::id::UploadId;
use domain::upload::{UploadRefused, UploadState};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::uploads;

pub static FUNCTION: Function = Function::endpoint::<GetUpload>();

pub struct GetUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    id: UploadId,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    upload_id: UploadId,
    state: UploadState,
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for GetUpload {
    const NAME: &'static str = "get-upload";
    const SUMMARY: &'static str = "How an own upload stands";
    const ROUTES: &'static [Route] = &[Route::get("/api/uploads/{id}")];
    const RATE: RateClass = RateClass::Polling;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Get])];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let upload = uploads::get(&context.store, caller.user_id(), path.id, context.now).await?;
        let upload = upload.ok_or(UploadRefused::NotFound)?;
        Ok(Json(Answer {
            upload_id: upload.id,
            state: upload.state,
            expires_at: upload.expires_at,
        }))
    }
}
