//! Why a file is no image that a device could boot.

use crate::refusal::{Kind, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageRefused {
    #[error("The file is empty")]
    Empty,
    #[error("The file is not an ESP image: its first byte is not 0xE9")]
    NoImage,
    #[error("The image is incomplete: the file ends too early")]
    Truncated,
    #[error("The image is damaged: it must have 1 to 16 segments")]
    SegmentCount,
    #[error("The image is damaged: the length of a segment is no multiple of 4")]
    SegmentLength,
    #[error(
        "The file is not an application image: it has no application descriptor, like a bootloader or a merged flash image"
    )]
    NoAppImage,
    #[error("The image is for a chip that is not known")]
    UnknownChip,
    #[error("The image is damaged: its checksum is wrong")]
    Checksum,
    #[error("The image is damaged: it neither has nor lacks a SHA-256 digest")]
    DigestMark,
    #[error("The image is damaged: its SHA-256 digest is wrong")]
    Digest,
    #[error("The image's descriptor holds characters that cannot be printed")]
    Text,
    #[error("The image names no version")]
    NoVersion,
    #[error("The image's secure version is higher than the chip's fuses can count")]
    SecureVersion,
    #[error("Something follows the image that is no signature sector")]
    TrailingBytes,
    #[error("The image's signature block is of a kind that is not known")]
    UnknownSignature,
    #[error("The image's signature block is damaged: its CRC is wrong")]
    SignatureCrc,
    #[error("The image's signature is of another image: its digest is wrong")]
    SignatureDigest,
}

impl Refusal for ImageRefused {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        match self {
            ImageRefused::Empty => "image_empty",
            ImageRefused::NoImage => "not_an_esp_image",
            ImageRefused::Truncated => "image_truncated",
            ImageRefused::SegmentCount => "image_segment_count",
            ImageRefused::SegmentLength => "image_segment_length",
            ImageRefused::NoAppImage => "not_an_app_image",
            ImageRefused::UnknownChip => "image_chip_unknown",
            ImageRefused::Checksum => "image_checksum_wrong",
            ImageRefused::DigestMark => "image_digest_mark",
            ImageRefused::Digest => "image_digest_wrong",
            ImageRefused::Text => "image_text_unprintable",
            ImageRefused::NoVersion => "image_version_missing",
            ImageRefused::SecureVersion => "image_secure_version",
            ImageRefused::TrailingBytes => "image_trailing_bytes",
            ImageRefused::UnknownSignature => "image_signature_unknown",
            ImageRefused::SignatureCrc => "image_signature_crc",
            ImageRefused::SignatureDigest => "image_signature_digest",
        }
    }
}
