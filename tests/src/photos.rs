//! Photos to send: real ones from the fixtures, and things that only claim to be photos.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, RgbImage};

/// A picture of `shared/models/fixtures`, by its name without the ending.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/models/fixtures");
    let path = folder.join(format!("{name}.jpg"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A portrait with a clear face (NASA, public domain).
pub fn face() -> Vec<u8> {
    fixture("face_astronaut")
}

/// The same portrait with the pixels of a phone's camera, at the given JPEG quality.
pub fn twelve_megapixels(quality: u8) -> Vec<u8> {
    let small = image::load_from_memory(&face()).expect("the fixture is a picture");
    let large = small.resize_exact(4000, 3000, FilterType::Triangle);
    encoded(&large.to_rgb8(), quality)
}

/// The smile of the same portrait from close by: the local model sees teeth, and nothing on them.
pub fn teeth() -> Vec<u8> {
    encoded(&smile(), 90)
}

/// The same with a red spot, which the local model takes for an ulcer.
pub fn teeth_with_a_red_spot() -> Vec<u8> {
    const RED: [f32; 3] = [180.0, 30.0, 40.0];
    let mut picture = smile();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if x.abs_diff(160).pow(2) + y.abs_diff(100).pow(2) < 80_u32.pow(2) {
            for (channel, red) in pixel.0.iter_mut().zip(RED) {
                *channel = (f32::from(*channel) * 0.2 + red * 0.8) as u8;
            }
        }
    }
    encoded(&picture, 90)
}

fn smile() -> RgbImage {
    let portrait = image::load_from_memory(&face()).expect("the fixture is a picture");
    let smile = portrait.crop_imm(215, 138, 20, 20);
    smile.resize_exact(320, 320, FilterType::Triangle).to_rgb8()
}

fn encoded(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(picture)
        .expect("a JPEG");
    bytes
}

/// A GIF, which is not taken: small, and with no claim to be anything else.
pub fn gif() -> Vec<u8> {
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;".to_vec()
}

/// A picture with metadata that must not survive: a JPEG with a comment and an Exif block holding a place.
pub fn face_with_metadata() -> Vec<u8> {
    let face = face();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0GPS 46.9480 N 7.4474 E";
    let mut bytes = face[..2].to_vec();
    for (marker, payload) in [(0xe1_u8, exif.as_slice()), (0xfe, b"serial number 4711")] {
        bytes.extend([0xff, marker]);
        bytes.extend(u16::try_from(payload.len() + 2).expect("a short block").to_be_bytes());
        bytes.extend(payload);
    }
    bytes.extend(&face[2..]);
    bytes
}

/// A PNG of 30,000 × 30,000 pixels in a few hundred bytes.
pub fn decompression_bomb() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(30_000_u32.to_be_bytes());
    header.extend(30_000_u32.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut bytes, b"IHDR", &header);
    chunk(&mut bytes, b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]);
    chunk(&mut bytes, b"IEND", &[]);
    bytes
}

fn chunk(bytes: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    bytes.extend(u32::try_from(data.len()).expect("a short chunk").to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(data);
    bytes.extend(name);
    bytes.extend(data);
    bytes.extend(crc.sum().to_be_bytes());
}

/// Width and height of a JPEG.
pub fn size(jpeg: &[u8]) -> (u32, u32) {
    let picture: DynamicImage = image::ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg)
        .decode()
        .expect("a JPEG");
    (picture.width(), picture.height())
}
