//! `GET /api/uploads/{id}`: how an own upload stands, and after a break what is still to be sent.

use domain::id::UploadId;
use domain::upload::UploadRefused;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::uploads;

use crate::upload_answer::UploadAnswer;

pub static FUNCTION: Function = Function::endpoint::<GetUpload>();

pub struct GetUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    id: UploadId,
}

impl Endpoint for GetUpload {
    const NAME: &'static str = "get-upload";
    const SUMMARY: &'static str = "How an own upload stands";
    const ROUTES: &'static [Route] = &[Route::get("/api/uploads/{id}")];
    const RATE: RateClass = RateClass::Polling;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Parts, &[ObjectAction::Get, ObjectAction::Put]),
    ];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<UploadAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let upload = uploads::get(&context.store, caller.user_id(), path.id, context.now).await?;
        let upload = upload.ok_or(UploadRefused::NotFound)?;
        Ok(Json(UploadAnswer::of(context, &upload).await?))
    }
}
