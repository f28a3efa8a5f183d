//! A convolution on Candle's own operations, for the references that the kernels are held against.

use crate::kernels::pack::Layer;
use crate::kernels::panels::Packed;
use crate::kernels::{Activation, same_padding};
use candle_core::{Result, Tensor, bail};

/// A convolution with SAME padding: dense, depthwise or 1×1, by the shape of its weight.
pub(crate) struct Conv {
    pub weight: Tensor,
    pub bias: Tensor,
    pub stride: usize,
    pub activation: Activation,
}

/// Takes the layers of a network out of its packed weights, in their order.
pub(crate) struct Unpacker<L> {
    pub packed: Packed,
    pub layers: L,
    /// How deep and how wide a layer is packed.
    pub size: fn(&Layer) -> (usize, usize),
}

impl<L: Iterator<Item = Layer>> Unpacker<L> {
    pub(crate) fn next(&mut self, stride: usize, activation: Activation) -> Result<Conv> {
        let Some(layer) = self.layers.next() else {
            bail!("the network has fewer layers than blocks");
        };
        let (depth, outputs) = (self.size)(&layer);
        let panels = self.packed.layer(depth, outputs)?;
        let (weight, bias) = panels.unpacked(layer.outputs, layer.channels, layer.kernel)?;
        Ok(Conv {
            weight,
            bias,
            stride,
            activation,
        })
    }
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
