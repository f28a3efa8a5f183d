//! `GET /api/records/{id}/audit`: who did what with a record, when, and which version it made of which; newest first.

use domain::audit::{Action, Actor, ChainEntry, Resource, ResourceKind, Why};
use domain::record::RecordRefused;
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, audit, records};

use crate::access::{self, Whose};
use crate::record_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<ListRecordAudit>();

pub struct ListRecordAudit;

/// Entries come a moment after what they tell of. Lists that the patient's own devices read name no record and are not
/// here; `GET /api/audit/me` has them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordAuditEntry")]
pub struct EntryAnswer {
    /// In the log of all that is the patient's.
    position: u64,
    #[schemars(with = "String")]
    at: Timestamp,
    who: Actor,
    action: Action,
    /// The record, or this log of it.
    what: ResourceKind,
    why: Why,
    /// Of a write: what was there, 0 if there was nothing.
    from_version: Option<u64>,
    /// What was there then: the same where nothing of it changed, since it was so already or became a conflict.
    to_version: Option<u64>,
    /// As the answer named it in `X-Request-Id`.
    request_id: String,
}

impl Endpoint for ListRecordAudit {
    const NAME: &'static str = "list-record-audit";
    const SUMMARY: &'static str = "Who did what with a health record";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/{id}/audit")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        access::READ[0],
        access::READ[1],
        access::READ[2],
        Need::Items(Table::Audit, &[ItemAction::Query]),
    ];

    type Caller = SignedIn;
    type Input = (Path<Parameters>, (Query<Whose>, Query<Paging>));
    type Output = PageOf<EntryAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), (Query(whose), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (id, request) = (path.record()?, PageRequest::from(paging));
        let resource = Resource::one(ResourceKind::AuditLog, id);
        let leave = access::to_read(context, &caller.session, whose, Action::Read, resource).await?;
        let reading = records::find(&context.store, leave.patient, id);
        let record = context.audited(&leave.note, reading).await?;
        // What was erased was there; its log is kept.
        let record = record.ok_or(RecordRefused::NotFound)?;
        let whole = (leave.patient, id);
        let Page { items, next } = audit::list_of_record(&context.store, whole, record.created_at, &request).await?;
        Ok(PageOf {
            items: items.into_iter().map(EntryAnswer::from).collect(),
            next: next.map(|cursor| {
                let (limit, whose) = (request.limit, whose.in_link());
                format!("/api/records/{id}/audit?limit={limit}&cursor={cursor}{whose}")
            }),
        })
    }
}

impl From<ChainEntry> for EntryAnswer {
    fn from(ChainEntry { position, event, .. }: ChainEntry) -> Self {
        Self {
            position,
            at: event.at,
            who: event.actor,
            action: event.action,
            what: event.resource.kind,
            why: event.why,
            from_version: event.versions.map(|versions| versions.from),
            to_version: event.versions.map(|versions| versions.to),
            request_id: event.request_id,
        }
    }
}
