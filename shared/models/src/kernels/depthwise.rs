//! Depthwise convolution of f32 NCHW tensors, SAME padding, bias and activation in the same pass.

use super::plane::Shape;
use super::{Activation, avx2};
use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape as TensorShape, Tensor, bail};
use rayon::prelude::*;

/// Convolves `input` (n, c, h, w) with `weight` (c, 1, k, k), k 3 or 5, at stride 1 or 2, adds `bias`
/// (c) and applies `activation`. AVX2 and FMA are used where the processor has them.
pub fn depthwise(
    input: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    stride: usize,
    activation: Activation,
) -> Result<Tensor> {
    let operation = Depthwise {
        stride,
        activation,
        portable: false,
    };
    input
        .contiguous()?
        .apply_op3_no_bwd(&weight.contiguous()?, &bias.contiguous()?, &operation)
}

pub(super) struct Depthwise {
    pub stride: usize,
    pub activation: Activation,
    /// Leaves SIMD out, to test the path of processors without it.
    pub portable: bool,
}

impl CustomOp3 for Depthwise {
    fn name(&self) -> &'static str {
        "depthwise"
    }

    fn cpu_fwd(
        &self,
        input: &CpuStorage,
        input_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, TensorShape)> {
        let (batch, channels, height, width) = input_layout.shape().dims4()?;
        let (filters, one, kernel, across) = weight_layout.shape().dims4()?;
        let shaped = filters == channels && one == 1 && kernel == across && bias_layout.dims() == [channels];
        if !shaped || !matches!(kernel, 3 | 5) || !matches!(self.stride, 1 | 2) || height * width == 0 {
            bail!(
                "depthwise: {input_layout:?} with {weight_layout:?} at stride {}",
                self.stride
            );
        }
        let shape = Shape::new(height, width, kernel, self.stride);
        let (input, weight) = (floats(input, input_layout)?, floats(weight, weight_layout)?);
        let bias = floats(bias, bias_layout)?;
        let mut output = vec![0.0; batch * channels * shape.out_height * shape.out_width];
        self.planes(&shape, input, weight, bias, &mut output);
        let output_shape = (batch, channels, shape.out_height, shape.out_width).into();
        Ok((CpuStorage::F32(output), output_shape))
    }
}

impl Depthwise {
    /// Every plane of the batch; a few at a time on each thread of the pool, if it has more than one.
    fn planes(&self, shape: &Shape, input: &[f32], weight: &[f32], bias: &[f32], output: &mut [f32]) {
        let threads = rayon::current_num_threads();
        let count = output.len() / (shape.out_height * shape.out_width);
        let each = if threads == 1 {
            count
        } else {
            count.div_ceil(threads * 4)
        };
        let run = |(group, outputs): (usize, &mut [f32])| {
            let mut padded = vec![0.0; shape.padded_len()];
            let planes = outputs.chunks_exact_mut(shape.out_height * shape.out_width);
            for (index, output) in planes.enumerate() {
                let plane = group * each + index;
                let channel = plane % bias.len();
                let (area, taps) = (shape.height * shape.width, shape.kernel * shape.kernel);
                shape.pad(&input[plane * area..(plane + 1) * area], &mut padded);
                let taps = &weight[channel * taps..(channel + 1) * taps];
                let bias = bias[channel];
                let done = !self.portable && avx2::convolve(shape, &padded, taps, bias, self.activation, output);
                if !done {
                    shape.convolve(&padded, taps, bias, self.activation, output);
                }
            }
        };
        let group_len = each * shape.out_height * shape.out_width;
        if threads == 1 {
            output.chunks_mut(group_len).enumerate().for_each(run);
        } else {
            output.par_chunks_mut(group_len).enumerate().for_each(run);
        }
    }
}

/// The f32 values of a contiguous tensor.
pub(super) fn floats<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets() {
        Some((from, to)) => Ok(&values[from..to]),
        None => bail!("a contiguous tensor is needed, not {layout:?}"),
    }
}
