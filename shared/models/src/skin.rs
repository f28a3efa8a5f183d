//! What a picture of skin looks like, for both skin products, and whether it shows skin at all.
//!
//! Three heads on one [`EfficientNetLite0`], fine-tuned by `training/train_skin.py`; what it can and cannot do is in
//! `weights/skin_efficientnet_lite0.md`. Not a medical device: it must never be used to rule anything out, melanoma
//! least of all. What may be made of its probabilities is in `domain::skin_reading`.

use crate::ModelError;
use crate::card;
use crate::efficientnet::{EfficientNetLite0, SIZE};
use crate::face::FaceBox;
use crate::kernels::{Kernels, half::Aligned};
use crate::linear::{Linear, softmax};
use crate::picture::Picture;
use crate::weights::Weights;
use candle_core::{Device, Tensor};
use domain::condition::Condition;
use domain::prediction::ModelIdentity;
use domain::skin::SkinCondition;
use domain::skin_reading::{SkinReading, SkinThresholds};
use serde::Deserialize;

/// A face is shown to the network with this much of its longer side around it, as in training.
pub const FACE_MARGIN: f32 = 0.5;

/// `weights/skin_efficientnet_lite0.safetensors`, taken apart by `build.rs`.
static BACKBONE: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(
    env!("OUT_DIR"),
    "/skin_efficientnet_lite0.packed"
)));
static HEADS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/skin_efficientnet_lite0.heads"));
/// Written by `training/train_skin.py` beside the weights, in the form of `sha256sum`.
static WEIGHTS_SHA256: &str = include_str!("../weights/skin_efficientnet_lite0.sha256");
/// The names of the outputs and the thresholds, by the same script.
static CARD: &str = include_str!("../weights/skin_efficientnet_lite0.json");

/// The outputs of the head `subject`.
const SKIN: &str = "skin";
const TEETH: &str = "teeth";

/// The classifier. Loading takes a fraction of a millisecond; one classifier serves many pictures.
pub struct SkinClassifier {
    backbone: EfficientNetLite0,
    classes: Linear,
    conditions: Linear,
    subject: Linear,
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
    /// To be kept with every answer.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        card::identity(&self.name, &self.version, WEIGHTS_SHA256)
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
    /// (1, 7, 7, 1280): where in the picture.
    pub(crate) map: Tensor,
    /// 1280: their mean.
    pub(crate) features: Vec<f32>,
}

impl SkinClassifier {
    pub fn load() -> Result<Self, ModelError> {
        Self::load_with(Kernels::Fused)
    }

    /// With [`Kernels::Stock`] the same network runs on Candle's own operations, to measure against.
    pub fn load_with(kernels: Kernels) -> Result<Self, ModelError> {
        let (heads, card): (_, SkinCard) = (Weights::read(HEADS)?, card::read(CARD)?);
        Ok(Self {
            backbone: EfficientNetLite0::load(&BACKBONE.0, kernels)?,
            classes: Linear::load(&heads, "classifier", card.classes.len())?,
            conditions: Linear::load(&heads, "conditions", card.conditions.len())?,
            subject: Linear::load(&heads, "subject", card.subjects.len())?,
            card,
        })
    }

    /// The network under the heads, to measure it.
    #[must_use]
    pub fn backbone(&self) -> &EfficientNetLite0 {
        &self.backbone
    }

    #[must_use]
    pub fn card(&self) -> &SkinCard {
        &self.card
    }

    /// Looks at the face and a margin around it; at the whole picture if no face is given.
    pub fn classify(&self, picture: &Picture, face: Option<FaceBox>) -> Result<SkinReading, ModelError> {
        let features = self.backbone.features(&Self::view(picture, face)?)?;
        Ok(self.judge(&features.flatten_all()?.to_vec1::<f32>()?))
    }

    /// The whole picture, for more than one reading of it.
    pub fn look_at_whole(&self, picture: &Picture) -> Result<Seen, ModelError> {
        self.look(&Self::view(picture, None)?)
    }

    #[must_use]
    pub fn read(&self, seen: &Seen) -> SkinReading {
        self.judge(&seen.features)
    }

    fn judge(&self, features: &[f32]) -> SkinReading {
        let classes = softmax(&self.classes.logits(features), self.card.classifier_temperature);
        let conditions = softmax(&self.conditions.logits(features), self.card.conditions_temperature);
        let subjects = softmax(&self.subject.logits(features), 1.0);
        let subject = |name: &str| {
            let place = self.card.subjects.iter().position(|subject| subject == name);
            place.and_then(|place| subjects.get(place)).copied().unwrap_or(0.0)
        };
        SkinReading {
            skin: subject(SKIN),
            teeth: subject(TEETH),
            classes: self.card.classes.iter().copied().zip(classes).collect(),
            conditions: self.card.conditions.iter().copied().zip(conditions).collect(),
        }
    }

    /// Of the three heads, before their temperatures: classes, conditions, subject.
    #[must_use]
    pub fn logits(&self, seen: &Seen) -> [Vec<f32>; 3] {
        [&self.classes, &self.conditions, &self.subject].map(|head| head.logits(&seen.features))
    }

    /// What the network is shown of a picture: (1, 224, 224, 3) in bytes of RGB.
    pub fn view(picture: &Picture, face: Option<FaceBox>) -> Result<Tensor, ModelError> {
        let part = face.map_or(picture.whole(), |face| {
            face.around(picture.width(), picture.height(), FACE_MARGIN)
        });
        let pixels = picture.resized(part, SIZE as u32, SIZE as u32).into_raw();
        Ok(Tensor::from_vec(pixels, (1, SIZE, SIZE, 3), &Device::Cpu)?)
    }

    /// The backbone alone.
    pub fn look(&self, view: &Tensor) -> Result<Seen, ModelError> {
        let map = self.backbone.map(view)?;
        let features = EfficientNetLite0::pooled(&map)?.flatten_all()?.to_vec1::<f32>()?;
        Ok(Seen { map, features })
    }
}
