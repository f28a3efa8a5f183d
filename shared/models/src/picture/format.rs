//! What kind of file it is, by its first bytes.

use super::PictureError;
use image::ImageFormat;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Webp,
}

impl Format {
    pub(super) fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        match bytes {
            [] => Err(PictureError::Empty),
            [0xFF, 0xD8, 0xFF, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Self::Png),
            _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Ok(Self::Webp),
            _ => Err(PictureError::Unsupported),
        }
    }

    pub(super) fn codec(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Webp => ImageFormat::WebP,
        }
    }
}
