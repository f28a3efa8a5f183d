//! Which instruction set this processor has, and the kernels compiled for each.
#![allow(unsafe_code)]

use super::depthwise::{Depthwise, depthwise};
use super::half::widened;
use super::lanes::Portable;
#[cfg(target_arch = "aarch64")]
use super::lanes::arm::Neon;
#[cfg(target_arch = "x86_64")]
use super::lanes::x86::{Avx2, Avx512};
use super::product::{Product, product};
use candle_core::{Result, bail};

/// An instruction set that this processor is known to have. Only this module can make one, so holding
/// one is the proof that its functions may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Isa(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Isa {
    /// The best that this processor has.
    pub(crate) fn best() -> Self {
        Self::all().last().copied().unwrap_or(Self(Set::Portable))
    }

    /// All that this processor has, the best last.
    pub(crate) fn all() -> Vec<Self> {
        let mut found = vec![Self(Set::Portable)];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c") {
            found.push(Self(Set::Avx2));
            if is_x86_feature_detected!("avx512f") {
                found.push(Self(Set::Avx512));
            }
        }
        // Every 64-bit ARM processor that runs Linux has it.
        #[cfg(target_arch = "aarch64")]
        found.push(Self(Set::Neon));
        found
    }

    /// Multiplies rows with one panel of weights.
    pub(crate) fn product(self, call: &Product<'_>, output: &mut [f32]) -> Result<()> {
        call.check(output)?;
        let wide = call.columns() == 16;
        // SAFETY: `check` passed, the vectors times their widths are the panel's columns, and `self` is
        // the proof of the instruction set.
        unsafe {
            match (self.0, wide) {
                (Set::Portable, true) => product::<Portable, 4, 3>(call, output),
                (Set::Portable, false) => product::<Portable, 2, 6>(call, output),
                #[cfg(target_arch = "x86_64")]
                (Set::Avx2, true) => product_avx2(call, output),
                #[cfg(target_arch = "x86_64")]
                (Set::Avx512, true) => product_avx512(call, output),
                #[cfg(target_arch = "x86_64")]
                (Set::Avx2 | Set::Avx512, false) => product_avx2_narrow(call, output),
                #[cfg(target_arch = "aarch64")]
                (Set::Neon, true) => product::<Neon, 4, 6>(call, output),
                #[cfg(target_arch = "aarch64")]
                (Set::Neon, false) => product::<Neon, 2, 10>(call, output),
            }
        }
        Ok(())
    }

    /// Convolves lines of one plane.
    pub(crate) fn depthwise(self, call: &Depthwise<'_>, output: &mut [f32]) -> Result<()> {
        call.check(output)?;
        // SAFETY: `check` passed, and `self` is the proof of the instruction set.
        unsafe {
            match self.0 {
                Set::Portable => depthwise::<Portable>(call, output),
                #[cfg(target_arch = "x86_64")]
                Set::Avx2 => depthwise_avx2(call, output),
                #[cfg(target_arch = "x86_64")]
                Set::Avx512 => depthwise_avx512(call, output),
                #[cfg(target_arch = "aarch64")]
                Set::Neon => depthwise::<Neon>(call, output),
            }
        }
        Ok(())
    }

    /// Widens half precision to single.
    pub(crate) fn widen(self, halves: &[u16], output: &mut [f32]) -> Result<()> {
        if halves.len() != output.len() {
            bail!("widen: {} halves into {} floats", halves.len(), output.len());
        }
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the lengths are equal, and `self` is the proof of the instruction set.
            Set::Avx2 | Set::Avx512 => unsafe { widen_f16c(halves, output) },
            _ => {
                for (float, half) in output.iter_mut().zip(halves) {
                    *float = widened(*half);
                }
            }
        }
        Ok(())
    }
}

/// # Safety
/// AVX2 and FMA are there, and `check` passed.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn product_avx2(call: &Product<'_>, output: &mut [f32]) {
    // Twelve sums, two vectors of weights, one of a row: sixteen registers hold one more.
    // SAFETY: the caller's own conditions.
    unsafe { product::<Avx2, 2, 6>(call, output) }
}

/// # Safety
/// AVX2 and FMA are there, and `check` passed.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn product_avx2_narrow(call: &Product<'_>, output: &mut [f32]) {
    // SAFETY: the caller's own conditions.
    unsafe { product::<Avx2, 1, 12>(call, output) }
}

/// # Safety
/// AVX-512F is there, and `check` passed.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn product_avx512(call: &Product<'_>, output: &mut [f32]) {
    // Rows are broadcast by the multiplication itself, so fourteen of them cost fourteen loads and one.
    // SAFETY: the caller's own conditions.
    unsafe { product::<Avx512, 1, 14>(call, output) }
}

/// # Safety
/// AVX2 and FMA are there, and `check` passed.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn depthwise_avx2(call: &Depthwise<'_>, output: &mut [f32]) {
    // SAFETY: the caller's own conditions.
    unsafe { depthwise::<Avx2>(call, output) }
}

/// # Safety
/// AVX-512F is there, and `check` passed.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn depthwise_avx512(call: &Depthwise<'_>, output: &mut [f32]) {
    // SAFETY: the caller's own conditions.
    unsafe { depthwise::<Avx512>(call, output) }
}

/// # Safety
/// F16C and AVX are there, and both slices are of one length.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx,f16c")]
unsafe fn widen_f16c(halves: &[u16], output: &mut [f32]) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm256_cvtph_ps, _mm256_storeu_ps};
    let (eights, rest) = halves.as_chunks::<8>();
    let (wide, tail) = output.as_chunks_mut::<8>();
    for (from, to) in eights.iter().zip(wide) {
        // SAFETY: both chunks hold eight; neither instruction asks for alignment.
        unsafe {
            let eight = _mm_loadu_si128(from.as_ptr().cast::<__m128i>());
            _mm256_storeu_ps(to.as_mut_ptr(), _mm256_cvtph_ps(eight));
        }
    }
    for (float, half) in tail.iter_mut().zip(rest) {
        *float = widened(*half);
    }
}
