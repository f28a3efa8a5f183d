//! `POST /api/firmware/uploads`: an address that takes an image too large for a request (about 4.5 MB through Lambda).

use domain::firmware::refused::LARGEST_IMAGE_BYTES;
use domain::firmware::release::{Draft, ReleaseNotes};
use domain::firmware::rollout::{self, EVERYBODY};
use domain::firmware::upload::{FirmwareUpload, LIFE};
use domain::firmware::{FirmwareRefused, FirmwareVersion, Hardware};
use domain::id::FirmwareUploadId;
use domain::refusal::FieldError;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::Operator;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{firmware, firmware_uploads};

pub static FUNCTION: Function = Function::endpoint::<StartFirmwareUpload>();

pub struct StartFirmwareUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    version: FirmwareVersion,
    /// Exact size of the image; the address takes no other.
    size_bytes: u64,
    /// `esp32p4` without it.
    #[serde(default)]
    hardware: Hardware,
    #[serde(default)]
    release_notes: Option<ReleaseNotes>,
    /// 100 without it.
    #[serde(default)]
    rollout_percent: Option<u8>,
    #[serde(default)]
    min_version: Option<FirmwareVersion>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    upload_id: FirmwareUploadId,
    /// Always `PUT`, with the image as the body and its exact `Content-Length`.
    method: &'static str,
    url: String,
    /// Until when the address takes it.
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for StartFirmwareUpload {
    const NAME: &'static str = "start-firmware-upload";
    const SUMMARY: &'static str = "Get an address that takes a large firmware image";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/uploads")];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Firmware, &[ItemAction::Get, ItemAction::Put]),
        Need::Objects(Bucket::Firmware, &[ObjectAction::Put]),
    ];

    type Caller = Operator;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, operator: Operator, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let size_bytes = body.size_bytes;
        let draft = draft(body)?;
        let head = firmware::head(&context.store, draft.hardware).await?;
        head.check_unpublished(&draft.version)?;
        let id = context.new_id(FirmwareUploadId::new)?;
        let by = operator.name().to_owned();
        let upload = FirmwareUpload::expected(id, draft, size_bytes, by, context.now);
        let url = firmware_uploads::expect(&context.store, &upload).await?;
        Ok(Created(Answer {
            upload_id: id,
            method: "PUT",
            url,
            expires_at: context.now + LIFE,
        }))
    }
}

fn draft(body: Body) -> Result<Draft, Problem> {
    if body.size_bytes > LARGEST_IMAGE_BYTES {
        return Err(FirmwareRefused::TooLarge.into());
    }
    if body.size_bytes == 0 {
        return Err(invalid("size_bytes", "must be at least 1"));
    }
    let percent = rollout::check_percent(body.rollout_percent.unwrap_or(EVERYBODY));
    Ok(Draft {
        version: body.version,
        hardware: body.hardware,
        release_notes: body.release_notes,
        percent: percent.map_err(|error| invalid("rollout_percent", error))?,
        min_version: body.min_version,
    })
}

fn invalid(name: &str, error: impl std::fmt::Display) -> Problem {
    Problem::invalid(vec![FieldError::new("body", name, "invalid", error)])
}
