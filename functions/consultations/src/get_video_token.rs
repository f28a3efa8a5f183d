//! `GET /video/token`: a token for the video channel of an own consultation (contract #71).

use domain::audit::{Action, ResourceKind};
use domain::consultation::{ConsultationRefused, channel};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox;
use store::table::{ItemAction, Table};

use crate::access::{self, Parameters};
use crate::video_channel;

pub static FUNCTION: Function = Function::endpoint::<GetVideoToken>();

pub struct GetVideoToken;

#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    /// `visit-` and the id of a consultation.
    channel: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VideoToken")]
pub struct Answer {
    app_id: String,
    channel: String,
    /// To join with: the token is good for this number only.
    uid: u32,
    token: String,
}

impl Endpoint for GetVideoToken {
    const NAME: &'static str = "get-video-token";
    const SUMMARY: &'static str = "A token for the video channel of an own consultation";
    const ROUTES: &'static [Route] = &[Route::get("/video/token").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Consultations, &[ItemAction::Get, ItemAction::BatchGet]),
        Need::FieldKeys,
        Need::Secret(Secret::AgoraAppCertificate),
    ];

    type Caller = SignedIn;
    type Input = Query<Wanted>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(wanted): Query<Wanted>,
    ) -> Result<Self::Output, Problem> {
        if wanted.channel.trim().is_empty() {
            return Err(ConsultationRefused::EmptyChannel.into());
        }
        let id = channel::consultation(&wanted.channel).ok_or(ConsultationRefused::NoChannel)?;
        let path = Parameters { id: id.to_string() };
        let present = access::find(context, &caller.session, &path, Action::Read).await?;
        let present = present.ok_or(ConsultationRefused::NoChannel)?;
        let call = &present.consultation;
        let uid = present.party.video_uid().filter(|_| call.is_open(context.now));
        let uid = uid.ok_or(ConsultationRefused::NoChannel)?;
        call.must_be_running_for(present.party, context.now)?;
        let channel = channel::of_consultation(id);
        let ticket = video_channel::ticket(context, &channel, uid, call.over_by()).await?;
        let note = present.note(context, Action::Read, ResourceKind::Consultation)?;
        outbox::add(&context.store, &note).await?;
        Ok(Json(Answer {
            app_id: ticket.app_id,
            token: ticket.token,
            channel,
            uid,
        }))
    }
}
