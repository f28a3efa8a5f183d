//! `POST /api/auth/login`: log in with e-mail or user name and password (contract #6, the facial-derma body).

use domain::account::{LogInName, LogInRefused};
use domain::email_address::EmailAddress;
use domain::id::{OutboxId, SessionId, UserId};
use domain::notice::Notice;
use domain::role::{FacialDermaRole, Role};
use domain::session::{Product, Session};
use domain::username::Username;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::secrets::{Secret, decode_key};
use runtime::tokens::TokenSigner;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, passwords};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{self, StoredAccount};
use store::outbox::{Entry, Errand};
use store::sessions;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<LogIn>();

pub struct LogIn;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Body {
    email_or_username: String,
    password: Option<String>,
    /// Checked only when sent.
    role: Option<FacialDermaRole>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// Send it as `Authorization: Bearer …`; lives a day.
    token: String,
    user: User,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct User {
    id: UserId,
    username: Username,
    email: EmailAddress,
    role: FacialDermaRole,
    name: Option<String>,
    is_suspended: bool,
}

/// Longest password that is hashed for comparison: more cannot have been set.
const LONGEST_PASSWORD: usize = 1024;

impl Endpoint for LogIn {
    const NAME: &'static str = "log-in";
    const SUMMARY: &'static str = "Log in with e-mail or user name and password";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/login")];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Put, ItemAction::Check]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::TokenSigningKey),
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let stored = authenticate(context, &body).await?;
        let role = FacialDermaRole::from(stored.account.role);
        if body.role.is_some_and(|asked| Role::from(asked) != stored.account.role) {
            return Err(LogInRefused::RoleMismatch(role).into());
        }
        let token = open_session(context, &stored).await?;
        let account = stored.account;
        Ok(JsonAnswer(Answer {
            token,
            user: User {
                id: account.id,
                username: account.username,
                email: account.email,
                role,
                name: account.name,
                is_suspended: account.is_suspended,
            },
        }))
    }
}

/// Takes as long for an unknown name as for a wrong password.
async fn authenticate(context: &Context, body: &Body) -> Result<StoredAccount, Problem> {
    let password = body.password.as_deref().unwrap_or_default();
    if body.email_or_username.is_empty() || password.is_empty() {
        return Err(LogInRefused::FieldsMissing.into());
    }
    let stored = match LogInName::parse(&body.email_or_username) {
        Some(name) => accounts::find(&context.store, &name).await?,
        None => None,
    };
    let password: Vec<u8> = password.bytes().take(LONGEST_PASSWORD + 1).collect();
    let hash = stored.as_ref().map(|stored| stored.password_hash.clone());
    let is_right = context
        .busy(move || passwords::verify(&password, hash.as_deref()))
        .await??;
    let stored = stored.ok_or(LogInRefused::UnknownUser)?;
    if !is_right {
        return Err(LogInRefused::WrongPassword.into());
    }
    Ok(stored)
}

async fn open_session(context: &Context, stored: &StoredAccount) -> Result<String, Problem> {
    let account = &stored.account;
    let product = Product::FacialDerma;
    let session = Session {
        id: context.new_id(SessionId::new)?,
        user_id: account.id,
        role: account.role,
        is_suspended: account.is_suspended,
        is_verified: account.is_verified,
        product,
        created_at: context.now,
        expires_at: context.now + product.access_token_life(),
    };
    let client = &context.client;
    let notice = Notice::signed_in(&client.address, &client.user_agent, context.now);
    let errand = Errand::Tell {
        user: account.id,
        notice,
    };
    let message = Entry::new(context.new_id(OutboxId::new)?, errand, context.now);
    let seed = context.secret(Secret::TokenSigningKey).await?;
    let seed = decode_key(&seed).ok_or_else(|| Problem::internal("the token signing key is malformed"))?;
    let token = TokenSigner::new(&seed).access_token(&session, context.now, context.random()?)?;
    let opened = sessions::open(&context.store, &session, &message).await;
    opened.map_err(|error| error.or_if_condition_failed(|_| Problem::from(LogInRefused::UnknownUser)))?;
    Ok(token)
}
