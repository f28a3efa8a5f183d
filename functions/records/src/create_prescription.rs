//! `POST /api/records/prescription`: note a prescription that was given (contract #105).

use domain::record::{Data, RecordType};
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

pub static FUNCTION: Function = Function::endpoint::<CreatePrescription>();

pub struct CreatePrescription;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewPrescription")]
pub struct Body {
    #[serde(flatten)]
    fields: Fields,
    #[serde(flatten)]
    common: Common,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Prescription")]
struct Fields {
    doctor_id: Option<String>,
    doctor_name: String,
    /// Each in the words of whoever wrote it.
    medications: Vec<Data>,
    instructions: Option<String>,
    /// Now without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    prescribed_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    valid_until: Option<Timestamp>,
}

impl Endpoint for CreatePrescription {
    const NAME: &'static str = "create-prescription";
    const SUMMARY: &'static str = "Note a prescription that was given";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/prescription").of(Product::Telemedicine)];
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
        required("doctor_name", &body.fields.doctor_name)?;
        let kind = Kind {
            record_type: RecordType::Prescription,
            dated: Some("prescribed_date"),
        };
        let record = creation::create(context, &caller.session, kind, &body.fields, body.common).await?;
        Ok(Created(record))
    }
}
