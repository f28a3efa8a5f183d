//! The answer of the symptom checker, and how the opinions of rules and engines become one.

use serde::{Deserialize, Serialize};

use super::report::{Report, Severity};
use super::rules::{self, Rule};
use super::urgency::{Specialist, Urgency};
use super::wording;
use crate::language::Language;

const MAX_CONDITIONS: usize = 5;

/// A rule that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RedFlag {
    pub rule: &'static str,
    pub version: u16,
    pub urgency: Urgency,
    #[serde(skip)]
    pub specialist: Specialist,
}

impl RedFlag {
    pub(super) fn of(rule: &Rule) -> Self {
        Self {
            rule: rule.id,
            version: rule.version,
            urgency: rule.urgency,
            specialist: rule.specialist,
        }
    }
}

/// Who named the conditions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    #[default]
    LocalRuleBased,
    Huggingface,
    Gemini,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PossibleCondition {
    pub condition: String,
    /// 0 to 1.
    pub confidence: f64,
    pub icd10_code: Option<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Recommendation {
    pub action: String,
    pub urgency: Urgency,
    pub description: String,
    pub suggested_specialist: Option<String>,
}

/// What an engine thinks. The local engine and any outer one give the same; nothing in it is trusted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Opinion {
    pub conditions: Vec<PossibleCondition>,
    pub urgency: Urgency,
    pub specialist: Specialist,
    pub engine: Engine,
    /// Whether it recognised anything that is wrong.
    pub understood: bool,
}

/// What endpoint #103 answers with.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SymptomAnswer")]
pub struct Answer {
    pub possible_conditions: Vec<PossibleCondition>,
    pub primary_recommendation: Recommendation,
    pub additional_recommendations: Vec<Recommendation>,
    pub confidence_score: f64,
    pub ai_service_used: Engine,
    pub disclaimer: String,
    /// What the rules found, whatever an engine says.
    pub red_flags: Vec<RedFlag>,
    pub emergency_number: &'static str,
    /// False where nothing that was written was recognised: then nothing here says how urgent it is.
    pub understood: bool,
    /// Neither in an emergency nor where nothing was understood: a slot next week is no answer to that.
    pub books_routine_slot: bool,
}

/// One answer of the report's red flags, the local opinion and perhaps an outer one, whose conditions go before.
///
/// The urgency is the highest of all. Which flags are raised and, where any is, the primary recommendation depend on
/// the report alone if the flags reach [`Urgency::Emergency`].
#[must_use]
pub fn merge(
    report: &Report,
    local: &Opinion,
    outer: Option<&Opinion>,
    language: Language,
    emergency_number: &'static str,
) -> Answer {
    let rules::Found { flags, complains } = rules::find(report);
    let flagged = flags.iter().max_by_key(|flag| flag.urgency).copied();
    let named = outer
        .filter(|opinion| !tidy(&opinion.conditions).is_empty())
        .unwrap_or(local);
    let urgency = [
        flagged.map_or(Urgency::Low, |flag| flag.urgency),
        of_severity(report.severity()),
        local.urgency,
        outer.map_or(Urgency::Low, |opinion| opinion.urgency),
    ];
    let urgency = urgency.into_iter().max().unwrap_or_default();
    // `max_by_key` takes the last of equals; the table has the graver first.
    let first = flags
        .iter()
        .find(|flag| Some(flag.urgency) == flagged.map(|flag| flag.urgency));
    let specialist = first.map_or(named.specialist, |flag| flag.specialist);
    let possible_conditions = tidy(&named.conditions);
    let understood = complains || named.understood;
    let (primary_recommendation, additional_recommendations) =
        wording::recommendations(urgency, understood, specialist, emergency_number, language);
    Answer {
        confidence_score: possible_conditions.first().map_or(0.0, |first| first.confidence),
        possible_conditions,
        primary_recommendation,
        additional_recommendations,
        ai_service_used: named.engine,
        disclaimer: wording::disclaimer(language).to_owned(),
        red_flags: flags,
        emergency_number,
        understood,
        books_routine_slot: understood && urgency < Urgency::Emergency,
    }
}

/// What a person calls severe is seen soon, though no rule knows it.
fn of_severity(severity: Severity) -> Urgency {
    match severity {
        Severity::Mild => Urgency::Low,
        Severity::Moderate => Urgency::Low,
        Severity::Severe | Severity::Critical => Urgency::High,
    }
}

/// At most five, surest first, each confidence within 0 and 1.
fn tidy(conditions: &[PossibleCondition]) -> Vec<PossibleCondition> {
    let named = conditions
        .iter()
        .filter(|each| !each.condition.trim().is_empty() && each.confidence.is_finite());
    let mut kept: Vec<PossibleCondition> = named.cloned().collect();
    for each in &mut kept {
        each.confidence = each.confidence.clamp(0.0, 1.0);
    }
    kept.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    kept.truncate(MAX_CONDITIONS);
    kept
}
