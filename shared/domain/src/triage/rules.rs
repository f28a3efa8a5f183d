//! The red flags: a static table, so that an answer can be traced to a rule and its version.
//!
//! Raise a rule's version with any change of what it matches. Every rule has its six kinds of cases in `cases.rs`.

use super::answer::RedFlag;
use super::report::{Report, Severity};
use super::signs::{LEXICON, Sign};
use super::text::{Standing, clauses};
use super::urgency::{Specialist, Urgency};

/// What a rule asks for beside signs.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// Told of the present; of [`ALWAYS_NOW`] whenever it was.
    Has(Sign),
    /// Told of the present or known from history and medicines.
    Known(Sign),
    AtLeast(Severity),
    YoungerThan(u8),
    OlderThan(u8),
    Months {
        under: u32,
    },
    MaybeInfant,
}

/// One red flag: it is raised if all needs of any of its ways are met.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub version: u16,
    pub urgency: Urgency,
    pub specialist: Specialist,
    pub any: &'static [&'static [Need]],
}

use Need::{AtLeast, Has, Known, MaybeInfant, Months, OlderThan, YoungerThan};
use Sign as S;
use Specialist as P;
use Urgency::{Emergency, High};

const fn rule(id: &'static str, urgency: Urgency, specialist: Specialist, any: &'static [&'static [Need]]) -> Rule {
    Rule {
        id,
        version: 2,
        urgency,
        specialist,
        any,
    }
}

/// The table, gravest conditions first within a field.
pub static RULES: &[Rule] = &[
    rule("chest_pain", Emergency, P::Cardiologist, &[&[Has(S::ChestPain)]]),
    rule(
        "heart_attack_pattern",
        Emergency,
        P::Cardiologist,
        &[
            &[Has(S::Radiating), Has(S::Sweating)],
            &[Has(S::Radiating), Has(S::BreathTrouble)],
            &[Has(S::ChestPain), Has(S::Sweating)],
            &[Has(S::ChestPain), Has(S::Radiating)],
        ],
    ),
    rule(
        "stroke_signs",
        Emergency,
        P::Neurologist,
        &[
            &[Has(S::FaceDroop)],
            &[Has(S::OneSideWeak)],
            &[Has(S::SpeechTrouble)],
            &[Has(S::StrokeNamed)],
        ],
    ),
    rule(
        "breathing_trouble",
        Emergency,
        P::EmergencyMedicine,
        &[&[Has(S::BreathTrouble)]],
    ),
    rule("airway_noise", Emergency, P::EarNoseThroat, &[&[Has(S::Stridor)]]),
    rule(
        "heavy_bleeding",
        Emergency,
        P::EmergencyMedicine,
        &[&[Has(S::HeavyBleeding)]],
    ),
    rule(
        "anaphylaxis",
        Emergency,
        P::EmergencyMedicine,
        &[
            &[Has(S::ThroatSwelling)],
            &[Has(S::Allergen), Has(S::BreathTrouble)],
            &[Has(S::Allergen), Has(S::Rash), Has(S::Vomiting)],
            &[Has(S::Allergen), Has(S::LostConsciousness)],
        ],
    ),
    rule(
        "meningitis_signs",
        Emergency,
        P::EmergencyMedicine,
        &[
            &[Has(S::Fever), Has(S::StiffNeck)],
            &[Has(S::Headache), Has(S::StiffNeck)],
            &[Has(S::NonBlanching)],
            &[Has(S::Fever), Has(S::Headache), Has(S::LightHurts)],
        ],
    ),
    rule(
        "sepsis_signs",
        Emergency,
        P::EmergencyMedicine,
        &[
            &[Has(S::Fever), Has(S::Confusion)],
            &[Has(S::Fever), Has(S::RacingOrCold)],
        ],
    ),
    rule("suicidal_intent", Emergency, P::Psychiatrist, &[&[Has(S::Suicidal)]]),
    rule(
        "overdose_or_poisoning",
        Emergency,
        P::EmergencyMedicine,
        &[&[Has(S::Overdose)]],
    ),
    rule(
        "sudden_worst_headache",
        Emergency,
        P::Neurologist,
        &[&[Has(S::WorstHeadache)]],
    ),
    rule(
        "loss_of_consciousness",
        Emergency,
        P::EmergencyMedicine,
        &[&[Has(S::LostConsciousness)]],
    ),
    rule("seizure", Emergency, P::Neurologist, &[&[Has(S::Seizure)]]),
    rule(
        "pregnancy_bleeding",
        Emergency,
        P::Gynaecologist,
        &[&[Known(S::Pregnant), Has(S::VaginalBleeding)]],
    ),
    rule(
        "pregnancy_warning",
        Emergency,
        P::Gynaecologist,
        &[
            &[Known(S::Pregnant), Has(S::ReducedMovement)],
            &[Known(S::Pregnant), Has(S::Headache), Has(S::VisionLoss)],
            &[Known(S::Pregnant), Has(S::Headache), Has(S::VisionBlurred)],
            &[Known(S::Pregnant), Has(S::SevereBellyPain)],
            &[Known(S::Pregnant), Has(S::BellyPain), AtLeast(Severity::Severe)],
        ],
    ),
    rule(
        "testicular_torsion",
        Emergency,
        P::Urologist,
        &[&[Has(S::TesticlePain)]],
    ),
    rule(
        "cauda_equina",
        Emergency,
        P::Neurologist,
        &[
            &[Has(S::SaddleNumb)],
            &[Has(S::BackPain), Has(S::BladderLost)],
            &[Has(S::LegsWeak), Has(S::BladderLost)],
        ],
    ),
    rule(
        "acute_abdomen",
        Emergency,
        P::Surgeon,
        &[
            &[Has(S::RigidBelly)],
            &[Has(S::SevereBellyPain), Has(S::Vomiting)],
            &[Has(S::SevereBellyPain), Has(S::Fever)],
            &[Has(S::BellyPain), AtLeast(Severity::Critical)],
        ],
    ),
    rule(
        "severe_abdominal_pain",
        High,
        P::Surgeon,
        &[
            &[Has(S::SevereBellyPain)],
            &[Has(S::BellyPain), AtLeast(Severity::Severe)],
        ],
    ),
    rule(
        "infant_fever",
        Emergency,
        P::Paediatrician,
        &[&[Has(S::Fever), Months { under: 3 }], &[Has(S::Fever), MaybeInfant]],
    ),
    rule(
        "diabetic_ketoacidosis",
        Emergency,
        P::Endocrinologist,
        &[
            &[Known(S::DiabetesKnown), Has(S::KetoSigns)],
            &[Known(S::DiabetesKnown), Has(S::Confusion)],
        ],
    ),
    rule(
        "eye_emergency",
        Emergency,
        P::Ophthalmologist,
        &[&[Has(S::VisionLoss)], &[Has(S::EyeInjury)]],
    ),
    rule(
        "severe_burn",
        Emergency,
        P::EmergencyMedicine,
        &[
            &[Has(S::BigBurn)],
            &[Has(S::Burn), YoungerThan(5)],
            &[Has(S::Burn), OlderThan(70)],
        ],
    ),
    rule(
        "head_injury",
        Emergency,
        P::EmergencyMedicine,
        &[
            &[Has(S::HeadInjury), Has(S::Vomiting)],
            &[Has(S::HeadInjury), Has(S::Confusion)],
            &[Has(S::HeadInjury), Has(S::LostConsciousness)],
        ],
    ),
    rule(
        "spinal_injury",
        Emergency,
        P::EmergencyMedicine,
        &[&[Has(S::SpinalInjury)]],
    ),
    rule(
        "gastrointestinal_bleeding",
        Emergency,
        P::Gastroenterologist,
        &[&[Has(S::VomitBlood)], &[Has(S::BlackStool)]],
    ),
    rule("coughing_blood", High, P::Pulmonologist, &[&[Has(S::CoughBlood)]]),
    rule("leg_clot", High, P::Haematologist, &[&[Has(S::LegSwelling)]]),
    rule("limb_without_blood", Emergency, P::Surgeon, &[&[Has(S::LimbPale)]]),
    rule("heat_stroke", Emergency, P::EmergencyMedicine, &[&[Has(S::Heat)]]),
    rule(
        "dehydration",
        High,
        P::GeneralPractitioner,
        &[
            &[Has(S::Diarrhoea), Has(S::Dehydrated)],
            &[Has(S::Vomiting), Has(S::Dehydrated)],
        ],
    ),
    rule("psychosis_with_danger", High, P::Psychiatrist, &[&[Has(S::Psychosis)]]),
    rule("skin_peeling", Emergency, P::Dermatologist, &[&[Has(S::Blistering)]]),
    rule(
        "fever_without_defences",
        Emergency,
        P::Infectiologist,
        &[&[Has(S::Fever), Known(S::Chemo)]],
    ),
];

/// These are never taken for history: who tells of them is asked about them at once.
const ALWAYS_NOW: &[Sign] = &[S::Suicidal, S::Overdose, S::BreathTrouble, S::ThroatSwelling];

/// What a report shows to the rules.
struct Shown {
    now: Vec<Option<Standing>>,
    before: Vec<Option<Standing>>,
    severity: Severity,
    age: Option<u8>,
    months: Option<u32>,
}

impl Shown {
    fn has(&self, sign: Sign) -> bool {
        match self.now.get(sign as usize).copied().flatten() {
            Some(Standing::Present) => true,
            Some(Standing::Elsewhere) => ALWAYS_NOW.contains(&sign),
            Some(Standing::Denied) | None => false,
        }
    }

    fn meets(&self, need: Need) -> bool {
        match need {
            Has(sign) => self.has(sign),
            // A list of illnesses is history by nature; only "no diabetes" takes one away.
            Known(sign) => {
                self.has(sign)
                    || self
                        .before
                        .get(sign as usize)
                        .copied()
                        .flatten()
                        .is_some_and(|s| s != Standing::Denied)
            }
            AtLeast(severity) => self.severity >= severity,
            YoungerThan(years) => self.age.is_some_and(|age| age < years),
            OlderThan(years) => self.age.is_some_and(|age| age > years),
            Months { under } => self.months.is_some_and(|months| months < under),
            // Nought years may be a week: only stated months rule it out.
            MaybeInfant => self.age == Some(0) && self.months.is_none(),
        }
    }
}

/// What the rules found in a report.
pub(super) struct Found {
    /// In the table's order.
    pub flags: Vec<RedFlag>,
    /// Whether anything that is wrong was recognised at all.
    pub complains: bool,
}

/// These alone are no complaint.
const CIRCUMSTANCES: &[Sign] = &[S::Allergen, S::Pregnant, S::Baby, S::DiabetesKnown, S::Chemo];

/// Red flags of a report, in the table's order. It depends on nothing but the report.
#[must_use]
pub fn red_flags(report: &Report) -> Vec<RedFlag> {
    find(report).flags
}

pub(super) fn find(report: &Report) -> Found {
    let complaints = clauses(&report.complaints());
    let shown = Shown {
        now: LEXICON.read(&complaints),
        before: LEXICON.read(&clauses(&report.background())),
        severity: report.severity(),
        age: report.age,
        months: months(&complaints),
    };
    let raised = RULES
        .iter()
        .filter(|rule| rule.any.iter().any(|way| way.iter().all(|need| shown.meets(*need))));
    let is_circumstance = |at: usize| CIRCUMSTANCES.iter().any(|sign| *sign as usize == at);
    let mut present = shown
        .now
        .iter()
        .enumerate()
        .filter(|(_, s)| **s == Some(Standing::Present));
    Found {
        flags: raised.map(RedFlag::of).collect(),
        complains: present.any(|(at, _)| !is_circumstance(at)),
    }
}

/// An infant's age in months, where a clause gives one; a span without "old" is how long an illness lasts.
fn months(clauses: &[super::text::Clause]) -> Option<u32> {
    const OLD: &[&str] = &[
        "old",
        "baby",
        "newborn",
        "infant",
        "bebe",
        "nacido",
        "nacida",
        "edad",
        "शिशु",
        "नवजात",
        "का",
        "की",
        "बच्चा",
        "बच्ची",
        "bachcha",
        "shishu",
        "son",
        "daughter",
        "hijo",
        "hija",
    ];
    const NEWBORN: &[&str] = &["newborn", "neonate", "neonato", "नवजात", "navjat"];
    let in_clause = |clause: &super::text::Clause| {
        let words: Vec<&str> = clause.0.iter().map(|token| token.word.as_str()).collect();
        let spans = words.windows(2).find_map(|pair| {
            let number: u32 = pair[0].parse().ok()?;
            match pair[1] {
                "day" | "days" | "dias" | "दिन" | "din" => Some(number / 30),
                "week" | "weeks" | "semanas" | "semana" | "हफ्ते" | "hafte" => Some(number / 4),
                "month" | "months" | "meses" | "mes" | "महीने" | "mahine" | "माह" => Some(number),
                _ => None,
            }
        });
        let is_age = words.iter().any(|word| OLD.contains(word));
        let newborn = words.iter().any(|word| NEWBORN.contains(word)).then_some(0);
        spans.filter(|_| is_age).or(newborn)
    };
    clauses.iter().find_map(in_clause)
}
