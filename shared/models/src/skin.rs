//! What a picture of skin looks like, for both skin products, and whether it shows skin at all.
//!
//! Three heads on one [`EfficientNetLite0`], fine-tuned by `training/train_skin.py`; what it can and cannot do is in
//! `weights/skin_efficientnet_lite0.md`. Not a medical device: it must never be used to rule anything out, melanoma
//! least of all. What may be made of its probabilities is in `domain::skin_reading`.

use crate::ModelError;
use crate::efficientnet::{EfficientNetLite0, SIZE};
use crate::face::{FaceBox, PixelBox};
use crate::heads::{Head, softmax};
use crate::kernels::Kernels;
use crate::picture::Picture;
use crate::weights::Weights;
use candle_core::{Device, Tensor};
use domain::condition::Condition;
use domain::skin::SkinCondition;
use domain::skin_reading::{SkinReading, SkinThresholds};
use serde::Deserialize;

/// A face is shown to the network with this much of its longer side around it, as in training.
pub const FACE_MARGIN: f32 = 0.5;

static WEIGHTS: &[u8] = include_bytes!("../weights/skin_efficientnet_lite0.safetensors");
/// Written by `training/train_skin.py` beside the weights, in the form of `sha256sum`.
static WEIGHTS_SHA256: &str = include_str!("../weights/skin_efficientnet_lite0.sha256");
/// The names of the outputs and the thresholds, by the same script.
static CARD: &str = include_str!("../weights/skin_efficientnet_lite0.json");

/// The outputs of the head `subject`.
const SKIN: &str = "skin";
const TEETH: &str = "teeth";

/// The classifier. Loading takes tens of milliseconds; one classifier serves many pictures.
pub struct SkinClassifier {
    backbone: EfficientNetLite0,
    classes: Head,
    conditions: Head,
    subject: Head,
    card: SkinCard,
}

/// Which model answers, what its outputs mean, and from when on they are believed.
#[derive(Debug, Clone, Deserialize)]
pub struct SkinCard {
    pub name: String,
    pub version: String,
    pub classes: Vec<SkinCondition>,
    pub conditions: Vec<Condition>,
    subjects: Vec<String>,
    classifier_temperature: f32,
    conditions_temperature: f32,
    class_thresholds: Vec<f32>,
    condition_thresholds: Vec<f32>,
    skin_threshold: f32,
    scope_conditions: Vec<Condition>,
    scope_threshold: f32,
    pub teeth_threshold: f32,
    melanoma_referral: f32,
    malignant_conditions: Vec<Condition>,
    malignant_referral: f32,
}

impl SkinCard {
    fn read() -> Result<Self, ModelError> {
        serde_json::from_str(CARD).map_err(|error| ModelError::MalformedCard(error.to_string()))
    }

    /// Of the weights' file, in hexadecimal.
    #[must_use]
    pub fn weights_sha256(&self) -> &'static str {
        WEIGHTS_SHA256.get(..64).unwrap_or(WEIGHTS_SHA256)
    }

    #[must_use]
    pub fn thresholds(&self) -> SkinThresholds {
        let (classes, conditions) = (self.classes.iter().copied(), self.conditions.iter().copied());
        SkinThresholds {
            skin: self.skin_threshold,
            classes: classes.zip(self.class_thresholds.iter().copied()).collect(),
            conditions: conditions.zip(self.condition_thresholds.iter().copied()).collect(),
            scope: self.scope_threshold,
            scope_conditions: self.scope_conditions.clone(),
            melanoma_referral: self.melanoma_referral,
            malignant_referral: self.malignant_referral,
            malignant_conditions: self.malignant_conditions.clone(),
        }
    }
}

/// The backbone's view of one picture: what heads of other models may be put on.
pub struct Seen {
    /// (1, 1280, 7, 7): where in the picture.
    pub(crate) map: Tensor,
    /// (1, 1280): their mean.
    pub(crate) features: Tensor,
}

impl SkinClassifier {
    pub fn load() -> Result<Self, ModelError> {
        Self::load_with(Kernels::Fused)
    }

    /// With [`Kernels::Stock`] the same network runs on Candle's own operations, to measure against.
    pub fn load_with(kernels: Kernels) -> Result<Self, ModelError> {
        let (weights, card) = (Weights::read(WEIGHTS)?, SkinCard::read()?);
        Ok(Self {
            backbone: EfficientNetLite0::load(&weights, kernels)?,
            classes: Head::load(&weights, "classifier", card.classes.len())?,
            conditions: Head::load(&weights, "conditions", card.conditions.len())?,
            subject: Head::load(&weights, "subject", card.subjects.len())?,
            card,
        })
    }

    #[must_use]
    pub fn card(&self) -> &SkinCard {
        &self.card
    }

    /// Looks at the face and a margin around it; at the whole picture if no face is given.
    pub fn classify(&self, picture: &Picture, face: Option<FaceBox>) -> Result<SkinReading, ModelError> {
        let part = face.map_or(picture.whole(), |face| {
            face.around(picture.width(), picture.height(), FACE_MARGIN)
        });
        self.read(&self.look(picture, part)?)
    }

    /// The whole picture, for more than one reading of it.
    pub fn look_at_whole(&self, picture: &Picture) -> Result<Seen, ModelError> {
        self.look(picture, picture.whole())
    }

    pub fn read(&self, seen: &Seen) -> Result<SkinReading, ModelError> {
        let classes = softmax(&self.classes.logits(&seen.features)?, self.card.classifier_temperature);
        let conditions = softmax(
            &self.conditions.logits(&seen.features)?,
            self.card.conditions_temperature,
        );
        let subjects = softmax(&self.subject.logits(&seen.features)?, 1.0);
        let subject = |name: &str| {
            let place = self.card.subjects.iter().position(|subject| subject == name);
            place.and_then(|place| subjects.get(place)).copied().unwrap_or(0.0)
        };
        Ok(SkinReading {
            skin: subject(SKIN),
            teeth: subject(TEETH),
            classes: self.card.classes.iter().copied().zip(classes).collect(),
            conditions: self.card.conditions.iter().copied().zip(conditions).collect(),
        })
    }

    /// Of the three heads, before their temperatures: classes, conditions, subject.
    pub fn logits(&self, seen: &Seen) -> Result<[Vec<f32>; 3], ModelError> {
        Ok([
            self.classes.logits(&seen.features)?,
            self.conditions.logits(&seen.features)?,
            self.subject.logits(&seen.features)?,
        ])
    }

    fn look(&self, picture: &Picture, part: PixelBox) -> Result<Seen, ModelError> {
        let side = SIZE as u32;
        let map = self.backbone.map(&input(picture.resized(part, side, side).as_raw())?)?;
        let features = map.mean((2, 3))?;
        Ok(Seen { map, features })
    }
}

/// Bytes of 224×224 RGB as (1, 3, 224, 224), each value (x − 127) / 128.
fn input(pixels: &[u8]) -> Result<Tensor, ModelError> {
    let plane = |channel: usize| {
        pixels
            .iter()
            .skip(channel)
            .step_by(3)
            .map(|value| (f32::from(*value) - 127.0) / 128.0)
    };
    let values: Vec<f32> = (0..3).flat_map(plane).collect();
    Ok(Tensor::from_vec(values, (1, 3, SIZE, SIZE), &Device::Cpu)?)
}
