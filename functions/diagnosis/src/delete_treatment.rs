//! `DELETE /api/treatment/suggestions/{name}`: remove a treatment suggestion (contract #101).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::activity::Action;
use store::table::{ItemAction, Table};
use store::treatments;

use crate::treatment_answer::{Parameters, line};

pub static FUNCTION: Function = Function::endpoint::<DeleteTreatment>();

pub struct DeleteTreatment;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeletedTreatment")]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for DeleteTreatment {
    const NAME: &'static str = "delete-treatment";
    const SUMMARY: &'static str = "Remove a treatment suggestion";
    const ROUTES: &'static [Route] = &[Route::delete("/api/treatment/suggestions/{name}").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Put]),
        Need::Items(
            Table::Platform,
            &[
                ItemAction::Query,
                ItemAction::Put,
                ItemAction::Update,
                ItemAction::Delete,
            ],
        ),
    ];

    type Caller = Admin;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, admin: Admin, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let line = line(context, &admin, Action::TreatmentRemoved)?;
        treatments::remove(&context.store, &path.name, line, context.now).await?;
        Ok(Json(Answer {
            message: "Treatment suggestion deleted successfully",
        }))
    }
}
