//! `GET /appointments/{id}/token`: a token for the video channel of an own appointment (contract #70).

use domain::id::AppointmentNumber;
use domain::scheduling::SchedulingRefused;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use store::table::{ItemAction, Table};

use crate::appointment_video;
use crate::video_channel::Ticket;

pub static FUNCTION: Function = Function::endpoint::<GetAppointmentToken>();

pub struct GetAppointmentToken;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentWithVideo")]
pub struct Parameters {
    /// The number, or the `appointment_id`.
    #[serde(deserialize_with = "named")]
    #[schemars(with = "String")]
    id: AppointmentNumber,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AppointmentToken")]
pub struct Answer {
    app_id: String,
    /// The same whatever time the appointment is moved to.
    channel_name: String,
    /// Until half an hour after the appointment, and for a day at most.
    token: String,
    /// To join with: the token is good for this number only.
    uid: u32,
}

impl Endpoint for GetAppointmentToken {
    const NAME: &'static str = "get-appointment-token";
    const SUMMARY: &'static str = "A token for the video channel of an own appointment";
    const ROUTES: &'static [Route] = &[Route::get("/appointments/{id}/token").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Scheduling, &[ItemAction::Get]),
        Need::FieldKeys,
        Need::Secret(Secret::AgoraAppCertificate),
    ];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let visit = appointment_video::find(context, &caller.session, path.id).await?;
        let visit = visit.ok_or(SchedulingRefused::NotFound)?;
        let Ticket {
            app_id,
            channel,
            uid,
            token,
        } = visit.ticket(context, &caller.session).await?;
        Ok(Json(Answer {
            app_id,
            channel_name: channel,
            token,
            uid,
        }))
    }
}

/// The contract refuses what is no number, and does not look for it.
fn named<'de, D: Deserializer<'de>>(text: D) -> Result<AppointmentNumber, D::Error> {
    let text = String::deserialize(text)?;
    AppointmentNumber::named(&text).ok_or(D::Error::custom("must be the number of an appointment"))
}
