//! `GET /api/consultations/{id}/messages`: what was written in a call, in its order; also when it is over.

use domain::audit::{Action, ResourceKind};
use runtime::answer::Json;
use runtime::callers::InCall;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::consultations::messages;
use store::outbox;

use crate::access::{self, Parameters};
use crate::message_answer::{self, MessageAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListCallMessages>();

pub struct ListCallMessages;

const USUAL: Limit = Limit(100);

#[derive(Deserialize, JsonSchema)]
pub struct From {
    /// The sequence of the last message that the caller has; 0 for none.
    #[serde(default)]
    after: u64,
    /// 1 to 100; 100 without it.
    #[serde(default)]
    limit: Option<Limit>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CallMessages")]
pub struct Answer {
    messages: Vec<MessageAnswer>,
    has_more: bool,
}

impl Endpoint for ListCallMessages {
    const NAME: &'static str = "list-call-messages";
    const SUMMARY: &'static str = "What was written in a call";
    const ROUTES: &'static [Route] = &[Route::get("/api/consultations/{id}/messages")];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = InCall;
    type Input = (Path<Parameters>, Query<From>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Query(from)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        let call = &present.consultation;
        if !call.admits(present.party) {
            return Err(domain::consultation::ConsultationRefused::NotAdmitted.into());
        }
        let Limit(limit) = from.limit.unwrap_or(USUAL);
        let (found, has_more) = messages::list(&context.store, call, from.after, limit).await?;
        // Whoever asks again and again and is told nothing has read nothing.
        if !found.is_empty() {
            let note = present.note(context, Action::List, ResourceKind::Message)?;
            outbox::add(&context.store, &note).await?;
        }
        let found = found.into_iter();
        Ok(Json(Answer {
            messages: found.map(|message| message_answer::of(call, message)).collect(),
            has_more,
        }))
    }
}
