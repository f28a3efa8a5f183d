//! Who is in a consultation; the patient's log says so, also of those who were turned away.

use domain::audit::{Action, Actor, Resource, ResourceKind, Why};
use domain::consultation::call_pass::CallPass;
use domain::consultation::{Consultation, ConsultationRefused, Party};
use domain::id::{ConsultationId, UserId};
use domain::role::Role;
use domain::session::Session;
use runtime::callers::InCall;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::consultations::mailbox::Reader;
use store::consultations::{self, invites};
use store::outbox::Entry;
use store::table::{ItemAction, Table};

pub const READ: [Need; 4] = [
    Need::Items(
        Table::Consultations,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    // Attempts of others are noted.
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::TurnSecret),
];

const CALLS: Need = Need::Items(
    Table::Consultations,
    &[
        ItemAction::Get,
        ItemAction::BatchGet,
        ItemAction::Query,
        ItemAction::Put,
        ItemAction::Update,
        ItemAction::Delete,
        ItemAction::Check,
    ],
);
/// Which move and end with the call.
const TIES_OF_CARE: Need = Need::Items(Table::Identity, &[ItemAction::Put, ItemAction::Delete]);
const NOTES: Need = Need::Items(Table::Notifications, &[ItemAction::Put]);

pub const WRITE: [Need; 5] = [
    CALLS,
    TIES_OF_CARE,
    NOTES,
    Need::FieldKeys,
    Need::Secret(Secret::TurnSecret),
];

/// And tell those who listen.
pub const TELL: [Need; 6] = [
    CALLS,
    TIES_OF_CARE,
    NOTES,
    Need::FieldKeys,
    Need::Secret(Secret::TurnSecret),
    Need::Connections,
];

/// Over the WebSocket API: what happens to the call itself is none of its business.
pub const LISTEN: [Need; 5] = [
    CALLS,
    NOTES,
    Need::FieldKeys,
    Need::Connections,
    Need::Items(
        Table::Sockets,
        &[
            ItemAction::Get,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    ),
];

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConsultationName")]
pub struct Parameters {
    pub id: String,
}

/// Somebody in a consultation, by a right.
pub struct Present {
    pub consultation: Consultation,
    pub party: Party,
    actor: Actor,
    why: Why,
    /// Which of their connections this is, where they say so.
    connection: Option<u64>,
}

impl Present {
    pub fn patient(&self) -> UserId {
        self.consultation.patient
    }

    pub fn id(&self) -> ConsultationId {
        self.consultation.id
    }

    pub fn note(&self, context: &Context, action: Action, kind: ResourceKind) -> Result<Entry, Problem> {
        let resource = Resource::one(kind, self.consultation.id);
        let (actor, why) = (self.actor, self.why.clone());
        Ok(context.audit_by(actor, self.patient(), action, resource, why)?)
    }

    /// Over one of their connections.
    pub fn over(mut self, connection: u64) -> Self {
        self.connection = Some(connection);
        self
    }

    /// The same, with the consultation as it is by now.
    pub async fn again(self, context: &Context) -> Result<Self, Problem> {
        let found = consultations::get(&context.store, self.patient(), self.id()).await?;
        let consultation = found.ok_or(ConsultationRefused::NotFound)?;
        Ok(Self { consultation, ..self })
    }

    pub fn reader(&self) -> Reader<'_> {
        Reader {
            consultation: &self.consultation,
            party: self.party,
            connection: self.connection,
        }
    }

    /// Of the two that every consultation has, the other one.
    pub fn other(&self) -> Option<Party> {
        match self.party {
            Party::Doctor => Some(Party::Patient),
            Party::Patient => Some(Party::Doctor),
            Party::Guest(_) => None,
        }
    }
}

/// For others it does not exist.
pub async fn must_be_in(context: &Context, session: &Session, path: &Parameters) -> Result<Present, Problem> {
    let present = find(context, session, path, Action::Read).await?;
    Ok(present.ok_or(ConsultationRefused::NotFound)?)
}

/// None for others, whose attempt is noted.
pub async fn find(
    context: &Context,
    session: &Session,
    path: &Parameters,
    action: Action,
) -> Result<Option<Present>, Problem> {
    let Ok(id) = path.id.parse() else { return Ok(None) };
    let found = consultations::find(&context.store, session.user_id, id).await?;
    // Who was asked as a doctor and is none any more is not in it any more.
    let found = found.filter(|(_, party)| *party != Party::Doctor || session.is_verified_doctor());
    let Some((consultation, party)) = found else {
        refuse(context, session, id, action).await?;
        return Ok(None);
    };
    let actor = Actor {
        id: session.user_id,
        role: session.role,
    };
    let why = match party {
        Party::Patient => Why::Own,
        Party::Doctor | Party::Guest(_) => Why::Care,
    };
    Ok(Some(Present {
        consultation,
        party,
        actor,
        why,
        connection: None,
    }))
}

async fn refuse(context: &Context, session: &Session, id: ConsultationId, action: Action) -> Result<(), Problem> {
    if let Some(patient) = consultations::whose(&context.store, id).await? {
        let resource = Resource::one(ResourceKind::Consultation, id);
        context.note_refused(session, patient, action, resource).await?;
    }
    Ok(())
}

/// Also a guest, while the call is open to them.
pub async fn must_be_in_call(context: &Context, caller: &InCall, path: &Parameters) -> Result<Present, Problem> {
    match caller {
        InCall::Guest(pass) => guest(context, pass, path).await,
        InCall::Person { session, pass } => {
            let mut present = must_be_in(context, session, path).await?;
            if let Some(pass) = pass {
                // The token of another call, or of another person.
                let is_theirs = pass.consultation == present.id() && pass.party == present.party;
                is_theirs.then_some(()).ok_or(ConsultationRefused::NotFound)?;
                present.connection = Some(pass.connection);
            }
            Ok(present)
        }
    }
}

async fn guest(context: &Context, pass: &CallPass, path: &Parameters) -> Result<Present, Problem> {
    let (patient, id) = (pass.patient, pass.consultation);
    let Party::Guest(invite) = pass.party else {
        return Err(ConsultationRefused::NotFound.into());
    };
    if path.id.parse() != Ok(id) {
        return Err(ConsultationRefused::NotFound.into());
    }
    let consultation = consultations::get(&context.store, patient, id).await?;
    let consultation = consultation.ok_or(ConsultationRefused::NotFound)?;
    if !consultation.is_open(context.now) {
        return Err(ConsultationRefused::NotActive.into());
    }
    let invite = invites::one(&context.store, patient, id, invite).await?;
    let invite = invite.ok_or(ConsultationRefused::NotFound)?;
    if invite.revoked_at.is_some() {
        return Err(ConsultationRefused::InviteGone.into());
    }
    Ok(Present {
        actor: vouching(&consultation, invite.invited_by),
        why: Why::Invited {
            invite: invite.id.to_string(),
        },
        party: pass.party,
        connection: Some(pass.connection),
        consultation,
    })
}

/// Who answers for a guest: whoever let them in.
pub fn vouching(consultation: &Consultation, invited_by: UserId) -> Actor {
    Actor {
        id: invited_by,
        role: if invited_by == consultation.doctor {
            Role::Doctor
        } else {
            Role::Patient
        },
    }
}
