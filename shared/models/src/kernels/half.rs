//! Weights as they lie in the binary, and half precision.
#![allow(unsafe_code)]

/// Bytes at an address that vectors can be read from: `include_bytes!` alone promises none.
#[repr(C, align(64))]
pub(crate) struct Aligned<B: ?Sized>(pub B);

/// The bytes as halves or floats, without copying; none if they are not aligned or do not divide, or if this
/// processor orders bytes the other way.
pub(super) fn words<W: Word>(bytes: &[u8]) -> Option<&[W]> {
    // SAFETY: any bytes are a `Word`.
    let (before, words, after) = unsafe { bytes.align_to::<W>() };
    (before.is_empty() && after.is_empty() && cfg!(target_endian = "little")).then_some(words)
}

/// A number that any bytes are.
///
/// # Safety
/// Every pattern of bits is a value.
pub(super) unsafe trait Word {}
// SAFETY: an integer.
unsafe impl Word for u16 {}
// SAFETY: a float; some patterns are not a number, which is a value.
unsafe impl Word for f32 {}

/// Half to single precision in integer steps that every compiler vectorises. Weights are finite, so
/// infinities are not looked after.
#[inline(always)]
pub(super) fn widened(half: u16) -> f32 {
    let magnitude = f32::from_bits(u32::from(half & 0x7FFF) << 13);
    // 2¹¹², the difference between the two exponents' zeros; it makes subnormal halves right too.
    let scaled = magnitude * f32::from_bits((112 + 127) << 23);
    f32::from_bits(scaled.to_bits() | u32::from(half & 0x8000) << 16)
}
