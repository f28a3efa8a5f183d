//! `POST /api/treatment/suggestions`: add a treatment suggestion (contract #99).

use domain::id::TreatmentId;
use domain::session::Product;
use domain::treatment::{Treatment, TreatmentForm};
use runtime::answer;
use runtime::callers::Admin;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::activity::Action;
use store::table::{ItemAction, Table};
use store::treatments;

use crate::treatment_answer::{TreatmentAnswer, line};

pub static FUNCTION: Function = Function::endpoint::<AddTreatment>();

pub struct AddTreatment;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "TreatmentForm")]
pub struct Body {
    /// Of the condition.
    name: String,
    treatments: Vec<String>,
    prevention: Vec<String>,
    #[serde(default)]
    resources: Option<Vec<String>>,
}

impl Endpoint for AddTreatment {
    const NAME: &'static str = "add-treatment";
    const SUMMARY: &'static str = "Add a treatment suggestion";
    const ROUTES: &'static [Route] = &[Route::post("/api/treatment/suggestions").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Put]),
        Need::Items(
            Table::Platform,
            &[ItemAction::Put, ItemAction::Update, ItemAction::Check],
        ),
    ];

    type Caller = Admin;
    type Input = Json<Body>;
    type Output = answer::Json<TreatmentAnswer>;

    async fn handle(context: &Context, admin: Admin, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let form = TreatmentForm {
            name: body.name,
            treatments: body.treatments,
            prevention: body.prevention,
            resources: body.resources.unwrap_or_default(),
        };
        let new = Treatment::new(context.new_id(TreatmentId::new)?, form, context.now)?;
        let line = line(context, &admin, Action::TreatmentAdded)?;
        treatments::add(&context.store, &new, line).await?;
        Ok(answer::Json(new.into()))
    }
}
