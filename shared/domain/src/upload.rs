//! A file on its way into storage, past the API, since a request through Lambda holds at most about 4.5 MB.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{UploadId, UserId};
use crate::refusal::{Kind, Refusal};

/// The largest photo taken: what the web app allows its users to pick.
pub const LARGEST_PHOTO_BYTES: u64 = 10 * 1024 * 1024;

/// The largest PDF taken: a scanned report of dozens of pages.
pub const LARGEST_PDF_BYTES: u64 = 20 * 1024 * 1024;

/// The largest file of any kind.
pub const LARGEST_FILE_BYTES: u64 = LARGEST_PDF_BYTES;

/// The largest photo that fits in a request: Lambda's 6 MB envelope less base64 and framing.
pub const LARGEST_INLINE_PHOTO_BYTES: u64 = 4_500_000;

/// How long a given address takes its file or part.
pub const ADDRESS_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// How long an upload in parts may be gone on with; what has not become a file by then is removed.
pub const PARTS_LIFE: SignedDuration = SignedDuration::from_hours(PARTS_LIFE_DAYS as i64 * 24);
pub const PARTS_LIFE_DAYS: u32 = 7;

/// A break costs a part at the most: at 64 kbit/s the smallest takes half a minute. S3's own parts of 5 MiB would take
/// eleven, and never come through where the link breaks more often.
pub const SMALLEST_PART_BYTES: u64 = 256 * 1024;
pub const LARGEST_PART_BYTES: u64 = 5 * 1024 * 1024;

/// What a file is, by its first bytes; names and declared types are not proof of anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// JPEG, PNG or WebP. Whether it can be decoded shows later.
    #[default]
    Picture,
    Pdf,
}

impl FileKind {
    pub fn of(start: &[u8]) -> Option<Self> {
        if begins_like_a_picture(start) {
            Some(Self::Picture)
        } else {
            start.starts_with(b"%PDF-").then_some(Self::Pdf)
        }
    }

    pub fn largest_bytes(self) -> u64 {
        match self {
            Self::Picture => LARGEST_PHOTO_BYTES,
            Self::Pdf => LARGEST_PDF_BYTES,
        }
    }

    /// Whether a file of this kind may have so many bytes.
    pub fn check_size(self, size_bytes: u64) -> Result<(), UploadRefused> {
        let largest = self.largest_bytes();
        if !(1..=largest).contains(&size_bytes) {
            return Err(UploadRefused::SizeOutOfRange(largest));
        }
        Ok(())
    }

    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// The address was given; nothing has come.
    Expected,
    /// The file is there and its first bytes are those of what was announced.
    Received,
    /// What came was something else, and was removed.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    pub id: UploadId,
    pub owner: UserId,
    pub state: UploadState,
    /// What is to come.
    #[serde(default, skip_serializing_if = "FileKind::is_usual")]
    pub kind: FileKind,
    /// None: the file comes in one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// How a file is cut: pieces of one size, the last of what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    size_bytes: u64,
    part_bytes: u64,
}

impl Parts {
    pub fn new(kind: FileKind, size_bytes: u64, part_bytes: u64) -> Result<Self, UploadRefused> {
        kind.check_size(size_bytes)?;
        if !(SMALLEST_PART_BYTES..=LARGEST_PART_BYTES).contains(&part_bytes) {
            return Err(UploadRefused::PartSizeOutOfRange);
        }
        Ok(Self { size_bytes, part_bytes })
    }

    /// Number, from 1, and size in bytes of each part.
    pub fn sizes(self) -> impl Iterator<Item = (u32, u64)> {
        let starts = (0..self.size_bytes).step_by(usize::try_from(self.part_bytes).unwrap_or(usize::MAX));
        (1..).zip(starts.map(move |start| self.part_bytes.min(self.size_bytes - start)))
    }
}

/// Why a file cannot come in, or is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefused {
    #[error(
        "The photo is too large for this request: at most {LARGEST_INLINE_PHOTO_BYTES} bytes. \
         Ask POST /api/uploads for an address, send the photo there, and call again with its upload_id"
    )]
    TooLargeInline,
    #[error("size_bytes must be from 1 to {0}")]
    SizeOutOfRange(u64),
    #[error("part_bytes must be from {SMALLEST_PART_BYTES} to {LARGEST_PART_BYTES}")]
    PartSizeOutOfRange,
    #[error("Upload not found, or nothing has been sent to its address")]
    NotFound,
    #[error("This upload comes in one piece, to the address that was given")]
    NotInParts,
    #[error("part_sha256 must name the SHA-256 of each of the {0} parts, in hexadecimal digits")]
    ChecksumsMissing(usize),
    #[error("Not all parts have come: {} missing. GET the upload for their addresses", listed(.0))]
    PartsMissing(Vec<u32>),
    #[error(
        "Not all parts came as they were sent: {} removed. GET the upload for their addresses and send them again",
        listed(.0)
    )]
    PartsDiffer(Vec<u32>),
}

fn listed(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    numbers.join(", ")
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
            UploadRefused::SizeOutOfRange(_)
            | UploadRefused::PartSizeOutOfRange
            | UploadRefused::ChecksumsMissing(_) => Kind::Invalid,
            UploadRefused::NotFound => Kind::NotFound,
            UploadRefused::NotInParts | UploadRefused::PartsMissing(_) | UploadRefused::PartsDiffer(_) => {
                Kind::Conflict
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            UploadRefused::TooLargeInline => "photo_too_large",
            UploadRefused::SizeOutOfRange(_) => "size_out_of_range",
            UploadRefused::PartSizeOutOfRange => "part_size_out_of_range",
            UploadRefused::NotFound => "upload_not_found",
            UploadRefused::NotInParts => "not_in_parts",
            UploadRefused::ChecksumsMissing(_) => "checksums_missing",
            UploadRefused::PartsMissing(_) => "parts_missing",
            UploadRefused::PartsDiffer(_) => "parts_differ",
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
    fn parts_make_up_the_file() {
        for (size, part, expected) in [
            (1, SMALLEST_PART_BYTES, 1),
            (SMALLEST_PART_BYTES, SMALLEST_PART_BYTES, 1),
            (SMALLEST_PART_BYTES + 1, SMALLEST_PART_BYTES, 2),
            (LARGEST_PHOTO_BYTES, SMALLEST_PART_BYTES, 40),
            (LARGEST_PHOTO_BYTES, LARGEST_PART_BYTES, 2),
        ] {
            let parts = Parts::new(FileKind::Picture, size, part).unwrap();
            let sizes: Vec<(u32, u64)> = parts.sizes().collect();
            assert_eq!(sizes.len(), expected);
            assert_eq!(sizes.iter().map(|(_, size)| size).sum::<u64>(), size);
            assert!(sizes.iter().all(|(_, size)| (1..=part).contains(size)));
            assert!(sizes.iter().map(|(number, _)| *number).eq(1..=expected as u32));
        }
        for kind in [FileKind::Picture, FileKind::Pdf] {
            let largest = kind.largest_bytes();
            for size in [0, largest + 1] {
                let refused = Err(UploadRefused::SizeOutOfRange(largest));
                assert_eq!(Parts::new(kind, size, SMALLEST_PART_BYTES), refused);
            }
            assert!(Parts::new(kind, largest, SMALLEST_PART_BYTES).is_ok());
            let refused = Err(UploadRefused::PartSizeOutOfRange);
            assert_eq!(Parts::new(kind, 9, SMALLEST_PART_BYTES - 1), refused);
        }
    }

    #[test]
    fn kinds_are_told_by_the_first_bytes() {
        assert_eq!(FileKind::of(&[0xff, 0xd8, 0xff]), Some(FileKind::Picture));
        assert_eq!(FileKind::of(b"%PDF-1.7\n"), Some(FileKind::Pdf));
        for start in [b"".as_slice(), b"%PDF", b" %PDF-1.7", b"MZ", b"<html>"] {
            assert_eq!(FileKind::of(start), None);
        }
    }

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
