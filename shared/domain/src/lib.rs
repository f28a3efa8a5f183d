//! Types and rules of the product, pure: no I/O, no clock, no randomness, no AWS.

pub mod skin;
