//! One report over several pictures of teeth.

use schemars::JsonSchema;
use serde::Serialize;

use super::wording::{self, NO_PHOTO, NO_TEETH};
use super::{
    DentalAnalysis, DentalThresholds, Detail, Engine, Finding, JudgingModel, Observation, Severity, distinct, kinds,
};

/// Of several pictures together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DentalReport {
    /// False where no teeth were seen: then score, status and risk are the worst, and say nothing about anybody's teeth.
    pub assessed: bool,
    /// 0 to 5; 0 where no teeth were seen.
    pub health_score: f32,
    pub health_status: HealthStatus,
    pub risk_level: RiskLevel,
    pub detected_issues: Vec<Issue>,
    pub positive_aspects: Vec<PositiveAspect>,
    pub recommendations: Vec<Recommendation>,
    pub summary: String,
    /// Who judged all pictures that show teeth.
    pub engine: Engine,
    /// The engine that should have judged failed.
    pub fallback: bool,
    /// That judged; null where there was no picture.
    pub model: Option<JudgingModel>,
    /// By which the local model judged; null where another engine did.
    pub thresholds: Option<DentalThresholds>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    Excellent,
    Good,
    Fair,
    Poor,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    Low,
    Moderate,
    High,
    Critical,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Issue {
    pub issue: String,
    /// In plain words, without tooth numbers.
    pub location: String,
    pub severity: Severity,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PositiveAspect {
    pub aspect: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DentalRecommendation")]
pub struct Recommendation {
    pub recommendation: String,
    pub priority: Priority,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    Low,
    Medium,
    High,
}

/// How bad the worst of a kind of finding looks.
fn worst(findings: &[Observation], kind: Finding) -> Severity {
    let of_kind = findings.iter().filter(|each| each.finding == kind);
    of_kind.map(|each| each.severity).max().unwrap_or(Severity::Mild)
}

/// From 5, a point off for each kind of finding that looks mild, more for the others; a convention of ours, to compare a
/// person's pictures over time, not a clinical score.
fn score(findings: &[Observation]) -> f32 {
    let lost = |kind: Finding| match worst(findings, kind) {
        Severity::Mild => 1.0,
        Severity::Moderate => 1.5,
        Severity::Severe => 2.0,
    };
    (5.0 - kinds(findings).into_iter().map(lost).sum::<f32>()).max(1.0)
}

impl DentalReport {
    /// The score as a part of 100.
    #[must_use]
    pub fn health_of_100(&self) -> u8 {
        (self.health_score * 20.0) as u8
    }

    /// All pictures of a request are judged by one engine, so that it compares like with like.
    #[must_use]
    pub fn of(analyses: &[DentalAnalysis]) -> Self {
        let judgements = || analyses.iter().map(|analysis| &analysis.judgement);
        let is_by_gemini = judgements().any(|judgement| judgement.model.engine() == Engine::Gemini);
        let engine = if is_by_gemini { Engine::Gemini } else { Engine::Local };
        let fallback = judgements().any(|judgement| judgement.is_fallback);
        let with_teeth = || judgements().filter(|judgement| judgement.has_teeth);
        let by_engine = judgements().find(|judgement| judgement.model.engine() == engine);
        let unassessed = Self {
            engine,
            fallback,
            model: by_engine.map(|judgement| judgement.model.clone()),
            thresholds: by_engine.and_then(|judgement| judgement.thresholds.clone()),
            ..Self::unassessed(if analyses.is_empty() { NO_PHOTO } else { NO_TEETH })
        };
        if with_teeth().next().is_none() {
            return unassessed;
        }
        let findings = distinct(with_teeth().flat_map(|judgement| judgement.findings()));
        let health_score = score(&findings);
        let (health_status, risk_level) = grade(health_score);
        Self {
            assessed: true,
            health_score,
            health_status,
            risk_level,
            detected_issues: findings.iter().map(Issue::of).collect(),
            positive_aspects: positive_aspects(&findings),
            recommendations: recommendations(&findings),
            summary: wording::text(true, &findings, engine, Detail::Usual),
            ..unassessed
        }
    }

    fn unassessed(why: &str) -> Self {
        let health_score = 0.0;
        let (health_status, risk_level) = grade(health_score);
        Self {
            assessed: false,
            health_score,
            health_status,
            risk_level,
            detected_issues: Vec::new(),
            positive_aspects: Vec::new(),
            recommendations: vec![Recommendation {
                recommendation: why.to_owned(),
                priority: Priority::High,
            }],
            summary: why.to_owned(),
            engine: Engine::Local,
            fallback: false,
            model: None,
            thresholds: None,
        }
    }
}

fn grade(score: f32) -> (HealthStatus, RiskLevel) {
    match score {
        score if score >= 4.5 => (HealthStatus::Good, RiskLevel::Low),
        score if score >= 3.0 => (HealthStatus::Fair, RiskLevel::Moderate),
        _ => (HealthStatus::Poor, RiskLevel::High),
    }
}

fn positive_aspects(findings: &[Observation]) -> Vec<PositiveAspect> {
    let aspect = "Nothing stood out in the photos".to_owned();
    if findings.is_empty() {
        vec![PositiveAspect { aspect }]
    } else {
        Vec::new()
    }
}

impl Issue {
    pub(super) fn of(observation: &Observation) -> Self {
        Self {
            issue: observation.finding.class().0.to_owned(),
            location: observation.place.words().to_owned(),
            severity: observation.severity,
        }
    }
}

fn recommendations(findings: &[Observation]) -> Vec<Recommendation> {
    let of = |kind: Finding| Recommendation {
        recommendation: kind.words().1.to_owned(),
        priority: match worst(findings, kind) {
            Severity::Mild => Priority::Medium,
            Severity::Moderate | Severity::Severe => Priority::High,
        },
    };
    let always = Recommendation {
        recommendation: "See a dentist for a check-up at least once a year.".to_owned(),
        priority: Priority::Low,
    };
    kinds(findings).into_iter().map(of).chain([always]).collect()
}
