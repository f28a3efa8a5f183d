//! Whose records somebody sees, and by what right; the patient's log says so, also of those who were turned away.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use domain::id::{RecordId, UserId};
use domain::record::{Record, RecordRefused};
use domain::session::Session;
use runtime::need::Need;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::{self, Entry};
use store::records::{self, RecordError};
use store::table::{ItemAction, Table};
use store::{RefusedOr, care, emergencies, families};

pub const READ: [Need; 3] = [
    Need::Items(
        Table::Records,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    // The grants of caregivers and doctors, who treats the patient, and who helps in an emergency.
    Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
    Need::FieldKeys,
];

pub const WRITE: [Need; 2] = [
    Need::Items(
        Table::Records,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    ),
    Need::FieldKeys,
];

/// Of doctors, for patients.
pub const SIGN: [Need; 4] = [
    WRITE[0],
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Check],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    WRITE[1],
];

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
pub struct Whose {
    /// Whoever was let in names the patient; without it, the records are the caller's own.
    #[serde(default)]
    pub patient_id: Option<UserId>,
}

impl Whose {
    /// For the link to the next page.
    pub fn in_link(self) -> String {
        self.patient_id
            .map_or_else(String::new, |patient| format!("&patient_id={patient}"))
    }
}

/// Leave to read a patient's records, with the note of it.
pub struct Leave {
    pub patient: UserId,
    pub note: Entry,
}

/// Without a right there is nothing to be seen, and the attempt is noted.
pub async fn to_read(
    context: &Context,
    session: &Session,
    whose: Whose,
    action: Action,
    resource: Resource,
) -> Result<Leave, Problem> {
    let patient = whose.patient_id.unwrap_or(session.user_id);
    if patient == session.user_id {
        let note = context.audit(session, patient, action, resource, Why::Own)?;
        return Ok(Leave { patient, note });
    }
    if let Some(why) = right(context, session, patient).await? {
        let note = context.audit(session, patient, action, resource, why)?;
        return Ok(Leave { patient, note });
    }
    context.note_refused(session, patient, action, resource).await?;
    Err(RecordRefused::NotFound.into())
}

/// What a doctor wrote for a patient, or why not. Whoever has no right to is noted, and so is whoever is shown what there is
/// instead.
pub async fn written<T>(
    context: &Context,
    session: &Session,
    (patient, action, resource): (UserId, Action, Resource),
    outcome: Result<T, RecordError>,
) -> Result<T, Problem> {
    match &outcome {
        Err(RefusedOr::Refused(RecordRefused::NoRight)) => {
            context.note_refused(session, patient, action, resource).await?;
        }
        Err(RefusedOr::Refused(RecordRefused::VersionConflict { .. })) => {
            // A tie that lapses at this moment is what they have seen it by.
            let why = right(context, session, patient).await?.unwrap_or(Why::Care);
            let note = context.audit(session, patient, Action::Read, resource, why)?;
            outbox::add(&context.store, &note).await?;
        }
        _ => {}
    }
    Ok(outcome?)
}

/// Whoever was let in by the patient, and their doctors; past that, a doctor who has said that it is an emergency.
async fn right(context: &Context, session: &Session, patient: UserId) -> Result<Option<Why>, Problem> {
    let grant = families::find_grant(&context.store, patient, session.user_id).await?;
    if grant.is_some_and(|grant| grant.allows(Scope::Records, context.now)) {
        return Ok(Some(Why::Grant));
    }
    if !session.is_verified_doctor() {
        return Ok(None);
    }
    if care::stands(&context.store, patient, session.user_id, context.now).await? {
        return Ok(Some(Why::Care));
    }
    let emergency = emergencies::standing(&context.store, patient, session.user_id, context.now).await?;
    Ok(emergency.map(|access| Why::BreakGlass { reason: access.reason }))
}

/// A doctor brings the files that a record of theirs names and their signature covers.
pub async fn to_attach(
    context: &Context,
    session: &Session,
    whose: Whose,
    id: RecordId,
) -> Result<(Record, Entry), Problem> {
    let patient = whose.patient_id.unwrap_or(session.user_id);
    let resource = one(id);
    if patient == session.user_id {
        let head = records::get(&context.store, patient, id).await?;
        let note = context.audit(session, patient, Action::Update, resource, Why::Own)?;
        return Ok((head.ok_or(RecordRefused::NotFound)?, note));
    }
    let why = right(context, session, patient).await?;
    if let Some(why @ (Why::Grant | Why::Care)) = why {
        let head = records::get(&context.store, patient, id).await?;
        let is_theirs = |head: &Record| head.signature.as_ref().is_some_and(|by| by.doctor == session.user_id);
        if let Some(head) = head.filter(is_theirs) {
            let note = context.audit(session, patient, Action::Update, resource, why)?;
            return Ok((head, note));
        }
    }
    context.note_refused(session, patient, Action::Update, resource).await?;
    Err(RecordRefused::NotFound.into())
}

pub fn one(id: impl ToString) -> Resource {
    Resource::one(ResourceKind::Record, id)
}

pub fn all() -> Resource {
    Resource::all(ResourceKind::Record)
}

pub fn draft(id: impl ToString) -> Resource {
    Resource::one(ResourceKind::RecordDraft, id)
}
