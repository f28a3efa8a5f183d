//! `GET /api/doctors/me/verification`: how the check of the own licence stands, and why.

use domain::account::AccountGone;
use domain::verification::{Verification, VerificationStatus};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Doctor;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts;

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<GetOwnVerification>();

pub struct GetOwnVerification;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnVerification")]
pub struct State {
    status: VerificationStatus,
    /// Whether the approval holds now: it ends by itself.
    is_verified: bool,
    #[schemars(with = "String")]
    submitted_at: Timestamp,
    /// The reviewer's comment.
    reason: Option<String>,
    #[schemars(with = "Option<String>")]
    reviewed_at: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    valid_until: Option<Timestamp>,
    /// Signed addresses of the papers handed in, good for an hour unless the operator says less.
    evidence: Vec<String>,
}

impl State {
    pub async fn of(context: &Context, check: Verification) -> Result<Self, Problem> {
        let links = context.picture_links().await?;
        Ok(Self {
            status: check.status,
            is_verified: check.holds(context.now),
            submitted_at: check.submitted_at,
            reason: check.reason,
            reviewed_at: check.reviewed_at,
            valid_until: check.valid_until,
            evidence: check.evidence.iter().map(|paper| links.address(paper)).collect(),
        })
    }
}

impl Endpoint for GetOwnVerification {
    const NAME: &'static str = "get-own-verification";
    const SUMMARY: &'static str = "How the check of the own licence stands";
    const ROUTES: &'static [Route] = &[Route::get("/api/doctors/me/verification")];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Doctor;
    type Input = ();
    type Output = Json<State>;

    async fn handle(context: &Context, caller: Doctor, (): ()) -> Result<Self::Output, Problem> {
        let account = accounts::get(&context.store, caller.user_id())
            .await?
            .ok_or(AccountGone)?;
        let check = account.verification;
        let check = check.unwrap_or_else(|| Verification::asked_for(account.created_at));
        Ok(Json(State::of(context, check).await?))
    }
}
