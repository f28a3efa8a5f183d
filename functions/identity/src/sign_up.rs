//! `POST /api/auth/signup`: register with user name and password (contract #15, #18).

use domain::account::{Practice, SignUpRefused, role_at_sign_up};
use domain::language::Language;
use domain::refusal::FieldError;
use domain::session::Product;
use http::StatusCode;
use runtime::answer::Reply;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, Json};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::registration::{self, Registration, register};

pub static FUNCTION: Function = Function::endpoint::<SignUp>();

pub struct SignUp;

/// Everything is optional to the parser: what is missing or empty gets each product's own answer.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    /// `patient` or `dermatologist` (derma: `doctor`, and `patient` without it).
    role: Option<String>,
    username: Option<String>,
    email: Option<String>,
    /// At least 8 characters.
    password: Option<String>,
    name: Option<String>,
    /// Derma.
    phone_number: Option<String>,
    license: Option<String>,
    specialization: Option<String>,
    clinic: Option<String>,
    /// Years; mobile apps send it as a string.
    #[serde(deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<u8>")]
    experience: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    FacialDerma { message: &'static str },
    Derma { msg: String, role: &'static str },
}

/// Characters that a name, a licence or a clinic may have.
const LONGEST_FIELD: usize = 200;

impl Endpoint for SignUp {
    const NAME: &'static str = "sign-up";
    const SUMMARY: &'static str = "Register as patient or doctor with user name and password";
    const ROUTES: &'static [Route] = &[
        Route::post("/api/auth/signup").of(Product::FacialDerma),
        Route::post("/auth/register").of(Product::Derma),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &registration::NEEDS;
    /// Half a core: hashing a password takes its time.
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = (Json<Body>, AcceptLanguage);
    type Output = Reply<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Json(body), AcceptLanguage(language)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let language = Language::preferred(&language);
        if context.product == Some(Product::Derma) {
            let account = register(context, derma(body, language)?).await?;
            return Ok(Reply {
                status: StatusCode::OK,
                value: Answer::Derma {
                    msg: format!("User {} created successfully", account.username),
                    role: account.role.word(),
                },
            });
        }
        register(context, facial_derma(body, language)?).await?;
        let message = "User registered successfully";
        Ok(Reply {
            status: StatusCode::CREATED,
            value: Answer::FacialDerma { message },
        })
    }
}

fn facial_derma(body: Body, language: Language) -> Result<Registration, SignUpRefused> {
    let required = |field: Option<String>| {
        field
            .filter(|text| !text.is_empty())
            .ok_or(SignUpRefused::FieldsMissing)
    };
    let (role, username) = (required(body.role)?, required(body.username)?);
    let (email, password) = (required(body.email)?, required(body.password)?);
    Ok(Registration {
        product: Product::FacialDerma,
        role: role_at_sign_up(&role)?,
        username: Some(username.parse()?),
        email: Some(email.parse().map_err(|_| SignUpRefused::MalformedEmail)?),
        phone: None,
        password: password.parse()?,
        name: optional("name", body.name)?,
        practice: Practice {
            license: optional("license", body.license)?,
            specialization: optional("specialization", body.specialization)?,
            clinic: optional("clinic", body.clinic)?,
            experience_years: body.experience.map(years).transpose()?,
            ..Practice::default()
        },
        language,
    })
}

/// That product names each wrong field in a 422.
fn derma(body: Body, language: Language) -> Result<Registration, Problem> {
    fn field<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, text: Option<String>) -> Result<T, Problem> {
        let wrong =
            |kind, rule: &dyn std::fmt::Display| Problem::invalid(vec![FieldError::new("body", name, kind, rule)]);
        let text = text.ok_or_else(|| wrong("missing", &"is required"))?;
        text.parse().map_err(|error| wrong("invalid", &error))
    }
    let role = body.role.unwrap_or_else(|| "patient".to_owned());
    let role = match role_at_sign_up(&role) {
        Err(SignUpRefused::UnknownRole) => {
            let rule = "must be patient or doctor";
            return Err(Problem::invalid(vec![FieldError::new("body", "role", "invalid", rule)]));
        }
        other => other?,
    };
    Ok(Registration {
        product: Product::Derma,
        role,
        username: Some(field("username", body.username)?),
        email: Some(field("email", body.email)?),
        phone: match body.phone_number.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(field("phone_number", Some(text))?),
            None => None,
        },
        password: field("password", body.password)?,
        name: None,
        practice: Practice::default(),
        language,
    })
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
