//! `GET /api/firmware/uploads/{id}`: what became of an image that came past the API.

use domain::firmware::upload::{FirmwareUploadState, UploadReason};
use domain::firmware::{FirmwareRefused, FirmwareVersion, Hardware};
use domain::id::FirmwareUploadId;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Operator;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::firmware_uploads;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<GetFirmwareUpload>();

pub struct GetFirmwareUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    id: FirmwareUploadId,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    upload_id: FirmwareUploadId,
    state: FirmwareUploadState,
    version: FirmwareVersion,
    hardware: Hardware,
    /// Why it was refused.
    reason: Option<UploadReason>,
    /// What is odd about the image and yet no reason to refuse it.
    warnings: Vec<String>,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Endpoint for GetFirmwareUpload {
    const NAME: &'static str = "get-firmware-upload";
    const SUMMARY: &'static str = "What became of a large firmware image";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/uploads/{id}")];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Get])];

    type Caller = Operator;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Operator, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let upload = firmware_uploads::get(&context.store, path.id, context.now).await?;
        let upload = upload.ok_or(FirmwareRefused::UploadNotFound)?;
        Ok(Json(Answer {
            upload_id: upload.id,
            state: upload.state,
            version: upload.draft.version,
            hardware: upload.draft.hardware,
            reason: upload.reason,
            warnings: upload.warnings,
            created_at: upload.created_at,
        }))
    }
}
