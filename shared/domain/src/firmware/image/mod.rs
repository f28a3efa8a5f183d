//! An ESP32 application image, as `esptool` writes it and a device checks it before it boots.
//!
//! What is accepted here boots there, as far as that can be known without the device; what merely lies beside an app
//! image in a build folder (bootloaders, partition tables, merged flash images) would leave a device dead, and is told
//! apart by its first bytes. Deliberately not here: whether a signature is by the right key.

mod bytes;
mod refused;
mod signature;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::firmware::Hardware;

use bytes::{text, u16_at, u32_at};
pub use refused::ImageRefused;
pub use signature::SignatureScheme;

const MAGIC: u8 = 0xe9;
const MOST_SEGMENTS: u8 = 16;
const HEADER: usize = 24;
const SEGMENT_HEADER: usize = 8;
const DESCRIPTOR: usize = HEADER + SEGMENT_HEADER;
const DESCRIPTOR_LENGTH: usize = 256;
const DESCRIPTOR_MAGIC: [u8; 4] = [0x32, 0x54, 0xcd, 0xab];
/// Header and descriptor.
const SHORTEST: usize = DESCRIPTOR + DESCRIPTOR_LENGTH;
const TEXT: usize = 32;
const CHECKSUM_START: u8 = 0xef;
const DIGEST: usize = 32;

/// What an image says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppImage {
    pub hardware: Hardware,
    /// Often no dotted number: `git describe` writes it.
    pub version: String,
    pub project_name: String,
    pub idf_version: String,
    pub compile_date: String,
    pub compile_time: String,
    pub elf_sha256: String,
    /// For anti-rollback: a device that has run a higher one refuses it.
    pub secure_version: u32,
    pub segments: u8,
    /// Without it, only a checksum of one byte guards the image.
    pub is_digest_appended: bool,
    pub signature: Option<SignatureScheme>,
}

/// Reads a whole file, or says why no device could boot it.
pub fn parse(file: &[u8]) -> Result<AppImage, ImageRefused> {
    match file.first() {
        None => return Err(ImageRefused::Empty),
        Some(&MAGIC) => {}
        Some(_) => return Err(ImageRefused::NoImage),
    }
    if file.len() < SHORTEST {
        return Err(ImageRefused::Truncated);
    }
    let segments = file[1];
    if !(1..=MOST_SEGMENTS).contains(&segments) {
        return Err(ImageRefused::SegmentCount);
    }
    if file[DESCRIPTOR..DESCRIPTOR + 4] != DESCRIPTOR_MAGIC {
        return Err(ImageRefused::NoAppImage);
    }
    let hardware = Hardware::of_chip(u16_at(file, 12)).ok_or(ImageRefused::UnknownChip)?;
    let end = check_segments(file, segments)?;
    let is_digest_appended = match file[23] {
        0 => false,
        1 => true,
        _ => return Err(ImageRefused::DigestMark),
    };
    let end = if is_digest_appended {
        check_digest(file, end)?
    } else {
        end
    };
    let signature = signature::check(file, end)?;
    let image = AppImage {
        hardware,
        version: text(file, 48, TEXT)?,
        project_name: text(file, 80, TEXT)?,
        compile_time: text(file, 112, 16)?,
        compile_date: text(file, 128, 16)?,
        idf_version: text(file, 144, TEXT)?,
        elf_sha256: data_encoding::HEXLOWER.encode(&file[176..208]),
        secure_version: u32_at(file, 36),
        segments,
        is_digest_appended,
        signature,
    };
    if image.version.is_empty() {
        return Err(ImageRefused::NoVersion);
    }
    if image.secure_version > hardware.secure_steps() {
        return Err(ImageRefused::SecureVersion);
    }
    Ok(image)
}

/// Walks over the segments and their checksum; gives where the part ends that a digest is over.
fn check_segments(file: &[u8], segments: u8) -> Result<usize, ImageRefused> {
    let mut position = HEADER;
    let mut checksum = CHECKSUM_START;
    for place in 0..segments {
        let data = position + SEGMENT_HEADER;
        if data > file.len() {
            return Err(ImageRefused::Truncated);
        }
        let length = u32_at(file, position + 4) as usize;
        if !length.is_multiple_of(4) {
            return Err(ImageRefused::SegmentLength);
        }
        if place == 0 && length < DESCRIPTOR_LENGTH {
            return Err(ImageRefused::NoAppImage);
        }
        let end = data.checked_add(length).filter(|end| *end <= file.len());
        position = end.ok_or(ImageRefused::Truncated)?;
        checksum = file[data..position].iter().fold(checksum, |sum, byte| sum ^ byte);
    }
    // The checksum is the last byte of a row of sixteen; zeros lead up to it.
    let place = position | 15;
    if place >= file.len() {
        return Err(ImageRefused::Truncated);
    }
    if file[place] != checksum || file[position..place].iter().any(|byte| *byte != 0) {
        return Err(ImageRefused::Checksum);
    }
    Ok(place + 1)
}

fn check_digest(file: &[u8], end: usize) -> Result<usize, ImageRefused> {
    let digest = file.get(end..end + DIGEST).ok_or(ImageRefused::Truncated)?;
    if Sha256::digest(&file[..end]).as_slice() != digest {
        return Err(ImageRefused::Digest);
    }
    Ok(end + DIGEST)
}
