//! What the network is made of, in the order in which it is packed. `build.rs` reads this same file, so it
//! depends on nothing of the crate but [`Layer`].

use crate::kernels::pack::Layer;

/// Height and width of the input in pixels.
pub const SIZE: usize = 224;
/// How many features come out.
pub const FEATURES: usize = 1280;
/// Channels of the stem.
const STEM: usize = 32;

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

/// Expand by a 1×1 convolution, filter each channel, project by a 1×1 convolution. In the first block the
/// stem takes the place of the expansion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub inputs: usize,
    pub hidden: usize,
    pub outputs: usize,
    pub kernel: usize,
    pub stride: usize,
    /// Height and width of what is filtered.
    pub side: usize,
    pub shortcut: bool,
}

/// The sixteen blocks.
pub fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut inputs, mut side) = (STEM, SIZE / 2);
    for (expand, kernel, first_stride, outputs, count) in STAGES {
        for repeat in 0..count {
            let stride = if repeat == 0 { first_stride } else { 1 };
            blocks.push(Block {
                inputs,
                hidden: inputs * expand,
                outputs,
                kernel,
                stride,
                side,
                shortcut: stride == 1 && inputs == outputs,
            });
            inputs = outputs;
            side = side.div_ceil(stride);
        }
    }
    blocks
}

/// Every convolution, in the order in which they run.
pub fn layers() -> Vec<Layer> {
    let mut layers = vec![Layer::new("stem", 3, STEM, 3)];
    let mut last = 0;
    for (index, block) in blocks().into_iter().enumerate() {
        let name = |part: &str| format!("blocks.{index}.{part}");
        if index > 0 {
            layers.push(Layer::new(&name("expand"), block.inputs, block.hidden, 1));
        }
        layers.push(Layer::new(&name("depthwise"), 1, block.hidden, block.kernel));
        layers.push(Layer::new(&name("project"), block.hidden, block.outputs, 1));
        last = block.outputs;
    }
    layers.push(Layer::new("head", last, FEATURES, 1));
    layers
}
