//! Weights in panels, the order in which the kernels read them.
//!
//! A layer becomes panels of sixteen outputs each, the last of eight if no more than eight are left: first the
//! biases of these outputs, then for each step of the depth their weights. `build.rs` packs at build time
//! with this same file, so it depends on nothing of the crate.

/// Outputs of a panel.
pub const PANEL: usize = 16;

/// A convolution by the name of its tensors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    pub name: String,
    /// Channels that one output reads: 1 if depthwise.
    pub channels: usize,
    pub outputs: usize,
    pub kernel: usize,
}

impl Layer {
    pub fn new(name: &str, channels: usize, outputs: usize, kernel: usize) -> Self {
        Self {
            name: name.to_owned(),
            channels,
            outputs,
            kernel,
        }
    }

    /// Weights of one output.
    pub fn depth(&self) -> usize {
        self.channels * self.kernel * self.kernel
    }
}

/// Columns of the panel that begins at output `from`.
pub const fn columns(outputs: usize, from: usize) -> usize {
    if outputs - from <= PANEL / 2 { PANEL / 2 } else { PANEL }
}

/// Values that `outputs` of this depth take when packed, biases included.
pub const fn packed_len(depth: usize, outputs: usize) -> usize {
    let full = outputs / PANEL * PANEL;
    let all = if outputs == full {
        full
    } else {
        full + columns(outputs, full)
    };
    (1 + depth) * all
}

/// Packs `weight`, (outputs, channels, k, k), and `bias` for these many outputs and this depth, which may be
/// more than the layer has: zeros fill what it lacks. In a dense kernel, pixels come before channels, as in a
/// picture.
// The crate itself only packs in tests.
#[cfg_attr(not(test), allow(dead_code))]
pub fn pack<T: Copy + Default>(layer: &Layer, weight: &[T], bias: &[T], depth: usize, outputs: usize) -> Vec<T> {
    let area = layer.kernel * layer.kernel;
    let weight_of = |output: usize, step: usize| {
        let (pixel, channel) = (step / layer.channels, step % layer.channels);
        let at = output * layer.depth() + channel * area + pixel;
        if step < layer.depth() {
            weight.get(at).copied().unwrap_or_default()
        } else {
            T::default()
        }
    };
    let mut packed = Vec::with_capacity(packed_len(depth, outputs));
    for from in (0..outputs).step_by(PANEL) {
        let panel = from..from + columns(outputs, from);
        packed.extend(
            panel
                .clone()
                .map(|output| bias.get(output).copied().unwrap_or_default()),
        );
        for step in 0..depth {
            packed.extend(panel.clone().map(|output| weight_of(output, step)));
        }
    }
    packed
}
