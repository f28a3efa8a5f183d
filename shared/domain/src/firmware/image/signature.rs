//! The sector behind a signed image (secure boot v2): up to three blocks that say who signed what stands before it.
//!
//! A block's CRC and the digest in it are checked. The signature itself is not: whose key is right is burned into
//! devices and not known here.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};

use super::ImageRefused;
use super::bytes::u32_at;

const SECTOR: usize = 4096;
const BLOCK: usize = 1216;
const MOST_BLOCKS: usize = 3;
const BLOCK_MAGIC: u8 = 0xe7;
const PADDING: u8 = 0xff;
/// Where a block's CRC stands, over all before it; zeros follow.
const CRC: usize = 1196;
const DIGEST: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureScheme {
    /// Version 2 of the block.
    Rsa3072,
    /// Version 3 of the block.
    Ecdsa,
}

/// `end`: where the image itself ends. None for a file that ends there too.
pub fn check(file: &[u8], end: usize) -> Result<Option<SignatureScheme>, ImageRefused> {
    if file.len() == end {
        return Ok(None);
    }
    let signed = end.next_multiple_of(SECTOR);
    if file.len() != signed + SECTOR || !is_padding(&file[end..signed]) {
        return Err(ImageRefused::TrailingBytes);
    }
    let (image, sector) = file.split_at(signed);
    let (blocks, rest) = sector.split_at(BLOCK * MOST_BLOCKS);
    let mut found = None;
    for block in blocks.chunks_exact(BLOCK) {
        if block[0] != BLOCK_MAGIC {
            if !is_padding(block) {
                return Err(ImageRefused::TrailingBytes);
            }
            continue;
        }
        let scheme = check_block(block, image)?;
        found = found.or(Some(scheme));
    }
    if found.is_none() || !is_padding(rest) {
        return Err(ImageRefused::TrailingBytes);
    }
    Ok(found)
}

fn check_block(block: &[u8], image: &[u8]) -> Result<SignatureScheme, ImageRefused> {
    let scheme = match block[1] {
        2 => SignatureScheme::Rsa3072,
        3 => SignatureScheme::Ecdsa,
        _ => return Err(ImageRefused::UnknownSignature),
    };
    let is_intact = crc32fast::hash(&block[..CRC]) == u32_at(block, CRC);
    if !is_intact || block[CRC + 4..].iter().any(|byte| *byte != 0) {
        return Err(ImageRefused::SignatureCrc);
    }
    // Larger curves come with a longer digest, which stands at the same place.
    let is_longer = || scheme == SignatureScheme::Ecdsa && block[DIGEST..].starts_with(&Sha384::digest(image));
    if block[DIGEST..].starts_with(&Sha256::digest(image)) || is_longer() {
        Ok(scheme)
    } else {
        Err(ImageRefused::SignatureDigest)
    }
}

fn is_padding(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == PADDING)
}
