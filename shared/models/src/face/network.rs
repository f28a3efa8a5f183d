//! The network's input, and what it answers.

use super::fused::Network;
use super::layers::SIDE;
use super::stock::Reference;
use crate::ModelError;
use crate::face::FaceBox;
use crate::kernels::Kernels;
use crate::kernels::half::Aligned;
use crate::kernels::isa::Isa;
use crate::kernels::panels::Packed;
use crate::picture::Picture;
use candle_core::{Device, Tensor};
use image::{RgbImage, imageops};

/// `weights/blazeface_short.safetensors`, packed by `build.rs`.
static WEIGHTS: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/blazeface_short.packed")));

const SIDE_PIXELS: u32 = 128;
/// Places in the input where a face may be.
const ANCHORS: usize = 896;

/// Sixteen depthwise blocks with shortcuts, and two heads that score the anchors.
pub(super) enum BlazeFace {
    Fused(Box<Network>),
    Stock(Box<Reference>),
}

impl BlazeFace {
    pub(super) fn load(kernels: Kernels) -> Result<Self, ModelError> {
        let packed = Packed::singles(&WEIGHTS.0)?;
        Ok(match kernels {
            Kernels::Fused => Self::Fused(Box::new(Network::load(packed, Isa::best())?)),
            Kernels::Stock => Self::Stock(Box::new(Reference::load(packed)?)),
        })
    }

    /// Score logits (896) and regressors (896 × 16) of a picture of 128×128.
    pub(super) fn forward(&self, canvas: &RgbImage) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        let pixels = Tensor::from_slice(canvas.as_raw(), (1, SIDE, SIDE, 3), &Device::Cpu)?;
        let answer = match self {
            Self::Fused(network) => pixels.apply_op1_no_bwd(&&**network)?,
            Self::Stock(reference) => reference.run(&pixels)?,
        };
        let mut scores = answer.to_vec1::<f32>()?;
        let boxes = scores.split_off(ANCHORS.min(scores.len()));
        Ok((scores, boxes))
    }
}

/// Where a picture lies within the square canvas, in fractions of it.
pub(super) struct Letterbox {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

impl Letterbox {
    /// From fractions of the canvas to fractions of the picture.
    pub(super) fn undo(&self, bounds: FaceBox) -> FaceBox {
        FaceBox {
            left: (bounds.left - self.left) / self.width,
            top: (bounds.top - self.top) / self.height,
            width: bounds.width / self.width,
            height: bounds.height / self.height,
        }
    }
}

/// The picture shrunk or enlarged into 128×128 with its proportions kept, black around it.
pub(super) fn letterbox(picture: &Picture) -> (RgbImage, Letterbox) {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = f64::from(SIDE_PIXELS) / width.max(height);
    let fitted = |side: f64| ((side * scale).round() as u32).clamp(1, SIDE_PIXELS);
    let (wide, high) = (fitted(width), fitted(height));
    let (left, top) = ((SIDE_PIXELS - wide) / 2, (SIDE_PIXELS - high) / 2);
    let mut canvas = RgbImage::new(SIDE_PIXELS, SIDE_PIXELS);
    let small = picture.resized(picture.whole(), wide, high);
    imageops::replace(&mut canvas, &small, left.into(), top.into());
    let part = |pixels: u32| pixels as f32 / SIDE as f32;
    (
        canvas,
        Letterbox {
            left: part(left),
            top: part(top),
            width: part(wide),
            height: part(high),
        },
    )
}
