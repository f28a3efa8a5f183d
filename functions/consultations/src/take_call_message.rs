//! Socket `call_subscribe`, `call_unsubscribe`, `call_signal`, `call_signals`, `call_acknowledge`: a consultation over the
//! WebSocket API, beside polling. Messages, and all that changes a consultation, go by HTTP; who listens is told of them.

use domain::audit::{Action, ResourceKind};
use domain::consultation::ConsultationRefused;
use domain::consultation::signal::Place;
use domain::id::ConsultationId;
use domain::socket::{Channel, LARGEST_MESSAGE_BYTES};
use runtime::need::Need;
use runtime::socket::{Message, Reply, Speaker};
use runtime::{Context, Function, Problem, RateClass, Socket};
use serde::{Deserialize, Serialize};
use store::consultations::mailbox;
use store::outbox;
use store::sockets::seats;

use crate::access::{self, Parameters, Present};
use crate::signalling::{self, NewSignal, Sent, Signals};
use crate::telling::State;

pub static FUNCTION: Function = Function::socket::<TakeCallMessage>();

pub struct TakeCallMessage;

/// Of signals in one answer: the rest of it is far below what is left.
const MOST_BYTES: usize = LARGEST_MESSAGE_BYTES - 8 * 1024;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    CallSubscribe {
        consultation_id: String,
        /// The sequence of the last signal that the client has, which is acknowledged.
        #[serde(default)]
        after: u64,
    },
    CallUnsubscribe {
        consultation_id: String,
    },
    CallSignal {
        #[serde(flatten)]
        by: By,
        #[serde(flatten)]
        signal: NewSignal,
    },
    CallSignals {
        #[serde(flatten)]
        by: By,
        #[serde(default)]
        after: u64,
    },
    CallAcknowledge {
        #[serde(flatten)]
        by: By,
        upto: u64,
    },
}

/// In which consultation somebody speaks, and over which of their connections.
#[derive(Deserialize)]
pub struct By {
    consultation_id: String,
    /// As subscribing gave it: one that another has taken over from is told so.
    #[serde(default)]
    connection: Option<u64>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    CallSubscribe(Subscribed),
    CallUnsubscribe { consultation_id: ConsultationId },
    CallSignal(Sent),
    CallSignals(Signals),
    CallAcknowledge { consultation_id: ConsultationId, upto: u64 },
}

#[derive(Serialize)]
pub struct Subscribed {
    consultation: State,
    /// The doctor has not admitted the patient yet.
    waiting: bool,
    /// None while the caller cannot signal: they subscribe again once they are told that they can.
    connection: Option<u64>,
    /// What waits for the caller.
    #[serde(flatten)]
    signals: Signals,
}

impl Socket for TakeCallMessage {
    const NAME: &'static str = "take-call-message";
    const SUMMARY: &'static str = "A consultation over the WebSocket API";
    const ROUTES: &'static [&'static str] = &[
        "call_subscribe",
        "call_unsubscribe",
        "call_signal",
        "call_signals",
        "call_acknowledge",
    ];
    const RATE: RateClass = RateClass::Signals;
    const NEEDS: &'static [Need] = &access::LISTEN;

    type Event = Message<Said>;
    type Output = Reply<Answer>;

    async fn handle(context: &Context, message: Message<Said>) -> Result<Reply<Answer>, Problem> {
        let from = &message.from;
        Ok(Reply(match message.body {
            Said::CallSubscribe { consultation_id, after } => {
                let present = in_call(context, from, consultation_id).await?;
                Answer::CallSubscribe(subscribe(context, from, present, after).await?)
            }
            Said::CallUnsubscribe { consultation_id } => {
                let present = in_call(context, from, consultation_id).await?;
                let consultation_id = present.id();
                leave(context, from, &present).await?;
                Answer::CallUnsubscribe { consultation_id }
            }
            Said::CallSignal { by, signal } => {
                let present = by.present(context, from).await?;
                Answer::CallSignal(signalling::send(context, &present, signal).await?)
            }
            Said::CallSignals { by, after } => {
                let present = by.present(context, from).await?;
                Answer::CallSignals(waiting(context, &present, after).await?)
            }
            Said::CallAcknowledge { by, upto } => {
                let present = by.present(context, from).await?;
                let call = &present.consultation;
                call.must_be_running_for(present.party, context.now)?;
                mailbox::acknowledge(&context.store, present.reader(), upto).await?;
                let consultation_id = call.id;
                Answer::CallAcknowledge { consultation_id, upto }
            }
        }))
    }
}

impl By {
    /// Whoever can signal must have subscribed; whoever cannot is told why by what they ask for.
    async fn present(self, context: &Context, from: &Speaker) -> Result<Present, Problem> {
        let present = in_call(context, from, self.consultation_id).await?;
        let call = &present.consultation;
        let can_signal = call.must_be_running_for(present.party, context.now).is_ok();
        match self.connection {
            Some(connection) => Ok(present.over(connection)),
            None if can_signal => Err(ConsultationRefused::NotSubscribed.into()),
            None => Ok(present),
        }
    }
}

async fn in_call(context: &Context, from: &Speaker, id: String) -> Result<Present, Problem> {
    access::must_be_in(context, &from.session, &Parameters { id }).await
}

/// Takes the caller's seat, and their mailbox with it, where they may use it.
async fn subscribe(context: &Context, from: &Speaker, present: Present, after: u64) -> Result<Subscribed, Problem> {
    must_be_open(context, &present)?;
    let (channel, name) = seat(&present);
    context.take_seat(&from.connection, channel, &name).await?;
    // From here on they are told of all that changes. What has changed before shows now.
    let present = present.again(context).await?;
    let connected = connect(context, from, &present).await;
    if connected.is_err() {
        leave(context, from, &present).await?;
    }
    match connected? {
        Some(connection) => subscribed(context, &present.over(connection), Some(connection), after).await,
        None => subscribed(context, &present, None, after).await,
    }
}

/// The number of the caller's connection; none while they cannot signal. What is written while they listen is read by
/// them, which is noted now.
async fn connect(context: &Context, from: &Speaker, present: &Present) -> Result<Option<u64>, Problem> {
    must_be_open(context, present)?;
    let (call, party) = (&present.consultation, present.party);
    if call.must_be_running_for(party, context.now).is_err() {
        let note = present.note(context, Action::Read, ResourceKind::Consultation)?;
        outbox::add(&context.store, &note).await?;
        return Ok(None);
    }
    let note = present.note(context, Action::List, ResourceKind::Message)?;
    let number = mailbox::take_over(&context.store, call, party, &from.connection, &note).await?;
    Ok(Some(number))
}

fn must_be_open(context: &Context, present: &Present) -> Result<(), ConsultationRefused> {
    let is_open = present.consultation.is_open(context.now);
    is_open.then_some(()).ok_or(ConsultationRefused::NotActive)
}

async fn subscribed(
    context: &Context,
    present: &Present,
    connection: Option<u64>,
    after: u64,
) -> Result<Subscribed, Problem> {
    let call = &present.consultation;
    Ok(Subscribed {
        consultation: State::of(call, context.now),
        waiting: !call.admits(present.party),
        connection,
        signals: waiting(context, present, after).await?,
    })
}

async fn waiting(context: &Context, present: &Present, after: u64) -> Result<Signals, Problem> {
    let signals = signalling::waiting(context, present, Some(Place(after))).await?;
    Ok(signals.within(MOST_BYTES))
}

fn seat(present: &Present) -> (Channel, String) {
    (Channel::Consultation(present.id()), present.party.to_string())
}

async fn leave(context: &Context, from: &Speaker, present: &Present) -> Result<(), Problem> {
    let (channel, name) = seat(present);
    Ok(seats::leave(&context.store, &from.connection, &channel, &name).await?)
}
