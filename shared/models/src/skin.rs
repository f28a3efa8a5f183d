//! Which of six conditions a picture of facial skin looks like.
//!
//! A linear head on [`EfficientNetLite0`], fitted by `training/train_skin.py` on some 2,600 research
//! pictures; what it can and cannot do is in `weights/skin_efficientnet_lite0.md`. Not a medical device:
//! it must never be used to rule anything out, melanoma least of all. How sure an answer must be, and
//! the words for it, are in `domain::skin`.

use crate::ModelError;
use crate::efficientnet::{EfficientNetLite0, SIZE};
use crate::face::FaceBox;
use crate::kernels::{Kernels, half::Aligned};
use crate::linear::Linear;
use crate::picture::Picture;
use crate::weights::Weights;
use candle_core::{Device, Tensor};
use domain::skin::SkinCondition;

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

/// The classifier. Loading takes a fraction of a millisecond; one classifier serves many pictures.
pub struct SkinClassifier {
    backbone: EfficientNetLite0,
    classifier: Linear,
    temperature: f32,
}

/// Which model answered, to be kept with every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelCard {
    pub name: &'static str,
    pub version: &'static str,
    /// Of the weights' file, in hexadecimal.
    pub weights_sha256: &'static str,
    pub classes: [SkinCondition; SkinCondition::COUNT],
}

/// A calibrated probability for each condition; together they are 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkinScores([f32; SkinCondition::COUNT]);

impl SkinClassifier {
    pub fn load() -> Result<Self, ModelError> {
        Self::load_with(Kernels::Fused)
    }

    /// With [`Kernels::Stock`] the same network runs on Candle's own operations, to measure against.
    pub fn load_with(kernels: Kernels) -> Result<Self, ModelError> {
        let heads = Weights::read(HEADS)?;
        let temperature = heads.get("temperature", &[1])?.to_vec1::<f32>()?.first().copied();
        Ok(Self {
            backbone: EfficientNetLite0::load(&BACKBONE.0, kernels)?,
            classifier: Linear::load(&heads, "classifier", SkinCondition::COUNT)?,
            temperature: temperature.unwrap_or(1.0),
        })
    }

    /// The network under the head, for other heads and to measure it.
    #[must_use]
    pub fn backbone(&self) -> &EfficientNetLite0 {
        &self.backbone
    }

    #[must_use]
    pub fn card() -> ModelCard {
        ModelCard {
            name: "skin-efficientnet-lite0",
            version: "1.0.0",
            weights_sha256: WEIGHTS_SHA256.get(..64).unwrap_or(WEIGHTS_SHA256),
            classes: SkinCondition::ALL,
        }
    }

    /// Looks at the face and a margin around it; at the whole picture if no face is given.
    pub fn classify(&self, picture: &Picture, face: Option<FaceBox>) -> Result<SkinScores, ModelError> {
        self.scores(&self.backbone.features(&Self::view(picture, face)?)?)
    }

    /// What the network is shown of a picture: (1, 224, 224, 3) in bytes of RGB.
    pub fn view(picture: &Picture, face: Option<FaceBox>) -> Result<Tensor, ModelError> {
        let part = face.map_or(picture.whole(), |face| {
            face.around(picture.width(), picture.height(), FACE_MARGIN)
        });
        let pixels = picture.resized(part, SIZE as u32, SIZE as u32).into_raw();
        Ok(Tensor::from_vec(pixels, (1, SIZE, SIZE, 3), &Device::Cpu)?)
    }

    /// The head's answer to the features of one view.
    pub fn scores(&self, features: &Tensor) -> Result<SkinScores, ModelError> {
        let logits = self.classifier.logits(&features.flatten_all()?.to_vec1::<f32>()?);
        let found = logits.len();
        let logits = <[f32; SkinCondition::COUNT]>::try_from(logits);
        let logits = logits.map_err(|_| ModelError::WrongAnswer {
            found,
            expected: SkinCondition::COUNT,
        })?;
        Ok(SkinScores(softmax(logits.map(|logit| logit / self.temperature))))
    }
}

impl SkinScores {
    /// The most likely condition and its probability.
    #[must_use]
    pub fn top(&self) -> (SkinCondition, f32) {
        self.iter().fold(
            (SkinCondition::Normal, 0.0),
            |best, next| {
                if next.1 > best.1 { next } else { best }
            },
        )
    }

    #[must_use]
    pub fn probability(&self, condition: SkinCondition) -> f32 {
        self.iter()
            .find(|(each, _)| *each == condition)
            .map_or(0.0, |(_, probability)| probability)
    }

    /// Every condition with its probability, in the order of [`SkinCondition::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (SkinCondition, f32)> + '_ {
        SkinCondition::ALL.into_iter().zip(self.0)
    }
}

fn softmax<const N: usize>(logits: [f32; N]) -> [f32; N] {
    let largest = logits.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let raised = logits.map(|logit| (logit - largest).exp());
    let total: f32 = raised.iter().sum();
    raised.map(|value| value / total)
}
