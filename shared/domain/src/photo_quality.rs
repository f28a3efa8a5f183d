//! Whether a photo is good enough to be judged: sharp, with a face, and the face large enough.

use crate::refusal::{Kind, Refusal};
use serde::Serialize;

/// Below this share of contrast lost by blurring again (`Picture::sharpness` in `models`), a photo is
/// blurred. Chosen on training photos of faces, 320 pixels wide: 99 of 100 sharp ones measure above
/// 0.35, 99 of 100 of the same ones blurred with a radius of two pixels below 0.19, and blurred by one
/// pixel, which is hardly seen, above 0.24. `training/choose_sharpness.py` in `models` prints the figures.
pub const MIN_SHARPNESS: f32 = 0.22;

/// A face must be at least this many pixels high and wide: with its margin that is 128 pixels for the
/// classifier to look at, enlarged less than twice.
const MIN_FACE_SIDE_PIXELS: f32 = 64.0;
/// And at least this share of the picture: a seventh of the height of a square one. The legacy product
/// asked for a quarter, which refuses nearly every portrait that is not a close-up.
const MIN_FACE_RATIO: f32 = 0.02;

/// What was measured on a photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhotoMeasures {
    pub width: u32,
    pub height: u32,
    /// Of the largest face, or of the whole photo if there is none.
    pub sharpness: f32,
    pub face_count: usize,
    /// The largest face's share of the picture's area, 0 if there is none.
    pub max_face_ratio: f32,
}

/// The figures a client shows beside a refusal, as the facial-derma contract (#95) names them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ValidationDetails {
    pub face_count: usize,
    pub max_face_ratio: f32,
    /// Height, then width, in pixels.
    pub image_size: [u32; 2],
    pub min_required_ratio: f32,
}

/// Why a photo is refused, in the words that legacy clients look for.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PhotoProblem {
    #[error("Image is blury.Please try again with a clear picture")]
    Blurred,
    #[error("No face detected in the image")]
    NoFace(ValidationDetails),
    #[error("The face is too small in the image. Please come closer to the camera")]
    FaceTooSmall(ValidationDetails),
}

impl PhotoProblem {
    /// The figures to show, where the problem is about the face.
    #[must_use]
    pub const fn details(&self) -> Option<ValidationDetails> {
        match self {
            Self::Blurred => None,
            Self::NoFace(details) | Self::FaceTooSmall(details) => Some(*details),
        }
    }
}

impl Refusal for PhotoProblem {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Blurred => "photo_blurred",
            Self::NoFace(_) => "face_missing",
            Self::FaceTooSmall(_) => "face_too_small",
        }
    }

    /// `validation_details` at the top level, where the mobile app reads it.
    fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        let details = self.details().and_then(|details| serde_json::to_value(details).ok());
        details
            .map(|details| ("validation_details".to_owned(), details))
            .into_iter()
            .collect()
    }
}

impl PhotoMeasures {
    /// Passes a photo that a classifier of faces may judge. Blur comes first: it is also why faces are missed.
    pub fn check(&self) -> Result<(), PhotoProblem> {
        let details = self.details();
        if falls_short(self.sharpness, MIN_SHARPNESS) {
            Err(PhotoProblem::Blurred)
        } else if self.face_count == 0 {
            Err(PhotoProblem::NoFace(details))
        } else if falls_short(self.max_face_ratio, details.min_required_ratio) {
            Err(PhotoProblem::FaceTooSmall(details))
        } else {
            Ok(())
        }
    }

    #[must_use]
    pub fn details(&self) -> ValidationDetails {
        ValidationDetails {
            face_count: self.face_count,
            max_face_ratio: self.max_face_ratio,
            image_size: [self.height, self.width],
            min_required_ratio: min_face_ratio(self.width, self.height),
        }
    }
}

/// The share of a picture of this size that a face must have.
#[must_use]
pub fn min_face_ratio(width: u32, height: u32) -> f32 {
    let area = (width as f32 * height as f32).max(1.0);
    (MIN_FACE_SIDE_PIXELS * MIN_FACE_SIDE_PIXELS / area).clamp(MIN_FACE_RATIO, 1.0)
}

/// A measure that is not a number falls short of everything.
fn falls_short(measure: f32, limit: f32) -> bool {
    measure.is_nan() || measure < limit
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTRAIT: PhotoMeasures = PhotoMeasures {
        width: 512,
        height: 512,
        sharpness: 0.54,
        face_count: 1,
        max_face_ratio: 0.037,
    };

    #[test]
    fn a_sharp_portrait_passes() {
        assert_eq!(PORTRAIT.check(), Ok(()));
    }

    #[test]
    fn a_blurred_photo_is_called_blurred_even_when_no_face_was_found() {
        let photo = PhotoMeasures {
            sharpness: 0.1,
            face_count: 0,
            max_face_ratio: 0.0,
            ..PORTRAIT
        };
        assert_eq!(photo.check(), Err(PhotoProblem::Blurred));
        assert!(
            PhotoMeasures {
                sharpness: f32::NAN,
                ..PORTRAIT
            }
            .check()
            .is_err()
        );
    }

    #[test]
    fn a_photo_without_a_face_says_so_in_the_legacy_words() {
        let problem = PhotoMeasures {
            face_count: 0,
            max_face_ratio: 0.0,
            ..PORTRAIT
        }
        .check();
        assert_eq!(
            problem.map_err(|p| p.to_string()),
            Err("No face detected in the image".to_owned())
        );
    }

    #[test]
    fn a_distant_face_is_too_small_and_the_figures_say_by_how_much() {
        let problem = PhotoMeasures {
            width: 4000,
            height: 3000,
            max_face_ratio: 0.01,
            ..PORTRAIT
        }
        .check();
        let details = problem.as_ref().err().and_then(PhotoProblem::details);
        assert_eq!(
            details.map(|d| (d.image_size, d.min_required_ratio)),
            Some(([3000, 4000], 0.02))
        );
        assert!(
            problem
                .err()
                .is_some_and(|p| p.to_string().contains("face is too small"))
        );
    }

    #[test]
    fn a_tiny_picture_must_be_mostly_face() {
        assert!((min_face_ratio(128, 64) - 0.5).abs() < 1e-6);
        assert!((min_face_ratio(10, 10) - 1.0).abs() < 1e-6);
    }
}
