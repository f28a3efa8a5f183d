//! The three kinds of convolution that both networks are made of.

use crate::ModelError;
use crate::kernels::{Activation, Kernels, bias::add_bias, depthwise::depthwise, same_padding};
use crate::weights::Weights;
use candle_core::Tensor;

/// A convolution with SAME padding: dense, depthwise or 1×1, by the shape of its weight.
pub(crate) struct Conv {
    weight: Tensor,
    bias: Tensor,
    stride: usize,
    activation: Activation,
    kind: Kind,
    kernels: Kernels,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dense,
    Depthwise,
    Pointwise,
}

/// Reads the convolutions of one network out of its weights.
pub(crate) struct Reader<'a> {
    pub weights: &'a Weights,
    pub kernels: Kernels,
}

impl Reader<'_> {
    /// `name.weight` of (outputs, inputs, kernel, kernel) and `name.bias`.
    pub(crate) fn dense(
        &self,
        name: &str,
        sizes: [usize; 3],
        stride: usize,
        activation: Activation,
    ) -> Result<Conv, ModelError> {
        let [inputs, outputs, kernel] = sizes;
        self.conv(
            name,
            &[outputs, inputs, kernel, kernel],
            stride,
            activation,
            Kind::Dense,
        )
    }

    pub(crate) fn depthwise(
        &self,
        name: &str,
        sizes: [usize; 2],
        stride: usize,
        activation: Activation,
    ) -> Result<Conv, ModelError> {
        let [channels, kernel] = sizes;
        self.conv(
            name,
            &[channels, 1, kernel, kernel],
            stride,
            activation,
            Kind::Depthwise,
        )
    }

    pub(crate) fn pointwise(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
        activation: Activation,
    ) -> Result<Conv, ModelError> {
        self.conv(name, &[outputs, inputs, 1, 1], 1, activation, Kind::Pointwise)
    }

    fn conv(
        &self,
        name: &str,
        shape: &[usize; 4],
        stride: usize,
        activation: Activation,
        kind: Kind,
    ) -> Result<Conv, ModelError> {
        let weight = self.weights.get(&format!("{name}.weight"), shape)?;
        let bias = self.weights.get(&format!("{name}.bias"), &shape[..1])?;
        Ok(Conv {
            weight,
            bias,
            stride,
            activation,
            kind,
            kernels: self.kernels,
        })
    }
}

impl Conv {
    /// Input and output are (n, channels, height, width).
    pub(crate) fn forward(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        match (self.kernels, self.kind) {
            (Kernels::Fused, Kind::Depthwise) => {
                depthwise(input, &self.weight, &self.bias, self.stride, self.activation)
            }
            (Kernels::Fused, Kind::Pointwise) => self.product(input),
            (Kernels::Fused, Kind::Dense) => {
                let output = self.convolve(input, 1)?;
                add_bias(&output, &self.bias, self.activation)?;
                Ok(output)
            }
            (Kernels::Stock, kind) => {
                let groups = if kind == Kind::Depthwise { input.dim(1)? } else { 1 };
                let output = self.convolve(input, groups)?;
                let output = output.broadcast_add(&self.bias.reshape((1, (), 1, 1))?)?;
                match self.activation {
                    Activation::Identity => Ok(output),
                    Activation::Relu => output.relu(),
                    Activation::Relu6 => output.clamp(0f32, 6f32),
                }
            }
        }
    }

    /// A 1×1 convolution as the matrix product that it is.
    fn product(&self, input: &Tensor) -> candle_core::Result<Tensor> {
        let (batch, inputs, height, width) = input.dims4()?;
        let outputs = self.weight.dim(0)?;
        let weight = self.weight.reshape((1, outputs, inputs))?;
        let columns = input.reshape((batch, inputs, height * width))?;
        let output = weight.broadcast_matmul(&columns)?;
        add_bias(&output, &self.bias, self.activation)?;
        output.reshape((batch, outputs, height, width))
    }

    /// Stock Candle knows symmetric padding only, so what SAME adds is added first.
    fn convolve(&self, input: &Tensor, groups: usize) -> candle_core::Result<Tensor> {
        let kernel = self.weight.dim(2)?;
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
