//! `GET /api/admin/dashboard/stats`: counts for the admin's first page (contract #53).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::counters::{self, Counter};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<GetDashboard>();

pub struct GetDashboard;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    total_users: u64,
    total_patients: u64,
    total_dermatologists: u64,
    pending_verifications: u64,
    total_predictions: u64,
    total_review_requests: u64,
}

impl Endpoint for GetDashboard {
    const NAME: &'static str = "get-dashboard";
    const SUMMARY: &'static str = "Counts for the admin's first page";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/dashboard/stats").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Identity, &[ItemAction::Query])];

    type Caller = Admin;
    type Input = ();
    type Output = Json<Stats>;

    async fn handle(context: &Context, _: Admin, (): ()) -> Result<Self::Output, Problem> {
        let count = |counter| counters::read(&context.store, counter);
        let (users, patients, doctors, pending, predictions, reviews) = futures_util::try_join!(
            count(Counter::Users),
            count(Counter::Patients),
            count(Counter::Doctors),
            count(Counter::Pending),
            count(Counter::Predictions),
            count(Counter::ReviewRequests),
        )?;
        Ok(Json(Stats {
            total_users: users,
            total_patients: patients,
            total_dermatologists: doctors,
            pending_verifications: pending,
            total_predictions: predictions,
            total_review_requests: reviews,
        }))
    }
}
