//! The network: sixteen depthwise blocks with shortcuts, and two heads that score 896 anchors.

use crate::ModelError;
use crate::face::FaceBox;
use crate::kernels::{Activation, Kernels};
use crate::layers::{Conv, Reader};
use crate::picture::Picture;
use crate::weights::Weights;
use candle_core::Tensor;
use image::{RgbImage, imageops};

/// Height and width of the input in pixels.
pub(super) const SIDE: usize = 128;
const SIDE_PIXELS: u32 = 128;

/// Output channels of each block; the third, sixth and twelfth halve the resolution.
const OUTPUTS: [usize; 16] = [24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96];
const STRIDED: [usize; 3] = [2, 5, 11];
/// The block whose output the 16×16 head reads.
const FINE: usize = 10;

pub(super) struct BlazeFace {
    stem: Conv,
    blocks: Vec<Block>,
    fine: Head,
    coarse: Head,
}

struct Block {
    filter: Conv,
    project: Conv,
    strided: bool,
    outputs: usize,
}

struct Head {
    scores: Conv,
    boxes: Conv,
}

impl BlazeFace {
    pub(super) fn load(weights: &Weights, kernels: Kernels) -> Result<Self, ModelError> {
        let reader = Reader { weights, kernels };
        let mut inputs = 24;
        let mut blocks = Vec::new();
        for (index, outputs) in OUTPUTS.into_iter().enumerate() {
            let strided = STRIDED.contains(&index);
            let (name, stride) = (format!("block{index}"), if strided { 2 } else { 1 });
            blocks.push(Block {
                filter: reader.depthwise(&format!("{name}.dw"), [inputs, 3], stride, Activation::Identity)?,
                project: reader.pointwise(&format!("{name}.pw"), inputs, outputs, Activation::Identity)?,
                strided,
                outputs,
            });
            inputs = outputs;
        }
        Ok(Self {
            stem: reader.dense("stem", [3, 24, 5], 2, Activation::Relu)?,
            blocks,
            fine: Head::load(&reader, 16, OUTPUTS[FINE], 2)?,
            coarse: Head::load(&reader, 8, inputs, 6)?,
        })
    }

    /// Score logits (896) and regressors (896 × 16) of one picture (1, 3, 128, 128).
    pub(super) fn forward(&self, pixels: &Tensor) -> candle_core::Result<(Vec<f32>, Vec<f32>)> {
        let mut x = self.stem.forward(pixels)?;
        let (mut scores, mut boxes) = (Vec::new(), Vec::new());
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x)?;
            if index == FINE {
                self.fine.read(&x, &mut scores, &mut boxes)?;
            }
        }
        self.coarse.read(&x, &mut scores, &mut boxes)?;
        Ok((scores, boxes))
    }
}

impl Block {
    fn forward(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        let shortcut = if self.strided {
            input.max_pool2d(2)?
        } else {
            input.clone()
        };
        let missing = self.outputs - input.dim(1)?;
        let shortcut = shortcut.pad_with_zeros(1, 0, missing)?;
        (self.project.forward(&self.filter.forward(input)?)? + shortcut)?.relu()
    }
}

impl Head {
    fn load(reader: &Reader<'_>, cells: usize, inputs: usize, anchors: usize) -> Result<Self, ModelError> {
        Ok(Self {
            scores: reader.pointwise(&format!("cls{cells}"), inputs, anchors, Activation::Identity)?,
            boxes: reader.pointwise(&format!("reg{cells}"), inputs, anchors * 16, Activation::Identity)?,
        })
    }

    /// Appends what the head says, cell by cell.
    fn read(&self, x: &Tensor, scores: &mut Vec<f32>, boxes: &mut Vec<f32>) -> candle_core::Result<()> {
        let by_cell = |output: Tensor| output.permute((0, 2, 3, 1))?.flatten_all()?.to_vec1::<f32>();
        scores.extend(by_cell(self.scores.forward(x)?)?);
        boxes.extend(by_cell(self.boxes.forward(x)?)?);
        Ok(())
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
