//! A notification as clients read it, and its id in a path.

use domain::id::{AppointmentId, NotificationId, PredictionId, ReviewRequestId, UserId};
use domain::notification::{Notification, NotificationUnknown};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

impl Parameters {
    pub fn id(&self) -> Result<NotificationId, NotificationUnknown> {
        self.id.parse().map_err(|_| NotificationUnknown::MalformedId)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Notification")]
#[serde(rename_all = "camelCase")]
pub struct Item {
    id: NotificationId,
    user_id: UserId,
    /// What it is about, such as `review_requested`.
    #[serde(rename = "type")]
    kind: String,
    message: String,
    #[serde(rename = "ref")]
    reference: Reference,
    is_read: bool,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Reference {
    request_id: Option<ReviewRequestId>,
    prediction_id: Option<PredictionId>,
    appointment_id: Option<AppointmentId>,
    /// Somebody whom one follows.
    patient_id: Option<UserId>,
}

impl From<Notification> for Item {
    fn from(note: Notification) -> Self {
        Self {
            id: note.id,
            user_id: note.user,
            kind: note.kind,
            message: note.message,
            reference: Reference {
                request_id: note.reference.request_id,
                prediction_id: note.reference.prediction_id,
                appointment_id: note.reference.appointment_id,
                patient_id: note.reference.patient_id,
            },
            is_read: note.is_read,
            created_at: note.created_at,
        }
    }
}
