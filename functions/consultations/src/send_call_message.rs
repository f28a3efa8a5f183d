//! `POST /api/consultations/{id}/messages`: write something in a call.

use domain::audit::{Action, ResourceKind};
use domain::consultation::{client_id, message};
use runtime::answer::Created;
use runtime::callers::InCall;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::consultations::messages::{self, Note};

use crate::access::{self, Parameters};
use crate::message_answer::{self, MessageAnswer};
use crate::telling;

pub static FUNCTION: Function = Function::endpoint::<SendCallMessage>();

pub struct SendCallMessage;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewCallMessage")]
pub struct Body {
    /// 1 to 4,000 characters.
    text: String,
    /// The client's own name for this message: sent again under it, it is entered once.
    #[serde(default)]
    client_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CallMessageSent")]
pub struct Answer {
    #[serde(flatten)]
    message: MessageAnswer,
    /// It had been sent before.
    is_repeated: bool,
}

impl Endpoint for SendCallMessage {
    const NAME: &'static str = "send-call-message";
    const SUMMARY: &'static str = "Write something in a call";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/messages")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::TELL;

    type Caller = InCall;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = Created<Answer>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        message::check_text(&body.text)?;
        let digest = body.client_id.as_deref().map(client_id::digest).transpose()?;
        present.consultation.must_be_running_for(present.party, context.now)?;
        let note = Note {
            from: present.party,
            text: &body.text,
            digest: digest.as_deref(),
            now: context.now,
        };
        let audit = present.note(context, Action::Create, ResourceKind::Message)?;
        let call = &present.consultation;
        let said = messages::say(&context.store, call, &note, &audit).await?;
        telling::message(context, call, said.message.clone()).await;
        Ok(Created(Answer {
            message: message_answer::of(call, said.message),
            is_repeated: said.is_repeated,
        }))
    }
}
