//! Depthwise convolution of sixteen channels at a time, vectorised across them.
//!
//! The input is a [`Plane`] with its zeros around it, so that no tap asks where the edge is.
#![allow(unsafe_code)]

use super::lanes::Lanes;
use candle_core::{Result, bail};

/// Channels of a plane.
pub(crate) const BLOCK: usize = 16;

/// Sizes of a picture of sixteen channels, pixel by pixel, with room for padding around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plane {
    pub height: usize,
    pub width: usize,
    /// Lines above, pixels to the left.
    pub before: (usize, usize),
    /// Lines below, pixels to the right.
    pub after: (usize, usize),
}

impl Plane {
    /// Floats from one line to the next.
    pub(crate) const fn pitch(&self) -> usize {
        (self.before.1 + self.width + self.after.1) * BLOCK
    }

    pub(crate) const fn len(&self) -> usize {
        (self.before.0 + self.height + self.after.0) * self.pitch()
    }

    /// Where line `y` of the picture begins.
    pub(crate) const fn line(&self, y: usize) -> usize {
        (self.before.0 + y) * self.pitch() + self.before.1 * BLOCK
    }

    /// Floats between the picture's end of a line and its next line.
    pub(crate) const fn gap(&self) -> usize {
        (self.before.1 + self.after.1) * BLOCK
    }
}

/// Some output lines of one plane.
pub(crate) struct Depthwise<'a> {
    /// The whole plane, padding and all.
    pub input: &'a [f32],
    pub plane: Plane,
    /// The bias, then the taps, sixteen channels each.
    pub panel: &'a [f32],
    pub kernel: usize,
    pub stride: usize,
    /// The first output line and the one behind the last.
    pub lines: (usize, usize),
    /// What results are clamped to.
    pub range: (f32, f32),
}

impl Depthwise<'_> {
    pub(super) fn out_width(&self) -> usize {
        self.plane.width.div_ceil(self.stride)
    }

    /// That everything [`depthwise`] reads and writes is there.
    pub(super) fn check(&self, output: &[f32]) -> Result<()> {
        let plane = &self.plane;
        let (from, to) = self.lines;
        let known = matches!(self.kernel, 3 | 5) && matches!(self.stride, 1 | 2);
        let filled = from <= to && plane.width > 0;
        if !known || !filled || self.panel.len() != (1 + self.kernel * self.kernel) * BLOCK {
            bail!("depthwise: kernel {} at stride {}", self.kernel, self.stride);
        }
        let beyond = |last: usize| last.saturating_sub(1) * self.stride + self.kernel;
        let high = beyond(to) <= plane.before.0 + plane.height + plane.after.0;
        let wide = beyond(self.out_width()) <= plane.before.1 + plane.width + plane.after.1;
        if !high || !wide || self.input.len() < plane.len() || output.len() != (to - from) * self.out_width() * BLOCK {
            bail!(
                "depthwise: lines {from} to {to} of {plane:?}, {} floats out",
                output.len()
            );
        }
        Ok(())
    }
}

/// # Safety
/// The processor has the instruction set of `L` and [`Depthwise::check`] passed.
#[inline(always)]
pub(super) unsafe fn depthwise<L: Lanes>(call: &Depthwise<'_>, output: &mut [f32]) {
    // SAFETY: the caller's own conditions, and the constants are the call's.
    unsafe {
        match (call.kernel, call.stride) {
            (3, 1) => lines::<L, 3, 1>(call, output),
            (3, _) => lines::<L, 3, 2>(call, output),
            (_, 1) => lines::<L, 5, 1>(call, output),
            (_, _) => lines::<L, 5, 2>(call, output),
        }
    }
}

/// # Safety
/// As [`depthwise`], with K the kernel and S the stride.
#[inline(always)]
unsafe fn lines<L: Lanes, const K: usize, const S: usize>(call: &Depthwise<'_>, output: &mut [f32]) {
    let width = call.out_width();
    for (index, line) in output.chunks_exact_mut(width * BLOCK).enumerate() {
        let top = (call.lines.0 + index) * S * call.plane.pitch();
        let mut channel = 0;
        while channel < BLOCK {
            let mut x = 0;
            while x < width {
                // SAFETY: outputs x .. x + T are within the line, so their taps are within the plane.
                unsafe {
                    x += match width - x {
                        7.. if width.is_multiple_of(7) => outputs::<L, K, S, 7>(call, top, x, channel, line),
                        8.. => outputs::<L, K, S, 8>(call, top, x, channel, line),
                        4.. => outputs::<L, K, S, 4>(call, top, x, channel, line),
                        _ => outputs::<L, K, S, 1>(call, top, x, channel, line),
                    }
                }
            }
            channel += L::WIDTH;
        }
    }
}

/// T neighbouring outputs of one vector of channels; gives T.
///
/// # Safety
/// As [`lines`]; `top` is where the first tap's line begins, and the line has outputs `x .. x + T`.
#[inline(always)]
unsafe fn outputs<L: Lanes, const K: usize, const S: usize, const T: usize>(
    call: &Depthwise<'_>,
    top: usize,
    x: usize,
    channel: usize,
    line: &mut [f32],
) -> usize {
    let pitch = call.plane.pitch();
    // SAFETY: `check` says that every tap of every output line and column is within the input, that the
    // panel has 1 + K × K blocks, and the line is as long as its outputs.
    unsafe {
        let panel = call.panel.as_ptr().add(channel);
        let input = call.input.as_ptr().add(top + x * S * BLOCK + channel);
        let mut sums = [L::load(panel); T];
        // Plain indices, for the same reason as in `product`.
        let mut ky = 0;
        while ky < K {
            let mut weights = [L::splat(0.0); K];
            let mut kx = 0;
            while kx < K {
                weights[kx] = L::load(panel.add((1 + ky * K + kx) * BLOCK));
                kx += 1;
            }
            line_of_taps::<L, K, S, T>(&mut sums, &weights, input.add(ky * pitch));
            ky += 1;
        }
        let (low, high) = (L::splat(call.range.0), L::splat(call.range.1));
        let to = line.as_mut_ptr().add(x * BLOCK + channel);
        let mut index = 0;
        while index < T {
            L::store(L::min(L::max(sums[index], low), high), to.add(index * BLOCK));
            index += 1;
        }
    }
    T
}

/// Adds one line of taps to T neighbouring outputs.
///
/// # Safety
/// The processor has the instruction set of `L`, and at `input` a vector can be read at each of
/// `(T − 1) * S + K` pixels.
#[inline(always)]
unsafe fn line_of_taps<L: Lanes, const K: usize, const S: usize, const T: usize>(
    sums: &mut [L::Vector; T],
    weights: &[L::Vector; K],
    input: *const f32,
) {
    // SAFETY: the caller's own conditions; input `at` is a tap of output `(at - kx) / S`.
    unsafe {
        if S == 1 {
            // Each input is read once and goes to all outputs that it is a tap of.
            let mut at = 0;
            while at < T + K - 1 {
                let value = L::load(input.add(at * BLOCK));
                let mut kx = 0;
                while kx < K {
                    if at >= kx && at - kx < T {
                        sums[at - kx] = L::multiply_add(value, weights[kx], sums[at - kx]);
                    }
                    kx += 1;
                }
                at += 1;
            }
        } else {
            // Few outputs share an input, and more registers than there are would be needed to use that.
            let mut index = 0;
            while index < T {
                let mut kx = 0;
                while kx < K {
                    let value = L::load(input.add((index * S + kx) * BLOCK));
                    sums[index] = L::multiply_add(value, weights[kx], sums[index]);
                    kx += 1;
                }
                index += 1;
            }
        }
    }
}
