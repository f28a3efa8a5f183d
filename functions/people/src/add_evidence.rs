//! `POST /api/doctors/me/evidence`: hand in a picture of a licence or another paper, for the admins who check it.

use bytes::Bytes;
use domain::account::AccountGone;
use domain::id::{UploadId, UserId};
use domain::picture_link::PictureName;
use domain::upload::{self, UploadRefused};
use domain::verification::Verification;
use runtime::answer::Created;
use runtime::callers::Doctor;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{accounts, pictures, uploads};

use crate::get_own_verification::State;
use crate::needs;
use crate::picture_change::{self, Kept};

pub static FUNCTION: Function = Function::endpoint::<AddEvidence>();

pub struct AddEvidence;

/// Fine enough to read small print.
const PAPER: Kept = Kept {
    side: 2400,
    quality: 88,
};

pub struct Paper(Bytes);

impl MultipartForm for Paper {
    const FIELDS: &'static [FormField] = &[FormField {
        name: "file",
        is_file: true,
        is_required: true,
    }];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        parts.require("file").map(Self)
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct Uploaded {
    /// From `POST /api/uploads`.
    upload_id: UploadId,
}

impl Endpoint for AddEvidence {
    const NAME: &'static str = "add-evidence";
    const SUMMARY: &'static str = "Hand in a picture of a licence or another paper";
    const ROUTES: &'static [Route] = &[Route::post("/api/doctors/me/evidence")];
    const NEEDS: &'static [Need] = &[
        needs::WRITE[0],
        needs::WRITE[1],
        needs::WRITE[2],
        needs::WRITE[3],
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
    ];
    const MEMORY_MB: u16 = 1024;
    const TIMEOUT_SECONDS: u16 = 20;

    type Caller = Doctor;
    type Input = JsonOr<Uploaded, Form<Paper>>;
    type Output = Created<State>;

    async fn handle(context: &Context, caller: Doctor, input: Self::Input) -> Result<Self::Output, Problem> {
        let doctor = caller.user_id();
        let (bytes, upload) = match input {
            JsonOr::Json(Uploaded { upload_id }) => {
                let file = uploads::received(&context.store, doctor, upload_id, context.now).await?;
                (file.ok_or(UploadRefused::NotFound)?, Some(upload_id))
            }
            JsonOr::Other(Form(Paper(bytes))) => {
                upload::check_inline(bytes.len())?;
                (bytes, None)
            }
        };
        let paper = picture_change::store_as(context, doctor, bytes, PAPER).await?;
        let noted = note(context, doctor, &paper).await;
        if noted.is_err() {
            pictures::remove(&context.store, &paper).await?;
        }
        let state = noted?;
        if let Some(upload) = upload {
            context.use_up(doctor, upload).await;
        }
        Ok(Created(state))
    }
}

async fn note(context: &Context, doctor: UserId, paper: &PictureName) -> Result<State, Problem> {
    let stored = accounts::change::<Problem>(&context.store, doctor, &[], |stored| {
        let account = &mut stored.account;
        let check = account
            .verification
            .get_or_insert_with(|| Verification::asked_for(context.now));
        check.add_evidence(paper.clone(), context.now)?;
        account.updated_at = context.now;
        Ok(())
    })
    .await?;
    let check = stored.account.verification.ok_or(AccountGone)?;
    State::of(context, check).await
}
