//! `POST /api/consultations/{id}/join`: join a consultation, for the first time or again (contract #74).

use domain::audit::{Action, ResourceKind};
use domain::consultation::call_pass::CallPass;
use domain::consultation::{ConsultationRefused, Status};
use domain::id::ConsultationId;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::consultations::{self, Joined, pass};

use crate::access::{self, Parameters};
use crate::ice_servers::{self, IceServers};
use crate::telling;

pub static FUNCTION: Function = Function::endpoint::<JoinConsultation>();

pub struct JoinConsultation;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "JoinedConsultation")]
pub struct Answer {
    consultation_id: ConsultationId,
    /// For the header `X-Consultation-Session`: says which connection calls. Null for whoever waits.
    session_token: Option<String>,
    #[schemars(with = "Option<String>")]
    session_expires_at: Option<Timestamp>,
    webrtc_config: IceServers,
    other_participant_id: Option<String>,
    status: Status,
    /// The doctor has not admitted the patient yet, or there are more than 15 minutes to its time: join again until it is
    /// false.
    waiting: bool,
    /// How often the caller has joined: the newest connection gets what is not acknowledged, and older ones nothing more.
    connection: Option<u64>,
    /// Until when whoever loses the line may join again.
    #[schemars(with = "String")]
    joinable_until: Timestamp,
}

impl Endpoint for JoinConsultation {
    const NAME: &'static str = "join-consultation";
    const SUMMARY: &'static str = "Join a consultation, for the first time or again";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/join").of(Product::Telemedicine)];
    /// Whoever waits to be admitted asks again and again.
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::TELL;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let present = access::find(context, &caller.session, &path, Action::Update).await?;
        let present = present.ok_or(ConsultationRefused::NotFoundToJoin)?;
        let note = present.note(context, Action::Update, ResourceKind::Consultation)?;
        let party = present.party;
        let joined = consultations::join(&context.store, &present.consultation, party, context.now, &note).await?;
        let Joined {
            consultation: call,
            connection,
            is_changed,
        } = joined;
        if is_changed {
            telling::change(context, &call).await;
        }
        let pass = connection.map(|connection| CallPass::new(&call, party, connection, context.now));
        let session_token = match &pass {
            Some(pass) => Some(pass::seal(&context.store, pass).await?),
            None => None,
        };
        Ok(Json(Answer {
            consultation_id: call.id,
            session_token,
            session_expires_at: pass.map(|pass| pass.expires_at),
            webrtc_config: ice_servers::of(context, &call, Some(party)).await?,
            other_participant_id: present.other().map(|other| call.name_of(other)),
            status: call.status_at(context.now),
            waiting: connection.is_none(),
            connection,
            joinable_until: call.ends_by(),
        }))
    }
}
