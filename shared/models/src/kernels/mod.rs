//! Convolution kernels for one thread of one processor: what stock Candle is slow at.
//!
//! Two kernels make both networks: a matrix product ([`product`]) for 1×1 and dense convolutions, and a
//! depthwise convolution ([`depthwise`]), each with bias and activation in the same pass. They are written
//! once over a few vector operations ([`lanes`]) and compiled for AVX-512, AVX2, NEON and plain code;
//! [`isa`] chooses at run time. Weights lie in the binary in the order in which the kernels read them
//! ([`pack`], [`panels`]). A network runs as one Candle operation, so nothing is allocated or rearranged
//! between layers. [`Kernels::Stock`] keeps Candle's own path, to measure against and to test against.

pub(crate) mod buffer;
pub(crate) mod depthwise;
pub(crate) mod half;
pub(crate) mod isa;
mod lanes;
pub(crate) mod pack;
pub(crate) mod panels;
pub(crate) mod product;
#[cfg(test)]
mod tests;

/// Which implementation a network runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kernels {
    /// The kernels of this module.
    #[default]
    Fused,
    /// Candle's own operations only.
    Stock,
}

/// What is applied to a convolution's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    Identity,
    Relu,
    Relu6,
}

impl Activation {
    /// The closed range that the activation clamps to.
    #[must_use]
    pub const fn range(self) -> (f32, f32) {
        match self {
            Self::Identity => (f32::NEG_INFINITY, f32::INFINITY),
            Self::Relu => (0.0, f32::INFINITY),
            Self::Relu6 => (0.0, 6.0),
        }
    }
}

/// TensorFlow's SAME padding of one axis: (before, after, output size). What is odd goes after.
#[must_use]
pub const fn same_padding(size: usize, kernel: usize, stride: usize) -> (usize, usize, usize) {
    let output = size.div_ceil(stride);
    let total = ((output.saturating_sub(1)) * stride + kernel).saturating_sub(size);
    (total / 2, total - total / 2, output)
}
