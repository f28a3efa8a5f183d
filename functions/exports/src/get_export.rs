//! `GET /api/exports/{id}`: how far an own export is; once it is ready, what is in it and a link to it.

use std::collections::BTreeMap;

use domain::audit::{Action, Why};
use domain::export::{ExportRefused, LINK_LIFE};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::bucket::{Bucket, ObjectAction};
use store::exports;
use store::table::{ItemAction, Table};

use crate::export_answer::{ExportAnswer, Parameters, resource};

pub static FUNCTION: Function = Function::endpoint::<GetExport>();

pub struct GetExport;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportInFull")]
pub struct Answer {
    #[serde(flatten)]
    export: ExportAnswer,
    /// While there is something to fetch.
    #[serde(flatten)]
    archive: Option<ArchiveAnswer>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExportArchive")]
struct ArchiveAnswer {
    size_bytes: u64,
    /// Of the whole file, in hexadecimal digits.
    sha256: String,
    /// How many things of each kind are in it.
    counts: BTreeMap<String, u64>,
    /// Gives the archive to whoever has it. Ask again for another.
    url: String,
    #[schemars(with = "String")]
    url_expires_at: Timestamp,
}

impl Endpoint for GetExport {
    const NAME: &'static str = "get-export";
    const SUMMARY: &'static str = "How far an own export is, and a link to its archive";
    const ROUTES: &'static [Route] = &[Route::get("/api/exports/{id}")];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Exports, &[ObjectAction::Get]),
    ];

    type Caller = Patient;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: Patient, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let (patient, id) = (caller.user_id(), path.export()?);
        let found = exports::get(&context.store, patient, id).await?;
        let export = found.ok_or(ExportRefused::NotFound)?;
        let archive = match export.archive_at(context.now) {
            None => None,
            Some(archive) => {
                // Whoever asks how far it is looks at nobody's data; whoever gets the link does.
                let note = context.audit(&caller.session, patient, Action::Read, resource(id), Why::Own)?;
                let address = exports::address(&context.store, &export, archive, context.now);
                Some(ArchiveAnswer {
                    size_bytes: archive.size_bytes,
                    sha256: archive.sha256.clone(),
                    counts: archive.counts.clone(),
                    url: context.audited(&note, address).await?,
                    url_expires_at: context.now + LINK_LIFE,
                })
            }
        };
        Ok(Json(Answer {
            export: ExportAnswer::of(&export, context.now),
            archive,
        }))
    }
}
