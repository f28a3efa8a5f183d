//! `POST /api/records/{id}/files`: attach an uploaded file that an own record names; or a record that the caller has signed.

use domain::id::{RecordFileId, UploadId};
use domain::record::SyncStatus;
use domain::record::file;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::records::Attached;
use store::table::{ItemAction, Table};

use crate::access::{self, Whose};
use crate::attaching::{self, Asked};
use crate::file_answer::FileAnswer;
use crate::record_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<AttachRecordFile>();

pub struct AttachRecordFile;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FileToAttach")]
pub struct Body {
    /// As `data.files` of the record names it, or the other side of a conflict that is open.
    file_id: RecordFileId,
    /// From `POST /api/uploads`, once the file is there.
    upload_id: UploadId,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordWithFile")]
pub struct Answer {
    file: FileAnswer,
    /// Of the record: no longer `pending` with the last file that it waits for.
    sync_status: SyncStatus,
    missing_files: Vec<RecordFileId>,
}

impl Endpoint for AttachRecordFile {
    const NAME: &'static str = "attach-record-file";
    const SUMMARY: &'static str = "Attach an uploaded file to an own health record";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/{id}/files")];
    const HEALTH_DATA: bool = true;
    const RETRY: Retry = Retry::HandledAgain("a file is attached once under its id: sent again, it is told as it is");
    const NEEDS: &'static [Need] = &[
        access::WRITE[0],
        access::WRITE[1],
        access::READ[1],
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
        Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
        Need::Objects(Bucket::Documents, &[ObjectAction::Put, ObjectAction::Delete]),
        Need::Secret(Secret::LinkSigningKey),
    ];
    /// One core: pictures are decoded and encoded anew.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, (Query<Whose>, Json<Body>));
    type Output = answer::Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), (Query(whose), Json(body))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let record = path.record()?;
        let (head, audit) = access::to_attach(context, &caller.session, whose, record).await?;
        let asked = Asked {
            patient: head.patient,
            by: caller.user_id(),
            record,
            file: body.file_id,
            upload: body.upload_id,
        };
        let Attached { file, record } = match attaching::again(context, &asked, &head, &audit).await? {
            Some(file) => Attached { file, record: head },
            None => attaching::attach(context, &asked, &head, &audit).await?,
        };
        context.use_up(asked.by, asked.upload).await;
        let named = file::named(&record.data).unwrap_or_default();
        let named = named.into_iter().find(|named| named.id == file.id);
        Ok(answer::Json(Answer {
            file: FileAnswer::attached(file, named, &context.picture_links().await?),
            sync_status: record.sync_status(),
            missing_files: record.missing_files(),
        }))
    }
}
