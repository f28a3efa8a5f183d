//! `POST /api/consultations/{id}/messages`: write something in a call.

use domain::audit::{Action, ResourceKind};
use domain::consultation::message;
use runtime::answer::Created;
use runtime::callers::InCall;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::consultations::messages::{self, Note};

use crate::access::{self, Parameters};
use crate::message_answer::{self, MessageAnswer};

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
    const NEEDS: &'static [Need] = &access::WRITE;

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
        if let Some(name) = &body.client_id {
            message::check_client_id(name)?;
        }
        present.consultation.must_be_running_for(present.party, context.now)?;
        let digest = body.client_id.map(Sha256::digest);
        let digest = digest.map(|digest| data_encoding::HEXLOWER.encode(&digest[..16]));
        let note = Note {
            from: present.party,
            text: &body.text,
            digest: digest.as_deref(),
            now: context.now,
        };
        let audit = present.note(context, Action::Create, ResourceKind::Message)?;
        let said = messages::say(&context.store, &present.consultation, &note, &audit).await?;
        Ok(Created(Answer {
            message: message_answer::of(&present.consultation, said.message),
            is_repeated: said.is_repeated,
        }))
    }
}
