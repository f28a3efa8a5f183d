//! A skin record as the dermatology clinic's app reads it.

use domain::id::{AppointmentId, AppointmentNumber, RecordNumber};
use domain::prediction::{ModelIdentity, three_decimals};
use domain::scheduling::view::AppointmentView;
use domain::session::Session;
use domain::skin_reading::Outcome;
use domain::skin_record::{SkinRecord, SkinRecordRefused};
use runtime::{Context, PictureLinks, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::opinion_answer::{self, WithOpinions};
use crate::reading_answer::{self, ReadingAnswer};
use crate::result_access::{self, Found, Whose};

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    /// The `id` of the diagnosis.
    record_id: String,
}

impl Target {
    pub fn record(&self) -> Result<RecordNumber, SkinRecordRefused> {
        self.record_id.parse().map_err(|_| SkinRecordRefused::NotFound)
    }

    pub async fn find(&self, context: &Context, session: &Session, whose: Whose) -> Result<Found<SkinRecord>, Problem> {
        let found = result_access::find(context, session, whose, self.record()?).await?;
        Ok(found.ok_or(SkinRecordRefused::NotFound)?)
    }
}

/// `diagnosis`, `confidence`, `outcome` and `model` are the first reading, which the patient was given; newer ones can
/// only add a referral and a recommendation to consult.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SkinRecord")]
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
    /// A doctor must see it, whatever is named: since any reading says so, and no clinician otherwise.
    referral: bool,
    model: ModelIdentity,
    /// All, oldest first.
    readings: Vec<ReadingAnswer>,
    /// How many opinions clinicians have given on it.
    opinion_count: u32,
    /// Since when a consultation is asked for.
    #[schemars(with = "Option<String>")]
    consultation_asked_at: Option<jiff::Timestamp>,
    /// The latest that was booked about it: see `GET /appointments/{id}`.
    appointment_id: Option<AppointmentNumber>,
    /// In the answer to whoever asks for a consultation.
    appointment: Option<AppointmentView>,
}

#[derive(Serialize)]
struct Told<'a> {
    diagnosis: &'a str,
    confidence: f64,
    advice: String,
}

impl SkinRecordAnswer {
    pub fn of(record: &SkinRecord) -> Result<Self, Problem> {
        let first = &record.readings.first;
        let confidence = three_decimals(first.confidence);
        let told = Told {
            diagnosis: first.label(),
            confidence,
            advice: record.advice(),
        };
        Ok(Self {
            id: record.number,
            diagnosis: first.label(),
            confidence,
            ai_response: serde_json::to_string(&told).map_err(|error| Problem::internal(error.to_string()))?,
            recommended_consultation: record.recommends_consultation(),
            outcome: first.outcome,
            referral: record.readings.is_referred(),
            model: first.model.clone(),
            readings: reading_answer::all(&record.readings),
            opinion_count: record.readings.opinions,
            consultation_asked_at: record.consultation_asked_at,
            appointment_id: record.appointment.map(AppointmentId::number),
            appointment: None,
        })
    }
}

impl SkinRecordAnswer {
    pub fn with(self, appointment: AppointmentView) -> Self {
        Self {
            appointment: Some(appointment),
            ..self
        }
    }
}

/// One record, with the picture that it is about.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SkinRecordWithPicture")]
pub struct PicturedRecord {
    #[serde(flatten)]
    record: SkinRecordAnswer,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
}

impl PicturedRecord {
    pub fn of(record: &SkinRecord, links: &PictureLinks<'_>) -> Result<Self, Problem> {
        Ok(Self {
            record: SkinRecordAnswer::of(record)?,
            image_url: links.address(&record.picture),
        })
    }
}

pub async fn one(context: &Context, record: &SkinRecord) -> Result<WithOpinions<PicturedRecord>, Problem> {
    Ok(WithOpinions {
        result: PicturedRecord::of(record, &context.picture_links().await?)?,
        opinions: opinion_answer::on(context, record).await?,
    })
}
