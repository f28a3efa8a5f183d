//! EfficientNet-Lite0: 4.65 M parameters, 0.41 G multiply-adds at 224×224, 1,280 features.
//!
//! Tan and Le, "EfficientNet" (2019); the Lite variant has no squeeze-and-excite and ReLU6 throughout.
//! ImageNet weights by Google (Apache-2.0), batch norm folded in by `training/backbone.py`. It names
//! nothing by itself: [`crate::skin`] puts heads on it.

use crate::ModelError;
use crate::kernels::{Activation, Kernels};
use crate::layers::{Conv, Reader};
use crate::weights::Weights;
use candle_core::Tensor;

/// Height and width of the input in pixels.
pub const SIZE: usize = 224;
/// How many features come out.
pub const FEATURES: usize = 1280;

/// (expand, kernel, stride of the first block, outputs, blocks) of each stage.
const STAGES: [(usize, usize, usize, usize, usize); 7] = [
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
];

/// The backbone: a picture in, its features out.
pub struct EfficientNetLite0 {
    stem: Conv,
    blocks: Vec<Block>,
    head: Conv,
}

/// Expand by a 1×1 convolution, filter each channel, project by a 1×1 convolution.
struct Block {
    expand: Option<Conv>,
    filter: Conv,
    project: Conv,
    shortcut: bool,
}

impl EfficientNetLite0 {
    pub(crate) fn load(weights: &Weights, kernels: Kernels) -> Result<Self, ModelError> {
        let reader = Reader { weights, kernels };
        let mut blocks = Vec::new();
        let mut inputs = 32;
        for (expand, kernel, first_stride, outputs, count) in STAGES {
            for repeat in 0..count {
                let stride = if repeat == 0 { first_stride } else { 1 };
                let name = format!("blocks.{}", blocks.len());
                blocks.push(Block::load(&reader, &name, inputs, expand, kernel, stride, outputs)?);
                inputs = outputs;
            }
        }
        Ok(Self {
            stem: reader.dense("stem", [3, 32, 3], 2, Activation::Relu6)?,
            blocks,
            head: reader.pointwise("head", inputs, FEATURES, Activation::Relu6)?,
        })
    }

    /// Features (n, 1280, 7, 7) of pictures (n, 3, 224, 224) in RGB, each value (x − 127) / 128; their mean over the
    /// cells is what heads are put on.
    pub fn map(&self, pixels: &Tensor) -> candle_core::Result<Tensor> {
        let mut x = self.stem.forward(pixels)?;
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        self.head.forward(&x)
    }
}

impl Block {
    fn load(
        reader: &Reader<'_>,
        name: &str,
        inputs: usize,
        expand: usize,
        kernel: usize,
        stride: usize,
        outputs: usize,
    ) -> Result<Self, ModelError> {
        let hidden = inputs * expand;
        let expansion = || reader.pointwise(&format!("{name}.expand"), inputs, hidden, Activation::Relu6);
        Ok(Self {
            expand: (expand != 1).then(expansion).transpose()?,
            filter: reader.depthwise(
                &format!("{name}.depthwise"),
                [hidden, kernel],
                stride,
                Activation::Relu6,
            )?,
            project: reader.pointwise(&format!("{name}.project"), hidden, outputs, Activation::Identity)?,
            shortcut: stride == 1 && inputs == outputs,
        })
    }

    fn forward(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        let expanded = match &self.expand {
            Some(expand) => expand.forward(input)?,
            None => input.clone(),
        };
        let output = self.project.forward(&self.filter.forward(&expanded)?)?;
        if self.shortcut { output + input } else { Ok(output) }
    }
}
