//! `GET /api/records/{id}/files`: the files of a record, with links to what is there.

use domain::audit::Action;
use domain::id::RecordFileId;
use domain::record::{RecordRefused, SyncStatus};
use futures_util::future::try_join;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::records;

use crate::access::{self, Whose};
use crate::file_answer::{FileAnswer, answers};
use crate::record_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<ListRecordFiles>();

pub struct ListRecordFiles;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordFiles")]
pub struct Answer {
    /// Those that the record names, in its order; then what older versions or a side of a conflict have named.
    files: Vec<FileAnswer>,
    sync_status: SyncStatus,
    missing_files: Vec<RecordFileId>,
}

impl Endpoint for ListRecordFiles {
    const NAME: &'static str = "list-record-files";
    const SUMMARY: &'static str = "The files of a health record";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/{id}/files")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        access::READ[0],
        access::READ[1],
        access::READ[2],
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Whose>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id = path.record()?;
        let leave = access::to_read(context, &caller.session, whose, Action::Read, access::one(id)).await?;
        let reading = try_join(
            records::get(&context.store, leave.patient, id),
            records::list_files(&context.store, leave.patient, id),
        );
        let (record, attached) = context.audited(&leave.note, reading).await?;
        let record = record.ok_or(RecordRefused::NotFound)?;
        Ok(Json(Answer {
            files: answers(&record, attached, &context.picture_links().await?),
            sync_status: record.sync_status(),
            missing_files: record.missing_files(),
        }))
    }
}
