//! A file on its way into storage, past the API, since a request through Lambda holds at most about 4.5 MB.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{UploadId, UserId};
use crate::refusal::{Kind, Refusal};

/// The largest photo taken: what the web app allows its users to pick.
pub const LARGEST_PHOTO_BYTES: u64 = 10 * 1024 * 1024;

/// The largest photo that fits in a request: Lambda's 6 MB envelope less base64 and framing.
pub const LARGEST_INLINE_PHOTO_BYTES: u64 = 4_500_000;

/// How long the given address takes the file.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// The address was given; nothing has come.
    Expected,
    /// The file is there and its first bytes are those of a picture.
    Received,
    /// What came was no picture, and was removed.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    pub id: UploadId,
    pub owner: UserId,
    pub state: UploadState,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// Why a file cannot come in, or is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefused {
    #[error(
        "The photo is too large for this request: at most {LARGEST_INLINE_PHOTO_BYTES} bytes. \
         Ask POST /api/uploads for an address, send the photo there, and call again with its upload_id"
    )]
    TooLargeInline,
    #[error("size_bytes must be from 1 to {LARGEST_PHOTO_BYTES}")]
    SizeOutOfRange,
    #[error("Upload not found, or nothing has been sent to its address")]
    NotFound,
}

/// Whether so many bytes of photos may come in a request itself.
pub fn check_inline(bytes: usize) -> Result<(), UploadRefused> {
    if bytes as u64 > LARGEST_INLINE_PHOTO_BYTES {
        return Err(UploadRefused::TooLargeInline);
    }
    Ok(())
}

impl Refusal for UploadRefused {
    fn kind(&self) -> Kind {
        match self {
            UploadRefused::TooLargeInline => Kind::TooLarge,
            UploadRefused::SizeOutOfRange => Kind::Invalid,
            UploadRefused::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            UploadRefused::TooLargeInline => "photo_too_large",
            UploadRefused::SizeOutOfRange => "size_out_of_range",
            UploadRefused::NotFound => "upload_not_found",
        }
    }
}

/// Whether the first bytes are those of a JPEG, PNG or WebP picture. Whether it can be decoded shows later.
pub fn begins_like_a_picture(bytes: &[u8]) -> bool {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    is_webp || bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        assert!(begins_like_a_picture(&[0xff, 0xd8, 0xff, 0xe0]));
        assert!(begins_like_a_picture(b"\x89PNG\r\n\x1a\nrest"));
        assert!(begins_like_a_picture(b"RIFF\x00\x00\x00\x00WEBPVP8 "));
        for bytes in [
            b"GIF89a".as_slice(),
            b"",
            b"RIFF",
            b"hello",
            b"RIFF\x00\x00\x00\x00WAVE",
        ] {
            assert!(!begins_like_a_picture(bytes));
        }
    }
}
