//! Pharmacies: where they are, when they are open, what lies on their shelves, and who was given it.
//!
//! Stock moves by [`movement`]s, each of which is a line in the ledger of a lot; [`shelf`] holds what all lots of a medicine at a
//! pharmacy come to. [`reservation`]s set stock apart for a [`prescription`]. [`cell`] and [`nearest`] find what is near.
//!
//! There is no role of pharmacists: a pharmacy belongs to the admin who created it and names doctors as its staff.

pub mod cell;
pub mod lot;
pub mod medicine;
pub mod movement;
pub mod nearest;
pub mod opening;
pub mod prescription;
mod refused;
pub mod reservation;
pub mod shelf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::{PharmacyId, UserId};
use crate::place::Position;
use crate::record::content;
use crate::role::Role;
use crate::scheduling::zone::Zone;
use crate::session::Session;

use lot::Moment;
pub use refused::PharmacyRefused;

/// Doctors who run a pharmacy beside whom it belongs to.
pub const MOST_STAFF: usize = 20;
const LONGEST_TEXT: usize = 200;
const LARGEST_HOURS_BYTES: usize = 4_000;
/// Parts of a degree, each a centimetre: storage refuses numbers that are next to nothing.
const PARTS_OF_A_DEGREE: f64 = 1e7;

/// What everybody may know of a pharmacy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    pub name: String,
    pub address: String,
    pub city: String,
    pub state: String,
    pub pincode: String,
    pub phone: String,
    pub email: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// In the words of whoever wrote them; [`opening`] reads what it can.
    pub operating_hours: Map<String, Value>,
    pub is_24x7: bool,
    /// Whose clock the hours are by; without it they are shown, and not judged.
    pub time_zone: Option<Zone>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pharmacy {
    pub id: PharmacyId,
    /// The admin whose it is.
    pub owner: UserId,
    pub staff: Vec<UserId>,
    pub details: Details,
    /// Rises with each change.
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Details {
    /// Without blanks around what people type, and only what can be kept and found.
    pub fn checked(mut self) -> Result<Self, PharmacyRefused> {
        let texts = [
            ("name", &mut self.name),
            ("address", &mut self.address),
            ("city", &mut self.city),
            ("state", &mut self.state),
            ("pincode", &mut self.pincode),
            ("phone", &mut self.phone),
        ];
        for (field, text) in texts {
            *text = text.trim().to_owned();
            if field == "name" && text.is_empty() {
                return Err(PharmacyRefused::Invalid(field, "must not be empty"));
            }
            if text.chars().count() > LONGEST_TEXT {
                return Err(PharmacyRefused::Invalid(field, "must have at most 200 characters"));
            }
        }
        for (field, text) in [("city", &self.city), ("state", &self.state), ("pincode", &self.pincode)] {
            medicine::place_name(field, text)?;
        }
        let email = self.email.take().map(|email| email.trim().to_owned());
        self.email = email.filter(|email| !email.is_empty());
        if self
            .email
            .as_ref()
            .is_some_and(|email| email.chars().count() > LONGEST_TEXT)
        {
            return Err(PharmacyRefused::Invalid("email", "must have at most 200 characters"));
        }
        check_hours(&self.operating_hours)?;
        position(self.latitude, self.longitude)?;
        let coarse = |degrees: Option<f64>| degrees.map(|degrees| rounded(degrees, PARTS_OF_A_DEGREE));
        (self.latitude, self.longitude) = (coarse(self.latitude), coarse(self.longitude));
        Ok(self)
    }

    /// What time it is there.
    pub fn moment(&self, now: Timestamp) -> Moment {
        Moment::at(now, self.time_zone.as_ref())
    }

    pub fn position(&self) -> Option<Position> {
        position(self.latitude, self.longitude).ok().flatten()
    }

    /// Where nobody said when, or by whose clock, it counts as open: apps show what was said.
    pub fn is_open(&self, now: Timestamp) -> bool {
        if self.is_24x7 {
            return true;
        }
        let hours = opening::OpeningHours::read(&self.operating_hours);
        match hours.zip(self.time_zone.as_ref()) {
            Some((hours, zone)) => hours.is_open(zone.rules().to_datetime(now)),
            None => true,
        }
    }
}

/// Whatever the first clients write, as far as it can be kept.
fn check_hours(hours: &Map<String, Value>) -> Result<(), PharmacyRefused> {
    let refused = |rule| Err(PharmacyRefused::Invalid("operating_hours", rule));
    if serde_json::to_vec(hours).map_or(usize::MAX, |text| text.len()) > LARGEST_HOURS_BYTES {
        return refused("must be at most 4,000 bytes of JSON");
    }
    if content::is_deep(hours) {
        return refused("must not be nested more than 12 times");
    }
    match has_name(hours) && hours.values().all(can_be_kept) {
        true => Ok(()),
        false => refused("must have no empty names, and no numbers beyond a billion or next to nothing"),
    }
}

fn has_name(members: &Map<String, Value>) -> bool {
    members.keys().all(|name| !name.is_empty())
}

/// Not too deep, as its caller knows.
fn can_be_kept(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let size = number.as_f64().map_or(f64::INFINITY, f64::abs);
            size == 0.0 || (1e-9..=1e9).contains(&size)
        }
        Value::Array(values) => values.iter().all(can_be_kept),
        Value::Object(members) => has_name(members) && members.values().all(can_be_kept),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// To so many parts of one.
pub(crate) fn rounded(number: f64, parts: f64) -> f64 {
    // Nought has no sign.
    (number * parts).round() / parts + 0.0
}

/// Both or none.
pub fn position(latitude: Option<f64>, longitude: Option<f64>) -> Result<Option<Position>, PharmacyRefused> {
    match (latitude, longitude) {
        (None, None) => Ok(None),
        (Some(latitude), Some(longitude)) => match Position::new(latitude, longitude) {
            Ok(position) => Ok(Some(position)),
            Err(crate::place::MalformedPlace::Longitude) => {
                Err(PharmacyRefused::Invalid("longitude", "must be from -180 to 180"))
            }
            Err(_) => Err(PharmacyRefused::Invalid("latitude", "must be from -90 to 90")),
        },
        (Some(_), None) => Err(PharmacyRefused::Invalid("longitude", "is required with latitude")),
        (None, Some(_)) => Err(PharmacyRefused::Invalid("latitude", "is required with longitude")),
    }
}

impl Pharmacy {
    /// Whether somebody may see who was given what: whom it belongs to, and its staff.
    pub fn is_run_by(&self, session: &Session) -> bool {
        match session.role {
            Role::Admin => session.user_id == self.owner,
            Role::Doctor => session.is_verified && self.staff.contains(&session.user_id),
            Role::Patient => false,
        }
    }

    /// Whether somebody may change its stock: all admins, and its staff. Where it names nobody, as the first clients do not,
    /// all doctors whose approval holds.
    pub fn may_be_stocked_by(&self, session: &Session) -> bool {
        match session.role {
            Role::Admin => true,
            Role::Doctor => session.is_verified && (self.staff.is_empty() || self.staff.contains(&session.user_id)),
            Role::Patient => false,
        }
    }

    /// Who is told how it fares.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        std::iter::once(self.owner).chain(self.staff.iter().copied())
    }
}

/// Each once.
pub fn checked_staff(staff: Vec<UserId>) -> Result<Vec<UserId>, PharmacyRefused> {
    let mut staff = staff;
    staff.sort_unstable();
    staff.dedup();
    match staff.len() {
        0..=MOST_STAFF => Ok(staff),
        _ => Err(PharmacyRefused::Invalid("staff", "must be at most 20 doctors")),
    }
}

#[cfg(test)]
mod tests;
