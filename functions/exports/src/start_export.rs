//! `POST /api/exports`: ask for an archive of all that is kept of oneself; a worker makes it within minutes.

use domain::audit::{Action, Why};
use domain::export::Export;
use domain::id::ExportId;
use runtime::answer::Created;
use runtime::callers::Patient;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::exports;
use store::table::{ItemAction, Table};

use crate::export_answer::{ExportAnswer, resource};

pub static FUNCTION: Function = Function::endpoint::<StartExport>();

pub struct StartExport;

impl Endpoint for StartExport {
    const NAME: &'static str = "start-export";
    const SUMMARY: &'static str = "Ask for an archive of all that is kept of oneself: one at a time, five a day";
    const ROUTES: &'static [Route] = &[Route::post("/api/exports")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Get, ItemAction::Put])];

    type Caller = Patient;
    type Input = ();
    type Output = Created<ExportAnswer>;

    async fn handle(context: &Context, caller: Patient, (): ()) -> Result<Self::Output, Problem> {
        let (patient, id) = (caller.user_id(), context.new_id(ExportId::new)?);
        let export = Export::new(id, patient, context.base_url.clone(), context.now);
        let note = context.audit(&caller.session, patient, Action::Export, resource(id), Why::Own)?;
        exports::begin(&context.store, &export, &note).await?;
        Ok(Created(ExportAnswer::of(&export, context.now)))
    }
}
