//! Convolution kernels for one CPU, as Candle custom operations: what stock Candle is slow at.
//!
//! Stock Candle runs a depthwise convolution as one small matrix product per channel, which took 172 of
//! the backbone's 205 ms. Here it is one pass with bias and activation fused in ([`depthwise`]); 1×1
//! convolutions stay matrix products, whose bias and activation take one pass in place ([`bias`]).
//! [`Kernels::Stock`] keeps Candle's own path, to measure against and to test against.

mod avx2;
pub mod bias;
pub mod depthwise;
mod plane;
#[cfg(test)]
mod tests;

/// Which implementation a network runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kernels {
    /// The operations of this module.
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
