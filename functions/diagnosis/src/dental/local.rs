//! What the models in this product see in a photo of teeth.

use std::sync::Arc;

use bytes::Bytes;
use domain::dental::{Detection, Judgement, JudgingModel};
use models::ModelError;
use models::dental::{DentalHeads, Spotted};
use models::picture::Picture;
use models::skin::SkinClassifier;
use runtime::{Platform, Problem};

use crate::photo::{KEPT_QUALITY, KEPT_SIDE, failed};

const THUMBNAIL_SIDE: u32 = 150;

/// The networks, loaded once per process.
pub struct DentalModels {
    classifier: SkinClassifier,
    heads: DentalHeads,
}

impl DentalModels {
    fn load() -> Result<Self, ModelError> {
        Ok(Self {
            classifier: SkinClassifier::load()?,
            heads: DentalHeads::load()?,
        })
    }

    pub fn shared(platform: &Platform) -> Result<Arc<Self>, Problem> {
        platform.shared(Self::load).map_err(failed)
    }
}

/// One photo, and what an engine made of it.
pub struct Looked {
    /// Upright, without metadata.
    pub jpeg: Bytes,
    pub thumbnail: Bytes,
    pub judgement: Judgement,
}

/// Where no teeth are seen, nothing is looked for.
pub fn look(models: &DentalModels, bytes: &[u8]) -> Result<Looked, Problem> {
    let picture = Picture::decode(bytes)?;
    let seen = models.classifier.look_at_whole(&picture).map_err(failed)?;
    let reading = models.classifier.read(&seen);
    let thresholds = models.heads.card().thresholds(models.classifier.card().teeth_threshold);
    let has_teeth = reading.teeth >= thresholds.teeth;
    let spotted = if has_teeth {
        models.heads.find(&seen).map_err(failed)?
    } else {
        Vec::new()
    };
    let detections = spotted.into_iter().map(|spotted| detection(&picture, spotted));
    Ok(Looked {
        judgement: Judgement {
            has_teeth,
            detections: detections.collect(),
            observations: Vec::new(),
            model: JudgingModel::Local(models.heads.card().identity()),
            is_fallback: false,
            thresholds: Some(thresholds),
        },
        thumbnail: picture.to_jpeg(THUMBNAIL_SIDE, KEPT_QUALITY)?.into(),
        jpeg: picture.to_jpeg(KEPT_SIDE, KEPT_QUALITY)?.into(),
    })
}

fn detection(picture: &Picture, spotted: Spotted) -> Detection {
    let [left, top, right, bottom] = spotted.area;
    let pixels = |part: f32, side: u32| (part * side as f32).round() as u32;
    Detection {
        finding: spotted.finding,
        confidence: spotted.probability,
        area: [
            pixels(left, picture.width()),
            pixels(top, picture.height()),
            pixels(right, picture.width()),
            pixels(bottom, picture.height()),
        ],
    }
}
