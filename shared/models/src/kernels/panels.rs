//! One layer's packed weights, and the panel that a kernel asks for.

use super::half::{widened, words};
use super::isa::Isa;
use super::pack::{PANEL, columns, packed_len};
use candle_core::{Device, Result, Tensor, bail};
use std::ops::Range;

/// Packed weights, mapped with the binary. Halves are widened panel by panel each time they are used: that
/// reads half as much memory as keeping them wide.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packed {
    Half(&'static [u16]),
    Single(&'static [f32]),
}

impl Packed {
    pub(crate) fn halves(bytes: &'static [u8]) -> Result<Self> {
        words(bytes).map_or_else(
            || bail!("packed weights are not aligned"),
            |words| Ok(Self::Half(words)),
        )
    }

    pub(crate) fn singles(bytes: &'static [u8]) -> Result<Self> {
        words(bytes).map_or_else(
            || bail!("packed weights are not aligned"),
            |words| Ok(Self::Single(words)),
        )
    }

    pub(crate) fn len(self) -> usize {
        match self {
            Self::Half(halves) => halves.len(),
            Self::Single(singles) => singles.len(),
        }
    }

    /// Cuts a layer off the front.
    pub(crate) fn layer(&mut self, depth: usize, outputs: usize) -> Result<Panels> {
        let (at, length) = (packed_len(depth, outputs), self.len());
        let parts = match self {
            Self::Half(all) => all
                .split_at_checked(at)
                .map(|(one, rest)| (Self::Half(one), Self::Half(rest))),
            Self::Single(all) => all
                .split_at_checked(at)
                .map(|(one, rest)| (Self::Single(one), Self::Single(rest))),
        };
        let Some((values, rest)) = parts else {
            bail!("{length} packed weights instead of {at}");
        };
        *self = rest;
        Ok(Panels { values, depth, outputs })
    }
}

/// Weights and biases of a layer in panels.
pub(crate) struct Panels {
    values: Packed,
    depth: usize,
    outputs: usize,
}

impl Panels {
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// How many panels there are.
    pub(crate) fn count(&self) -> usize {
        self.outputs.div_ceil(PANEL)
    }

    /// Floats of all panels together.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Where a panel lies among all.
    pub(crate) fn place(&self, index: usize) -> Range<usize> {
        let from = index * PANEL;
        let begin = (1 + self.depth) * from;
        begin..begin + (1 + self.depth) * columns(self.outputs, from)
    }

    /// One panel, widened into `scratch` if it has to be.
    pub(crate) fn panel<'a>(&self, index: usize, isa: Isa, scratch: &'a mut [f32]) -> Result<&'a [f32]> {
        self.wide(self.place(index), isa, scratch)
    }

    /// Some lines of one panel below a line of biases, for a product that goes through the depth in parts: the
    /// first part has the biases, the others have zeros.
    pub(crate) fn part<'a>(
        &self,
        index: usize,
        lines: Range<usize>,
        isa: Isa,
        scratch: &'a mut [f32],
    ) -> Result<&'a [f32]> {
        let place = self.place(index);
        let columns = place.len() / (1 + self.depth);
        let line = |number: usize| place.start + number * columns;
        if lines.start == 0 {
            return self.wide(line(0)..line(1 + lines.end), isa, scratch);
        }
        let scratch = &mut scratch[..(1 + lines.len()) * columns];
        let (bias, rest) = scratch.split_at_mut(columns);
        bias.fill(0.0);
        match self.values {
            Packed::Single(values) => rest.copy_from_slice(&values[line(1 + lines.start)..line(1 + lines.end)]),
            Packed::Half(halves) => isa.widen(&halves[line(1 + lines.start)..line(1 + lines.end)], rest)?,
        }
        Ok(scratch)
    }

    /// The packed weights that begin there, to be called into the cache before they are widened.
    pub(crate) fn ahead(&self, from: usize, length: usize) -> &'static [u16] {
        match self.values {
            Packed::Half(halves) => {
                let from = from.min(halves.len());
                &halves[from..(from + length).min(halves.len())]
            }
            Packed::Single(_) => &[],
        }
    }

    /// All panels, widened into `scratch` if they have to be.
    pub(crate) fn all<'a>(&self, isa: Isa, scratch: &'a mut [f32]) -> Result<&'a [f32]> {
        self.wide(0..self.len(), isa, scratch)
    }

    fn wide<'a>(&self, place: Range<usize>, isa: Isa, scratch: &'a mut [f32]) -> Result<&'a [f32]> {
        match self.values {
            Packed::Single(values) => Ok(&values[place]),
            Packed::Half(halves) => {
                let scratch = &mut scratch[..place.len()];
                isa.widen(&halves[place], scratch)?;
                Ok(scratch)
            }
        }
    }

    /// The weights (outputs, channels, k, k) and biases as they were before packing, for stock Candle.
    pub(crate) fn unpacked(&self, outputs: usize, channels: usize, kernel: usize) -> Result<(Tensor, Tensor)> {
        // Line 0 of a panel is the biases; pixels of a dense kernel have their channels together.
        let at = |output: usize, line: usize| {
            let from = output / PANEL * PANEL;
            let index = (1 + self.depth) * from + line * columns(self.outputs, from) + output % PANEL;
            match self.values {
                Packed::Half(halves) => widened(halves[index]),
                Packed::Single(singles) => singles[index],
            }
        };
        let area = kernel * kernel;
        let depth = channels * area;
        let weight: Vec<f32> = (0..outputs * depth)
            .map(|index| {
                let (channel, pixel) = (index % depth / area, index % area);
                at(index / depth, 1 + pixel * channels + channel)
            })
            .collect();
        let bias: Vec<f32> = (0..outputs).map(|output| at(output, 0)).collect();
        let shape = (outputs, channels, kernel, kernel);
        Ok((
            Tensor::from_vec(weight, shape, &Device::Cpu)?,
            Tensor::new(bias, &Device::Cpu)?,
        ))
    }
}
