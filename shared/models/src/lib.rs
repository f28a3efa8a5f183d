//! The pictures and networks of the product: decoding, face detection, skin classification, on the CPU.
//!
//! Here: one file per network ([`face`], [`skin`] on [`efficientnet`]), the fused kernels they run on
//! ([`kernels`]), and what happens to a picture before a network sees it ([`picture`]). Weights are part
//! of the binary and have their cards in `weights/`; `training/` makes them.
//! Not here: thresholds and words for people, which live in `domain`, and anything about requests.
//! Start with [`picture::Picture::decode`], [`face::FaceDetector`], [`skin::SkinClassifier`].

// Tests may fail by panicking; everything else answers with an error.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod card;
pub mod dental;
pub mod efficientnet;
mod error;
pub mod face;
pub mod kernels;
mod layers;
mod linear;
pub mod picture;
pub mod skin;
pub mod symptoms;
mod weights;

pub use error::ModelError;
