//! Whether a JPEG file is all there. The decoder fills what is missing with grey and says nothing, and a
//! half-grey face would get a diagnosis: so the markers are walked to the end first (ITU-T T.81, annex B).

use super::PictureError;

const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
/// Progressive pictures have about ten scans; a file of thousands exists only to keep decoders busy.
const MAX_SCANS: usize = 64;

/// Refuses a file that stops before its end-of-image marker. What follows the marker does not matter:
/// phones append previews and films.
pub(super) fn is_complete(bytes: &[u8]) -> Result<(), PictureError> {
    let mut at = 2;
    let mut scans = 0;
    loop {
        let marker = next_marker(bytes, &mut at).ok_or(PictureError::Truncated)?;
        match marker {
            END_OF_IMAGE if scans > 0 => return Ok(()),
            END_OF_IMAGE => return Err(PictureError::Truncated),
            START_OF_SCAN if scans == MAX_SCANS => return Err(PictureError::TooMuchMemory),
            START_OF_SCAN => scans += 1,
            _ => {}
        }
        at += segment_length(bytes, at).ok_or(PictureError::Truncated)?;
    }
}

/// Skips to just after the next marker that is followed by a length, or that ends the picture. Within
/// compressed data, FF 00 is a stuffed byte and FF D0 to D7 restart the decoder.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        *at += bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)? + 1;
        match *bytes.get(*at)? {
            0xFF => {}
            0x00 | 0x01 | 0xD0..=0xD8 => *at += 1,
            marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}

/// The length that a segment declares, if the file holds as much.
fn segment_length(bytes: &[u8], at: usize) -> Option<usize> {
    let declared = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    (declared >= 2 && at + declared <= bytes.len()).then_some(declared)
}
