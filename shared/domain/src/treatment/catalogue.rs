//! The suggestions that come with the product, in our own words.
//!
//! They follow, in general terms, what the public pages of the NHS (nhs.uk/conditions), the American Academy of
//! Dermatology (aad.org/public) and MedlinePlus (medlineplus.gov) say of each condition; the pages are named in
//! `resources`. Rules for whoever edits: nothing that only a doctor can judge is presented as a step to take, medicines on
//! prescription are named as something to talk about and without doses, and whatever may be a cancer sends to a doctor.

use jiff::Timestamp;

use super::Treatment;
use crate::id::TreatmentId;

/// When they were last reviewed.
const REVIEWED: Timestamp = Timestamp::constant(1_795_305_600, 0);

pub(super) struct Entry {
    pub name: &'static str,
    pub treatments: &'static [&'static str],
    pub prevention: &'static [&'static str],
    pub resources: &'static [&'static str],
}

impl Entry {
    pub fn treatment(&self) -> Treatment {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Treatment {
            id: TreatmentId::shipped(self.name),
            name: self.name.to_owned(),
            treatments: owned(self.treatments),
            prevention: owned(self.prevention),
            resources: owned(self.resources),
            created_at: REVIEWED,
            updated_at: REVIEWED,
            revision: 0,
            is_removed: false,
            gave_up_name: false,
        }
    }
}

/// Other names of the same conditions; those of the facial-derma product's code are among the names themselves
/// (decision D4).
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("Acne vulgaris", "Acne"),
    ("Pimples", "Acne"),
    ("Malignant melanoma", "Melanoma"),
    ("Healthy", "Normal"),
    ("Normal skin", "Normal"),
    ("Periorificial dermatitis", "Perioral Dermatitis"),
    ("Acne rosacea", "Rosacea"),
    ("Wart", "Warts"),
    ("Verruca", "Warts"),
    ("Atopic dermatitis", "Eczema"),
    ("Chloasma", "Melasma"),
    ("Seborrhoeic dermatitis", "Seborrheic Dermatitis"),
    ("Seborrheic eczema", "Seborrheic Dermatitis"),
    ("No visible condition", "Normal"),
    ("BCC", "Basal cell carcinoma"),
    ("SCC", "Squamous cell carcinoma"),
    ("Nevus", "Mole"),
    ("Moles", "Mole"),
    ("Hidradenitis", "Hidradenitis suppurativa"),
    ("Lupus", "Cutaneous lupus"),
    ("Molluscum", "Molluscum contagiosum"),
    ("Steroid dermatitis", "Steroid-induced dermatitis"),
    ("Tinea", "Fungal infection (tinea)"),
    ("Ringworm", "Fungal infection (tinea)"),
    ("Cold sores", "Herpes simplex"),
];

pub(super) const ENTRIES: &[Entry] = &[
    // NHS: Acne; AAD: Acne, diagnosis and treatment.
    Entry {
        name: "Acne",
        treatments: &[
            "Wash the affected skin gently, at most twice a day, with a mild cleanser and lukewarm water.",
            "A pharmacist can advise on gels or creams without prescription, such as those with benzoyl peroxide; they take weeks to work and may irritate at first.",
            "If it is painful, leaves scars, weighs on you or has not improved after some weeks, see a doctor, who can talk with you about stronger treatments.",
            "Tell whoever treats you if you are pregnant or may become so: some acne medicines must not be used then.",
        ],
        prevention: &[
            "Do not squeeze or pick spots: it can leave scars.",
            "Choose make-up, sunscreen and moisturiser that are labelled as not blocking pores.",
            "Take make-up off before going to bed, and wash after sweating.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/acne/",
            "https://www.aad.org/public/diseases/acne",
        ],
    },
    // NHS: Melanoma skin cancer; AAD: Melanoma.
    Entry {
        name: "Melanoma",
        treatments: &[
            "Have this seen by a doctor as soon as possible: a picture can neither confirm nor rule out a melanoma.",
            "Do not treat, cut or cover the spot yourself, and use no creams or home remedies on it.",
            "If a doctor suspects a melanoma, it is usually removed and looked at in a laboratory; further treatment is planned by specialists. Found early, it can often be treated well.",
        ],
        prevention: &[
            "Stay in the shade when the sun is strong, cover up, and use a broad-spectrum sunscreen with a high factor on what is left bare.",
            "Do not use sunbeds.",
            "Look over your skin regularly, and have a doctor see any spot that is new, changes, bleeds, or looks unlike the others.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/melanoma-skin-cancer/",
            "https://www.aad.org/public/diseases/skin-cancer/types/common/melanoma",
        ],
    },
    // AAD: Skin care basics.
    Entry {
        name: "Normal",
        treatments: &[
            "Nothing in the picture stood out, so nothing needs treatment for it. A picture can miss things.",
            "If something on your skin worries you, is new, changes or does not heal, have it seen by a doctor.",
        ],
        prevention: &[
            "Cleanse gently, moisturise when the skin is dry, and protect it from the sun.",
            "Do not smoke: it ages the skin and slows its healing.",
            "Look over your skin from time to time, so that you notice changes.",
        ],
        resources: &[
            "https://www.aad.org/public/everyday-care/skin-care-basics",
            "https://medlineplus.gov/skinconditions.html",
        ],
    },
    // AAD and DermNet: Perioral dermatitis.
    Entry {
        name: "Perioral Dermatitis",
        treatments: &[
            "See a doctor or pharmacist: the rash looks like others that need other care.",
            "Keep to washing with warm water and a mild, unscented cleanser, and leave out cosmetics on the rash.",
            "Steroid creams on the face can cause it or make it worse. If you use one on prescription, ask your doctor how to stop, since the rash may flare up for a while.",
            "A doctor can talk with you about creams or tablets if it does not go away.",
        ],
        prevention: &[
            "Do not put steroid creams on the face unless a doctor has told you to.",
            "Use few and plain products on the face; heavy creams and scented ones can bring it back.",
            "Some people do better without toothpaste that contains fluoride; ask your dentist first.",
        ],
        resources: &[
            "https://www.aad.org/public/diseases/a-z/perioral-dermatitis",
            "https://dermnetnz.org/topics/periorificial-dermatitis",
        ],
    },
    // NHS: Rosacea; AAD: Rosacea.
    Entry {
        name: "Rosacea",
        treatments: &[
            "See a doctor: it can be treated, though not cured, and looks like other conditions.",
            "Use mild, unscented cleansers and moisturisers; stop what stings.",
            "A doctor can talk with you about creams, tablets, or light treatment for redness.",
            "If your eyes are sore, gritty or sensitive to light, have them seen soon.",
        ],
        prevention: &[
            "Protect your face from the sun every day with a broad-spectrum sunscreen made for sensitive skin.",
            "Note what brings on flushing, such as heat, alcohol, hot drinks, spicy food or stress, and avoid what you can.",
            "Keep the face warm in cold wind.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/rosacea/",
            "https://www.aad.org/public/diseases/rosacea",
        ],
    },
    // NHS: Warts and verrucas; AAD: Warts.
    Entry {
        name: "Warts",
        treatments: &[
            "Most go away by themselves, though it may take months or years.",
            "Have warts on the face seen by a doctor: products for hands and feet, such as those with salicylic acid or for freezing, can harm facial skin.",
            "See a doctor if you are not sure that it is a wart, if it bleeds, changes, hurts or spreads, or if your immune system is weakened.",
        ],
        prevention: &[
            "Do not scratch, bite or shave over warts: it spreads them.",
            "Do not share towels, flannels, razors or shoes.",
            "Wash your hands after touching a wart, and cover it when swimming.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/warts-and-verrucas/",
            "https://www.aad.org/public/diseases/a-z/warts-overview",
        ],
    },
    // NHS: Atopic eczema; AAD: Eczema.
    Entry {
        name: "Eczema",
        treatments: &[
            "Moisturise often and generously with an unscented emollient, also when the skin looks well.",
            "Wash with lukewarm water and an emollient in place of soap, and pat the skin dry.",
            "A doctor or pharmacist can advise on creams that calm a flare-up; on the face they need particular care.",
            "See a doctor soon if the skin weeps, crusts, becomes hot or very painful, or if you have a fever: it may be infected.",
        ],
        prevention: &[
            "Find out and avoid what sets it off, such as wool, soaps, scents, heat or dust.",
            "Keep nails short, and press or pat the skin when it itches.",
            "Put an emollient on after every wash.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/atopic-eczema/",
            "https://www.aad.org/public/diseases/eczema",
        ],
    },
    // AAD: Melasma.
    Entry {
        name: "Melasma",
        treatments: &[
            "Sun protection is the base of every treatment: without it the patches come back.",
            "See a doctor before using bleaching products: some harm the skin or make patches darker, and other spots look alike.",
            "A doctor can talk with you about creams or procedures that lighten the patches.",
            "Patches that came with a pregnancy or with hormones may fade by themselves afterwards.",
        ],
        prevention: &[
            "Use a broad-spectrum sunscreen with a high factor every day; one with iron oxides protects from visible light as well.",
            "Wear a hat with a wide brim, and stay in the shade.",
            "Use gentle products: what burns or irritates can darken the patches.",
        ],
        resources: &[
            "https://www.aad.org/public/diseases/a-z/melasma-overview",
            "https://medlineplus.gov/ency/article/000836.htm",
        ],
    },
    // AAD and MedlinePlus: Seborrheic dermatitis.
    Entry {
        name: "Seborrheic Dermatitis",
        treatments: &[
            "A pharmacist can advise on medicated shampoos for the scalp and on creams against yeast for the face.",
            "Wash gently and regularly; loosen thick scales with oil before washing, and do not scratch them off.",
            "See a doctor if it does not improve within some weeks, spreads, or becomes painful.",
        ],
        prevention: &[
            "It tends to come back: go on with the care that helped, less often.",
            "Avoid products with alcohol, which dry and irritate.",
            "Rest and less stress help some people.",
        ],
        resources: &[
            "https://www.aad.org/public/diseases/a-z/seborrheic-dermatitis-overview",
            "https://medlineplus.gov/ency/article/000963.htm",
        ],
    },
    // NHS: Psoriasis; AAD: Psoriasis.
    Entry {
        name: "Psoriasis",
        treatments: &[
            "Moisturise with an unscented emollient: it eases itching and scaling.",
            "See a doctor, who can talk with you about creams, light treatment or medicines; on the face they need particular care.",
            "Tell your doctor about stiff, swollen or painful joints.",
        ],
        prevention: &[
            "Note what brings on flare-ups, such as stress, injuries of the skin, infections or some medicines.",
            "Do not smoke, and drink little alcohol.",
            "Do not stop a treatment on your own: ask first.",
        ],
        resources: &[
            "https://www.nhs.uk/conditions/psoriasis/",
            "https://www.aad.org/public/diseases/psoriasis",
        ],
    },
];
