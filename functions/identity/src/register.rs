//! `POST /api/auth/register`: register with a password, or by a code to a phone (contract #3, #7, #8; clash C2).
//!
//! JSON is the telemedicine product's: an account at once. A form is the dental product's: the account comes with the
//! right code, and until then nothing of the registration blocks the number for its owner.

use domain::account::{Account, Practice, SignUpRefused, role_at_sign_up};
use domain::calendar;
use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::language::Language;
use domain::one_time_code::Purpose;
use domain::phone_number::PhoneNumber;
use domain::picture_link::PictureName;
use domain::profile::{ProfileRefused, birth_date, person_name};
use domain::refusal::{FieldError, Kind, Refusal};
use domain::session::Product;
use http::StatusCode;
use jiff::Timestamp;
use models::picture::Picture;
use runtime::answer::Reply;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, JsonOr, MethodAndPath};
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::codes;
use store::{accounts, uploads};

use crate::envelope::CodeSent;
use crate::registration::{self, Registration, register};
use crate::sending::{self, BudgetSpent};

pub static FUNCTION: Function = Function::endpoint::<Register>();

pub struct Register;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// At least one of phone and e-mail.
    phone: Option<PhoneNumber>,
    email: Option<EmailAddress>,
    /// At least 8 characters.
    #[schemars(with = "String")]
    password: domain::password::Password,
    full_name: String,
    /// `patient` or `doctor`.
    role: Option<String>,
}

pub struct DentalForm {
    name: Option<String>,
    phone: Option<String>,
    age: Option<String>,
    date_of_birth: Option<String>,
    picture: Option<bytes::Bytes>,
}

const fn text(name: &'static str) -> FormField {
    FormField {
        name,
        is_file: false,
        is_required: false,
    }
}

impl MultipartForm for DentalForm {
    const FIELDS: &'static [FormField] = &[
        text("name"),
        text("phone"),
        text("age"),
        text("date_of_birth"),
        FormField {
            name: "profile_image",
            is_file: true,
            is_required: false,
        },
    ];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        Ok(Self {
            name: parts.text("name")?.or(parts.text("full_name")?),
            phone: parts.text("phone")?.or(parts.text("mobile_number")?),
            age: parts.text("age")?,
            date_of_birth: parts.text("date_of_birth")?,
            picture: parts
                .take("profile_image")
                .or_else(|| parts.take("profile_photo"))
                .filter(|bytes| !bytes.is_empty()),
        })
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    User(Box<User>),
    CodeSent(CodeSent),
}

/// The telemedicine view of an account.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TelemedicineUser")]
pub struct User {
    id: UserId,
    phone: Option<PhoneNumber>,
    email: Option<EmailAddress>,
    full_name: Option<String>,
    role: &'static str,
    is_verified: bool,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl User {
    pub fn of(account: Account, now: Timestamp) -> Self {
        Self {
            is_verified: account.is_verified(now),
            id: account.id,
            phone: account.phone,
            email: account.email,
            full_name: account.name,
            role: account.role.word(),
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// The dental product's 400 for a number that has been proved by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Mobile number already registered")]
struct NumberTaken;

impl Refusal for NumberTaken {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "phone_taken"
    }
}

const FIRST_VERSION: &str = "/auth/register/send-otp";
/// Bytes of a photo.
const LARGEST_PHOTO: usize = 5 * 1024 * 1024;
const PICTURE_SIDE: u32 = 1024;
const PICTURE_QUALITY: u8 = 85;

impl Endpoint for Register {
    const NAME: &'static str = "register";
    const SUMMARY: &'static str = "Register with a password (JSON), or by a code to a phone (form)";
    const ROUTES: &'static [Route] = &[
        Route::post("/api/auth/register").of(Product::Telemedicine),
        Route::post(FIRST_VERSION).of(Product::Dental),
        Route::post("/api/auth/register/send-otp").of(Product::Dental),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[
        registration::NEEDS[0],
        sending::NEEDS[0],
        registration::NEEDS[1],
        registration::NEEDS[2],
        Need::Objects(Bucket::Uploads, &[ObjectAction::Put]),
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = (JsonOr<Body, Form<DentalForm>>, (AcceptLanguage, MethodAndPath));
    type Output = Reply<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (input, (AcceptLanguage(language), target)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let language = Language::preferred(&language);
        match input {
            JsonOr::Json(body) => {
                let account = register(context, telemedicine(body, language)?).await?;
                Ok(Reply {
                    status: StatusCode::CREATED,
                    value: Answer::User(Box::new(User::of(account, context.now))),
                })
            }
            JsonOr::Other(Form(form)) => {
                let is_first = target.path.trim_end_matches('/') == FIRST_VERSION;
                by_code(context, form, language, is_first).await
            }
        }
    }
}

fn wrong(field: &str, kind: &str, rule: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("body", field, kind, rule)])
}

fn telemedicine(body: Body, language: Language) -> Result<Registration, Problem> {
    if body.phone.is_none() && body.email.is_none() {
        return Err(wrong(
            "phone",
            "missing",
            "a phone number or an e-mail address is required",
        ));
    }
    let role = match role_at_sign_up(body.role.as_deref().unwrap_or("patient")) {
        Err(SignUpRefused::UnknownRole) => return Err(wrong("role", "invalid", "must be patient or doctor")),
        other => other?,
    };
    let name = person_name(&body.full_name).map_err(|refused| wrong("full_name", "invalid", refused.rule))?;
    Ok(Registration {
        product: Product::Telemedicine,
        role,
        username: None,
        email: body.email,
        phone: body.phone,
        password: body.password,
        name: Some(name),
        practice: Practice::default(),
        language,
    })
}

/// Notes what was said until the code proves the number.
async fn by_code(
    context: &Context,
    form: DentalForm,
    language: Language,
    is_first: bool,
) -> Result<Reply<Answer>, Problem> {
    let status = if is_first { StatusCode::OK } else { StatusCode::CREATED };
    let reply = |answer| Reply {
        status,
        value: Answer::CodeSent(answer),
    };
    let phone = form
        .phone
        .as_deref()
        .ok_or_else(|| wrong("phone", "missing", "is required"))?;
    let phone: PhoneNumber = phone
        .parse()
        .map_err(|error| crate::log_in::malformed_phone("phone", error))?;
    let taken = accounts::find_by_phone(&context.store, &phone).await?;
    if taken.is_some_and(|stored| stored.account.phone_is_proved) {
        return if is_first {
            Err(NumberTaken.into())
        } else {
            Ok(reply(CodeSent::failed(
                "Phone number already registered",
                "PHONE_ALREADY_EXISTS",
            )))
        };
    }
    let user = context.new_id(UserId::new)?;
    let registration = noted(context, user, form).await?;
    match sending::to_phone(context, Purpose::SignIn, &phone, Some(registration), language).await? {
        Some(request_id) => Ok(reply(CodeSent::sent(phone, request_id, Some(user)))),
        None if is_first => Err(BudgetSpent.into()),
        None => Ok(reply(CodeSent::failed(sending::TOO_MANY, "RATE_LIMIT_EXCEEDED"))),
    }
}

async fn noted(context: &Context, user: UserId, form: DentalForm) -> Result<codes::Registration, Problem> {
    let refused = |refused: ProfileRefused| wrong(refused.field, "invalid", refused.rule);
    let name = form.name.ok_or_else(|| wrong("name", "missing", "is required"))?;
    let age = match form.age {
        Some(text) => {
            let age = text.trim().parse().ok().filter(|age| (1..=120).contains(age));
            Some(age.ok_or_else(|| wrong("age", "invalid", "must be a whole number from 1 to 120"))?)
        }
        None => None,
    };
    let date_of_birth = match form.date_of_birth {
        Some(text) => birth_date(&text, calendar::day_of(context.now)).map_err(refused)?,
        None => None,
    };
    Ok(codes::Registration {
        name: Some(person_name(&name).map_err(refused)?),
        age,
        date_of_birth,
        picture: match form.picture {
            Some(bytes) => Some(keep_picture(context, user, bytes).await?),
            None => None,
        },
        user: Some(user),
    })
}

async fn keep_picture(context: &Context, user: UserId, bytes: bytes::Bytes) -> Result<PictureName, Problem> {
    if bytes.len() > LARGEST_PHOTO {
        let detail = "The photo must have at most 5 MB";
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "photo_too_large", detail));
    }
    let encode = move || Picture::decode(&bytes).and_then(|picture| picture.to_jpeg(PICTURE_SIDE, PICTURE_QUALITY));
    let jpeg = context.busy(encode).await?.map_err(|_| {
        let detail = "The photo must be a JPEG, PNG or WebP picture";
        Problem::new(StatusCode::BAD_REQUEST, "photo_unreadable", detail)
    })?;
    let name = PictureName::new(context.random()?);
    uploads::put_pending_picture(&context.store, user, &name, jpeg).await?;
    Ok(name)
}
