//! Signals as they come and go, by HTTP and over the WebSocket API alike.

use domain::consultation::signal::{self, Place, SignalName, SignalType};
use domain::consultation::{ConsultationRefused, Party, Status, client_id};
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::consultations::invites::party_named;
use store::consultations::mailbox::{self, Letter, Waiting};

use crate::access::Present;
use crate::signal_answer::{self, SignalAnswer};
use crate::telling;

/// What somebody sends.
#[derive(Deserialize, JsonSchema)]
pub struct NewSignal {
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
    /// The client's own name for this signal, 1 to 100 characters: sent again under it, it arrives once.
    #[serde(default)]
    client_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignalSent")]
pub struct Sent {
    message: &'static str,
    id: String,
    /// Its place among all that went to the same side.
    sequence: u64,
    /// It had been sent before under its `client_id`.
    is_repeated: bool,
}

/// What waits for somebody.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Signals")]
pub struct Signals {
    /// In the order that they were sent in; what has waited for more than five minutes is left out.
    signals: Vec<SignalAnswer>,
    /// More wait: ask again at once.
    has_more: bool,
    /// Of the consultation: signals go with it when it is over.
    status: Status,
}

impl Signals {
    /// Their beginning that fits, and one at least; the rest goes on waiting.
    pub fn within(mut self, most_bytes: usize) -> Self {
        let mut bytes = 0;
        let fits = |signal: &&SignalAnswer| {
            bytes += serde_json::to_vec(signal).map_or(0, |text| text.len() + 1);
            bytes <= most_bytes
        };
        let count = self.signals.iter().take_while(fits).count().max(1);
        self.has_more |= count < self.signals.len();
        self.signals.truncate(count);
        self
    }
}

/// Into the mailbox of whom it is for, and to them at once where they listen.
pub async fn send(context: &Context, present: &Present, new: NewSignal) -> Result<Sent, Problem> {
    let call = &present.consultation;
    let to = addressee(present, &new)?;
    signal::check(&new.signal_data)?;
    let digest = new.client_id.as_deref().map(client_id::digest).transpose()?;
    call.must_be_running_for(present.party, context.now)?;
    let letter = Letter {
        to,
        signal_type: new.signal_type,
        data: new.signal_data,
        digest,
    };
    let posted = mailbox::put(&context.store, present.reader(), &letter, context.now).await?;
    let name = SignalName {
        consultation: call.id,
        sequence: posted.sequence,
    };
    // Once more where it comes once more: whoever sent it may have died before it was told.
    if let Some(signal) = posted.signal {
        telling::signal(context, call, signal).await;
    }
    Ok(Sent {
        message: "Signal sent successfully",
        id: name.to_string(),
        sequence: posted.sequence,
        is_repeated: posted.is_repeated,
    })
}

/// What it says of who speaks to whom, and where, must be so.
fn addressee(present: &Present, new: &NewSignal) -> Result<Party, ConsultationRefused> {
    let call = &present.consultation;
    let named = |name: &Option<String>| name.as_deref().map(|name| party_named(call, name));
    if named(&new.from_user_id).is_some_and(|from| from != Some(present.party)) {
        return Err(ConsultationRefused::AnothersName);
    }
    let is_here = |id: &String| id.parse() == Ok(call.id);
    if !new.consultation_id.as_ref().is_none_or(is_here) {
        return Err(ConsultationRefused::AnotherConsultation);
    }
    let to = named(&new.to_user_id).unwrap_or_else(|| present.other());
    to.filter(|to| *to != present.party)
        .ok_or(ConsultationRefused::NoAddressee)
}

/// With a place, what comes after it, again each time; what is up to it is acknowledged. Without one, what was not handed
/// out yet.
pub async fn waiting(context: &Context, present: &Present, after: Option<Place>) -> Result<Signals, Problem> {
    let (call, reader) = (&present.consultation, present.reader());
    let status = call.status_at(context.now);
    let waiting = match after {
        _ if status != Status::Active || !call.admits(present.party) => Waiting::default(),
        Some(Place(after)) => {
            mailbox::acknowledge(&context.store, reader, after).await?;
            mailbox::pending_after(&context.store, reader, after, context.now).await?
        }
        None => mailbox::hand_out(&context.store, reader, context.now).await?,
    };
    let signals = waiting.signals.into_iter();
    Ok(Signals {
        signals: signals.map(|signal| signal_answer::of(call, signal)).collect(),
        has_more: waiting.has_more,
        status,
    })
}
