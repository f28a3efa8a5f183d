//! A message of a call as clients read it.

use domain::consultation::message::CallMessage;
use domain::consultation::{Consultation, PartyKind};
use domain::id::ConsultationId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CallMessage")]
pub struct MessageAnswer {
    consultation_id: ConsultationId,
    /// Its place in the call, from 1; for `after`.
    sequence: u64,
    from_user_id: String,
    from: PartyKind,
    text: String,
    #[schemars(with = "String")]
    sent_at: Timestamp,
}

pub fn of(call: &Consultation, message: CallMessage) -> MessageAnswer {
    MessageAnswer {
        consultation_id: message.consultation,
        sequence: message.sequence,
        from_user_id: call.name_of(message.from),
        from: message.from.kind(),
        text: message.text,
        sent_at: message.sent_at,
    }
}
