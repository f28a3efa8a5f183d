//! The network on Candle's own operations: what the kernels are measured and tested against.

use super::layers::{Block, blocks, layers};
use crate::kernels::{Activation, panels::Packed};
use crate::layers::{Conv, Unpacker};
use candle_core::{DType, Result, Tensor};

pub(super) struct Reference {
    blocks: Vec<(Block, Convolutions)>,
    head: Conv,
}

struct Convolutions {
    /// The expansion; in the first block the stem.
    expand: Conv,
    filter: Conv,
    project: Conv,
}

impl Reference {
    pub(super) fn load(packed: Packed) -> Result<Self> {
        let mut layers = Unpacker {
            packed,
            layers: layers().into_iter(),
            size: |layer| (layer.depth(), layer.outputs),
        };
        let mut next = |stride, activation| layers.next(stride, activation);
        let mut convolutions = Vec::new();
        for (index, block) in blocks().into_iter().enumerate() {
            let stem_stride = if index == 0 { 2 } else { 1 };
            let part = Convolutions {
                expand: next(stem_stride, Activation::Relu6)?,
                filter: next(block.stride, Activation::Relu6)?,
                project: next(1, Activation::Identity)?,
            };
            convolutions.push((block, part));
        }
        Ok(Self {
            blocks: convolutions,
            head: next(1, Activation::Relu6)?,
        })
    }

    pub(super) fn map(&self, pixels: &Tensor) -> Result<Tensor> {
        let pixels = pixels.to_dtype(DType::F32)?.permute((0, 3, 1, 2))?.contiguous()?;
        let mut x = ((pixels - 127.0)? / 128.0)?;
        for (block, part) in &self.blocks {
            let hidden = part.filter.forward(&part.expand.forward(&x)?)?;
            let output = part.project.forward(&hidden)?;
            x = if block.shortcut { (output + x)? } else { output };
        }
        self.head.forward(&x)?.permute((0, 2, 3, 1))?.contiguous()
    }
}
