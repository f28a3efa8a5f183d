//! The few vector operations that the kernels are written in, for each instruction set.
//!
//! Everything is `inline(always)` and becomes part of a function of [`super::isa`] that enables the
//! instruction set as a whole; outside of one, calling these would be slow and, on an older processor, wrong.
#![allow(unsafe_code)]

/// A vector of floats and what the kernels do with it.
pub(super) trait Lanes {
    type Vector: Copy;
    const WIDTH: usize;

    /// # Safety
    /// The processor has the instruction set, and `WIDTH` floats can be read at `from`.
    unsafe fn load(from: *const f32) -> Self::Vector;
    /// # Safety
    /// The processor has the instruction set, and `WIDTH` floats can be written at `to`.
    unsafe fn store(vector: Self::Vector, to: *mut f32);
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn splat(value: f32) -> Self::Vector;
    /// `a * b + c`
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn multiply_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn add(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn max(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn min(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Calls a cache line in, if the target has a way to.
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn prefetch(_from: *const u16) {}
}

/// Plain arithmetic, which the compiler turns into whatever the target always has.
pub(super) struct Portable;

impl Lanes for Portable {
    type Vector = [f32; 4];
    const WIDTH: usize = 4;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 4] {
        // SAFETY: the caller vouches for four floats; an unaligned read needs no more.
        unsafe { from.cast::<[f32; 4]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn store(vector: [f32; 4], to: *mut f32) {
        // SAFETY: the caller vouches for four floats; an unaligned write needs no more.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(vector) }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> [f32; 4] {
        [value; 4]
    }

    #[inline(always)]
    unsafe fn multiply_add(a: [f32; 4], b: [f32; 4], c: [f32; 4]) -> [f32; 4] {
        // Not `mul_add`: without the instruction that is a call into the C library for each lane.
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    #[inline(always)]
    unsafe fn add(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    unsafe fn max(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|lane| if a[lane] > b[lane] { a[lane] } else { b[lane] })
    }

    #[inline(always)]
    unsafe fn min(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|lane| if a[lane] < b[lane] { a[lane] } else { b[lane] })
    }
}

/// One instruction for each operation, named by the architecture's manual.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! lanes {
    (
        $name:ident, $vector:ty, $width:literal, $load:path, $store:path, $splat:path,
        $fma:path, $add:path, $max:path, $min:path, $prefetch:path
    ) => {
        pub(in crate::kernels) struct $name;

        // SAFETY of every block below: the trait's conditions are the instructions' own conditions.
        impl Lanes for $name {
            type Vector = $vector;
            const WIDTH: usize = $width;

            #[inline(always)]
            unsafe fn load(from: *const f32) -> $vector {
                // SAFETY: as above.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(vector: $vector, to: *mut f32) {
                // SAFETY: as above.
                unsafe { $store(to, vector) }
            }

            #[inline(always)]
            unsafe fn splat(value: f32) -> $vector {
                // SAFETY: as above.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn multiply_add(a: $vector, b: $vector, c: $vector) -> $vector {
                // SAFETY: as above.
                unsafe { $fma(a, b, c) }
            }

            #[inline(always)]
            unsafe fn add(a: $vector, b: $vector) -> $vector {
                // SAFETY: as above.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            unsafe fn max(a: $vector, b: $vector) -> $vector {
                // SAFETY: as above.
                unsafe { $max(a, b) }
            }

            #[inline(always)]
            unsafe fn min(a: $vector, b: $vector) -> $vector {
                // SAFETY: as above.
                unsafe { $min(a, b) }
            }

            #[inline(always)]
            unsafe fn prefetch(from: *const u16) {
                // SAFETY: as above; no address is wrong for a prefetch.
                unsafe { $prefetch(from.cast()) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(super) mod x86 {
    use super::Lanes;
    use std::arch::x86_64::*;

    lanes!(
        Avx2,
        __m256,
        8,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_set1_ps,
        _mm256_fmadd_ps,
        _mm256_add_ps,
        _mm256_max_ps,
        _mm256_min_ps,
        _mm_prefetch::<_MM_HINT_T1>
    );
    lanes!(
        Avx512,
        __m512,
        16,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_set1_ps,
        _mm512_fmadd_ps,
        _mm512_add_ps,
        _mm512_max_ps,
        _mm512_min_ps,
        _mm_prefetch::<_MM_HINT_T1>
    );
}

#[cfg(target_arch = "aarch64")]
pub(super) mod arm {
    use super::Lanes;
    use std::arch::aarch64::*;

    /// The instruction is there, but not yet in stable Rust.
    #[inline(always)]
    unsafe fn no_prefetch(_from: *const u8) {}

    /// The instruction takes the addend first.
    ///
    /// # Safety
    /// NEON is there.
    #[inline(always)]
    unsafe fn fused_multiply_add(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: the caller's own condition.
        unsafe { vfmaq_f32(c, a, b) }
    }

    lanes!(
        Neon,
        float32x4_t,
        4,
        vld1q_f32,
        vst1q_f32,
        vdupq_n_f32,
        fused_multiply_add,
        vaddq_f32,
        vmaxq_f32,
        vminq_f32,
        no_prefetch
    );
}
