//! `GET /video/token`: a token for the video channel of an own consultation or appointment (contract #71).

use domain::audit::{Action, ResourceKind};
use domain::consultation::{ConsultationRefused, channel};
use domain::id::AppointmentNumber;
use domain::session::{Product, Session};
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
use crate::appointment_video;
use crate::video_channel::{self, Ticket};

pub static FUNCTION: Function = Function::endpoint::<GetVideoToken>();

pub struct GetVideoToken;

#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    /// `visit-` and the id of a consultation, or `appt_` and the number of an appointment.
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
    const SUMMARY: &'static str = "A token for the video channel of an own consultation or appointment";
    const ROUTES: &'static [Route] = &[Route::get("/video/token").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Consultations, &[ItemAction::Get, ItemAction::BatchGet]),
        Need::Items(Table::Scheduling, &[ItemAction::Get]),
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
        let ticket = match channel::appointment(&wanted.channel) {
            Some(number) => of_appointment(context, &caller.session, number).await?,
            None => of_consultation(context, &caller.session, &wanted.channel).await?,
        };
        Ok(Json(Answer {
            app_id: ticket.app_id,
            token: ticket.token,
            channel: ticket.channel,
            uid: ticket.uid,
        }))
    }
}

async fn of_appointment(context: &Context, session: &Session, number: AppointmentNumber) -> Result<Ticket, Problem> {
    let visit = appointment_video::find(context, session, number).await?;
    visit
        .ok_or(ConsultationRefused::NoChannel)?
        .ticket(context, session)
        .await
}

async fn of_consultation(context: &Context, session: &Session, name: &str) -> Result<Ticket, Problem> {
    let id = channel::consultation(name).ok_or(ConsultationRefused::NoChannel)?;
    let path = Parameters { id: id.to_string() };
    let present = access::find(context, session, &path, Action::Read).await?;
    let present = present.ok_or(ConsultationRefused::NoChannel)?;
    let call = &present.consultation;
    let seconds = channel::token_seconds(call.over_by(), context.now).filter(|_| call.is_open(context.now));
    let seconds = seconds.ok_or(ConsultationRefused::NoChannel)?;
    call.must_be_running_for(present.party, context.now)?;
    let ticket = video_channel::ticket(context, channel::of_consultation(id), present.party, seconds).await?;
    let note = present.note(context, Action::Read, ResourceKind::Consultation)?;
    outbox::add(&context.store, &note).await?;
    Ok(ticket)
}
