//! `POST /api/records/medical-history`: note an illness or an event (contract #104).

use domain::record::RecordType;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::PatientOrAdmin;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access;
use crate::creation::{self, Common, Kind, required};
use crate::record_answer::RecordAnswer;

pub static FUNCTION: Function = Function::endpoint::<CreateMedicalHistory>();

pub struct CreateMedicalHistory;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewMedicalHistory")]
pub struct Body {
    #[serde(flatten)]
    fields: Fields,
    #[serde(flatten)]
    common: Common,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MedicalHistory")]
struct Fields {
    title: String,
    description: Option<String>,
    condition: Option<String>,
    /// With or without a zone; UTC without.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    diagnosis_date: Option<Timestamp>,
    doctor_name: Option<String>,
    hospital_name: Option<String>,
}

impl Endpoint for CreateMedicalHistory {
    const NAME: &'static str = "create-medical-history";
    const SUMMARY: &'static str = "Note an illness or an event";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/medical-history").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = PatientOrAdmin;
    type Input = Json<Body>;
    type Output = Created<RecordAnswer>;

    async fn handle(
        context: &Context,
        caller: PatientOrAdmin,
        Json(body): Json<Body>,
    ) -> Result<Self::Output, Problem> {
        required("title", &body.fields.title)?;
        let kind = Kind {
            record_type: RecordType::MedicalHistory,
            dated: None,
        };
        let record = creation::create(context, &caller.session, kind, &body.fields, body.common).await?;
        Ok(Created(record))
    }
}
