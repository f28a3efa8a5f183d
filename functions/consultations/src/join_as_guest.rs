//! `POST /api/consultations/guests`: join a consultation by an invite, without an account; it is good for once.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::consultation::call_pass::CallPass;
use domain::consultation::invite::InviteToken;
use domain::consultation::{PartyKind, Status};
use domain::id::{ConsultationId, ConsultationInviteId, UserId};
use jiff::Timestamp;
use runtime::answer;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::consultations::{invites, pass};

use crate::access::{self, vouching};
use crate::ice_servers::{self, IceServers};

pub static FUNCTION: Function = Function::endpoint::<JoinAsGuest>();

pub struct JoinAsGuest;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "GuestInvite")]
pub struct Body {
    token: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GuestJoined")]
pub struct Answer {
    consultation_id: ConsultationId,
    /// What signals to the guest are addressed to.
    guest_id: ConsultationInviteId,
    /// For the header `X-Consultation-Session`: good for the signals and messages of this consultation, and nothing else.
    session_token: String,
    #[schemars(with = "String")]
    session_expires_at: Timestamp,
    webrtc_config: IceServers,
    /// Whom the guest can signal to.
    participants: [Participant; 2],
    status: Status,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsultationParticipant")]
struct Participant {
    id: UserId,
    party: PartyKind,
}

impl Endpoint for JoinAsGuest {
    const NAME: &'static str = "join-as-guest";
    const SUMMARY: &'static str = "Join a consultation by an invite";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/guests")];
    const RATE: RateClass = RateClass::Credentials;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = answer::Json<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let token: InviteToken = body.token.parse()?;
        let (call, invite) = invites::find(&context.store, &token.digest()).await?;
        let why = Why::Invited {
            invite: invite.id.to_string(),
        };
        let resource = Resource::one(ResourceKind::Consultation, call.id);
        let actor = vouching(&call, invite.invited_by);
        let note = context.audit_by(actor, call.patient, Action::Update, resource, why)?;
        let connection = invites::spend(&context.store, &call, &invite, context.now, &note).await?;
        let pass = CallPass::new(&call, invite.guest(), connection, context.now);
        let participant = |id, party| Participant { id, party };
        Ok(answer::Json(Answer {
            consultation_id: call.id,
            guest_id: invite.id,
            session_token: pass::seal(&context.store, &pass).await?,
            session_expires_at: pass.expires_at,
            webrtc_config: ice_servers::of(context, &call, Some(invite.guest())).await?,
            participants: [
                participant(call.doctor, PartyKind::Doctor),
                participant(call.patient, PartyKind::Patient),
            ],
            status: call.status_at(context.now),
        }))
    }
}
