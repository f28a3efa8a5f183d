//! What people may change of themselves, in one form for all products.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::account::Account;
use crate::calendar;
use crate::language::Language;
use crate::phone_number::PhoneNumber;
use crate::refusal::{FieldError, Kind, Refusal};
use crate::scheduling::zone::Zone;
use crate::username::Username;

/// Only what is there changes. Texts come trimmed or not; an empty one clears its field, but for the name.
#[derive(Clone, Default)]
pub struct ProfileChange {
    pub name: Option<String>,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub age: Option<f64>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<String>,
    pub gender: Option<String>,
    pub height: Option<String>,
    pub weight: Option<String>,
    pub blood_group: Option<String>,
    pub emergency_contact: Option<String>,
    pub emergency_contact_name: Option<String>,
    pub emergency_contact_phone: Option<String>,
    pub address: Option<String>,
    pub allergies: Option<String>,
    pub medical_history: Option<Vec<String>>,
    pub bio: Option<String>,
    pub license: Option<String>,
    pub specialization: Option<String>,
    pub qualifications: Option<String>,
    pub clinic: Option<String>,
    /// As in BCP 47, of those that people are written to in.
    pub language: Option<String>,
    /// By its IANA name; an empty one clears it.
    pub time_zone: Option<String>,
    /// Years.
    pub experience: Option<f64>,
    pub fee: Option<f64>,
}

/// Which field cannot be taken, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {rule}")]
pub struct ProfileRefused {
    pub field: &'static str,
    pub rule: &'static str,
}

impl Refusal for ProfileRefused {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "validation_error"
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("body", self.field, "invalid", self.rule)]
    }
}

/// Nothing in the request can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("No fields to update")]
pub struct NothingToChange;

impl Refusal for NothingToChange {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "nothing_to_change"
    }
}

const SHORT: usize = 200;
const LONG: usize = 2000;
const MOST_HISTORY: usize = 200;

impl ProfileChange {
    pub fn is_empty(&self) -> bool {
        let texts = [
            &self.name,
            &self.username,
            &self.phone,
            &self.date_of_birth,
            &self.gender,
            &self.height,
            &self.weight,
            &self.blood_group,
            &self.emergency_contact,
            &self.emergency_contact_name,
            &self.emergency_contact_phone,
            &self.address,
            &self.allergies,
            &self.bio,
            &self.license,
            &self.specialization,
            &self.qualifications,
            &self.clinic,
            &self.language,
            &self.time_zone,
        ];
        let numbers = [self.age, self.experience, self.fee];
        texts.into_iter().all(Option::is_none)
            && numbers.into_iter().all(|n| n.is_none())
            && self.medical_history.is_none()
    }

    /// The same, with empty texts as if they had not been sent: the derma product's rule.
    pub fn without_empty(mut self) -> Self {
        for text in [
            &mut self.name,
            &mut self.date_of_birth,
            &mut self.gender,
            &mut self.bio,
            &mut self.specialization,
            &mut self.qualifications,
            &mut self.license,
        ] {
            if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
                *text = None;
            }
        }
        self
    }

    /// Writes what was sent into the account, or says which field is wrong.
    pub fn apply(&self, account: &mut Account, now: Timestamp) -> Result<(), ProfileRefused> {
        let today = calendar::day_of(now);
        if let Some(name) = &self.name {
            account.name = Some(person_name(name)?);
        }
        if let Some(username) = &self.username {
            account.username = user_name(username)?;
        }
        if let Some(phone) = &self.phone {
            set_phone(account, phone)?;
        }
        self.apply_personal(account, today)?;
        self.apply_preferences(account)?;
        let license = account.practice.license.clone();
        self.apply_practice(account)?;
        if account.practice.license != license
            && let Some(check) = &mut account.verification
        {
            // What was approved was the licence before.
            check.reopen(now);
        }
        Ok(())
    }

    fn apply_personal(&self, account: &mut Account, today: Date) -> Result<(), ProfileRefused> {
        let personal = &mut account.personal;
        if let Some(age) = self.age {
            let is_whole = age.fract() == 0.0 && (1.0..=120.0).contains(&age);
            let rule = "must be a whole number from 1 to 120";
            personal.age = Some(
                is_whole
                    .then_some(age as u8)
                    .ok_or(ProfileRefused { field: "age", rule })?,
            );
        }
        if let Some(text) = &self.date_of_birth {
            personal.date_of_birth = birth_date(text, today)?;
        }
        if let Some(history) = &self.medical_history {
            personal.medical_history = medical_history(history)?;
        }
        set("gender", SHORT, &mut personal.gender, self.gender.as_deref())?;
        set("height", SHORT, &mut personal.height, self.height.as_deref())?;
        set("weight", SHORT, &mut personal.weight, self.weight.as_deref())?;
        set(
            "blood_group",
            SHORT,
            &mut personal.blood_group,
            self.blood_group.as_deref(),
        )?;
        set(
            "emergency_contact",
            SHORT,
            &mut personal.emergency_contact,
            self.emergency_contact.as_deref(),
        )?;
        let name = self.emergency_contact_name.as_deref();
        set(
            "emergency_contact_name",
            SHORT,
            &mut personal.emergency_contact_name,
            name,
        )?;
        let phone = self.emergency_contact_phone.as_deref();
        set(
            "emergency_contact_phone",
            SHORT,
            &mut personal.emergency_contact_phone,
            phone,
        )?;
        set("address", LONG, &mut personal.address, self.address.as_deref())?;
        set("allergies", LONG, &mut personal.allergies, self.allergies.as_deref())?;
        set("bio", LONG, &mut personal.bio, self.bio.as_deref())
    }

    fn apply_preferences(&self, account: &mut Account) -> Result<(), ProfileRefused> {
        let personal = &mut account.personal;
        if let Some(tag) = &self.language {
            let rule = "must be one of en, es, hi";
            let field = "language";
            personal.language = Language::of_tag(tag).ok_or(ProfileRefused { field, rule })?;
        }
        if let Some(name) = self.time_zone.as_deref().map(str::trim) {
            let rule = "must be the name of a time zone, such as Asia/Kolkata";
            let field = "time_zone";
            let zone = Some(name).filter(|name| !name.is_empty());
            let zone = zone.map(|name| Zone::try_from(name.to_owned())).transpose();
            personal.time_zone = zone.map_err(|_| ProfileRefused { field, rule })?;
        }
        Ok(())
    }

    fn apply_practice(&self, account: &mut Account) -> Result<(), ProfileRefused> {
        let practice = &mut account.practice;
        if let Some(years) = self.experience {
            let is_whole = years.fract() == 0.0 && (0.0..=100.0).contains(&years);
            let rule = "must be a whole number of years from 0 to 100";
            let refused = ProfileRefused {
                field: "experience",
                rule,
            };
            practice.experience_years = Some(is_whole.then_some(years as u8).ok_or(refused)?);
        }
        if let Some(fee) = self.fee {
            let rule = "must be a number from 0 to 1000000";
            let is_fee = (0.0..=1_000_000.0).contains(&fee);
            practice.fee = Some(is_fee.then_some(fee).ok_or(ProfileRefused { field: "fees", rule })?);
        }
        set("license", SHORT, &mut practice.license, self.license.as_deref())?;
        set(
            "specialization",
            SHORT,
            &mut practice.specialization,
            self.specialization.as_deref(),
        )?;
        set(
            "qualifications",
            LONG,
            &mut practice.qualifications,
            self.qualifications.as_deref(),
        )?;
        set("clinic", SHORT, &mut practice.clinic, self.clinic.as_deref())
    }
}

fn set(
    field: &'static str,
    limit: usize,
    place: &mut Option<String>,
    text: Option<&str>,
) -> Result<(), ProfileRefused> {
    let Some(text) = text.map(str::trim) else { return Ok(()) };
    if text.chars().count() > limit {
        return Err(ProfileRefused {
            field,
            rule: "is too long",
        });
    }
    *place = (!text.is_empty()).then(|| text.to_owned());
    Ok(())
}

/// 2 to 100 characters of any script.
pub fn person_name(text: &str) -> Result<String, ProfileRefused> {
    let text = text.trim();
    let is_name = (2..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    let rule = "must have 2 to 100 characters";
    is_name
        .then(|| text.to_owned())
        .ok_or(ProfileRefused { field: "name", rule })
}

fn user_name(text: &str) -> Result<Username, ProfileRefused> {
    let rule = "must have 2 to 50 characters, without spaces or '@'";
    text.parse().map_err(|_| ProfileRefused {
        field: "username",
        rule,
    })
}

/// A number that was proved is given up by proof only.
fn set_phone(account: &mut Account, text: &str) -> Result<(), ProfileRefused> {
    let refused = |rule| ProfileRefused { field: "phone", rule };
    let new: Option<PhoneNumber> = match text.trim() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| refused("must be a phone number with its country code"))?,
        ),
    };
    if new == account.phone {
        return Ok(());
    }
    if account.phone_is_proved {
        return Err(refused("is proved; change it with POST /api/auth/contact"));
    }
    account.phone = new;
    Ok(())
}

/// Not in the future and not before 1900; empty clears it.
pub fn birth_date(text: &str, today: Date) -> Result<Option<Date>, ProfileRefused> {
    let rule = "must be a date such as 1990-02-28, not in the future";
    let refused = ProfileRefused {
        field: "date_of_birth",
        rule,
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // Some clients send a whole timestamp of which only the day counts.
    let day = text
        .get(..10)
        .filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'));
    let date: Date = day.and_then(|day| day.parse().ok()).ok_or_else(|| refused.clone())?;
    if date > today || date.year() < 1900 {
        return Err(refused);
    }
    Ok(Some(date))
}

fn medical_history(entries: &[String]) -> Result<Vec<String>, ProfileRefused> {
    let is_bounded = entries.len() <= MOST_HISTORY && entries.iter().all(|entry| entry.chars().count() <= LONG);
    let rule = "must have at most 200 entries of at most 2000 characters";
    let refused = ProfileRefused {
        field: "medical_history",
        rule,
    };
    is_bounded.then(|| entries.to_vec()).ok_or(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_birth_date_is_a_day_that_has_been() {
        let today = date(2026, 11, 25);
        assert_eq!(birth_date("1990-02-28", today), Ok(Some(date(1990, 2, 28))));
        assert_eq!(birth_date("1990-02-28T00:00:00Z", today), Ok(Some(date(1990, 2, 28))));
        assert_eq!(birth_date("", today), Ok(None));
        for text in [
            "1990-02-30",
            "2026-11-26",
            "1899-12-31",
            "28.02.1990",
            "1990-02-28x",
            "é990-02-28",
        ] {
            assert!(birth_date(text, today).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_may_be_of_any_script() {
        assert_eq!(person_name(" अना ").unwrap(), "अना");
        assert!(person_name("a").is_err());
        assert!(person_name("a\u{7}b").is_err());
    }
}
