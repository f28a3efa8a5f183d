//! The views that the products have of one account (clash C10). Members without a value are null, never missing.

use domain::account::Account;
use domain::family::FamilyLink;
use domain::id::{FamilyLinkId, UserId, UserNumber};
use domain::language::Language;
use domain::phone_number::PhoneNumber;
use domain::picture_link::PictureName;
use domain::scheduling::zone::Zone;
use jiff::Timestamp;
use jiff::civil::Date;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts;

use crate::profile::FacialDermaProfile;

/// The signed address of somebody's picture.
pub async fn picture_address(context: &Context, account: &Account) -> Result<Option<String>, Problem> {
    signed(context, account.personal.picture.as_ref()).await
}

async fn signed(context: &Context, picture: Option<&PictureName>) -> Result<Option<String>, Problem> {
    match picture {
        Some(picture) => Ok(Some(context.picture_links().await?.address(picture))),
        None => Ok(None),
    }
}

pub async fn facial_derma(context: &Context, account: Account) -> Result<FacialDermaProfile, Problem> {
    let picture = picture_address(context, &account).await?;
    Ok(FacialDermaProfile::of(account, picture, context.now))
}

/// The dental product's first version: an envelope, and the same bare beside it.
#[derive(Serialize, JsonSchema)]
pub struct DentalProfile {
    success: bool,
    data: DentalData,
    error: Option<&'static str>,
    #[serde(flatten)]
    bare: DentalData,
}

#[derive(Clone, Serialize, JsonSchema)]
pub struct DentalData {
    id: UserId,
    full_name: Option<String>,
    mobile_number: Option<PhoneNumber>,
    profile_photo_url: Option<String>,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

pub async fn dental(context: &Context, account: Account) -> Result<DentalProfile, Problem> {
    let data = DentalData {
        profile_photo_url: picture_address(context, &account).await?,
        id: account.id,
        full_name: account.name,
        mobile_number: account.phone,
        created_at: account.created_at,
    };
    Ok(DentalProfile {
        success: true,
        data: data.clone(),
        error: None,
        bare: data,
    })
}

/// The dental product's newer apps.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalOwnUser")]
pub struct DentalUser {
    id: UserId,
    name: Option<String>,
    phone: Option<PhoneNumber>,
    age: Option<u8>,
    profile_image_url: Option<String>,
    /// At most 150 pixels wide and high.
    profile_thumbnail_url: Option<String>,
    #[schemars(with = "Option<String>")]
    date_of_birth: Option<Date>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

pub async fn dental_user(context: &Context, account: Account) -> Result<DentalUser, Problem> {
    Ok(DentalUser {
        profile_image_url: picture_address(context, &account).await?,
        profile_thumbnail_url: signed(context, account.personal.thumbnail.as_ref()).await?,
        age: account.age(context.now),
        id: account.id,
        name: account.name,
        phone: account.phone,
        date_of_birth: account.personal.date_of_birth,
        created_at: account.created_at,
        updated_at: account.updated_at,
    })
}

/// The telemedicine product's user with the family.
#[derive(Serialize, JsonSchema)]
pub struct TelemedicineProfile {
    id: UserId,
    phone: Option<PhoneNumber>,
    email: Option<String>,
    full_name: Option<String>,
    role: &'static str,
    is_verified: bool,
    #[schemars(with = "Option<String>")]
    date_of_birth: Option<Date>,
    gender: Option<String>,
    address: Option<String>,
    emergency_contact_name: Option<String>,
    emergency_contact_phone: Option<String>,
    specialization: Option<String>,
    license_number: Option<String>,
    years_of_experience: Option<u8>,
    bio: Option<String>,
    consultation_fee: Option<f64>,
    language: Language,
    time_zone: Option<Zone>,
    family_members: Vec<FamilyMember>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

/// Somebody linked. Without contact data until both sides have agreed (decision D7).
#[derive(Serialize, JsonSchema)]
pub struct FamilyMember {
    id: FamilyLinkId,
    /// Null until both have agreed.
    pub user_id: Option<UserId>,
    /// Whoever asks shows their name; whoever is asked, once they agree.
    full_name: Option<String>,
    relationship: domain::family::Relationship,
    phone: Option<PhoneNumber>,
    email: Option<String>,
    status: domain::family::LinkStatus,
    /// Whether it is this person's turn to agree.
    awaits_own_answer: bool,
    #[schemars(with = "String")]
    linked_at: Timestamp,
}

pub async fn family_members(
    context: &Context,
    user: UserId,
    links: Vec<FamilyLink>,
) -> Result<Vec<FamilyMember>, Problem> {
    let others: Vec<UserId> = links.iter().map(|link| link.seen_by(user).0).collect();
    let accounts = accounts::get_many(&context.store, &others).await?;
    let members = links.into_iter().filter_map(|link| {
        let (other, relationship) = link.seen_by(user);
        let account = accounts.iter().find(|account| account.id == other)?;
        let is_agreed = link.status == domain::family::LinkStatus::Active;
        let is_asked = link.member == user;
        Some(FamilyMember {
            id: link.id,
            user_id: is_agreed.then_some(other),
            full_name: account.name.clone().filter(|_| is_agreed || is_asked),
            relationship,
            phone: account.phone.clone().filter(|_| is_agreed),
            email: account.email.clone().map(String::from).filter(|_| is_agreed),
            status: link.status,
            awaits_own_answer: is_asked && !is_agreed,
            linked_at: link.linked_at,
        })
    });
    Ok(members.collect())
}

pub fn telemedicine(context: &Context, account: Account, family_members: Vec<FamilyMember>) -> TelemedicineProfile {
    TelemedicineProfile {
        is_verified: account.is_verified(context.now),
        id: account.id,
        phone: account.phone,
        email: account.email.map(String::from),
        full_name: account.name,
        role: account.role.word(),
        date_of_birth: account.personal.date_of_birth,
        gender: account.personal.gender,
        address: account.personal.address,
        emergency_contact_name: account.personal.emergency_contact_name,
        emergency_contact_phone: account.personal.emergency_contact_phone,
        specialization: account.practice.specialization,
        license_number: account.practice.license,
        years_of_experience: account.practice.experience_years,
        bio: account.personal.bio,
        consultation_fee: account.practice.fee,
        language: account.personal.language,
        time_zone: account.personal.time_zone,
        family_members,
        created_at: account.created_at,
        updated_at: account.updated_at,
    }
}

impl TelemedicineProfile {
    /// For the eyes of others: a licence number could be used to sign up in its holder's place.
    pub fn without_license(mut self) -> Self {
        self.license_number = None;
        self
    }
}

/// The derma product's user, with a number as its id.
#[derive(Serialize, JsonSchema)]
pub struct DermaUser {
    id: UserNumber,
    username: String,
    email: Option<String>,
    phone_number: Option<PhoneNumber>,
    role: &'static str,
}

pub fn derma_user(account: Account) -> DermaUser {
    DermaUser {
        id: account.number,
        username: account.username.as_str().to_owned(),
        email: account.email.map(String::from),
        phone_number: account.phone,
        role: account.role.word(),
    }
}

/// A sentence as the answer.
#[derive(Serialize, JsonSchema)]
pub struct Message {
    pub message: String,
}

/// The derma product's sentence.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Said {
    Derma { msg: String },
    Others { message: String },
}

impl Said {
    pub fn to(context: &Context, sentence: impl Into<String>) -> Self {
        match context.product {
            Some(domain::session::Product::Derma) => Said::Derma { msg: sentence.into() },
            _ => Said::Others {
                message: sentence.into(),
            },
        }
    }
}
