//! `POST /api/auth/signup`: register as patient or dermatologist (contract #18).

use domain::account::{Account, Personal, Practice, SignUpRefused, role_at_sign_up};
use domain::email_address::EmailAddress;
use domain::id::{OutboxId, UserId, UserNumber};
use domain::password::Password;
use domain::role::Role;
use domain::username::Username;
use runtime::answer::Created;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, passwords};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{self, CreateError, StoredAccount};
use store::outbox::Entry;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<SignUp>();

pub struct SignUp;

/// Everything is optional to the parser: what is missing or empty gets the document's own 400.
#[derive(Deserialize, JsonSchema)]
#[serde(default)]
#[derive(Default)]
pub struct Body {
    /// `patient` or `dermatologist`.
    role: Option<String>,
    username: Option<String>,
    email: Option<String>,
    /// At least 8 characters.
    password: Option<String>,
    name: Option<String>,
    license: Option<String>,
    specialization: Option<String>,
    clinic: Option<String>,
    /// Years; mobile apps send it as a string.
    #[serde(deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<u8>")]
    experience: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

/// A body that may become an account.
struct Registration {
    role: Role,
    username: Username,
    email: EmailAddress,
    password: Password,
    name: Option<String>,
    practice: Practice,
}

/// Characters that a name, a licence or a clinic may have.
const LONGEST_FIELD: usize = 200;

impl Endpoint for SignUp {
    const NAME: &'static str = "sign-up";
    const SUMMARY: &'static str = "Register as patient or dermatologist";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/signup")];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Put]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];
    /// Half a core: hashing a password takes its time.
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let registration = Registration::parse(body)?;
        let salt = context.random()?;
        let password = registration.password.clone();
        let password_hash = context
            .busy(move || passwords::hash(password.as_bytes(), salt))
            .await??;
        let mut stored = StoredAccount {
            account: registration.into_account(context)?,
            password_hash,
        };
        let welcome = Entry::new(
            context.new_id(OutboxId::new)?,
            accounts::welcome(stored.account.id),
            context.now,
        );
        loop {
            match accounts::create(&context.store, &stored, &welcome).await {
                Err(CreateError::NumberTaken) => stored.account.number = UserNumber::from_random(context.random()?),
                Err(CreateError::Taken(refused)) => return Err(refused.into()),
                Err(CreateError::Store(error)) => return Err(error.into()),
                Ok(()) => break,
            }
        }
        Ok(Created(Answer {
            message: "User registered successfully",
        }))
    }
}

impl Registration {
    fn parse(body: Body) -> Result<Self, SignUpRefused> {
        let required = |field: Option<String>| {
            field
                .filter(|text| !text.is_empty())
                .ok_or(SignUpRefused::FieldsMissing)
        };
        let (role, username) = (required(body.role)?, required(body.username)?);
        let (email, password) = (required(body.email)?, required(body.password)?);
        Ok(Self {
            role: role_at_sign_up(&role)?,
            username: username.parse()?,
            email: email.parse().map_err(|_| SignUpRefused::MalformedEmail)?,
            password: password.parse()?,
            name: optional("name", body.name)?,
            practice: Practice {
                license: optional("license", body.license)?,
                specialization: optional("specialization", body.specialization)?,
                clinic: optional("clinic", body.clinic)?,
                experience_years: body.experience.map(years).transpose()?,
            },
        })
    }

    fn into_account(self, context: &Context) -> Result<Account, Problem> {
        Ok(Account {
            id: context.new_id(UserId::new)?,
            number: UserNumber::from_random(context.random()?),
            is_verified: self.role == Role::Patient,
            is_suspended: false,
            username: self.username,
            email: self.email,
            role: self.role,
            name: self.name,
            practice: self.practice,
            personal: Personal::default(),
            created_at: context.now,
            updated_at: context.now,
        })
    }
}

fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>, SignUpRefused> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let limit = LONGEST_FIELD;
    match text {
        Some(text) if text.chars().count() > limit => Err(SignUpRefused::TooLong { field, limit }),
        text => Ok(text),
    }
}

fn years(number: f64) -> Result<u8, SignUpRefused> {
    if (0.0..=100.0).contains(&number) && number.fract() == 0.0 {
        return Ok(number as u8);
    }
    Err(SignUpRefused::MalformedExperience)
}
