use super::*;
use image::{ImageFormat, Rgb};
use std::time::{Duration, Instant};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}.jpg", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A small picture whose upper left corner is red.
fn marked(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 {
            Rgb([250, 0, 0])
        } else {
            Rgb([0, 0, 120])
        }
    })
}

fn written(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A JPEG with an EXIF orientation, and a position, put in after the first marker.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 48.2082 N");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// The first chunk of a PNG with these dimensions, and the beginning of its data.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut file = written(&marked(4, 4), ImageFormat::Png);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn refusal(bytes: &[u8]) -> String {
    format!("{:?}", Picture::decode(bytes).expect_err("was taken"))
}

#[test]
fn jpeg_png_and_webp_are_read_whatever_they_are_called() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let picture = Picture::decode(&written(&marked(40, 30), format)).unwrap();
        assert_eq!((picture.width(), picture.height()), (40, 30), "{format:?}");
    }
}

#[test]
fn files_of_other_kinds_are_unsupported() {
    assert_eq!(refusal(b""), "Empty");
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    for bytes in [
        &b"GIF89a\x01\0\x01\0\0\0\0;"[..],
        b"dear doctor, my skin",
        heic,
        b"\xFF\xD8",
        b"RIFF\0\0\0\0WAVE",
    ] {
        assert_eq!(refusal(bytes), "Unsupported");
    }
}

#[test]
fn a_picture_that_was_cut_off_anywhere_is_refused() {
    let face = fixture("face_astronaut");
    for part in [3, 10, 200] {
        assert!(Picture::decode(&face[..part]).is_err(), "cut at {part}");
    }
    for tenths in 1..10 {
        assert_eq!(refusal(&face[..face.len() * tenths / 10]), "Truncated");
    }
    assert_eq!(refusal(&face[..face.len() - 2]), "Truncated");
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&marked(64, 64), format);
        for part in [12, file.len() / 2, file.len() * 3 / 4] {
            assert!(Picture::decode(&file[..part]).is_err(), "{format:?} cut at {part}");
        }
    }
}

#[test]
fn a_preview_inside_the_metadata_does_not_pass_for_the_end() {
    let jpeg = written(&marked(40, 30), ImageFormat::Jpeg);
    let length = u16::try_from(jpeg.len() + 2).unwrap().to_be_bytes();
    let nested = [&jpeg[..2], &[0xFF, 0xE1], &length, &jpeg, &jpeg[2..]].concat();
    assert!(Picture::decode(&nested).is_ok());
    assert_eq!(refusal(&nested[..nested.len() - 20]), "Truncated");
}

#[test]
fn bytes_after_the_end_of_a_jpeg_do_not_matter() {
    let mut file = fixture("face_astronaut");
    file.extend(b"a film that a phone appended");
    assert!(Picture::decode(&file).is_ok());
}

#[test]
fn a_decompression_bomb_is_refused_within_milliseconds() {
    let began = Instant::now();
    assert_eq!(
        refusal(&png_that_claims(30_000, 30_000)),
        "TooManyPixels { width: 30000, height: 30000 }"
    );
    assert_eq!(
        refusal(&png_that_claims(20_000, 1)),
        "TooManyPixels { width: 20000, height: 1 }"
    );
    assert_eq!(
        refusal(&png_that_claims(10_000, 10_000)),
        "TooManyPixels { width: 10000, height: 10000 }"
    );
    assert!(began.elapsed() < Duration::from_millis(100), "{:?}", began.elapsed());
}

#[test]
fn an_exif_orientation_is_applied_and_no_metadata_survives() {
    let jpeg = written(&marked(64, 32), ImageFormat::Jpeg);
    let is_red = |picture: &Picture, x: u32, y: u32| picture.0.get_pixel(x, y).0[0] > 150;
    let turned = Picture::decode(&with_exif(&jpeg, 6)).unwrap();
    assert_eq!((turned.width(), turned.height()), (32, 64));
    assert!(is_red(&turned, 24, 8) && !is_red(&turned, 8, 8));
    let upside_down = Picture::decode(&with_exif(&jpeg, 3)).unwrap();
    assert!(is_red(&upside_down, 56, 28) && !is_red(&upside_down, 8, 8));
    let clean = turned.to_jpeg(1024, 85).unwrap();
    assert!(!clean.windows(4).any(|four| four == b"Exif" || four == b"GPS "));
    let again = Picture::decode(&clean).unwrap();
    assert_eq!((again.width(), again.height()), (32, 64));
}

#[test]
fn shrinking_keeps_proportions_and_never_enlarges() {
    let picture = Picture::from_pixels(marked(300, 100)).unwrap();
    let size = |picture: &Picture| (picture.width(), picture.height());
    assert_eq!(size(&picture.shrink(90)), (90, 30));
    assert_eq!(size(&picture.shrink(1000)), (300, 100));
    assert_eq!(size(&picture.shrink(1)), (1, 1));
}

#[test]
fn sharp_faces_measure_above_the_limit_and_blurred_ones_below() {
    let limit = domain::photo_quality::MIN_SHARPNESS;
    let measure = |name: &str| Picture::decode(&fixture(name)).unwrap().sharpness(None);
    for sharp in [
        "face_astronaut",
        "face_astronaut_dark",
        "medical_retina",
        "nonface_cell",
        "nonface_brick",
    ] {
        assert!(measure(sharp) > limit, "{sharp}: {}", measure(sharp));
    }
    for blurred in ["face_astronaut_blur6", "face_astronaut_blur12"] {
        assert!(measure(blurred) < limit, "{blurred}: {}", measure(blurred));
    }
    assert!(Picture::from_pixels(RgbImage::new(50, 50)).unwrap().sharpness(None) < limit);
}

#[test]
fn debug_output_shows_no_pixels() {
    let picture = Picture::from_pixels(marked(3, 2)).unwrap();
    assert_eq!(format!("{picture:?}"), "Picture(3 × 2, [redacted])");
}

#[test]
fn damaged_bytes_are_refused_or_read_but_never_break_the_reader() {
    let mut state = 42_u32;
    let mut next = move |end: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % end
    };
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&marked(48, 40), format);
        for _ in 0..300 {
            let mut damaged = file.clone();
            for _ in 0..1 + next(4) {
                let at = next(damaged.len());
                damaged[at] = next(256) as u8;
            }
            drop(Picture::decode(&damaged));
        }
    }
}
