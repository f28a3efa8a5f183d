//! `POST /infections/{record_id}/consult`: ask for a consultation about a diagnosis (contract #93).
//!
//! It notes that one is asked for; the first time counts. The appointment is booked by scheduling, which takes its
//! patients from these notes.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::RecordNumber;
use domain::session::Product;
use domain::skin_record::SkinRecordRefused;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::skin_records;
use store::table::{ItemAction, Table};

use crate::skin_record_answer::SkinRecordAnswer;

pub static FUNCTION: Function = Function::endpoint::<AskForConsultation>();

pub struct AskForConsultation;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    /// The `id` of the diagnosis.
    record_id: String,
}

impl Endpoint for AskForConsultation {
    const NAME: &'static str = "ask-for-consultation";
    const SUMMARY: &'static str = "Ask for a consultation about a diagnosis";
    const ROUTES: &'static [Route] = &[Route::post("/infections/{record_id}/consult").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Update]),
        Need::FieldKeys,
    ];

    type Caller = Patient;
    type Input = Path<Target>;
    type Output = Json<SkinRecordAnswer>;

    async fn handle(context: &Context, caller: Patient, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let patient = caller.user_id();
        let number: RecordNumber = target.record_id.parse().map_err(|_| SkinRecordRefused::NotFound)?;
        let record = skin_records::get(&context.store, patient, number).await?;
        let mut record = record.ok_or(SkinRecordRefused::NotFound)?;
        let asked_at = *record.consultation_asked_at.get_or_insert(context.now);
        let resource = Resource::one(ResourceKind::SkinRecord, number);
        let audit = context.audit(&caller.session, patient, Action::Update, resource, Why::Own)?;
        let asked = skin_records::ask_for_consultation(&context.store, &record, asked_at, &audit).await;
        asked.map_err(|error| error.or_if_condition_failed(|_| Problem::from(SkinRecordRefused::NotFound)))?;
        SkinRecordAnswer::of(&record).map(Json)
    }
}
