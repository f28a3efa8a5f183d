//! Little-endian numbers and zero-padded texts. Places beyond the end read as zero, so nothing here can panic.

use super::ImageRefused;

pub fn u16_at(file: &[u8], place: usize) -> u16 {
    u16::from_le_bytes(array(file, place))
}

pub fn u32_at(file: &[u8], place: usize) -> u32 {
    u32::from_le_bytes(array(file, place))
}

fn array<const N: usize>(file: &[u8], place: usize) -> [u8; N] {
    let found = file.get(place..place + N).and_then(|bytes| bytes.try_into().ok());
    found.unwrap_or([0; N])
}

/// Up to the first zero byte, or to the end of the field.
pub fn text(file: &[u8], place: usize, longest: usize) -> Result<String, ImageRefused> {
    let field = file.get(place..place + longest).unwrap_or_default();
    let text = field.split(|byte| *byte == 0).next().unwrap_or_default();
    if text.iter().any(|byte| !matches!(byte, b' '..=b'~')) {
        return Err(ImageRefused::Text);
    }
    Ok(String::from_utf8_lossy(text).into_owned())
}
