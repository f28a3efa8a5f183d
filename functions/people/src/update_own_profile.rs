//! `PUT /api/users/me`: change the own profile, at any product (contract #28, #30, #31, #46, #51, #61).

use bytes::Bytes;
use domain::account::{Account, AccountGone};
use domain::calendar;
use domain::picture_link::PictureName;
use domain::profile::{NothingToChange, ProfileChange};
use domain::role::Role;
use domain::session::{NotAllowed, Product};
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::{JsonOr, MethodAndPath, Query};
use runtime::lenient;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::outbox::Errand;
use store::{accounts, families};

use crate::picture_change::{self, Sent};
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
    const NEEDS: &'static [Need] = &[
        needs::WRITE[0],
        needs::WRITE[1],
        needs::WRITE[2],
        needs::WRITE[3],
        Need::Objects(Bucket::Images, &[ObjectAction::Put]),
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = SignedIn;
    type Input = (JsonOr<Body, Form<ProfileForm>>, (Query<Parameters>, MethodAndPath));
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (input, (Query(parameters), target)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let path = target.path.trim_end_matches('/').to_owned();
        if path == ADMIN && caller.session.role != Role::Admin {
            return Err(NotAllowed::AdminOnly.into());
        }
        let (mut body, mut file) = match input {
            JsonOr::Json(body) => (body, None),
            JsonOr::Other(Form(form)) => (form.body, form.picture),
        };
        body.name = body.name.or(parameters.full_name);
        let mut removes_picture = false;
        match body
            .profile_image
            .take()
            .as_deref()
            .map(picture_change::read)
            .transpose()?
        {
            Some(Sent::Bytes(bytes)) => file = Some(bytes),
            Some(Sent::Nothing) => removes_picture = true,
            Some(Sent::Address) | None => {}
        }
        let asks_for_email = body.email.take().is_some();
        let change = change(body);
        let is_empty = change.is_empty() && file.is_none() && !removes_picture && !asks_for_email;
        if is_empty && context.product == Some(Product::FacialDerma) {
            return Err(NothingToChange.into());
        }
        let picture = match file {
            Some(bytes) => Some(picture_change::store(context, caller.user_id(), bytes).await?),
            None => None,
        };
        let account = apply(context, &caller, change, picture, removes_picture).await?;
        answer(context, account, &path).await.map(JsonAnswer)
    }
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
        experience: body.experience,
        fee: body.fees,
        ..ProfileChange::default()
    }
}

/// In one transaction with the removal of the picture that was there before.
pub async fn apply(
    context: &Context,
    caller: &SignedIn,
    change: ProfileChange,
    picture: Option<PictureName>,
    removes_picture: bool,
) -> Result<Account, Problem> {
    let user = caller.user_id();
    let seen = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
    let old = seen.personal.picture.filter(|_| removes_picture || picture.is_some());
    let entries = match old {
        Some(old) => vec![context.entry(Errand::RemovePicture { picture: old })?],
        None => Vec::new(),
    };
    let today = calendar::day_of(context.now);
    let stored = accounts::change::<Problem>(&context.store, user, &entries, |stored| {
        change.apply(&mut stored.account, today)?;
        if removes_picture {
            stored.account.personal.picture = None;
        }
        if let Some(picture) = &picture {
            stored.account.personal.picture = Some(picture.clone());
        }
        stored.account.updated_at = context.now;
        Ok(())
    })
    .await?;
    Ok(stored.account)
}

async fn answer(context: &Context, account: Account, path: &str) -> Result<Answer, Problem> {
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
            message: UPDATED,
            user: Box::new(views::facial_derma(context, account).await?),
        },
    })
}
