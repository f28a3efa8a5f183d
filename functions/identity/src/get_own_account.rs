//! `GET /api/auth/me`: who is signed in, in short (contract #13, #17).

use domain::account::{Account, AccountGone};
use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::phone_number::PhoneNumber;
use domain::session::Product;
use domain::username::Username;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<GetOwnAccount>();

pub struct GetOwnAccount;

/// What telemedicine and derma clients read, together.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    id: UserId,
    username: Username,
    email: Option<EmailAddress>,
    phone: Option<PhoneNumber>,
    phone_number: Option<PhoneNumber>,
    full_name: Option<String>,
    role: &'static str,
    is_verified: bool,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl Answer {
    fn of(account: Account, now: Timestamp) -> Self {
        Self {
            is_verified: account.is_verified(now),
            id: account.id,
            username: account.username,
            email: account.email,
            phone: account.phone.clone(),
            phone_number: account.phone,
            full_name: account.name,
            role: account.role.word(),
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

impl Endpoint for GetOwnAccount {
    const NAME: &'static str = "get-own-account";
    const SUMMARY: &'static str = "Who is signed in, in short";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/auth/me").of(Product::Telemedicine),
        Route::get("/auth/profile").of(Product::Derma),
    ];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Identity, &[ItemAction::Get]), Need::FieldKeys];

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let account = accounts::get(&context.store, caller.user_id())
            .await?
            .ok_or(AccountGone)?;
        Ok(Json(Answer::of(account, context.now)))
    }
}
