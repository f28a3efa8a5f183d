//! The facial-derma view of an account.

use domain::account::Account;
use domain::id::UserId;
use domain::language::Language;
use domain::role::FacialDermaRole;
use domain::scheduling::zone::Zone;
use domain::username::Username;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Members without a value are null, never missing: clients send the whole back.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacialDermaProfile {
    id: UserId,
    username: Username,
    /// Empty for somebody who has none.
    email: String,
    role: FacialDermaRole,
    is_suspended: bool,
    is_verified: bool,
    name: Option<String>,
    gender: Option<String>,
    height: Option<String>,
    weight: Option<String>,
    blood_group: Option<String>,
    phone: Option<String>,
    emergency_contact: Option<String>,
    address: Option<String>,
    allergies: Option<String>,
    /// A signed address, good for an hour unless the operator says less.
    profile_image: Option<String>,
    specialization: Option<String>,
    license: Option<String>,
    clinic: Option<String>,
    bio: Option<String>,
    age: Option<u8>,
    /// Years.
    experience: Option<u8>,
    fees: Option<f64>,
    medical_history: Vec<String>,
    language: Language,
    time_zone: Option<Zone>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl FacialDermaProfile {
    /// For admins, who need none of it: the members stay, and are empty.
    pub fn without_health_data(self) -> Self {
        Self {
            height: None,
            weight: None,
            blood_group: None,
            allergies: None,
            medical_history: Vec::new(),
            ..self
        }
    }

    /// `picture_address`: the absolute, signed address of the account's picture.
    pub fn of(account: Account, picture_address: Option<String>, now: Timestamp) -> Self {
        let (is_verified, age) = (account.is_verified(now), account.age(now));
        let (personal, practice) = (account.personal, account.practice);
        Self {
            profile_image: picture_address,
            id: account.id,
            username: account.username,
            email: account.email.map(String::from).unwrap_or_default(),
            role: account.role.into(),
            is_suspended: account.is_suspended,
            is_verified,
            name: account.name,
            gender: personal.gender,
            height: personal.height,
            weight: personal.weight,
            blood_group: personal.blood_group,
            phone: account.phone.map(String::from),
            emergency_contact: personal.emergency_contact,
            address: personal.address,
            allergies: personal.allergies,
            specialization: practice.specialization,
            license: practice.license,
            clinic: practice.clinic,
            bio: personal.bio,
            age,
            experience: practice.experience_years,
            fees: practice.fee,
            medical_history: personal.medical_history,
            language: personal.language,
            time_zone: personal.time_zone,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}
