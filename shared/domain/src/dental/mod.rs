//! What can be seen on teeth, who says so, and how it is kept.

mod report;
mod wording;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{RecordNumber, UserId};
use crate::picture_link::PictureName;
use crate::prediction::ModelIdentity;
use crate::refusal::{Kind, Refusal};

pub use report::{DentalReport, Issue};

/// From the last analysis to the next check-up.
pub const CHECK_UP: SignedDuration = SignedDuration::from_hours(180 * 24);

/// What can be found; the order has no meaning.
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
    /// Something that has no name here. No label of the local model.
    Other,
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
            Self::Other => ("Other", 6),
        }
    }

    /// What is left undone longest costs most; for where nobody said how bad it looks.
    const fn usual_severity(self) -> Severity {
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

/// Where in a mouth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    UpperFrontTeeth,
    UpperBackTeeth,
    LowerFrontTeeth,
    LowerBackTeeth,
    UpperGums,
    LowerGums,
    Tongue,
    Palate,
    LipsOrCheeks,
    SeveralPlaces,
    /// Where the local model marked it: it does not know what it looks at.
    MarkedArea,
}

/// How long the text for the patient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Short,
    Usual,
    Long,
}

/// One finding of the local model in one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    pub finding: Finding,
    /// Calibrated, 0 to 1.
    pub confidence: f32,
    /// Left, top, right, bottom in pixels of the picture that was sent: an area, not an outline.
    pub area: [u32; 4],
}

/// One finding as any engine can tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    pub finding: Finding,
    pub place: Place,
    pub severity: Severity,
}

impl Observation {
    fn of(detection: &Detection) -> Self {
        Self {
            finding: detection.finding,
            place: Place::MarkedArea,
            severity: detection.finding.usual_severity(),
        }
    }
}

/// Who judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DentalEngine")]
pub enum Engine {
    /// The experimental model in this product.
    Local,
    Gemini,
}

/// Which model judged. It tells the engine too, so that the two cannot contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "DentalModel")]
pub enum JudgingModel {
    Local(ModelIdentity),
    Hosted(HostedModel),
}

/// A model of another company: it has a name, and only that company knows its weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostedModel {
    pub provider: Provider,
    /// As it was asked for.
    pub name: String,
    /// As it called itself in its answer: names are routed to other models when theirs are switched off.
    pub version: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ModelProvider")]
pub enum Provider {
    Google,
}

impl JudgingModel {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Local(_) => Engine::Local,
            Self::Hosted(HostedModel {
                provider: Provider::Google,
                ..
            }) => Engine::Gemini,
        }
    }
}

/// What one engine made of one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub has_teeth: bool,
    /// Of the local model, which marks areas.
    pub detections: Vec<Detection>,
    /// Of an outer engine, which names places.
    #[serde(default)]
    pub observations: Vec<Observation>,
    pub model: JudgingModel,
    /// The engine that should have judged failed.
    #[serde(default)]
    pub is_fallback: bool,
    /// By which the local model judged. None where another engine did, and in entries from before they were kept.
    #[serde(default)]
    pub thresholds: Option<DentalThresholds>,
}

/// From which calibrated probability on the local model says something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DentalThresholds {
    /// That the picture shows teeth.
    pub teeth: f32,
    pub findings: IndexMap<Finding, f32>,
}

impl Judgement {
    /// What was found, whoever found it: each kind once for each place.
    pub fn findings(&self) -> Vec<Observation> {
        let detected = self.detections.iter().map(Observation::of);
        distinct(detected.chain(self.observations.iter().copied()))
    }

    /// Each kind of finding once.
    pub fn kinds(&self) -> Vec<Finding> {
        kinds(&self.findings())
    }

    /// The findings as the dental clients read them.
    pub fn issues(&self) -> Vec<Issue> {
        self.findings().iter().map(Issue::of).collect()
    }

    /// Prose for the patient. All words are ours: what an engine says freely is checked by nobody.
    pub fn text(&self, detail: Detail) -> String {
        wording::text(self.has_teeth, &self.findings(), self.model.engine(), detail)
    }
}

/// The same in the same place is one finding, as bad as the worst of it.
fn distinct(all: impl Iterator<Item = Observation>) -> Vec<Observation> {
    let mut found: Vec<Observation> = Vec::new();
    for each in all {
        let is_same = |known: &&mut Observation| (known.finding, known.place) == (each.finding, each.place);
        match found.iter_mut().find(is_same) {
            Some(known) => known.severity = known.severity.max(each.severity),
            None => found.push(each),
        }
    }
    found
}

/// Each once, wherever it is.
fn kinds(findings: &[Observation]) -> Vec<Finding> {
    let mut kinds = Vec::new();
    for each in findings {
        if !kinds.contains(&each.finding) {
            kinds.push(each.finding);
        }
    }
    kinds
}

/// What was made of one picture, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DentalAnalysis {
    /// The dental clients know whole numbers.
    pub number: RecordNumber,
    pub patient: UserId,
    /// As it was sent.
    pub picture: PictureName,
    /// At most 150 pixels wide and high.
    pub thumbnail: PictureName,
    pub text: String,
    #[serde(flatten)]
    pub judgement: Judgement,
    pub created_at: Timestamp,
}

/// The local model is experimental, so nobody judges teeth before an operator has said who shall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Photos of teeth are not judged here: the operator has chosen no engine for them")]
pub struct NoEngine;

impl Refusal for NoEngine {
    fn kind(&self) -> Kind {
        Kind::NotSetUp
    }

    fn code(&self) -> &'static str {
        "dental_engine_not_chosen"
    }
}

#[cfg(test)]
mod tests;
