//! `GET /api/records/drafts`: what a doctor has written and not signed, latest first.

use std::collections::BTreeSet;

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::UserId;
use runtime::answer::PageOf;
use runtime::callers::VerifiedDoctor;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, outbox, records};

use crate::draft_answer::DraftAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListRecordDrafts>();

pub struct ListRecordDrafts;

impl Endpoint for ListRecordDrafts {
    const NAME: &'static str = "list-record-drafts";
    const SUMMARY: &'static str = "The own drafts of patients' health records";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/drafts")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Records, &[ItemAction::Query]), Need::FieldKeys];

    type Caller = VerifiedDoctor;
    type Input = Query<Paging>;
    type Output = PageOf<DraftAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let Page { items, next } = records::list_drafts(&context.store, doctor.session.user_id, &request).await?;
        // Noted in the log of every patient in it, before anything is shown.
        let patients: BTreeSet<UserId> = items.iter().map(|draft| draft.patient).collect();
        let note = |patient| {
            let resource = Resource::all(ResourceKind::RecordDraft);
            context.audit(&doctor.session, patient, Action::List, resource, Why::Care)
        };
        let notes = patients.into_iter().map(note).collect::<Result<Vec<_>, _>>()?;
        outbox::add_all(&context.store, &notes).await?;
        Ok(PageOf {
            items: items.into_iter().map(DraftAnswer::from).collect(),
            next: next.map(|cursor| format!("/api/records/drafts?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
