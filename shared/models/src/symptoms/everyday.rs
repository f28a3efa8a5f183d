//! Everyday conditions that the fitted knowledge base lacks. Set by hand, not fitted: how often each sign is told.

pub struct Everyday {
    pub name: &'static str,
    prior: f64,
    signs: &'static [(&'static str, f64)],
}

/// Of a sign that is not listed; as in `training/fit_symptoms.py`, or one side would win by its ignorance.
pub const RARE: f64 = 0.003;

pub static CONDITIONS: &[Everyday] = &[
    Everyday {
        name: "everyday:migraine",
        prior: -3.2,
        signs: &[
            ("pain", 0.95),
            ("pain_in_head", 0.95),
            ("nausea", 0.6),
            ("vomiting", 0.3),
            ("pain_throbbing", 0.5),
            ("everyday_light", 0.6),
            ("everyday_one_side", 0.5),
            ("dizzy", 0.15),
        ],
    },
    Everyday {
        name: "everyday:tension_headache",
        prior: -2.5,
        signs: &[
            ("pain", 0.95),
            ("pain_in_head", 0.98),
            ("pain_heavy", 0.3),
            ("tired", 0.2),
            ("anxious", 0.15),
        ],
    },
    Everyday {
        name: "everyday:gastroenteritis",
        prior: -2.8,
        signs: &[
            ("diarrhoea", 0.85),
            ("vomiting", 0.6),
            ("nausea", 0.75),
            ("pain", 0.7),
            ("pain_in_belly", 0.7),
            ("fever", 0.35),
            ("poor_appetite", 0.3),
            ("tired", 0.3),
        ],
    },
    Everyday {
        name: "everyday:urinary_infection",
        prior: -3.5,
        signs: &[
            ("everyday_urine", 0.9),
            ("pain", 0.5),
            ("pain_in_belly", 0.35),
            ("fever", 0.15),
        ],
    },
    Everyday {
        name: "everyday:back_strain",
        prior: -3.0,
        signs: &[
            ("pain", 0.98),
            ("pain_in_back", 0.95),
            ("worse_on_straining", 0.3),
            ("muscle_spasms", 0.2),
        ],
    },
    Everyday {
        name: "everyday:constipation",
        prior: -3.5,
        signs: &[
            ("everyday_constipation", 0.95),
            ("bloated", 0.4),
            ("pain", 0.4),
            ("pain_in_belly", 0.4),
        ],
    },
    Everyday {
        name: "everyday:belly_pain",
        prior: -3.4,
        signs: &[
            ("pain", 0.98),
            ("pain_in_belly", 0.95),
            ("bloated", 0.2),
            ("nausea", 0.2),
        ],
    },
    Everyday {
        name: "everyday:skin_irritation",
        prior: -3.4,
        signs: &[("skin_change", 0.95), ("itching", 0.7)],
    },
];

pub fn score(condition: &Everyday, said: &[&str]) -> f64 {
    let sign = |sign: &&str| {
        condition
            .signs
            .iter()
            .find(|(name, _)| name == sign)
            .map_or(RARE, |(_, often)| *often)
    };
    // Age and sex say nothing here: the same as an even spread over the fitted ones' bands and two sexes.
    condition.prior - 2.20 - 0.69 + said.iter().map(|each| sign(each).ln()).sum::<f64>()
}
