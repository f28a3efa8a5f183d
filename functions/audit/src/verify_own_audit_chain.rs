//! `GET /api/audit/me/verify`: whether the log of the own health data is as it was written.

use domain::audit::Verdict;
use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use store::audit;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<VerifyOwnAuditChain>();

pub struct VerifyOwnAuditChain;

impl Endpoint for VerifyOwnAuditChain {
    const NAME: &'static str = "verify-own-audit-chain";
    const SUMMARY: &'static str = "Whether the log of the own health data was changed";
    const ROUTES: &'static [Route] = &[Route::get("/api/audit/me/verify")];
    /// Reads the whole log.
    const RATE: RateClass = RateClass::Diagnosis;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Audit, &[ItemAction::Get, ItemAction::Query]),
        Need::Secret(Secret::AuditKey),
    ];
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedInOrSuspended;
    type Input = ();
    type Output = Json<Verdict>;

    async fn handle(context: &Context, caller: SignedInOrSuspended, (): ()) -> Result<Self::Output, Problem> {
        let key = context.chain_key().await?;
        Ok(Json(audit::verify(&context.store, &key, caller.session.user_id).await?))
    }
}
