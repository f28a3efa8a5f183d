//! `GET /api/admin/dermatologists/{id}`: a doctor's application with the papers handed in.

use domain::id::UserId;
use domain::role::Role;
use domain::session::Product;
use domain::verification::ReviewRefused;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;

use crate::list_applications::Application;
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<GetApplication>();

pub struct GetApplication;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// The doctor's user id.
    id: UserId,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    #[serde(flatten)]
    application: Application,
    #[schemars(with = "Option<String>")]
    valid_until: Option<Timestamp>,
    /// Signed addresses, good for an hour unless the operator says less.
    evidence: Vec<String>,
}

impl Endpoint for GetApplication {
    const NAME: &'static str = "get-application";
    const SUMMARY: &'static str = "A doctor's application with the papers handed in";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/dermatologists/{id}").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Admin;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let account = accounts::get(&context.store, path.id).await?;
        let account = account
            .filter(|account| account.role == Role::Doctor)
            .ok_or(ReviewRefused::NotADoctor)?;
        let (papers, valid_until) = match &account.verification {
            Some(check) => (check.evidence.clone(), check.valid_until),
            None => (Vec::new(), None),
        };
        let links = context.picture_links().await?;
        Ok(Json(Answer {
            application: Application::of(account).ok_or(ReviewRefused::NotADoctor)?,
            valid_until,
            evidence: papers.iter().map(|paper| links.address(paper)).collect(),
        }))
    }
}
