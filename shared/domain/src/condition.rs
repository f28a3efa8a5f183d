//! Skin conditions that the broader classifier can name, and what people are told of each.
//!
//! The advice is general self-care, in line with what public services (NHS, MedlinePlus, the American Academy of
//! Dermatology) tell patients: no doses, nothing that needs a prescription, and never a reason not to see a doctor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Spelt on the wire and in the model's card as in `serde(rename)`; stored under it, so it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Condition {
    Acne,
    #[serde(rename = "BCC")]
    BasalCellCarcinoma,
    Eczema,
    Folliculitis,
    #[serde(rename = "Herpes simplex")]
    HerpesSimplex,
    Hidradenitis,
    Impetigo,
    Keratosis,
    Lupus,
    Melanoma,
    Molluscum,
    Nevus,
    Normal,
    #[serde(rename = "Perioral Dermatitis")]
    PerioralDermatitis,
    Psoriasis,
    Rosacea,
    #[serde(rename = "SCC")]
    SquamousCellCarcinoma,
    #[serde(rename = "Sebaceous hyperplasia")]
    SebaceousHyperplasia,
    #[serde(rename = "Seborrheic dermatitis")]
    SeborrheicDermatitis,
    #[serde(rename = "Skin tag")]
    SkinTag,
    #[serde(rename = "Steroid dermatitis")]
    SteroidDermatitis,
    Tinea,
    Vitiligo,
}

/// What a free name of something malignant has in it, in small letters and in the languages of the product.
const MALIGNANT_WORDS: &[&str] = &[
    "melanoma",
    "carcinoma",
    "sarcoma",
    "lymphoma",
    "linfoma",
    "mycosis fungoides",
    "micosis fungoide",
    "lentigo maligna",
    "léntigo maligno",
    "lentigo maligno",
    "bowen",
    "merkel",
    "cancer",
    "cáncer",
    "malignan",
    "maligna",
    "maligno",
    "metasta",
    "metást",
    "bcc",
    "scc",
    "कैंसर",
    "कैन्सर",
    "मेलेनोमा",
    "मेलानोमा",
    "कार्सिनोमा",
    "घातक",
];

/// Whether a doctor's own words name something malignant. In doubt they do: a needless visit costs less.
#[must_use]
pub fn names_something_malignant(words: &str) -> bool {
    let words = words.to_lowercase();
    MALIGNANT_WORDS.iter().any(|part| words.contains(part))
}

impl Condition {
    /// Every condition, in the order of their names in the card.
    pub const ALL: [Self; 23] = [
        Self::Acne,
        Self::BasalCellCarcinoma,
        Self::Eczema,
        Self::Folliculitis,
        Self::HerpesSimplex,
        Self::Hidradenitis,
        Self::Impetigo,
        Self::Keratosis,
        Self::Lupus,
        Self::Melanoma,
        Self::Molluscum,
        Self::Nevus,
        Self::Normal,
        Self::PerioralDermatitis,
        Self::Psoriasis,
        Self::Rosacea,
        Self::SquamousCellCarcinoma,
        Self::SebaceousHyperplasia,
        Self::SeborrheicDermatitis,
        Self::SkinTag,
        Self::SteroidDermatitis,
        Self::Tinea,
        Self::Vitiligo,
    ];

    /// Whether a doctor must see it as soon as it is named.
    #[must_use]
    pub const fn is_malignant(self) -> bool {
        matches!(
            self,
            Self::BasalCellCarcinoma | Self::Melanoma | Self::SquamousCellCarcinoma
        )
    }

    /// In words that a patient understands.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Acne => "Acne",
            Self::BasalCellCarcinoma => "Basal cell carcinoma",
            Self::Eczema => "Eczema",
            Self::Folliculitis => "Folliculitis",
            Self::HerpesSimplex => "Herpes simplex",
            Self::Hidradenitis => "Hidradenitis suppurativa",
            Self::Impetigo => "Impetigo",
            Self::Keratosis => "Keratosis",
            Self::Lupus => "Cutaneous lupus",
            Self::Melanoma => "Melanoma",
            Self::Molluscum => "Molluscum contagiosum",
            Self::Nevus => "Mole",
            Self::Normal => "No visible condition",
            Self::PerioralDermatitis => "Perioral dermatitis",
            Self::Psoriasis => "Psoriasis",
            Self::Rosacea => "Rosacea",
            Self::SquamousCellCarcinoma => "Squamous cell carcinoma",
            Self::SebaceousHyperplasia => "Sebaceous hyperplasia",
            Self::SeborrheicDermatitis => "Seborrheic dermatitis",
            Self::SkinTag => "Skin tag",
            Self::SteroidDermatitis => "Steroid-induced dermatitis",
            Self::Tinea => "Fungal infection (tinea)",
            Self::Vitiligo => "Vitiligo",
        }
    }

    /// What to do meanwhile.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Acne => {
                "Wash gently twice a day, do not squeeze, and give a treatment from the pharmacy (for example with benzoyl peroxide) some weeks to work."
            }
            Self::BasalCellCarcinoma | Self::SquamousCellCarcinoma => {
                "Changes that look like this must be examined by a doctor soon; do not wait for them to heal by themselves."
            }
            Self::Eczema => "Keep the skin moist with a plain emollient, avoid what irritates it, and do not scratch.",
            Self::Folliculitis => "Keep the place clean and dry, and do not shave it until it has healed.",
            Self::HerpesSimplex => {
                "Do not touch the blisters, wash your hands often, and avoid kissing and contact with small children until they have healed. Near the eye, see a doctor today."
            }
            Self::Hidradenitis => {
                "Wear loose clothes and do not squeeze the lumps. Treatment works best when a doctor starts it early."
            }
            Self::Impetigo => {
                "It spreads by touch: keep the place covered, wash hands, share no towels, and have it treated by a doctor or pharmacist."
            }
            Self::Keratosis => {
                "Protect the skin from the sun. A doctor should look at it once, since harmless and harmful kinds look alike."
            }
            Self::Lupus => "Protect the skin from the sun and see a doctor: blood tests may be needed.",
            Self::Melanoma => "A spot like this must be seen by a doctor soon, whatever the figure beside it says.",
            Self::Molluscum => "It usually goes by itself within months. Do not scratch, and share no towels.",
            Self::Nevus => {
                "Watch it: if it changes in size, shape or colour, itches or bleeds, have it seen by a doctor soon."
            }
            Self::Normal => {
                "Nothing in the picture stood out to the model. It can miss things: if something worries you or changes, have it seen by a doctor."
            }
            Self::PerioralDermatitis => {
                "Stop creams and cosmetics on the place, cortisone creams too, after asking whoever prescribed them; wash with water only."
            }
            Self::Psoriasis => {
                "Keep the skin moist. A doctor can offer treatments that work; joint pain beside it should be mentioned."
            }
            Self::Rosacea => {
                "Protect the skin from the sun, use mild products, and note what makes it flare up, such as heat, alcohol or spicy food. With sore eyes, see a doctor."
            }
            Self::SebaceousHyperplasia => "It is harmless, but looks like other things: let a doctor look at it once.",
            Self::SeborrheicDermatitis => {
                "A shampoo or cream against yeasts from the pharmacy often helps; it may come back."
            }
            Self::SkinTag => "It is harmless. Do not cut it off yourself; a doctor can remove it if it bothers you.",
            Self::SteroidDermatitis => {
                "Do not put cortisone creams on the face without advice, and do not stop long use at once: ask a doctor how."
            }
            Self::Tinea => {
                "Keep the place dry and use a cream against fungus from the pharmacy for as long as its leaflet says. On scalp or nails, see a doctor."
            }
            Self::Vitiligo => "Protect the pale skin from the sun. A doctor can talk over treatments with you.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_malignant_is_known_by_its_titles_and_by_other_names() {
        for condition in Condition::ALL {
            let named = names_something_malignant(condition.title());
            assert_eq!(named, condition.is_malignant(), "{condition:?}");
        }
        for other in [
            "Nodular MELANOMA",
            "SCC in situ",
            "bcc",
            "Bowen's disease",
            "Cáncer de piel",
            "त्वचा कैंसर",
        ] {
            assert!(names_something_malignant(other), "{other}");
        }
        for harmless in ["Chilblains", "Granuloma faciale", "Melasma", "Benign mole"] {
            assert!(!names_something_malignant(harmless), "{harmless}");
        }
    }
}
