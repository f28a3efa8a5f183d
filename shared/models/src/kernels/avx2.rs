//! The depthwise inner loop in AVX2 and FMA: eight outputs a vector, four rows at a time.
//!
//! The only module of the workspace with `unsafe`; `kernels/tests.rs` holds it against the safe
//! reference of [`super::plane`] over many shapes.
#![allow(unsafe_code)]

use super::Activation;
use super::plane::Shape;

/// Convolves a padded plane if this processor can; says whether it did.
pub(super) fn convolve(
    shape: &Shape,
    padded: &[f32],
    taps: &[f32],
    bias: f32,
    activation: Activation,
    output: &mut [f32],
) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        let fits = padded.len() >= shape.padded_len()
            && taps.len() == shape.kernel * shape.kernel
            && output.len() == shape.out_height * shape.out_width;
        if fits && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            let call = Call {
                shape,
                padded,
                taps,
                bias,
                range: activation.range(),
            };
            // SAFETY: both features were detected just now, and the slices have the lengths that
            // `plane` relies on.
            match shape.kernel {
                3 => unsafe { plane::<3>(&call, output) },
                5 => unsafe { plane::<5>(&call, output) },
                _ => return false,
            }
            return true;
        }
    }
    let _ = (shape, padded, taps, bias, activation, output);
    false
}

#[cfg(target_arch = "x86_64")]
struct Call<'a> {
    shape: &'a Shape,
    padded: &'a [f32],
    taps: &'a [f32],
    bias: f32,
    range: (f32, f32),
}

/// All rows, four at a time while there are four.
///
/// # Safety
/// AVX2 and FMA must be there; `padded` must hold `shape.padded_len()` floats, `taps` K × K.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn plane<const K: usize>(call: &Call<'_>, output: &mut [f32]) {
    let width = call.shape.out_width;
    let mut y = 0;
    let mut rest = output;
    while y < call.shape.out_height {
        let rows = if call.shape.out_height - y >= 4 { 4 } else { 1 };
        let (block, after) = rest.split_at_mut(rows * width);
        // SAFETY: rows y .. y + rows are output rows, and this function's own conditions carry over.
        match rows {
            4 => unsafe { block_of_rows::<K, 4>(call, y, block) },
            _ => unsafe { block_of_rows::<K, 1>(call, y, block) },
        }
        y += rows;
        rest = after;
    }
}

/// Output rows `y .. y + R` into `block`, R × out_width floats.
///
/// # Safety
/// As [`plane`], and `y + R` must not exceed `out_height`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn block_of_rows<const K: usize, const R: usize>(call: &Call<'_>, y: usize, block: &mut [f32]) {
    use std::arch::x86_64::*;
    let shape = call.shape;
    let (low, high) = (_mm256_set1_ps(call.range.0), _mm256_set1_ps(call.range.1));
    for x in (0..shape.out_width).step_by(8) {
        let mut sums = [_mm256_set1_ps(call.bias); R];
        for ky in 0..K {
            for kx in 0..K {
                let weight = _mm256_set1_ps(call.taps[ky * K + kx]);
                for (row, sum) in sums.iter_mut().enumerate() {
                    let at = ((y + row) * shape.stride + ky) * shape.pitch + shape.tap(kx) + x;
                    // SAFETY: the padded row (y + row) * stride + ky exists because y + row is an output
                    // row, and it is wide enough: `pitch` (or `odd`) counts out_width rounded up to
                    // eight, plus the kernel, plus eight, while tap(kx) < K within its half.
                    let input = unsafe { _mm256_loadu_ps(call.padded.as_ptr().add(at)) };
                    *sum = _mm256_fmadd_ps(weight, input, *sum);
                }
            }
        }
        let take = (shape.out_width - x).min(8);
        for (row, sum) in sums.into_iter().enumerate() {
            let mut lanes = [0.0_f32; 8];
            // SAFETY: `lanes` holds eight floats; the store does not ask for alignment.
            unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), _mm256_min_ps(_mm256_max_ps(sum, low), high)) };
            let from = row * shape.out_width + x;
            block[from..from + take].copy_from_slice(&lanes[..take]);
        }
    }
}
