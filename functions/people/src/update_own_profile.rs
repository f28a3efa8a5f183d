//! `PUT /api/users/me`: change the own profile, at any product (contract #28, #30, #31, #46, #51, #61). Whoever changes
//! anything leaves a trace, since health data may be among it.

use bytes::Bytes;
use domain::account::Account;
use domain::email_address::EmailAddress;
use domain::profile::{NothingToChange, ProfileChange, ProfileRefused};
use domain::refusal::{FieldError, Kind, Refusal};
use domain::role::Role;
use domain::session::{NotAllowed, Product};
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::{JsonOr, MethodAndPath, Optional, Query};
use runtime::lenient;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{accounts, families};

use crate::own_change::OwnChange;
use crate::picture_change::{self, PictureChange};
use crate::profile::FacialDermaProfile;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<UpdateOwnProfile>();

pub struct UpdateOwnProfile;

/// All that any product sends; unknown members and nulls are ignored, since apps send whole profiles back.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    #[serde(alias = "full_name")]
    name: Option<String>,
    username: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    #[schemars(with = "Option<f64>")]
    age: Option<f64>,
    #[serde(alias = "dob")]
    date_of_birth: Option<String>,
    gender: Option<String>,
    height: Option<String>,
    weight: Option<String>,
    #[serde(alias = "bloodGroup")]
    blood_group: Option<String>,
    #[serde(alias = "emergencyContact")]
    emergency_contact: Option<String>,
    emergency_contact_name: Option<String>,
    emergency_contact_phone: Option<String>,
    address: Option<String>,
    allergies: Option<String>,
    bio: Option<String>,
    license: Option<String>,
    specialization: Option<String>,
    clinic: Option<String>,
    /// In which they are written to: `en`, `es` or `hi`.
    language: Option<String>,
    /// By whose clock they are told of times, such as `Asia/Kolkata`; an empty one clears it.
    #[serde(alias = "timeZone", alias = "timezone")]
    time_zone: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    #[schemars(with = "Option<f64>")]
    experience: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    #[schemars(with = "Option<f64>")]
    fees: Option<f64>,
    /// Base64 or a data URL; empty removes the picture.
    #[serde(alias = "profileImage")]
    profile_image: Option<String>,
}

/// The dental product's form.
pub struct ProfileForm {
    body: Body,
    picture: Option<Bytes>,
}

impl MultipartForm for ProfileForm {
    const FIELDS: &'static [FormField] = &[
        FormField::text("full_name"),
        FormField::text("age"),
        FormField::text("date_of_birth"),
        FormField::file("profile_photo"),
        FormField::file("file"),
    ];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        let body = Body {
            name: parts.text("full_name")?.or(parts.text("name")?),
            // What is no number is refused by the rule for ages.
            age: parts.text("age")?.map(|age| age.trim().parse().unwrap_or(f64::NAN)),
            date_of_birth: parts.text("date_of_birth")?,
            ..Body::default()
        };
        let picture = parts.take("profile_photo").or_else(|| parts.take("file"));
        Ok(Self {
            body,
            picture: picture.filter(|bytes| !bytes.is_empty()),
        })
    }
}

/// The dental product's code took the name from there.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parameters {
    full_name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    FacialDerma {
        message: &'static str,
        user: Box<FacialDermaProfile>,
    },
    Dental(Box<views::DentalProfile>),
    DentalUser {
        success: bool,
        message: &'static str,
        data: DentalUserData,
    },
    Telemedicine(Box<views::TelemedicineProfile>),
}

#[derive(Serialize, JsonSchema)]
pub struct DentalUserData {
    user: Box<views::DentalUser>,
}

const FIRST_DENTAL: &str = "/profile";
const ADMIN: &str = "/api/admin/profile";
const UPDATED: &str = "Profile updated successfully";
const UPDATED_BUT_EMAIL: &str =
    "Profile updated successfully, but for the e-mail address: change it with POST /api/auth/contact";

impl Endpoint for UpdateOwnProfile {
    const NAME: &'static str = "update-own-profile";
    const SUMMARY: &'static str = "Change the own profile";
    const ROUTES: &'static [Route] = &[
        Route::put("/api/users/me").of(Product::FacialDerma),
        Route::put(ADMIN).of(Product::FacialDerma),
        Route::put(FIRST_DENTAL).of(Product::Dental),
        Route::put("/api/auth/profile/update").of(Product::Dental),
        Route::put("/api/auth/profile/update-file").of(Product::Dental),
        Route::put("/api/users/profile").of(Product::Telemedicine),
    ];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::WRITE_WITH_PICTURES;
    const MEMORY_MB: u16 = 1024;

    type Caller = SignedIn;
    // Old dental apps send no more than a query parameter.
    type Input = (
        Optional<JsonOr<Body, Form<ProfileForm>>>,
        (Query<Parameters>, MethodAndPath),
    );
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Optional(input), (Query(parameters), target)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let path = target.path.trim_end_matches('/').to_owned();
        if path == ADMIN && caller.session.role != Role::Admin {
            return Err(NotAllowed::AdminOnly.into());
        }
        let (mut body, file) = match input {
            None => (Body::default(), None),
            Some(JsonOr::Json(body)) => (body, None),
            Some(JsonOr::Other(Form(form))) => (form.body, form.picture),
        };
        body.name = body.name.or(parameters.full_name);
        if context.product == Some(Product::Telemedicine) {
            check_gender(body.gender.as_deref())?;
        }
        let picture = match (file, body.profile_image.take()) {
            (Some(bytes), _) => PictureChange::Set(bytes),
            (None, Some(text)) => picture_change::read(&text)?,
            (None, None) => PictureChange::None,
        };
        let email = body.email.take();
        if let (ADMIN, Some(email)) = (path.as_str(), &email) {
            check_free(context, &caller, email).await?;
        }
        let change = OwnChange {
            profile: change(body),
            picture,
        };
        if change.is_empty() && email.is_none() && context.product == Some(Product::FacialDerma) {
            return Err(NothingToChange.into());
        }
        let account = change.apply(context, &caller.session).await?;
        answer(context, account, &path, email.as_deref()).await.map(JsonAnswer)
    }
}

/// Only an admin learns that somebody else has an address, and could look it up anyway.
async fn check_free(context: &Context, caller: &SignedIn, email: &str) -> Result<(), Problem> {
    let Ok(email) = email.parse::<EmailAddress>() else {
        let rule = "must be an e-mail address";
        return Err(Problem::invalid(vec![FieldError::new(
            "body", "email", "invalid", rule,
        )]));
    };
    let holder = accounts::find_by_email(&context.store, &email).await?;
    match holder {
        Some(stored) if stored.account.id != caller.user_id() => Err(EmailTaken.into()),
        Some(_) | None => Ok(()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Email already registered")]
struct EmailTaken;

impl Refusal for EmailTaken {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "email_taken"
    }
}

/// The telemedicine document names three words; other products take any.
fn check_gender(gender: Option<&str>) -> Result<(), ProfileRefused> {
    let is_known = |word: &str| matches!(word, "male" | "female" | "other");
    let rule = "must be male, female or other";
    gender
        .is_none_or(is_known)
        .then_some(())
        .ok_or(ProfileRefused { field: "gender", rule })
}

/// An address is changed by proof only: who sends another is told where.
fn said(account: &Account, email: Option<&str>) -> &'static str {
    let own = account.email.clone().map(String::from).unwrap_or_default();
    let asks = email.is_some_and(|email| !email.trim().is_empty() && !email.trim().eq_ignore_ascii_case(&own));
    if asks { UPDATED_BUT_EMAIL } else { UPDATED }
}

fn change(body: Body) -> ProfileChange {
    ProfileChange {
        name: body.name,
        username: body.username,
        phone: body.phone,
        age: body.age,
        date_of_birth: body.date_of_birth,
        gender: body.gender,
        height: body.height,
        weight: body.weight,
        blood_group: body.blood_group,
        emergency_contact: body.emergency_contact,
        emergency_contact_name: body.emergency_contact_name,
        emergency_contact_phone: body.emergency_contact_phone,
        address: body.address,
        allergies: body.allergies,
        bio: body.bio,
        license: body.license,
        specialization: body.specialization,
        clinic: body.clinic,
        language: body.language,
        time_zone: body.time_zone,
        experience: body.experience,
        fee: body.fees,
        ..ProfileChange::default()
    }
}

async fn answer(context: &Context, account: Account, path: &str, email: Option<&str>) -> Result<Answer, Problem> {
    Ok(match context.product {
        Some(Product::Telemedicine) => {
            let user = account.id;
            let links = families::list(&context.store, user).await?;
            let members = views::family_members(context, user, links).await?;
            Answer::Telemedicine(Box::new(views::telemedicine(context, account, members)))
        }
        Some(Product::Dental) if path == FIRST_DENTAL => {
            Answer::Dental(Box::new(views::dental(context, account).await?))
        }
        Some(Product::Dental) => Answer::DentalUser {
            success: true,
            message: UPDATED,
            data: DentalUserData {
                user: Box::new(views::dental_user(context, account).await?),
            },
        },
        _ => Answer::FacialDerma {
            message: said(&account, email),
            user: Box::new(views::facial_derma(context, account).await?),
        },
    })
}
