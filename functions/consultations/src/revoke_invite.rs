//! `DELETE /api/consultations/{id}/invites/{invite}`: take an invite back; whoever has joined by it is out.

use domain::audit::{Action, ResourceKind};
use domain::consultation::ConsultationRefused;
use domain::id::ConsultationInviteId;
use runtime::answer::NoContent;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::consultations::invites;

use crate::access;

pub static FUNCTION: Function = Function::endpoint::<RevokeInvite>();

pub struct RevokeInvite;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConsultationInviteName")]
pub struct Parameters {
    id: String,
    invite: String,
}

impl Endpoint for RevokeInvite {
    const NAME: &'static str = "revoke-invite";
    const SUMMARY: &'static str = "Take an invite back, also of a guest who has joined";
    const ROUTES: &'static [Route] = &[Route::delete("/api/consultations/{id}/invites/{invite}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let consultation = access::Parameters { id: path.id };
        let present = access::must_be_in(context, &caller.session, &consultation).await?;
        let invite: ConsultationInviteId = path.invite.parse().map_err(|_| ConsultationRefused::NoInvite)?;
        let note = present.note(context, Action::Update, ResourceKind::Consultation)?;
        invites::revoke(&context.store, &present.consultation, invite, context.now, &note).await?;
        Ok(NoContent)
    }
}
