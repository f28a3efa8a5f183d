//! A signal as clients read it.

use domain::consultation::Consultation;
use domain::consultation::signal::{Signal, SignalType};
use domain::id::ConsultationId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Signal")]
pub struct SignalAnswer {
    id: String,
    consultation_id: ConsultationId,
    from_user_id: String,
    to_user_id: String,
    signal_type: SignalType,
    signal_data: Map<String, Value>,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    delivered: bool,
    /// Its place among all that came for the caller, from 1; for `after`.
    sequence: u64,
}

pub fn of(call: &Consultation, signal: Signal) -> SignalAnswer {
    SignalAnswer {
        id: signal.name().to_string(),
        consultation_id: signal.consultation,
        from_user_id: call.name_of(signal.from),
        to_user_id: call.name_of(signal.to),
        signal_type: signal.signal_type,
        timestamp: signal.sent_at,
        sequence: signal.sequence,
        signal_data: signal.data,
        delivered: false,
    }
}
