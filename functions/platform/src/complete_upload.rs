//! `POST /api/uploads/{id}/complete`: all parts have been sent; make them one file.

use bytes::Bytes;
use domain::id::UploadId;
use domain::upload::{FileKind, Upload, UploadRefused, UploadState};
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::uploads::{self, parts};

use crate::upload_answer::UploadAnswer;

pub static FUNCTION: Function = Function::endpoint::<CompleteUpload>();

pub struct CompleteUpload;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "UploadToComplete")]
pub struct Parameters {
    id: UploadId,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "UploadedParts")]
pub struct Body {
    /// SHA-256 of each part in order, in hexadecimal digits.
    part_sha256: Vec<String>,
}

impl Endpoint for CompleteUpload {
    const NAME: &'static str = "complete-upload";
    const SUMMARY: &'static str = "Join the parts of an own upload";
    const ROUTES: &'static [Route] = &[Route::post("/api/uploads/{id}/complete")];
    const RETRY: Retry =
        Retry::HandledAgain("what is complete stays as it is and is told alike; its parts go before the answer");
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Get, ItemAction::Update]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Put]),
        Need::Objects(Bucket::Parts, &[ObjectAction::Get, ObjectAction::Delete]),
    ];
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = JsonAnswer<UploadAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let upload = uploads::get(&context.store, caller.user_id(), path.id, context.now).await?;
        let mut upload = upload.ok_or(UploadRefused::NotFound)?;
        if upload.state == UploadState::Expected {
            upload.state = complete(context, &upload, &body.part_sha256).await?;
        }
        Ok(JsonAnswer(UploadAnswer::of(context, &upload).await?))
    }
}

/// Repeatable at every step: the parts go last.
async fn complete(context: &Context, upload: &Upload, checksums: &[String]) -> Result<UploadState, Problem> {
    let store = &context.store;
    let expected = upload.parts.ok_or(UploadRefused::NotInParts)?;
    let count = expected.sizes().count();
    if checksums.len() != count {
        return Err(UploadRefused::ChecksumsMissing(count).into());
    }
    let listed = parts::list(store, upload, expected).await?;
    let missing: Vec<u32> = listed
        .iter()
        .filter(|part| !part.is_received)
        .map(|part| part.number)
        .collect();
    if !missing.is_empty() {
        return already_complete(context, upload, UploadRefused::PartsMissing(missing)).await;
    }
    let read = parts::read(store, upload, &listed).await?;
    let Some(read) = read.into_iter().collect::<Option<Vec<Bytes>>>() else {
        let all = listed.iter().map(|part| part.number).collect();
        return already_complete(context, upload, UploadRefused::PartsMissing(all)).await;
    };
    let differs = |(bytes, checksum): (&Bytes, &String)| {
        !data_encoding::HEXLOWER
            .encode(&Sha256::digest(bytes))
            .eq_ignore_ascii_case(checksum)
    };
    let pairs = read.iter().zip(checksums);
    let different: Vec<u32> = (1..)
        .zip(pairs)
        .filter(|(_, pair)| differs(*pair))
        .map(|(number, _)| number)
        .collect();
    if !different.is_empty() {
        parts::remove(store, upload, &different).await?;
        return Err(UploadRefused::PartsDiffer(different).into());
    }
    let kind = read.first().and_then(|start| FileKind::of(start));
    let state = if kind == Some(upload.kind) {
        parts::join(store, upload, &read).await?;
        UploadState::Received
    } else {
        UploadState::Refused
    };
    uploads::settle(store, upload.owner, upload.id, state).await?;
    parts::remove_all(store, upload.owner, upload.id).await?;
    Ok(state)
}

/// Parts may be gone because the same call, made twice, was faster in the other place.
async fn already_complete(context: &Context, upload: &Upload, missing: UploadRefused) -> Result<UploadState, Problem> {
    let now = uploads::get(&context.store, upload.owner, upload.id, context.now).await?;
    match now.map(|upload| upload.state) {
        Some(UploadState::Expected) => Err(missing.into()),
        Some(state) => Ok(state),
        None => Err(UploadRefused::NotFound.into()),
    }
}
