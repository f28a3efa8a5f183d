//! How numbers, texts and maps are packed: little-endian, each text and map after its length in two bytes.

use std::collections::BTreeMap;

use super::AgoraError;

pub fn put_u16(bytes: &mut Vec<u8>, number: u16) {
    bytes.extend(number.to_le_bytes());
}

pub fn put_u32(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend(number.to_le_bytes());
}

pub fn put_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), AgoraError> {
    put_bytes(bytes, text.as_bytes())
}

pub fn put_bytes(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), AgoraError> {
    put_u16(bytes, count(part.len())?);
    bytes.extend(part);
    Ok(())
}

/// By ascending key.
pub fn put_map(bytes: &mut Vec<u8>, map: &BTreeMap<u16, u32>) -> Result<(), AgoraError> {
    put_u16(bytes, count(map.len())?);
    for (key, value) in map {
        put_u16(bytes, *key);
        put_u32(bytes, *value);
    }
    Ok(())
}

pub fn count(length: usize) -> Result<u16, AgoraError> {
    u16::try_from(length).map_err(|_| AgoraError::TooLong)
}
