//! `GET /api/records/{id}/versions`: all that a record ever said, newest first.

use domain::audit::Action;
use domain::id::{RecordId, UserId};
use domain::record::{Data, RecordRefused, RecordVersion};
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::{Page, PageRequest, records};

use crate::access::{self, Whose};
use crate::record_answer::Parameters;
use crate::signature_answer::SignatureAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListRecordVersions>();

pub struct ListRecordVersions;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordVersion")]
pub struct VersionAnswer {
    record_id: RecordId,
    version: u64,
    /// The version that it was made from; 0 for the first.
    parent_version: u64,
    data: Data,
    is_deleted: bool,
    written_by: UserId,
    #[schemars(with = "String")]
    written_at: Timestamp,
    /// Of a doctor's version; null on all others.
    signature: Option<SignatureAnswer>,
}

impl Endpoint for ListRecordVersions {
    const NAME: &'static str = "list-record-versions";
    const SUMMARY: &'static str = "All versions of a health record";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/{id}/versions")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, (Query<Whose>, Query<Paging>));
    type Output = PageOf<VersionAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), (Query(whose), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (id, request) = (path.record()?, PageRequest::from(paging));
        let leave = access::to_read(context, &caller.session, whose, Action::Read, access::one(id)).await?;
        let reading = records::versions(&context.store, leave.patient, id, &request);
        let found = context.audited(&leave.note, reading).await?;
        let Page { items, next } = found.ok_or(RecordRefused::NotFound)?;
        Ok(PageOf {
            items: answers(context, leave.patient, items).await?,
            next: next.map(|cursor| {
                let (limit, whose) = (request.limit, whose.in_link());
                format!("/api/records/{id}/versions?limit={limit}&cursor={cursor}{whose}")
            }),
        })
    }
}

async fn answers(
    context: &Context,
    patient: UserId,
    versions: Vec<RecordVersion>,
) -> Result<Vec<VersionAnswer>, store::Error> {
    let mut answers = Vec::with_capacity(versions.len());
    for version in versions {
        let is_valid = records::is_version_authentic(&context.store, patient, &version).await?;
        answers.push(VersionAnswer::new(version, is_valid));
    }
    Ok(answers)
}

impl VersionAnswer {
    fn new(version: RecordVersion, is_valid: bool) -> Self {
        let signature = version.signature;
        Self {
            signature: signature.map(|signature| SignatureAnswer::new(signature, is_valid)),
            record_id: version.record,
            version: version.version,
            parent_version: version.parent,
            data: version.data,
            is_deleted: version.is_deleted,
            written_by: version.written_by,
            written_at: version.written_at,
        }
    }
}
