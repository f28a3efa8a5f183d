//! `POST /api/uploads`: an address that takes a file too large for a request (about 4.5 MB through Lambda).

use domain::id::UploadId;
use domain::upload::{LARGEST_PHOTO_BYTES, LIFE, Upload, UploadRefused, UploadState};
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::uploads;

pub static FUNCTION: Function = Function::endpoint::<StartUpload>();

pub struct StartUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// Exact size of the file; the address takes no other.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "u64", required)]
    size_bytes: Option<u64>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    upload_id: UploadId,
    /// Always `PUT`, with the file as the body and its exact `Content-Length`.
    method: &'static str,
    url: String,
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for StartUpload {
    const NAME: &'static str = "start-upload";
    const SUMMARY: &'static str = "Get an address that takes a large photo";
    const ROUTES: &'static [Route] = &[Route::post("/api/uploads")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Put]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Put]),
    ];

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let size_bytes = body.size_bytes.filter(|size| (1..=LARGEST_PHOTO_BYTES).contains(size));
        let size_bytes = size_bytes.ok_or(UploadRefused::SizeOutOfRange)?;
        let upload = Upload {
            id: context.new_id(UploadId::new)?,
            owner: caller.user_id(),
            state: UploadState::Expected,
            created_at: context.now,
            expires_at: context.now + LIFE,
        };
        let url = uploads::expect(&context.store, &upload, size_bytes).await?;
        Ok(Created(Answer {
            upload_id: upload.id,
            method: "PUT",
            url,
            expires_at: upload.expires_at,
        }))
    }
}
