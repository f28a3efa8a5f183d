//! `GET /api/consultations/{id}/signals`: what the others have signalled to the caller (contract #77).

use domain::consultation::Status;
use domain::consultation::signal::Place;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::InCall;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::consultations::mailbox::{self, Waiting};

use crate::access::{self, Parameters};
use crate::signal_answer::{self, SignalAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListSignals>();

pub struct ListSignals;

#[derive(Deserialize, JsonSchema)]
pub struct From {
    /// The id or sequence of the last signal that the caller has; 0 for none. What comes after it is given, again each
    /// time, and what came before it is never given again. Without it each signal is handed out once, and lost where the
    /// answer is.
    #[serde(default)]
    after: Option<Place>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Signals")]
pub struct Answer {
    /// In the order that they were sent in; what has waited for more than five minutes is left out.
    signals: Vec<SignalAnswer>,
    /// More wait: ask again at once.
    has_more: bool,
    /// Of the consultation: signals go with it when it is over.
    status: Status,
}

impl Endpoint for ListSignals {
    const NAME: &'static str = "list-signals";
    const SUMMARY: &'static str = "What the others have signalled to the caller";
    const ROUTES: &'static [Route] = &[Route::get("/api/consultations/{id}/signals").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Signals;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = InCall;
    type Input = (Path<Parameters>, Query<From>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Query(from)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        let (call, reader) = (&present.consultation, present.reader());
        let status = call.status_at(context.now);
        let waiting = match from.after {
            _ if status != Status::Active || !call.admits(present.party) => Waiting::default(),
            Some(Place(after)) => {
                mailbox::acknowledge(&context.store, reader, after).await?;
                mailbox::pending_after(&context.store, reader, after, context.now).await?
            }
            None => mailbox::hand_out(&context.store, reader, context.now).await?,
        };
        let signals = waiting.signals.into_iter();
        Ok(Json(Answer {
            signals: signals.map(|signal| signal_answer::of(call, signal)).collect(),
            has_more: waiting.has_more,
            status,
        }))
    }
}
