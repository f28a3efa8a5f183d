//! `GET /api/admin/dermatologists/pending`: doctors who wait for approval, or were rejected (contract #54, #55).

use domain::account::Account;
use domain::id::UserId;
use domain::session::Product;
use domain::verification::VerificationStatus;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::MethodAndPath;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::Window;
use store::directory::{self, List};

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ListApplications>();

pub struct ListApplications;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    id: UserId,
    dermatologist_id: UserId,
    status: VerificationStatus,
    #[schemars(with = "String")]
    submitted_at: Timestamp,
    name: Option<String>,
    email: String,
    username: String,
    license: Option<String>,
    specialization: Option<String>,
    clinic: Option<String>,
    experience: Option<u8>,
    bio: Option<String>,
    review_comments: Option<String>,
    reviewed_by: Option<UserId>,
    #[schemars(with = "Option<String>")]
    reviewed_at: Option<Timestamp>,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Application {
    pub fn of(account: Account) -> Option<Self> {
        let check = account.verification?;
        Some(Self {
            id: account.id,
            dermatologist_id: account.id,
            status: check.status,
            submitted_at: check.submitted_at,
            name: account.name,
            email: account.email.map(String::from).unwrap_or_default(),
            username: account.username.as_str().to_owned(),
            license: account.practice.license,
            specialization: account.practice.specialization,
            clinic: account.practice.clinic,
            experience: account.practice.experience_years,
            bio: account.personal.bio,
            review_comments: check.reason,
            reviewed_by: check.reviewed_by,
            reviewed_at: check.reviewed_at,
            created_at: account.created_at,
        })
    }
}

const REJECTED: &str = "/api/admin/dermatologists/rejected";

impl Endpoint for ListApplications {
    const NAME: &'static str = "list-applications";
    const SUMMARY: &'static str = "Doctors who wait for approval, or were rejected";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/admin/dermatologists/pending").of(Product::FacialDerma),
        Route::get(REJECTED).of(Product::FacialDerma),
    ];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Admin;
    type Input = MethodAndPath;
    type Output = Json<Vec<Application>>;

    async fn handle(context: &Context, _: Admin, target: MethodAndPath) -> Result<Self::Output, Problem> {
        let list = match target.path.trim_end_matches('/') {
            REJECTED => List::Rejected,
            _ => List::Pending,
        };
        let window = Window { skip: 0, limit: 100 };
        let found = directory::list(&context.store, list, true, window).await?;
        Ok(Json(found.accounts.into_iter().filter_map(Application::of).collect()))
    }
}
