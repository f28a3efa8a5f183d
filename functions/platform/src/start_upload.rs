//! `POST /api/uploads`: addresses that take a file too large for a request (about 4.5 MB through Lambda), or one that
//! a bad line could not carry in one piece.

use domain::id::UploadId;
use domain::upload::{ADDRESS_LIFE, FileKind, PARTS_LIFE, Parts, Upload, UploadRefused, UploadState};
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

use crate::upload_answer::UploadAnswer;

pub static FUNCTION: Function = Function::endpoint::<StartUpload>();

pub struct StartUpload;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// Exact size of the file; the address takes no other.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "u64", required)]
    size_bytes: Option<u64>,
    /// `picture` without it, of at most 10 MB. A `pdf`, of at most 20 MB, is for health records.
    #[serde(default, deserialize_with = "runtime::lenient::null_is_default")]
    #[schemars(with = "Option<FileKind>")]
    kind: FileKind,
    /// Size of a part, 262,144 to 5,242,880: the file then comes in parts, in any order and at any pace within a week,
    /// and `POST /api/uploads/{id}/complete` joins them. Without it the file comes in one piece.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<u64>")]
    part_bytes: Option<u64>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    #[serde(flatten)]
    upload: UploadAnswer,
    /// Always `PUT`, with the file or the part as the body and its exact `Content-Length`.
    method: &'static str,
    /// Takes the file in one piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Endpoint for StartUpload {
    const NAME: &'static str = "start-upload";
    const SUMMARY: &'static str = "Get addresses that take a large photo or document";
    const ROUTES: &'static [Route] = &[Route::post("/api/uploads")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Put]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Put]),
        Need::Objects(Bucket::Parts, &[ObjectAction::Get, ObjectAction::Put]),
    ];

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let kind = body.kind;
        let too_few = || UploadRefused::SizeOutOfRange(kind.largest_bytes());
        let size_bytes = body.size_bytes.ok_or_else(too_few)?;
        kind.check_size(size_bytes)?;
        let parts = body
            .part_bytes
            .map(|part_bytes| Parts::new(kind, size_bytes, part_bytes));
        let parts = parts.transpose()?;
        let life = if parts.is_some() { PARTS_LIFE } else { ADDRESS_LIFE };
        let upload = Upload {
            id: context.new_id(UploadId::new)?,
            owner: caller.user_id(),
            state: UploadState::Expected,
            kind,
            parts,
            created_at: context.now,
            expires_at: context.now + life,
        };
        uploads::expect(&context.store, &upload).await?;
        let url = match parts {
            Some(_) => None,
            None => Some(uploads::address(&context.store, &upload, size_bytes).await?),
        };
        Ok(Created(Answer {
            upload: UploadAnswer::of(context, &upload).await?,
            method: "PUT",
            url,
        }))
    }
}
