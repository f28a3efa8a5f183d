//! A convolution on Candle's own operations, for the references that the kernels are held against.

use crate::kernels::{Activation, same_padding};
use candle_core::{Result, Tensor};

/// A convolution with SAME padding: dense, depthwise or 1×1, by the shape of its weight.
pub(crate) struct Conv {
    pub weight: Tensor,
    pub bias: Tensor,
    pub stride: usize,
    pub activation: Activation,
}

impl Conv {
    /// Input and output are (n, channels, height, width).
    pub(crate) fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let output = self
            .convolve(input)?
            .broadcast_add(&self.bias.reshape((1, (), 1, 1))?)?;
        match self.activation {
            Activation::Identity => Ok(output),
            Activation::Relu => output.relu(),
            Activation::Relu6 => output.clamp(0f32, 6f32),
        }
    }

    /// Stock Candle knows symmetric padding only, so what SAME adds is added first.
    fn convolve(&self, input: &Tensor) -> Result<Tensor> {
        let kernel = self.weight.dim(2)?;
        let groups = input.dim(1)? / self.weight.dim(1)?;
        let (top, bottom, _) = same_padding(input.dim(2)?, kernel, self.stride);
        let (left, right, _) = same_padding(input.dim(3)?, kernel, self.stride);
        let even = top == bottom && left == right && top == left;
        let padding = if even { top } else { 0 };
        let input = if even {
            input.clone()
        } else {
            input.pad_with_zeros(2, top, bottom)?.pad_with_zeros(3, left, right)?
        };
        input.conv2d(&self.weight, padding, self.stride, 1, groups)
    }
}
