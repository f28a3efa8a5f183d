//! A pharmacy as clients read it, and as admins write it.

use domain::id::{PharmacyId, UserId};
use domain::pharmacy::{Details, Pharmacy, PharmacyRefused};
use domain::scheduling::zone::Zone;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What everybody may know.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Pharmacy")]
pub struct PharmacyAnswer {
    id: PharmacyId,
    name: String,
    address: String,
    city: String,
    state: String,
    pincode: String,
    phone: String,
    email: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    operating_hours: Map<String, Value>,
    is_24x7: bool,
    /// Whose clock the hours are by.
    time_zone: Option<Zone>,
    /// Now, as far as the hours can be read; where they cannot, `true`.
    is_open: bool,
    /// Rises with each change.
    version: u64,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl PharmacyAnswer {
    pub fn new(pharmacy: Pharmacy, now: Timestamp) -> Self {
        let is_open = pharmacy.details.is_open(now);
        let details = pharmacy.details;
        Self {
            id: pharmacy.id,
            name: details.name,
            address: details.address,
            city: details.city,
            state: details.state,
            pincode: details.pincode,
            phone: details.phone,
            email: details.email,
            latitude: details.latitude,
            longitude: details.longitude,
            operating_hours: details.operating_hours,
            is_24x7: details.is_24x7,
            time_zone: details.time_zone,
            is_open,
            version: pharmacy.version,
            created_at: pharmacy.created_at,
            updated_at: pharmacy.updated_at,
        }
    }
}

/// With those who run it, for admins.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PharmacyWithStaff")]
pub struct WithStaff {
    #[serde(flatten)]
    pharmacy: PharmacyAnswer,
    /// The admin whose it is.
    owner_id: UserId,
    staff: Vec<UserId>,
}

impl WithStaff {
    pub fn new(pharmacy: Pharmacy, now: Timestamp) -> Self {
        Self {
            owner_id: pharmacy.owner,
            staff: pharmacy.staff.clone(),
            pharmacy: PharmacyAnswer::new(pharmacy, now),
        }
    }
}

/// What may be said of a pharmacy after it was made. Where it is stays: one that moves is another.
#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "PharmacyChange")]
pub struct Change {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    email: Option<String>,
    /// By day: `{"monday": "09:00-18:00", "saturday": ["09:00-12:00", "14:00-16:00"], "sunday": "closed"}`.
    #[serde(default)]
    operating_hours: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    is_24x7: Option<bool>,
    /// IANA name; without one, hours are shown and not judged.
    #[serde(default)]
    time_zone: Option<Zone>,
    /// Doctors who run it, at most 20.
    #[serde(default)]
    pub staff: Option<Vec<UserId>>,
    /// Whoever changes it has it from now on.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    pub take_over: Option<bool>,
    /// The version that was seen: 409 if somebody has changed it since.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    pub version: Option<u64>,
}

impl Change {
    /// What is not said stays.
    pub fn apply(&self, details: Details) -> Result<Details, PharmacyRefused> {
        let or = |said: &Option<String>, known: String| said.clone().unwrap_or(known);
        Details {
            name: or(&self.name, details.name),
            phone: or(&self.phone, details.phone),
            email: self.email.clone().or(details.email),
            operating_hours: self.operating_hours.clone().unwrap_or(details.operating_hours),
            is_24x7: self.is_24x7.unwrap_or(details.is_24x7),
            time_zone: self.time_zone.clone().or(details.time_zone),
            ..details
        }
        .checked()
    }
}
