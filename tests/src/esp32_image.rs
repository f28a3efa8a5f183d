//! Images of ESP32 firmware that a device would take for real: header, descriptor, segments, checksum and digest are
//! right; what would run is noise.

use domain::firmware::Hardware;
use sha2::{Digest, Sha256};

/// Header, descriptor, an empty second segment, checksum and digest.
pub const SMALLEST: usize = 352;

pub struct Recipe {
    pub hardware: Hardware,
    /// What the descriptor says: at most 31 characters.
    pub version: String,
    pub secure_version: u32,
    /// Of the whole file: a multiple of 16, and not less than [`SMALLEST`].
    pub size: usize,
}

/// An image for the cameras.
pub fn image(version: &str, size: usize) -> Vec<u8> {
    Recipe {
        hardware: Hardware::default(),
        version: version.to_owned(),
        secure_version: 0,
        size,
    }
    .bake()
}

impl Recipe {
    pub fn bake(&self) -> Vec<u8> {
        let Self { size, version, .. } = self;
        assert!(*size >= SMALLEST && size.is_multiple_of(16) && version.len() < 32);
        let mut file = self.header();
        let descriptor = self.descriptor();
        segment(&mut file, 0x4000_0020, &descriptor);
        // Three zeros and the checksum end a row of sixteen, the digest follows.
        let code = noise(version, size - 32 - 4 - file.len() - 8);
        segment(&mut file, 0x4ff0_0000, &code);
        let checksum = descriptor.iter().chain(&code).fold(0xef, |sum, byte| sum ^ byte);
        file.extend([0, 0, 0, checksum]);
        let digest = Sha256::digest(&file);
        file.extend(digest);
        assert_eq!(file.len(), *size);
        file
    }

    fn header(&self) -> Vec<u8> {
        let mut header = vec![0; 24];
        header[..4].copy_from_slice(&[0xe9, 2, 2, 0x4f]);
        header[4..8].copy_from_slice(&0x4ff0_0000_u32.to_le_bytes());
        header[8] = 0xee;
        header[12..14].copy_from_slice(&self.hardware.chip_id().to_le_bytes());
        header[17..19].copy_from_slice(&399_u16.to_le_bytes());
        header[23] = 1;
        header
    }

    fn descriptor(&self) -> Vec<u8> {
        let mut descriptor = vec![0; 256];
        descriptor[..4].copy_from_slice(&[0x32, 0x54, 0xcd, 0xab]);
        descriptor[4..8].copy_from_slice(&self.secure_version.to_le_bytes());
        let texts = [
            (16, self.version.as_str()),
            (48, "camera"),
            (80, "12:34:56"),
            (96, "Nov 22 2026"),
            (112, "v5.5.2"),
        ];
        for (place, text) in texts {
            descriptor[place..place + text.len()].copy_from_slice(text.as_bytes());
        }
        descriptor
    }
}

fn segment(file: &mut Vec<u8>, address: u32, data: &[u8]) {
    file.extend(address.to_le_bytes());
    file.extend(u32::try_from(data.len()).expect("a segment is short").to_le_bytes());
    file.extend(data);
}

/// The same for the same version, another for another.
fn noise(version: &str, length: usize) -> Vec<u8> {
    let mut state = version.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::firmware::image::parse;

    #[test]
    fn what_is_baked_is_an_image_of_the_wanted_size() {
        for size in [SMALLEST, 400, 1024, 65_536 + 16] {
            let file = image("1.2.3", size);
            let read = parse(&file).expect("an image");
            assert_eq!((file.len(), read.version.as_str()), (size, "1.2.3"));
            assert_eq!(read.hardware, Hardware::Esp32P4);
        }
        assert_ne!(image("1.2.3", 400), image("1.2.4", 400));
    }
}
