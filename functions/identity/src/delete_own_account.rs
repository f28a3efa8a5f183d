//! `DELETE /api/auth/account/delete`: delete the own account and what belongs to it (contract #14).

use domain::account::AccountGone;
use domain::id::UserId;
use domain::refusal::FieldError;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedInOrSuspended;
use runtime::input::OptionalJson;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;

use crate::registration;

pub static FUNCTION: Function = Function::endpoint::<DeleteOwnAccount>();

pub struct DeleteOwnAccount;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    /// The word `DELETE`.
    password_confirmation: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    success: bool,
    message: &'static str,
    data: Deleted,
}

#[derive(Serialize, JsonSchema)]
struct Deleted {
    #[schemars(with = "String")]
    deleted_at: Timestamp,
    user_id: UserId,
}

impl Endpoint for DeleteOwnAccount {
    const NAME: &'static str = "delete-own-account";
    const SUMMARY: &'static str = "Delete the own account and what belongs to it";
    const ROUTES: &'static [Route] = &[Route::delete("/api/auth/account/delete").of(Product::Dental)];
    const NEEDS: &'static [Need] = &registration::NEEDS;

    type Caller = SignedInOrSuspended;
    type Input = OptionalJson<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedInOrSuspended,
        OptionalJson(body): OptionalJson<Body>,
    ) -> Result<Self::Output, Problem> {
        if body.password_confirmation.as_deref() != Some("DELETE") {
            let rule = "must be the word DELETE";
            let error = FieldError::new("body", "password_confirmation", "invalid", rule);
            return Err(Problem::invalid(vec![error]));
        }
        let user = caller.session.user_id;
        let account = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
        let entries = context.farewell(&account)?;
        accounts::delete(&context.store, user, None, &entries, context.now).await?;
        context.platform.forget_user(user);
        Ok(JsonAnswer(Answer {
            success: true,
            message: "Account deleted successfully",
            data: Deleted {
                deleted_at: context.now,
                user_id: user,
            },
        }))
    }
}
