//! What a client is told of bytes that are not a picture we take.

use super::PictureError;
use domain::refusal::{Kind, Refusal};

impl Refusal for PictureError {
    fn kind(&self) -> Kind {
        match self {
            Self::Empty | Self::Truncated | Self::Unreadable(_) => Kind::BadRequest,
            Self::Unsupported => Kind::Unsupported,
            Self::TooManyPixels { .. } | Self::TooMuchMemory => Kind::TooLarge,
            Self::Unwritable(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "picture_empty",
            Self::Unsupported => "picture_unsupported",
            Self::TooManyPixels { .. } | Self::TooMuchMemory => "picture_too_large",
            Self::Truncated => "picture_truncated",
            Self::Unreadable(_) => "picture_unreadable",
            Self::Unwritable(_) => "internal",
        }
    }
}
