//! A consultation as clients read it.

use domain::consultation::invite::Invite;
use domain::consultation::{Consultation, ConsultationType, Party, Status};
use domain::id::{ConsultationId, ConsultationInviteId, UserId};
use jiff::Timestamp;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::consultations::invites;

use crate::ice_servers::{self, IceServers};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Consultation")]
pub struct ConsultationAnswer {
    id: ConsultationId,
    doctor_id: UserId,
    patient_id: UserId,
    status: Status,
    consultation_type: ConsultationType,
    #[schemars(with = "Option<String>")]
    scheduled_time: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    started_at: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    ended_at: Option<Timestamp>,
    reason: Option<String>,
    notes: Option<String>,
    /// Null here: joining gives one.
    session_token: Option<String>,
    webrtc_config: IceServers,
    /// Whether the patient waits until the doctor admits them.
    waiting_room: bool,
    /// Since when the patient waits, or waited.
    #[schemars(with = "Option<String>")]
    waits_since: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    admitted_at: Option<Timestamp>,
    /// Until when it can be joined, for the first time or again.
    #[schemars(with = "String")]
    joinable_until: Timestamp,
    guests: Vec<GuestAnswer>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

/// Somebody who was invited.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsultationGuest")]
pub struct GuestAnswer {
    /// What signals to them are addressed to.
    id: ConsultationInviteId,
    name: Option<String>,
    /// None while the invite is not used.
    #[schemars(with = "Option<String>")]
    joined_at: Option<Timestamp>,
    /// Since then nobody is in the call by it.
    #[schemars(with = "Option<String>")]
    revoked_at: Option<Timestamp>,
}

impl From<Invite> for GuestAnswer {
    fn from(invite: Invite) -> Self {
        Self {
            id: invite.id,
            name: invite.name,
            joined_at: invite.used_at,
            revoked_at: invite.revoked_at,
        }
    }
}

/// For one of its parties.
pub async fn of(context: &Context, call: Consultation, party: Party) -> Result<ConsultationAnswer, Problem> {
    let guests = invites::list(&context.store, &call).await?;
    let guests = guests.into_iter().map(GuestAnswer::from).collect();
    let servers = ice_servers::of(context, &call, Some(party)).await?;
    Ok(answer(context, call, servers, guests))
}

/// In a list: without credentials and guests.
pub async fn in_list(context: &Context, call: Consultation) -> Result<ConsultationAnswer, Problem> {
    let servers = ice_servers::of(context, &call, None).await?;
    Ok(answer(context, call, servers, Vec::new()))
}

fn answer(context: &Context, call: Consultation, servers: IceServers, guests: Vec<GuestAnswer>) -> ConsultationAnswer {
    ConsultationAnswer {
        status: call.status_at(context.now),
        ended_at: call.ended_at(context.now),
        joinable_until: call.ends_by(),
        id: call.id,
        doctor_id: call.doctor,
        patient_id: call.patient,
        consultation_type: call.consultation_type,
        scheduled_time: call.scheduled_time,
        started_at: call.started_at,
        reason: call.reason,
        notes: call.notes,
        session_token: None,
        webrtc_config: servers,
        waiting_room: call.waiting_room,
        waits_since: call.waits_since,
        admitted_at: call.admitted_at,
        guests,
        created_at: call.created_at,
        updated_at: call.updated_at,
    }
}

/// That something is done.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsultationDone")]
pub struct Done {
    pub message: &'static str,
    pub status: Status,
}
