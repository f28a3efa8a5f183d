//! Whose vital signs somebody sees, and by what right; the patient's log says so, also of those who were turned away.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use domain::id::UserId;
use domain::notice::Notice;
use domain::session::Session;
use domain::vital::VitalRefused;
use runtime::need::Need;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::Entry;
use store::table::{ItemAction, Table};
use store::{care, families};

pub const READ: [Need; 3] = [
    Need::Items(
        Table::Vitals,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    // The grants of caregivers, and who treats whom.
    Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
    Need::FieldKeys,
];

/// Keeping readings and settings, and telling people.
pub const WRITE: [Need; 4] = [
    Need::Items(
        Table::Vitals,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    ),
    // Also who follows somebody.
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[schemars(rename = "VitalsOf")]
pub struct Whose {
    /// Whoever was let in, or treats the patient, names them; without it, it is about the caller.
    #[serde(default)]
    pub patient_id: Option<UserId>,
}

/// Somebody whose vital signs the caller may see.
pub struct Patient {
    pub id: UserId,
    pub why: Why,
}

impl Patient {
    pub fn note(
        &self,
        context: &Context,
        session: &Session,
        action: Action,
        resource: Resource,
    ) -> Result<Entry, Problem> {
        Ok(context.audit(session, self.id, action, resource, self.why.clone())?)
    }
}

/// Without a right there is nobody, and the attempt is noted.
pub async fn patient(
    context: &Context,
    session: &Session,
    whose: Whose,
    action: Action,
    resource: Resource,
) -> Result<Patient, Problem> {
    let id = whose.patient_id.unwrap_or(session.user_id);
    match right(context, session, id).await? {
        Some(why) => Ok(Patient { id, why }),
        None => {
            context.note_refused(session, id, action, resource).await?;
            Err(VitalRefused::NoPatient.into())
        }
    }
}

async fn right(context: &Context, session: &Session, patient: UserId) -> Result<Option<Why>, Problem> {
    if session.user_id == patient {
        return Ok(Some(Why::Own));
    }
    // A doctor who treats the patient does so also where the patient has let them in: more comes with that.
    if session.is_verified_doctor() && care::stands(&context.store, patient, session.user_id, context.now).await? {
        return Ok(Some(Why::Care));
    }
    let grant = families::find_grant(&context.store, patient, session.user_id).await?;
    let is_let_in = grant.is_some_and(|grant| grant.allows(Scope::Vitals, context.now));
    Ok(is_let_in.then_some(Why::Grant))
}

pub fn all() -> Resource {
    Resource::all(ResourceKind::Vitals)
}

pub fn one(id: impl ToString) -> Resource {
    Resource::one(ResourceKind::Vitals, id)
}

/// The entries by which people are told of alarms.
pub fn telling(context: &Context) -> impl Fn(UserId, Notice) -> Result<Entry, Problem> {
    |user, notice| Ok(context.tell(user, notice)?)
}
