//! `POST /api/consultations/{id}/invites`: let somebody without an account join, once: an interpreter, or a relative.

use domain::audit::{Action, ResourceKind};
use domain::consultation::ConsultationRefused;
use domain::consultation::invite::{Invite, InviteToken};
use domain::id::ConsultationInviteId;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::{OptionalJson, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::consultations::invites;

use crate::access::{self, Parameters};

pub static FUNCTION: Function = Function::endpoint::<InviteGuest>();

pub struct InviteGuest;

#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "NewInvite")]
pub struct Body {
    /// What the guest is shown as; at most 100 characters.
    #[serde(default)]
    name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invite")]
pub struct Answer {
    /// What the guest is called in the consultation.
    id: ConsultationInviteId,
    /// For `POST /api/consultations/guests`, once. It is not shown again.
    token: String,
    name: Option<String>,
    /// Half an hour, unless the call ends before.
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for InviteGuest {
    const NAME: &'static str = "invite-guest";
    const SUMMARY: &'static str = "Let somebody without an account join a consultation once";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/invites")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, OptionalJson<Body>);
    type Output = Created<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), OptionalJson(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in(context, &caller.session, &path).await?;
        if !present.consultation.admits(present.party) {
            return Err(ConsultationRefused::NotAdmitted.into());
        }
        let id = context.new_id(ConsultationInviteId::new)?;
        let invite = Invite::new(id, &present.consultation, caller.user_id(), body.name, context.now)?;
        let token = InviteToken::new(context.random()?);
        let note = present.note(context, Action::Update, ResourceKind::Consultation)?;
        invites::add(&context.store, &invite, &token.digest(), &note).await?;
        Ok(Created(Answer {
            id,
            token: token.text(),
            name: invite.name,
            expires_at: invite.usable_until,
        }))
    }
}
