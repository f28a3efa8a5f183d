//! What medicines are called: the same thing whatever the case, the accents and the country.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PharmacyRefused;
use crate::folding;

/// A name as it is compared: folded words with one blank between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct MedicineName(String);

const LONGEST: usize = 100;
const LONGEST_PLACE: usize = 200;

/// Names that countries have given to one substance, folded, beside its international nonproprietary name or the one that most
/// packs bear (WHO, Guidance on INN, and the lists of BAN and USAN that differ).
const SYNONYMS: &[(&str, &str)] = &[
    ("acetaminofen", "paracetamol"),
    ("acetaminophen", "paracetamol"),
    ("acido acetilsalicilico", "acetylsalicylic acid"),
    ("adrenaline", "epinephrine"),
    ("albuterol", "salbutamol"),
    ("amoxicilina", "amoxicillin"),
    ("amoxycillin", "amoxicillin"),
    ("aspirin", "acetylsalicylic acid"),
    ("aspirina", "acetylsalicylic acid"),
    ("beclomethasone", "beclometasone"),
    ("bendrofluazide", "bendroflumethiazide"),
    ("cephalexin", "cefalexin"),
    ("cholecalciferol", "colecalciferol"),
    ("co trimoxazole", "sulfamethoxazole trimethoprim"),
    ("cotrimoxazole", "sulfamethoxazole trimethoprim"),
    ("cyclosporin", "ciclosporin"),
    ("cyclosporine", "ciclosporin"),
    ("dipyrone", "metamizole"),
    ("frusemide", "furosemide"),
    ("glyburide", "glibenclamide"),
    ("glyceryl trinitrate", "nitroglycerin"),
    ("hydroxyurea", "hydroxycarbamide"),
    ("ibuprofeno", "ibuprofen"),
    ("isoproterenol", "isoprenaline"),
    ("lignocaine", "lidocaine"),
    ("meperidine", "pethidine"),
    ("mesalamine", "mesalazine"),
    ("metformina", "metformin"),
    ("noradrenaline", "norepinephrine"),
    ("oral rehydration solution", "oral rehydration salts"),
    ("ors", "oral rehydration salts"),
    ("phytonadione", "phytomenadione"),
    ("rifampin", "rifampicin"),
    ("scopolamine", "hyoscine"),
    ("thyroxine", "levothyroxine"),
];

impl MedicineName {
    pub fn new(field: &'static str, text: &str) -> Result<Self, PharmacyRefused> {
        let folded = fold(text);
        if folded.is_empty() {
            return Err(PharmacyRefused::Invalid(field, "must not be empty"));
        }
        match text.chars().count() <= LONGEST && folded.chars().count() <= LONGEST {
            true => Ok(Self(folded)),
            false => Err(PharmacyRefused::Invalid(field, "must have at most 100 characters")),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one name of a substance that has several.
    pub fn canonical(&self) -> Self {
        let known = SYNONYMS.iter().find(|(name, _)| *name == self.0);
        known.map_or_else(|| self.clone(), |(_, canonical)| Self((*canonical).to_owned()))
    }

    /// All names that a medicine is found by.
    pub fn terms(&self, generic: Option<&Self>) -> Vec<Self> {
        let mut terms: Vec<Self> = [Some(self), generic]
            .into_iter()
            .flatten()
            .map(Self::canonical)
            .collect();
        terms.sort();
        terms.dedup();
        terms
    }
}

impl std::fmt::Display for MedicineName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MedicineName {
    type Error = PharmacyRefused;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new("medicine_name", &text)
    }
}

impl From<MedicineName> for String {
    fn from(name: MedicineName) -> String {
        name.0
    }
}

/// Letters and digits, and what means something between digits or beside them.
fn fold(text: &str) -> String {
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut folded = String::with_capacity(text.len());
    for (at, c) in letters.iter().copied().enumerate() {
        let is_digit = |place: Option<usize>| {
            place
                .and_then(|place| letters.get(place))
                .is_some_and(char::is_ascii_digit)
        };
        match c {
            '.' | ',' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => folded.push('.'),
            '+' | '%' => folded.push(c),
            '\'' | '’' | '®' | '™' => {}
            c if c.is_alphanumeric() || folding::is_mark(c) || folding::is_devanagari(c) => {
                folding::fold_any(c, &mut folded)
            }
            _ => folded.push(' '),
        }
    }
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ")
}

/// A city, a state or a postal code, as it is compared. Empty where nothing of it is.
pub fn folded_place(text: &str) -> String {
    fold(text)
}

/// The same, where it is short enough for a key.
pub fn place_name(field: &'static str, text: &str) -> Result<String, PharmacyRefused> {
    let folded = fold(text);
    match text.chars().count() <= LONGEST_PLACE && folded.chars().count() <= LONGEST_PLACE {
        true => Ok(folded),
        false => Err(PharmacyRefused::Invalid(field, "must have at most 200 characters")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> MedicineName {
        MedicineName::new("medicine_name", text).unwrap()
    }

    #[test]
    fn case_accents_and_signs_do_not_count() {
        for (one, other) in [
            ("Paracetamol", "PARACETAMOL"),
            ("Ibuprofén", "ibuprofen"),
            ("Ibuprofe\u{301}n", "ibuprofen"),
            ("Co-Amoxiclav", "co amoxiclav"),
            ("Crocin® 0,5 g", "crocin 0.5 G"),
            ("Łódź  Magnez", "lodz magnez"),
            ("Пенициллин", "пенициллин"),
            ("पेरासिटामोल", "पेरासिटामोल"),
        ] {
            assert_eq!(name(one), name(other));
        }
        assert_ne!(name("Vitamin B1"), name("Vitamin B12"));
        assert_ne!(name("Hydrocortisone 1%"), name("Hydrocortisone 1"));
        assert_ne!(name("1.5 mg"), name("15 mg"));
    }

    #[test]
    fn one_substance_has_one_canonical_name() {
        assert_eq!(name("Acetaminofén").canonical(), name("paracetamol"));
        assert_eq!(
            name("Ventolin").terms(Some(&name("Albuterol"))),
            [name("salbutamol"), name("ventolin")]
        );
        assert_eq!(
            name("Paracetamol").terms(Some(&name("acetaminophen"))),
            [name("paracetamol")]
        );
        for (synonym, canonical) in SYNONYMS {
            assert_eq!(name(synonym).as_str(), *synonym);
            assert_eq!(
                name(canonical).canonical().as_str(),
                *canonical,
                "a canonical name has no other"
            );
        }
    }

    #[test]
    fn nothing_is_no_name() {
        for text in ["", "  ", "#", "\u{301}", &"x".repeat(101)] {
            assert!(MedicineName::new("medicine_name", text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_folded_name_stays_as_it_is_and_fits_into_a_key(text in "\\PC{1,60}") {
            if let Ok(folded) = MedicineName::new("medicine_name", &text) {
                prop_assert!(!folded.as_str().contains('#'));
                prop_assert_eq!(MedicineName::new("medicine_name", folded.as_str()), Ok(folded));
            }
        }
    }
}
