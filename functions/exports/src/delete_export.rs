//! `DELETE /api/exports/{id}`: take an own export back: one that is made ends, and an archive that is there goes.

use domain::audit::{Action, Why};
use domain::export::ExportRefused;
use runtime::answer::NoContent;
use runtime::callers::Patient;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::exports;
use store::outbox::Errand;
use store::table::{ItemAction, Table};

use crate::export_answer::{Parameters, resource};

pub static FUNCTION: Function = Function::endpoint::<DeleteExport>();

pub struct DeleteExport;

impl Endpoint for DeleteExport {
    const NAME: &'static str = "delete-export";
    const SUMMARY: &'static str = "Take an own export back, with its archive";
    const ROUTES: &'static [Route] = &[Route::delete("/api/exports/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Platform,
        &[ItemAction::Get, ItemAction::Update, ItemAction::Delete],
    )];

    type Caller = Patient;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(context: &Context, caller: Patient, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let (patient, id) = (caller.user_id(), path.export()?);
        let found = exports::get(&context.store, patient, id).await?;
        let export = found.ok_or(ExportRefused::NotFound)?;
        let entries = [
            context.entry(Errand::RemoveArchive { patient, export: id })?,
            context.audit(&caller.session, patient, Action::Delete, resource(id), Why::Own)?,
        ];
        exports::remove(&context.store, &export, &entries).await?;
        Ok(NoContent)
    }
}
