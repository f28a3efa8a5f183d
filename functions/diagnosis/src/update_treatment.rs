//! `PUT /api/treatment/suggestions/{name}`: change a treatment suggestion (contract #100).

use domain::session::Product;
use domain::treatment::{Treatment, TreatmentChange};
use runtime::answer;
use runtime::callers::Admin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::activity::Action;
use store::table::{ItemAction, Table};
use store::treatments;

use crate::treatment_answer::{Parameters, TreatmentAnswer, line};

pub static FUNCTION: Function = Function::endpoint::<UpdateTreatment>();

pub struct UpdateTreatment;

/// What is absent stays as it is.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TreatmentChange")]
pub struct Body {
    name: Option<String>,
    treatments: Option<Vec<String>>,
    prevention: Option<Vec<String>>,
    resources: Option<Vec<String>>,
}

impl Endpoint for UpdateTreatment {
    const NAME: &'static str = "update-treatment";
    const SUMMARY: &'static str = "Change a treatment suggestion";
    const ROUTES: &'static [Route] = &[Route::put("/api/treatment/suggestions/{name}").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Put]),
        Need::Items(
            Table::Platform,
            &[
                ItemAction::Query,
                ItemAction::Put,
                ItemAction::Delete,
                ItemAction::Check,
            ],
        ),
    ];

    type Caller = Admin;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<TreatmentAnswer>;

    async fn handle(
        context: &Context,
        admin: Admin,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let change = TreatmentChange {
            name: body.name,
            treatments: body.treatments,
            prevention: body.prevention,
            resources: body.resources,
        };
        let changed = |before: &Treatment| before.changed(change.clone(), context.now);
        let line = line(context, &admin, Action::TreatmentChanged)?;
        let changed = treatments::change(&context.store, &path.name, line, changed).await;
        Ok(answer::Json(changed?.into()))
    }
}
