//! `POST /api/records/lab-report`: note what a laboratory found (contract #106).

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

pub static FUNCTION: Function = Function::endpoint::<CreateLabReport>();

pub struct CreateLabReport;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewLabReport")]
pub struct Body {
    #[serde(flatten)]
    fields: Fields,
    #[serde(flatten)]
    common: Common,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "LabReport")]
struct Fields {
    test_name: String,
    test_type: String,
    lab_name: Option<String>,
    /// Now without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    test_date: Option<Timestamp>,
    results: Data,
    normal_ranges: Option<Data>,
    doctor_notes: Option<String>,
}

impl Endpoint for CreateLabReport {
    const NAME: &'static str = "create-lab-report";
    const SUMMARY: &'static str = "Note what a laboratory found";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/lab-report").of(Product::Telemedicine)];
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
        required("test_name", &body.fields.test_name)?;
        required("test_type", &body.fields.test_type)?;
        let kind = Kind {
            record_type: RecordType::LabReport,
            dated: Some("test_date"),
        };
        let record = creation::create(context, &caller.session, kind, &body.fields, body.common).await?;
        Ok(Created(record))
    }
}
