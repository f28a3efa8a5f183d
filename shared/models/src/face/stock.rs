//! BlazeFace on Candle's own operations: what the kernels are measured and tested against.

use super::layers::{FINE, OUTPUTS, STRIDED, layers, packed_size};
use crate::kernels::Activation;
use crate::kernels::panels::Packed;
use crate::layers::{Conv, Unpacker};
use candle_core::{DType, Result, Tensor};

pub(super) struct Reference {
    stem: Conv,
    /// Filter and projection.
    blocks: Vec<[Conv; 2]>,
    /// Scores and boxes, of the fine and of the coarse head.
    heads: [[Conv; 2]; 2],
}

impl Reference {
    pub(super) fn load(packed: Packed) -> Result<Self> {
        let mut layers = Unpacker {
            packed,
            layers: layers().into_iter(),
            size: packed_size,
        };
        let mut next = |stride, activation| layers.next(stride, activation);
        let stem = next(2, Activation::Relu)?;
        let mut blocks = Vec::new();
        for index in 0..OUTPUTS.len() {
            let stride = if STRIDED.contains(&index) { 2 } else { 1 };
            blocks.push([next(stride, Activation::Identity)?, next(1, Activation::Identity)?]);
        }
        let mut head = || -> Result<[Conv; 2]> { Ok([next(1, Activation::Identity)?, next(1, Activation::Identity)?]) };
        Ok(Self {
            stem,
            blocks,
            heads: [head()?, head()?],
        })
    }

    /// Scores of all anchors, then their boxes.
    pub(super) fn run(&self, pixels: &Tensor) -> Result<Tensor> {
        let pixels = pixels.to_dtype(DType::F32)?.permute((0, 3, 1, 2))?.contiguous()?;
        let mut x = self.stem.forward(&((pixels / 127.5)? - 1.0)?)?;
        let (mut scores, mut boxes) = (Vec::new(), Vec::new());
        let mut read = |x: &Tensor, [of_scores, of_boxes]: &[Conv; 2]| -> Result<()> {
            let by_cell = |output: Tensor| output.permute((0, 2, 3, 1))?.flatten_all();
            scores.push(by_cell(of_scores.forward(x)?)?);
            boxes.push(by_cell(of_boxes.forward(x)?)?);
            Ok(())
        };
        for (index, [filter, project]) in self.blocks.iter().enumerate() {
            let shortcut = if filter.stride == 2 {
                x.max_pool2d(2)?
            } else {
                x.clone()
            };
            let missing = OUTPUTS[index] - x.dim(1)?;
            let shortcut = shortcut.pad_with_zeros(1, 0, missing)?;
            x = (project.forward(&filter.forward(&x)?)? + shortcut)?.relu()?;
            if index == FINE {
                read(&x, &self.heads[0])?;
            }
        }
        read(&x, &self.heads[1])?;
        scores.append(&mut boxes);
        Tensor::cat(&scores, 0)
    }
}
