//! Suggestions of what helps against a condition: those that come with the product, and what admins make of them.
//!
//! They are general information. None names a dose, and none takes the place of a doctor.

mod catalogue;
mod clinic;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::TreatmentId;
use crate::refusal::{FieldError, Kind, Refusal};

const LONGEST_NAME: usize = 100;
const LONGEST_LINE: usize = 500;
const MOST_LINES: usize = 30;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    pub id: TreatmentId,
    /// Of the condition.
    pub name: String,
    pub treatments: Vec<String>,
    pub prevention: Vec<String>,
    pub resources: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts changes; 0 for one that comes with the product and that nobody has changed.
    pub revision: u32,
    /// Of one that comes with the product: an admin has taken it away.
    pub is_removed: bool,
    /// Of one that comes with the product: another may have its name.
    pub gave_up_name: bool,
}

/// What an admin fills in.
pub struct TreatmentForm {
    pub name: String,
    pub treatments: Vec<String>,
    pub prevention: Vec<String>,
    pub resources: Vec<String>,
}

/// What is absent stays as it is.
#[derive(Clone, Default)]
pub struct TreatmentChange {
    pub name: Option<String>,
    pub treatments: Option<Vec<String>>,
    pub prevention: Option<Vec<String>>,
    pub resources: Option<Vec<String>>,
}

impl Treatment {
    pub fn new(id: TreatmentId, form: TreatmentForm, now: Timestamp) -> Result<Self, TreatmentRefused> {
        Ok(Self {
            id,
            name: checked_name(&form.name)?,
            treatments: lines("treatments", form.treatments)?,
            prevention: lines("prevention", form.prevention)?,
            resources: lines("resources", form.resources)?,
            created_at: now,
            updated_at: now,
            revision: 1,
            is_removed: false,
            gave_up_name: false,
        })
    }

    pub fn changed(&self, change: TreatmentChange, now: Timestamp) -> Result<Self, TreatmentRefused> {
        let mut after = self.clone();
        if let Some(name) = change.name {
            after.name = checked_name(&name)?;
        }
        if let Some(treatments) = change.treatments {
            after.treatments = lines("treatments", treatments)?;
        }
        if let Some(prevention) = change.prevention {
            after.prevention = lines("prevention", prevention)?;
        }
        if let Some(resources) = change.resources {
            after.resources = lines("resources", resources)?;
        }
        after.gave_up_name = shipped_as(&after).is_some_and(|name| name != after.key());
        after.updated_at = now;
        after.revision += 1;
        Ok(after)
    }

    /// Of one that comes with the product: noted, so that it does not come back.
    pub fn removed(&self, now: Timestamp) -> Self {
        Self {
            is_removed: true,
            gave_up_name: true,
            updated_at: now,
            revision: self.revision + 1,
            ..self.clone()
        }
    }

    /// Its name as names are compared.
    pub fn key(&self) -> String {
        comparable(&self.name)
    }

    /// Whether it has the name that it came with.
    pub fn has_shipped_name(&self) -> bool {
        shipped_as(self).is_some_and(|name| name == self.key())
    }

    pub fn is_shipped(&self) -> bool {
        shipped_as(self).is_some()
    }
}

/// Without regard to case, blanks and underscores.
pub fn comparable(name: &str) -> String {
    let letters = name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'));
    letters.flat_map(char::to_lowercase).collect()
}

/// Those that come with the product, as nobody has changed them.
pub fn shipped() -> Vec<Treatment> {
    entries().map(catalogue::Entry::treatment).collect()
}

fn entries() -> impl Iterator<Item = &'static catalogue::Entry> {
    catalogue::ENTRIES.iter().chain(clinic::ENTRIES)
}

/// The shipped name that another name of the same condition stands for.
fn shipped_name(alias: &str) -> Option<&'static str> {
    let mut aliases = catalogue::ALIASES.iter();
    let (_, name) = aliases.find(|(other, _)| comparable(other) == alias)?;
    Some(*name)
}

/// The one that comes with the product under this name or another of the same condition, if any.
pub fn shipped_under(key: &str) -> Option<TreatmentId> {
    let named = entries()
        .find(|entry| comparable(entry.name) == key)
        .map(|entry| entry.name);
    named.or_else(|| shipped_name(key)).map(TreatmentId::shipped)
}

fn shipped_as(treatment: &Treatment) -> Option<String> {
    let is_it = |entry: &&catalogue::Entry| TreatmentId::shipped(entry.name) == treatment.id;
    let entry = entries().find(is_it)?;
    Some(comparable(entry.name))
}

/// By its name, its id or another name of the same condition, in this order.
pub fn find<'a>(all: &'a [Treatment], name: &str) -> Option<&'a Treatment> {
    let wanted = comparable(name);
    let named = |key: &str| all.iter().find(|treatment| treatment.key() == key);
    let with_id = || {
        let id: TreatmentId = name.parse().ok()?;
        all.iter().find(|treatment| treatment.id == id)
    };
    let by_alias = || named(&comparable(shipped_name(&wanted)?));
    named(&wanted).or_else(with_id).or_else(by_alias)
}

fn checked_name(name: &str) -> Result<String, TreatmentRefused> {
    let name = name.trim();
    let length = name.chars().count();
    if comparable(name).is_empty() {
        return Err(TreatmentRefused::Empty("name"));
    }
    if length > LONGEST_NAME {
        return Err(TreatmentRefused::TooLong("name"));
    }
    Ok(name.to_owned())
}

/// Without blank ones.
fn lines(field: &'static str, lines: Vec<String>) -> Result<Vec<String>, TreatmentRefused> {
    if lines.len() > MOST_LINES || lines.iter().any(|line| line.chars().count() > LONGEST_LINE) {
        return Err(TreatmentRefused::TooLong(field));
    }
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreatmentRefused {
    #[error("{0} is required")]
    Empty(&'static str),
    #[error("{0} is too long")]
    TooLong(&'static str),
    #[error("A treatment suggestion with this name already exists")]
    NameTaken,
    #[error("There are as many treatment suggestions as there may be")]
    TooMany,
    #[error("Treatment suggestion not found")]
    NotFound,
}

impl Refusal for TreatmentRefused {
    fn kind(&self) -> Kind {
        match self {
            TreatmentRefused::Empty(_) | TreatmentRefused::TooLong(_) => Kind::Invalid,
            TreatmentRefused::NameTaken | TreatmentRefused::TooMany => Kind::BadRequest,
            TreatmentRefused::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            TreatmentRefused::Empty(_) | TreatmentRefused::TooLong(_) => "validation_error",
            TreatmentRefused::NameTaken => "treatment_name_taken",
            TreatmentRefused::TooMany => "treatments_too_many",
            TreatmentRefused::NotFound => "treatment_not_found",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            TreatmentRefused::Empty(field) => vec![FieldError::new("body", field, "missing", "is required")],
            TreatmentRefused::TooLong(field) => vec![FieldError::new("body", field, "too_long", self)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Condition;
    use crate::prediction::INCONCLUSIVE;
    use crate::skin::SkinCondition;

    #[test]
    fn every_label_of_the_classifier_and_every_alias_leads_to_a_suggestion() {
        let all = shipped();
        for condition in SkinCondition::ALL {
            let found = find(&all, condition.label()).unwrap();
            assert_eq!(found.name, condition.label());
            assert!(!found.treatments.is_empty() && !found.prevention.is_empty() && !found.resources.is_empty());
        }
        for condition in Condition::ALL {
            let card_name = serde_json::to_value(condition).unwrap();
            for name in [condition.title(), card_name.as_str().unwrap()] {
                assert!(find(&all, name).is_some(), "{name}");
            }
        }
        assert!(find(&all, INCONCLUSIVE).is_some());
        for (alias, name) in catalogue::ALIASES {
            assert!(find(&all, alias).is_some() && shipped_under(&comparable(alias)).is_some());
            assert_eq!(find(&all, alias).unwrap().name, *name);
        }
        // Labels of the product's code.
        for name in [
            "Eczema",
            "Acne",
            "melasma",
            "normal",
            "Rosacea",
            "Seborrheic Dermatitis",
        ] {
            assert!(find(&all, name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_are_the_same_whatever_their_case_blanks_and_underscores() {
        let all = shipped();
        let id = find(&all, "Perioral Dermatitis").unwrap().id;
        for name in [
            "perioral dermatitis",
            "perioral_dermatitis",
            "Perioral_Dermatitis",
            " PERIORALDERMATITIS ",
        ] {
            assert_eq!(find(&all, name).map(|found| found.id), Some(id), "{name}");
        }
        assert_eq!(find(&all, &id.to_string()).map(|found| found.id), Some(id));
        assert_eq!(find(&all, "plague"), None);
        assert_eq!(find(&all, "_"), None);
    }

    #[test]
    fn shipped_ones_are_told_apart_and_name_no_dose() {
        let all = shipped();
        let mut keys: Vec<String> = all.iter().map(Treatment::key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all.len());
        for treatment in &all {
            assert!(treatment.is_shipped() && treatment.has_shipped_name());
            let text = treatment.treatments.join(" ").to_lowercase();
            assert!(!text.contains(" mg") && !text.contains('%'), "{}", treatment.name);
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let before = find(&shipped(), "Acne").unwrap().clone();
        let change = TreatmentChange {
            name: Some("Pimples".to_owned()),
            ..TreatmentChange::default()
        };
        let after = before.changed(change, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((after.id, &after.treatments), (before.id, &before.treatments));
        assert!(after.gave_up_name && !after.has_shipped_name());
        let empty = TreatmentChange {
            name: Some(" _ ".to_owned()),
            ..TreatmentChange::default()
        };
        let refused = before.changed(empty, Timestamp::UNIX_EPOCH);
        assert_eq!(refused, Err(TreatmentRefused::Empty("name")));
    }
}
