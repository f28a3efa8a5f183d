//! What can be seen on teeth, what an analysis says of it, and how it is kept.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{RecordNumber, UserId};
use crate::picture_link::PictureName;
use crate::prediction::ModelIdentity;

/// A label of the local model; the order has no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Finding {
    Calculus,
    Caries,
    Gingivitis,
    /// Never told: a picture cannot show that teeth are healthy.
    Healthy,
    #[serde(rename = "Mouth_Ulcer")]
    MouthUlcer,
    #[serde(rename = "Tooth_Discoloration")]
    ToothDiscoloration,
}

impl Finding {
    /// The class name and number that the dental clients know.
    #[must_use]
    pub const fn class(self) -> (&'static str, u8) {
        match self {
            Self::Caries => ("Caries", 0),
            Self::MouthUlcer => ("Ulcer", 1),
            Self::ToothDiscoloration => ("Tooth Discoloration", 2),
            Self::Gingivitis => ("Gingivitis", 3),
            Self::Calculus => ("Calculus", 4),
            Self::Healthy => ("Healthy", 5),
        }
    }

    /// In a patient's words.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Caries => (
                "a place that may be tooth decay",
                "A dentist can tell from up close; until then, brush twice a day with fluoride toothpaste and keep sugar to meals.",
            ),
            Self::MouthUlcer => (
                "a place that may be a mouth ulcer",
                "It usually heals within two weeks; if it does not, or keeps coming back, have it seen.",
            ),
            Self::ToothDiscoloration => (
                "teeth that may be discoloured",
                "A dentist can tell stains from changes of the tooth, and clean what can be cleaned.",
            ),
            Self::Gingivitis => (
                "gums that may be inflamed",
                "Brush the edge of the gums gently and clean between the teeth every day; if they still bleed after a week, see a dentist.",
            ),
            Self::Calculus => (
                "deposits that may be tartar",
                "Brushing does not remove it; a dentist or hygienist can.",
            ),
            Self::Healthy => ("", ""),
        }
    }

    /// What is left undone longest costs most.
    const fn severity(self) -> Severity {
        match self {
            Self::Caries | Self::MouthUlcer => Severity::Moderate,
            _ => Severity::Mild,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DentalSeverity")]
pub enum Severity {
    Mild,
    Moderate,
    Severe,
}

/// How long the text for the patient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Short,
    Usual,
    Long,
}

/// One finding in one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    pub finding: Finding,
    /// Calibrated, 0 to 1.
    pub confidence: f32,
    /// Left, top, right, bottom in pixels of the picture that was sent: an area, not an outline.
    pub area: [u32; 4],
}

/// What was made of one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DentalAnalysis {
    /// The dental clients know whole numbers.
    pub number: RecordNumber,
    pub patient: UserId,
    /// As it was sent.
    pub picture: PictureName,
    /// At most 150 pixels wide and high.
    pub thumbnail: PictureName,
    pub has_teeth: bool,
    pub detections: Vec<Detection>,
    pub text: String,
    pub model: ModelIdentity,
    pub created_at: Timestamp,
}

const EXPERIMENTAL: &str =
    "This is an experimental automatic comparison with pictures, not a dentist's examination; it can miss things.";
const NO_TEETH: &str = "The photo does not seem to show teeth, so nothing was looked for. Please send another one: \
     mouth open, lips held back, in even light, close and sharp.";
const NOTHING_FOUND: &str =
    "Nothing stood out in this photo. That does not mean that all is well: keep to your regular check-ups.";
/// From the last analysis to the next check-up.
pub const CHECK_UP: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Prose for the patient.
#[must_use]
pub fn text(has_teeth: bool, detections: &[Detection], detail: Detail) -> String {
    if !has_teeth {
        return NO_TEETH.to_owned();
    }
    if detections.is_empty() {
        return format!("{NOTHING_FOUND} {EXPERIMENTAL}");
    }
    let seen: Vec<&str> = detections.iter().map(|each| each.finding.words().0).collect();
    let mut text = format!(
        "The photo shows {}. Please have it seen by a dentist.",
        seen.join(", and ")
    );
    if detail != Detail::Short {
        for detection in detections {
            text.push(' ');
            text.push_str(detection.finding.words().1);
        }
    }
    if detail == Detail::Long {
        text.push_str(" Go soon if there is pain, swelling, fever or bleeding, and at once if you cannot swallow or breathe well.");
    }
    text.push(' ');
    text.push_str(EXPERIMENTAL);
    text
}

/// Of several pictures together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DentalReport {
    /// 0 to 5; 0 where no teeth were seen.
    pub health_score: f32,
    pub health_status: HealthStatus,
    pub risk_level: RiskLevel,
    pub detected_issues: Vec<Issue>,
    pub positive_aspects: Vec<PositiveAspect>,
    pub recommendations: Vec<Recommendation>,
    pub summary: String,
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

/// Each kind of finding once, by its surest detection.
fn distinct<'a>(analyses: impl Iterator<Item = &'a DentalAnalysis>) -> Vec<&'a Detection> {
    let mut found: Vec<&Detection> = Vec::new();
    for detection in analyses.flat_map(|analysis| &analysis.detections) {
        match found.iter_mut().find(|known| known.finding == detection.finding) {
            Some(known) if known.confidence < detection.confidence => *known = detection,
            Some(_) => {}
            None => found.push(detection),
        }
    }
    found
}

/// From 5, a point and a half off for each moderate kind of finding and one for each mild; a convention of ours, to
/// compare a person's pictures over time, not a clinical score.
fn score(found: &[&Detection]) -> f32 {
    let lost = |detection: &&Detection| {
        if detection.finding.severity() == Severity::Mild {
            1.0
        } else {
            1.5
        }
    };
    (5.0 - found.iter().map(lost).sum::<f32>()).max(1.0)
}

impl DentalReport {
    /// The score as a part of 100.
    #[must_use]
    pub fn health_of_100(&self) -> u8 {
        (self.health_score * 20.0) as u8
    }

    #[must_use]
    pub fn of(analyses: &[DentalAnalysis]) -> Self {
        let with_teeth = || analyses.iter().filter(|analysis| analysis.has_teeth);
        if with_teeth().next().is_none() {
            return Self::without_teeth();
        }
        let found = distinct(with_teeth());
        let health_score = score(&found);
        let (health_status, risk_level) = grade(health_score);
        Self {
            health_score,
            health_status,
            risk_level,
            detected_issues: found.iter().map(|detection| issue(detection)).collect(),
            positive_aspects: positive_aspects(&found),
            recommendations: recommendations(&found),
            summary: text(true, &found.into_iter().cloned().collect::<Vec<_>>(), Detail::Usual),
        }
    }

    fn without_teeth() -> Self {
        Self {
            health_score: 0.0,
            health_status: HealthStatus::Fair,
            risk_level: RiskLevel::Low,
            detected_issues: Vec::new(),
            positive_aspects: Vec::new(),
            recommendations: vec![Recommendation {
                recommendation: NO_TEETH.to_owned(),
                priority: Priority::High,
            }],
            summary: NO_TEETH.to_owned(),
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

fn positive_aspects(found: &[&Detection]) -> Vec<PositiveAspect> {
    let aspect = "Nothing stood out in the photos".to_owned();
    if found.is_empty() {
        vec![PositiveAspect { aspect }]
    } else {
        Vec::new()
    }
}

fn issue(detection: &Detection) -> Issue {
    Issue {
        issue: detection.finding.class().0.to_owned(),
        location: "the marked area of the photo".to_owned(),
        severity: detection.finding.severity(),
    }
}

fn recommendations(found: &[&Detection]) -> Vec<Recommendation> {
    let of = |detection: &&Detection| Recommendation {
        recommendation: detection.finding.words().1.to_owned(),
        priority: match detection.finding.severity() {
            Severity::Mild => Priority::Medium,
            Severity::Moderate | Severity::Severe => Priority::High,
        },
    };
    let always = Recommendation {
        recommendation: "See a dentist for a check-up at least once a year.".to_owned(),
        priority: Priority::Low,
    };
    found.iter().map(of).chain([always]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(has_teeth: bool, findings: &[(Finding, f32)]) -> DentalAnalysis {
        let now = Timestamp::UNIX_EPOCH;
        let detection = |(finding, confidence): &(Finding, f32)| Detection {
            finding: *finding,
            confidence: *confidence,
            area: [0, 0, 1, 1],
        };
        DentalAnalysis {
            number: RecordNumber::new(now, [0; 2]),
            patient: UserId::new(now, [0; 6]),
            picture: PictureName::new([0; 16]),
            thumbnail: PictureName::new([1; 16]),
            has_teeth,
            detections: findings.iter().map(detection).collect(),
            text: String::new(),
            model: ModelIdentity {
                name: String::new(),
                version: String::new(),
                weights_sha256: String::new(),
            },
            created_at: now,
        }
    }

    #[test]
    fn nothing_is_ever_called_healthy_or_excellent() {
        let report = DentalReport::of(&[analysis(true, &[])]);
        assert_eq!((report.health_score, report.health_status), (5.0, HealthStatus::Good));
        assert!(report.summary.contains("does not mean that all is well"));
        assert!(!report.summary.to_lowercase().contains("healthy"));
    }

    #[test]
    fn without_teeth_the_score_is_nought_and_another_photo_is_asked_for() {
        for analyses in [vec![], vec![analysis(false, &[(Finding::Caries, 0.9)])]] {
            let report = DentalReport::of(&analyses);
            assert_eq!(report.health_score, 0.0);
            assert!(report.detected_issues.is_empty() && report.summary.contains("another one"));
        }
    }

    #[test]
    fn a_kind_of_finding_counts_once_by_its_surest_detection() {
        let first = analysis(true, &[(Finding::Caries, 0.7), (Finding::Calculus, 0.9)]);
        let report = DentalReport::of(&[first, analysis(true, &[(Finding::Caries, 0.8)])]);
        assert_eq!((report.health_score, report.detected_issues.len()), (2.5, 2));
        assert_eq!(report.risk_level, RiskLevel::High);
    }

    #[test]
    fn texts_grow_with_the_detail_and_always_say_what_they_are() {
        let detections = analysis(true, &[(Finding::Gingivitis, 0.6)]).detections;
        let texts = [Detail::Short, Detail::Usual, Detail::Long].map(|detail| text(true, &detections, detail));
        assert!(texts[0].len() < texts[1].len() && texts[1].len() < texts[2].len());
        assert!(texts.iter().all(|text| text.contains("not a dentist's examination")));
    }
}
