//! `GET /api/admin/audit/{user_id}/verify`: whether the log of a person's health data is as it was written.

use domain::audit::Verdict;
use domain::id::UserId;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::audit;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<VerifyAuditChain>();

pub struct VerifyAuditChain;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    user_id: UserId,
}

impl Endpoint for VerifyAuditChain {
    const NAME: &'static str = "verify-audit-chain";
    const SUMMARY: &'static str = "Whether the log of a person's health data was changed";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/audit/{user_id}/verify")];
    /// Reads the whole log.
    const RATE: RateClass = RateClass::Diagnosis;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Audit, &[ItemAction::Get, ItemAction::Query]),
        Need::Secret(Secret::AuditKey),
    ];
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Admin;
    type Input = Path<Parameters>;
    type Output = Json<Verdict>;

    async fn handle(context: &Context, _: Admin, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let key = context.chain_key().await?;
        Ok(Json(audit::verify(&context.store, &key, path.user_id).await?))
    }
}
