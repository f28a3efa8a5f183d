//! What those are told at once who listen to a consultation over the WebSocket API. All of it can also be read: signals
//! and messages by their numbers, the consultation by its id.

use domain::consultation::message::CallMessage;
use domain::consultation::signal::Signal;
use domain::consultation::{Consultation, Party, Status};
use domain::id::{ConsultationId, UserId};
use domain::session::Session;
use domain::socket::Channel;
use jiff::Timestamp;
use runtime::Context;
use runtime::socket::Listener;
use serde::Serialize;
use store::consultations;

use crate::message_answer::{self, MessageAnswer};
use crate::signal_answer::{self, SignalAnswer};

/// Guests have no seats.
const LISTENERS: [Party; 2] = [Party::Doctor, Party::Patient];

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Told {
    Consultation { consultation: State },
    Signal { signal: SignalAnswer },
    Message { message: MessageAnswer },
}

/// How a consultation stands, without what is said in it.
#[derive(Serialize)]
pub struct State {
    id: ConsultationId,
    doctor_id: UserId,
    patient_id: UserId,
    status: Status,
    scheduled_time: Option<Timestamp>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    waiting_room: bool,
    /// Since when the patient waits, or waited.
    waits_since: Option<Timestamp>,
    admitted_at: Option<Timestamp>,
    joinable_until: Timestamp,
}

impl State {
    pub fn of(call: &Consultation, now: Timestamp) -> Self {
        Self {
            id: call.id,
            doctor_id: call.doctor,
            patient_id: call.patient,
            status: call.status_at(now),
            scheduled_time: call.scheduled_time,
            started_at: call.started_at,
            ended_at: call.ended_at(now),
            waiting_room: call.waiting_room,
            waits_since: call.waits_since,
            admitted_at: call.admitted_at,
            joinable_until: call.ends_by(),
        }
    }
}

/// To whom it is for.
pub async fn signal(context: &Context, call: &Consultation, signal: Signal) {
    let to = signal.to;
    let signal = signal_answer::of(call, signal);
    if admits(context, call, to).await {
        tell(context, call, to, &Told::Signal { signal }).await;
    }
}

/// To all but whoever wrote it.
pub async fn message(context: &Context, call: &Consultation, message: CallMessage) {
    let from = message.from;
    let told = Told::Message {
        message: message_answer::of(call, message),
    };
    for party in LISTENERS.into_iter().filter(|party| *party != from) {
        if admits(context, call, party).await {
            tell(context, call, party, &told).await;
        }
    }
}

/// That something of it has changed, also to whoever waits to be admitted.
pub async fn change(context: &Context, call: &Consultation) {
    let consultation = State::of(call, context.now);
    let told = Told::Consultation { consultation };
    for party in LISTENERS {
        tell(context, call, party, &told).await;
    }
}

/// That it is over, which is the last thing to be heard of it.
pub async fn end(context: &Context, call: &Consultation) {
    change(context, call).await;
    context.dissolve(Channel::Consultation(call.id)).await;
}

async fn tell(context: &Context, call: &Consultation, party: Party, told: &Told) {
    let listener = Listener {
        name: party.to_string(),
        may_hear: match party {
            // Who was asked as a doctor and is none any more is not in it any more.
            Party::Doctor => Session::is_verified_doctor,
            Party::Patient | Party::Guest(_) => |_| true,
        },
    };
    context.push_to(Channel::Consultation(call.id), listener, told).await;
}

/// Whether somebody was let in, be it since the consultation was read: they may have asked for what waits for them just
/// before this came.
async fn admits(context: &Context, call: &Consultation, party: Party) -> bool {
    if call.admits(party) {
        return true;
    }
    let now = consultations::get(&context.store, call.patient, call.id).await;
    matches!(now, Ok(Some(now)) if now.admits(party))
}
