//! One channel's plane of a depthwise convolution: padded rows, and the safe reference over them.

use super::{Activation, same_padding};

/// Floats beyond a row's end that a vector load may touch.
const SLACK: usize = 8;

/// Sizes of one depthwise convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub kernel: usize,
    pub stride: usize,
    pub height: usize,
    pub width: usize,
    pub out_height: usize,
    pub out_width: usize,
    top: usize,
    left: usize,
    /// Floats from one padded row to the next.
    pub pitch: usize,
    /// Where the odd columns begin within a padded row; the even ones begin at 0. Stride 2 only.
    pub odd: usize,
}

impl Shape {
    pub(super) fn new(height: usize, width: usize, kernel: usize, stride: usize) -> Self {
        let (top, _, out_height) = same_padding(height, kernel, stride);
        let (left, _, out_width) = same_padding(width, kernel, stride);
        // A vector of eight outputs may begin at any multiple of eight below the width.
        let columns = out_width.next_multiple_of(8) + kernel + SLACK;
        let (odd, pitch) = if stride == 1 {
            (0, columns)
        } else {
            (columns, 2 * columns)
        };
        Self {
            kernel,
            stride,
            height,
            width,
            out_height,
            out_width,
            top,
            left,
            pitch,
            odd,
        }
    }

    /// Floats of a padded plane.
    pub(super) fn padded_len(&self) -> usize {
        ((self.out_height.saturating_sub(1)) * self.stride + self.kernel) * self.pitch
    }

    /// Where the tap at column `kx` of the kernel begins within a padded row, for output column 0.
    pub(super) fn tap(&self, kx: usize) -> usize {
        match self.stride {
            1 => kx,
            _ => kx / 2 + if kx.is_multiple_of(2) { 0 } else { self.odd },
        }
    }

    /// Copies a plane into `padded` (which holds zeros around it): at stride 2, even columns before odd
    /// ones, so that neighbouring outputs always read neighbouring floats.
    pub(super) fn pad(&self, plane: &[f32], padded: &mut [f32]) {
        let rows = padded.chunks_exact_mut(self.pitch).skip(self.top);
        for (source, target) in plane.chunks_exact(self.width).zip(rows) {
            if self.stride == 1 {
                target[self.left..self.left + self.width].copy_from_slice(source);
                continue;
            }
            let (even, odd) = target.split_at_mut(self.odd);
            let (first, second) = if self.left.is_multiple_of(2) {
                (even, odd)
            } else {
                (odd, even)
            };
            // Padded column `left + x`: for an odd `left` the second half is one further along.
            let at = self.left / 2;
            let next = at + self.left % 2;
            for (value, slot) in source.iter().step_by(2).zip(&mut first[at..]) {
                *slot = *value;
            }
            for (value, slot) in source.iter().skip(1).step_by(2).zip(&mut second[next..]) {
                *slot = *value;
            }
        }
    }

    /// The reference: plain loops over a padded plane, with bounds checked.
    pub(super) fn convolve(&self, padded: &[f32], taps: &[f32], bias: f32, activation: Activation, output: &mut [f32]) {
        let (low, high) = activation.range();
        for (y, row) in output.chunks_exact_mut(self.out_width).enumerate() {
            row.fill(bias);
            for (ky, weights) in taps.chunks_exact(self.kernel).enumerate() {
                let start = (y * self.stride + ky) * self.pitch;
                for (kx, weight) in weights.iter().enumerate() {
                    let from = start + self.tap(kx);
                    let inputs = &padded[from..from + self.out_width];
                    for (sum, input) in row.iter_mut().zip(inputs) {
                        *sum += weight * input;
                    }
                }
            }
            for sum in row {
                *sum = sum.clamp(low, high);
            }
        }
    }
}
