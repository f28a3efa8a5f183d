//! `POST /api/auth/firebase`: sign in with a Firebase ID token.
//!
//! The identity is the issuer's subject, never the e-mail address alone. An address or number that Firebase has proved
//! finds the account that has proved it here too; otherwise the first sign-in makes an account.

use clients::firebase::{FirebaseClient, FirebaseError, FirebaseIdentity, FirebaseSettings};
use domain::account::{Account, Personal, Practice};
use domain::email_address::EmailAddress;
use domain::id::{UserId, UserNumber};
use domain::language::Language;
use domain::phone_number::PhoneNumber;
use domain::profile::person_name;
use domain::refusal::{Kind, Refusal};
use domain::role::Role;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, Json};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{self, StoredAccount};
use store::identities;

use crate::phone_accounts::made_up_username;
use crate::{opening, registration};

pub static FUNCTION: Function = Function::endpoint::<SignInWithFirebase>();

pub struct SignInWithFirebase;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    id_token: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_token: String,
    refresh_token: Option<String>,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    user_id: UserId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FirebaseRefused {
    #[error("The Firebase token is not valid")]
    Invalid,
    #[error("Signing in with Firebase is not set up")]
    Off,
}

impl Refusal for FirebaseRefused {
    fn kind(&self) -> Kind {
        match self {
            FirebaseRefused::Invalid => Kind::Unauthenticated,
            FirebaseRefused::Off => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FirebaseRefused::Invalid => "firebase_token_invalid",
            FirebaseRefused::Off => "firebase_off",
        }
    }
}

impl Endpoint for SignInWithFirebase {
    const NAME: &'static str = "sign-in-with-firebase";
    const SUMMARY: &'static str = "Sign in with a Firebase ID token";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/firebase").of(Product::Diabetes)];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("its answer is a new session, whose tokens are kept nowhere");
    const NEEDS: &'static [Need] = &[
        opening::NEEDS[0],
        registration::NEEDS[0],
        opening::NEEDS[1],
        opening::NEEDS[2],
        opening::NEEDS[3],
    ];

    type Caller = Anyone;
    type Input = (Json<Body>, AcceptLanguage);
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Json(body), AcceptLanguage(language)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let identity = verified(context, &body.id_token).await?;
        let stored = find_or_make(context, &identity, Language::preferred(&language)).await?;
        let name = format!("firebase:{}", identity.subject);
        let tokens = opening::open(context, &stored, Product::Diabetes, &name, None).await?;
        Ok(JsonAnswer(Answer {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            user_id: stored.account.id,
        }))
    }
}

async fn verified(context: &Context, token: &str) -> Result<FirebaseIdentity, Problem> {
    let messaging = &context.platform.settings.messaging;
    let settings = FirebaseSettings {
        keys_url: messaging.firebase_keys_url.clone(),
        project_id: messaging.firebase_project_id.clone().ok_or(FirebaseRefused::Off)?,
    };
    let client = context
        .platform
        .shared(|| FirebaseClient::new(&settings))
        .map_err(|error| Problem::internal(error.to_string()))?;
    client.verify(token, context.now).await.map_err(|error| match error {
        FirebaseError::Rejected(_) => FirebaseRefused::Invalid.into(),
        FirebaseError::Unavailable => Problem::unavailable("the keys of Firebase cannot be read"),
        FirebaseError::Settings(cause) => Problem::internal(cause.to_string()),
    })
}

async fn find_or_make(
    context: &Context,
    identity: &FirebaseIdentity,
    language: Language,
) -> Result<StoredAccount, Problem> {
    let store = &context.store;
    for _ in 0..3 {
        if let Some(user) = identities::find(store, "firebase", &identity.subject).await? {
            return Ok(accounts::get_stored(store, user)
                .await?
                .ok_or(FirebaseRefused::Invalid)?);
        }
        let user = match known(context, identity).await? {
            Some(user) => user,
            None => {
                let new = StoredAccount::new(new_account(context, identity, language).await?, None);
                accounts::create(store, &new, &[]).await?;
                new.account.id
            }
        };
        identities::link(store, "firebase", &identity.subject, user).await?;
    }
    Err(Problem::unavailable("an identity kept being linked by others"))
}

/// Both sides must have proved the same contact.
async fn known(context: &Context, identity: &FirebaseIdentity) -> Result<Option<UserId>, Problem> {
    if let Some(email) = proved_email(identity) {
        let stored = accounts::find_by_email(&context.store, &email).await?;
        if let Some(stored) = stored.filter(|stored| stored.account.email_is_proved) {
            return Ok(Some(stored.account.id));
        }
    }
    if let Some(phone) = proved_phone(identity) {
        let stored = accounts::find_by_phone(&context.store, &phone).await?;
        if let Some(stored) = stored.filter(|stored| stored.account.phone_is_proved) {
            return Ok(Some(stored.account.id));
        }
    }
    Ok(None)
}

fn proved_email(identity: &FirebaseIdentity) -> Option<EmailAddress> {
    identity
        .email
        .as_ref()
        .filter(|_| identity.email_verified)?
        .parse()
        .ok()
}

fn proved_phone(identity: &FirebaseIdentity) -> Option<PhoneNumber> {
    identity.phone_number.as_ref()?.parse().ok()
}

/// A contact that somebody here only claims stays with them until it is proved here.
async fn new_account(context: &Context, identity: &FirebaseIdentity, language: Language) -> Result<Account, Problem> {
    let mut email = proved_email(identity);
    if let Some(address) = &email
        && accounts::find_by_email(&context.store, address).await?.is_some()
    {
        email = None;
    }
    let mut phone = proved_phone(identity);
    if let Some(number) = &phone
        && accounts::find_by_phone(&context.store, number).await?.is_some()
    {
        phone = None;
    }
    Ok(Account {
        id: context.new_id(UserId::new)?,
        number: UserNumber::from_random(context.random()?),
        username: made_up_username(context.random()?)?,
        role: Role::Patient,
        is_suspended: false,
        email_is_proved: email.is_some(),
        email,
        phone_is_proved: phone.is_some(),
        phone,
        name: identity.name.as_deref().and_then(|name| person_name(name).ok()),
        verification: None,
        practice: Practice::default(),
        personal: Personal {
            language,
            ..Personal::default()
        },
        created_at: context.now,
        updated_at: context.now,
    })
}
