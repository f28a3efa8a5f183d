//! Bias and activation of a matrix product, in place: one pass where stock Candle makes three.

use super::Activation;
use super::depthwise::floats;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, bail};

/// Adds `bias` (c) to the channels of `values` (n, c, …) and clamps, in place. `values` must be
/// contiguous and nobody else's.
pub fn add_bias(values: &Tensor, bias: &Tensor, activation: Activation) -> Result<()> {
    values.inplace_op2(bias, &AddBias(activation))
}

struct AddBias(Activation);

impl InplaceOp2 for AddBias {
    fn name(&self) -> &'static str {
        "add-bias"
    }

    fn cpu_fwd(&self, values: &mut CpuStorage, layout: &Layout, bias: &CpuStorage, bias_layout: &Layout) -> Result<()> {
        let bias = floats(bias, bias_layout)?;
        let CpuStorage::F32(values) = values else {
            bail!("add-bias: only f32")
        };
        let (Some((from, to)), [_, channels, ..]) = (layout.contiguous_offsets(), layout.dims()) else {
            bail!("add-bias: {layout:?} is not contiguous")
        };
        if *channels != bias.len() {
            bail!("add-bias: {} values for {channels} channels", bias.len());
        }
        let area: usize = layout.dims().iter().skip(2).product();
        let (low, high) = self.0.range();
        for (plane, bias) in values[from..to].chunks_exact_mut(area.max(1)).zip(bias.iter().cycle()) {
            for value in plane {
                *value = (*value + bias).max(low).min(high);
            }
        }
        Ok(())
    }
}
