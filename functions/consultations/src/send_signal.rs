//! `POST /api/consultations/{id}/signal`: pass an offer, an answer or a candidate on to another side (contract #76).

use domain::consultation::signal::{self, SignalType};
use domain::consultation::{ConsultationRefused, Party};
use domain::session::Product;
use runtime::answer;
use runtime::callers::InCall;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::consultations::invites::party_named;
use store::consultations::mailbox::{self, Letter};

use crate::access::{self, Parameters, Present};

pub static FUNCTION: Function = Function::endpoint::<SendSignal>();

pub struct SendSignal;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewSignal")]
pub struct Body {
    /// As in the path, if it is sent.
    #[serde(default)]
    consultation_id: Option<String>,
    signal_type: SignalType,
    /// At most 128,000 bytes of JSON, passed on as it is.
    signal_data: Map<String, Value>,
    /// The caller, if it is sent.
    #[serde(default)]
    from_user_id: Option<String>,
    /// Without it, the other one of the doctor and the patient.
    #[serde(default)]
    to_user_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignalSent")]
pub struct Answer {
    message: &'static str,
    id: String,
    /// Its place among all that went to the same side.
    sequence: u64,
}

impl Endpoint for SendSignal {
    const NAME: &'static str = "send-signal";
    const SUMMARY: &'static str = "Pass an offer, an answer or a candidate on";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/signal").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Signals;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = InCall;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<Answer>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        let to = addressee(&present, &body)?;
        signal::check(&body.signal_data)?;
        present.consultation.must_be_running_for(present.party, context.now)?;
        let letter = Letter {
            to,
            signal_type: body.signal_type,
            data: body.signal_data,
        };
        let signal = mailbox::put(&context.store, present.reader(), &letter, context.now).await?;
        Ok(answer::Json(Answer {
            message: "Signal sent successfully",
            id: signal.name().to_string(),
            sequence: signal.sequence,
        }))
    }
}

/// What the body says of who speaks to whom, and where, must be so.
fn addressee(present: &Present, body: &Body) -> Result<Party, ConsultationRefused> {
    let call = &present.consultation;
    let named = |name: &Option<String>| name.as_deref().map(|name| party_named(call, name));
    if named(&body.from_user_id).is_some_and(|from| from != Some(present.party)) {
        return Err(ConsultationRefused::AnothersName);
    }
    let is_here = |id: &String| id.parse() == Ok(call.id);
    if !body.consultation_id.as_ref().is_none_or(is_here) {
        return Err(ConsultationRefused::AnotherConsultation);
    }
    let to = named(&body.to_user_id).unwrap_or_else(|| present.other());
    to.filter(|to| *to != present.party)
        .ok_or(ConsultationRefused::NoAddressee)
}
