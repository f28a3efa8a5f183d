//! A skin record as the dermatology clinic's app reads it.

use domain::id::RecordNumber;
use domain::prediction::{ModelIdentity, three_decimals};
use domain::skin_reading::Outcome;
use domain::skin_record::SkinRecord;
use runtime::Problem;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct SkinRecordAnswer {
    id: RecordNumber,
    /// A condition, or `Inconclusive` where the model cannot tell.
    diagnosis: &'static str,
    /// Calibrated probability of the first answer, 0 to 1, three decimals.
    confidence: f64,
    /// JSON in a text: `diagnosis`, `confidence` and `advice` for the patient.
    ai_response: String,
    recommended_consultation: bool,
    outcome: Outcome,
    /// A doctor must see it, whatever is named.
    referral: bool,
    model: ModelIdentity,
    /// Since when a consultation is asked for.
    #[schemars(with = "Option<String>")]
    consultation_asked_at: Option<jiff::Timestamp>,
    /// None until one is booked.
    appointment: Option<NoAppointment>,
}

/// Appointments are not booked by this yet.
#[derive(Serialize, JsonSchema)]
enum NoAppointment {}

#[derive(Serialize)]
struct Told<'a> {
    diagnosis: &'a str,
    confidence: f64,
    advice: String,
}

impl SkinRecordAnswer {
    pub fn of(record: &SkinRecord) -> Result<Self, Problem> {
        let confidence = three_decimals(record.confidence);
        let told = Told {
            diagnosis: record.label(),
            confidence,
            advice: record.advice(),
        };
        Ok(Self {
            id: record.number,
            diagnosis: record.label(),
            confidence,
            ai_response: serde_json::to_string(&told).map_err(|error| Problem::internal(error.to_string()))?,
            recommended_consultation: record.recommends_consultation(),
            outcome: record.outcome,
            referral: record.is_referred,
            model: record.model.clone(),
            consultation_asked_at: record.consultation_asked_at,
            appointment: None,
        })
    }
}
