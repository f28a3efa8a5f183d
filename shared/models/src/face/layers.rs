//! What BlazeFace is made of, in the order in which it is packed. `build.rs` reads this same file, so it depends
//! on nothing of the crate but [`Layer`].

use crate::kernels::pack::{Layer, PANEL};

/// Height and width of the input in pixels.
pub const SIDE: usize = 128;
/// Channels of the stem.
pub const STEM: usize = 24;
/// Output channels of each block; the third, sixth and twelfth halve the resolution.
pub const OUTPUTS: [usize; 16] = [24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96];
pub const STRIDED: [usize; 3] = [2, 5, 11];
/// The block whose output the 16×16 head reads.
pub const FINE: usize = 10;
/// Numbers of each anchor's box.
pub const REGRESSORS: usize = 16;

/// Input channels of a block.
pub fn inputs(index: usize) -> usize {
    if index == 0 { STEM } else { OUTPUTS[index - 1] }
}

/// Every convolution: the stem, the blocks, and of both heads the scores and the boxes.
pub fn layers() -> Vec<Layer> {
    let mut layers = vec![Layer::new("stem", 3, STEM, 5)];
    for (index, outputs) in OUTPUTS.into_iter().enumerate() {
        layers.push(Layer::new(&format!("block{index}.dw"), 1, inputs(index), 3));
        layers.push(Layer::new(&format!("block{index}.pw"), inputs(index), outputs, 1));
    }
    for (cells, inputs, anchors) in [(16, OUTPUTS[FINE], 2), (8, OUTPUTS[15], 6)] {
        layers.push(Layer::new(&format!("cls{cells}"), inputs, anchors, 1));
        layers.push(Layer::new(&format!("reg{cells}"), inputs, anchors * REGRESSORS, 1));
    }
    layers
}

/// How deep and how wide a layer is packed: with channels in whole blocks, as the planes have them.
pub fn packed_size(layer: &Layer) -> (usize, usize) {
    let is_pointwise = layer.kernel == 1;
    let depth = if is_pointwise {
        layer.channels.next_multiple_of(PANEL)
    } else {
        layer.depth()
    };
    (depth, layer.outputs.next_multiple_of(PANEL))
}
