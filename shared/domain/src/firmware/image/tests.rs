use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

struct Vector {
    name: String,
    expect: Value,
    file: Vec<u8>,
}

static ALL: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../fixtures/esp32-ota.json")).unwrap());

fn vectors(list: &str) -> Vec<Vector> {
    let read = |vector: &Value| Vector {
        name: vector["name"].as_str().unwrap().to_owned(),
        expect: vector["expect"].clone(),
        file: file(vector),
    };
    ALL[list].as_array().unwrap().iter().map(read).collect()
}

/// The signed one is mostly padding, and compressed.
fn file(vector: &Value) -> Vec<u8> {
    let decode = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap();
    if let Some(text) = vector["image_base64"].as_str() {
        return decode(text);
    }
    let compressed = decode(vector["image_zlib_base64"].as_str().unwrap());
    let mut file = Vec::new();
    ZlibDecoder::new(compressed.as_slice()).read_to_end(&mut file).unwrap();
    file
}

fn valid(name: &str) -> Vec<u8> {
    let all = ALL["valid"].as_array().unwrap();
    file(all.iter().find(|vector| vector["name"] == name).unwrap())
}

#[test]
fn images_of_the_vendors_tools_are_read() {
    let all = vectors("valid");
    assert!(all.len() >= 7);
    for Vector { name, expect, file } in all {
        let image = parse(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(image.version, expect["version"], "{name}");
        assert_eq!(image.project_name, expect["project_name"], "{name}");
        assert_eq!(image.hardware.name(), expect["chip"], "{name}");
        assert_eq!(u64::from(image.hardware.chip_id()), expect["chip_id"], "{name}");
        assert_eq!(u64::from(image.secure_version), expect["secure_version"], "{name}");
        assert_eq!(u64::from(image.segments), expect["segments"], "{name}");
        assert_eq!(image.is_digest_appended, expect["hash_appended"], "{name}");
        for (member, value) in [
            ("app_elf_sha256", &image.elf_sha256),
            ("compile_time", &image.compile_time),
            ("compile_date", &image.compile_date),
            ("idf_version", &image.idf_version),
        ] {
            if let Some(wanted) = expect[member].as_str() {
                assert_eq!(value, wanted, "{name}: {member}");
            }
        }
        let is_signed = expect["signature"].is_object();
        assert_eq!(image.signature, is_signed.then_some(SignatureScheme::Rsa3072), "{name}");
    }
}

#[test]
fn broken_images_are_refused_for_the_right_reason() {
    let reasons = [
        ("empty", ImageRefused::Empty),
        ("html_error_page", ImageRefused::NoImage),
        ("wrong_image_magic", ImageRefused::NoImage),
        ("esp8266_style_magic", ImageRefused::NoImage),
        ("wrong_descriptor_magic", ImageRefused::NoAppImage),
        ("bit_flip_in_segment", ImageRefused::Checksum),
        ("digest_corrupted", ImageRefused::Digest),
        ("truncated_mid_segment", ImageRefused::Truncated),
        ("truncated_digest", ImageRefused::Truncated),
        ("segment_count_zero", ImageRefused::SegmentCount),
        ("segment_count_17", ImageRefused::SegmentCount),
        ("segment_length_past_end", ImageRefused::Truncated),
        ("segment_length_unaligned", ImageRefused::SegmentLength),
    ];
    let all = vectors("invalid");
    assert_eq!(all.len(), reasons.len());
    for Vector { name, file, .. } in all {
        let reason = reasons.iter().find(|(known, _)| *known == name);
        assert_eq!(parse(&file).err(), reason.map(|(_, reason)| *reason), "{name}");
    }
}

#[test]
fn what_lies_beside_an_app_image_is_refused() {
    // A partition table, a merged image that begins with empty flash, and one that begins with a bootloader.
    assert_eq!(parse(&[[0xaa, 0x50]; 1024].concat()), Err(ImageRefused::NoImage));
    assert_eq!(parse(&[0xff; 8192]), Err(ImageRefused::NoImage));
    let mut bootloader = valid("esp32_plain");
    bootloader[32..36].copy_from_slice(&[80, 0, 0, 0]);
    assert_eq!(parse(&bootloader), Err(ImageRefused::NoAppImage));
}

#[test]
fn nothing_may_follow_but_a_signature_sector() {
    let mut file = valid("esp32_plain");
    file.push(0xff);
    assert_eq!(parse(&file), Err(ImageRefused::TrailingBytes));
    file.resize(8192, 0xff);
    assert_eq!(parse(&file), Err(ImageRefused::TrailingBytes));
    let signed = valid("esp32_secure_boot_v2_signed");
    assert_eq!(parse(&signed[..8191]), Err(ImageRefused::TrailingBytes));
}

/// What the vectors lack: the third version of the block, with either digest.
#[test]
fn blocks_of_elliptic_curves_are_told_by_their_digest() {
    let signed = valid("esp32_secure_boot_v2_signed");
    let (image, sector) = signed.split_at(4096);
    let with = |version: u8, digest: &[u8]| {
        let mut block = vec![0; BLOCK_LENGTH];
        block[..2].copy_from_slice(&[0xe7, version]);
        block[4..4 + digest.len()].copy_from_slice(digest);
        let crc = crc32fast::hash(&block[..1196]);
        block[1196..1200].copy_from_slice(&crc.to_le_bytes());
        parse(&[image, &block, &sector[BLOCK_LENGTH..]].concat()).map(|image| image.signature)
    };
    let (short, long) = (Sha256::digest(image), sha2::Sha384::digest(image));
    assert_eq!(with(3, &short), Ok(Some(SignatureScheme::Ecdsa)));
    assert_eq!(with(3, &long), Ok(Some(SignatureScheme::Ecdsa)));
    assert_eq!(with(2, &long), Err(ImageRefused::SignatureDigest));
    assert_eq!(with(4, &short), Err(ImageRefused::UnknownSignature));
    assert_eq!(with(3, &[7; 32]), Err(ImageRefused::SignatureDigest));
}

const BLOCK_LENGTH: usize = 1216;

#[test]
fn texts_and_the_secure_version_are_checked() {
    let plain = valid("esp32_no_appended_digest");
    let with = |place: usize, bytes: &[u8]| {
        let mut file = plain.clone();
        // The checksum, the last byte, is kept right.
        for (offset, byte) in bytes.iter().enumerate() {
            let last = file.len() - 1;
            file[last] ^= file[place + offset] ^ byte;
            file[place + offset] = *byte;
        }
        parse(&file).err()
    };
    assert_eq!(with(48, b"1.2.3"), None);
    assert_eq!(with(48, b"1\n2"), Some(ImageRefused::Text));
    assert_eq!(with(80, &[0xc3]), Some(ImageRefused::Text));
    assert_eq!(with(48, &[0]), Some(ImageRefused::NoVersion));
    assert_eq!(with(36, &[33]), Some(ImageRefused::SecureVersion));
    assert_eq!(with(36, &[32]), None);
    // Not part of what the checksum is over.
    let mut file = plain.clone();
    file[12] = 0xff;
    assert_eq!(parse(&file), Err(ImageRefused::UnknownChip));
}

proptest! {
    #[test]
    fn any_bytes_are_answered(file in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let _ = parse(&file);
    }

    /// Closer to an image than bytes at random.
    #[test]
    fn any_damage_is_answered(
        changes in proptest::collection::vec((0..8192_usize, any::<u8>()), 1..20),
        length in 0..=8192_usize,
    ) {
        let mut file = valid("esp32_secure_boot_v2_signed");
        for (place, byte) in changes {
            file[place] = byte;
        }
        let _ = parse(&file[..length]);
    }
}

#[test]
fn any_flipped_bit_of_a_hashed_image_is_refused() {
    for name in ["esp32_plain", "esp32s3_secure_version_5"] {
        let file = valid(name);
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&flipped).is_err(), "{name}: bit {bit}");
        }
    }
}

#[test]
fn any_flipped_bit_of_a_signed_image_is_refused() {
    let file = valid("esp32_secure_boot_v2_signed");
    // Every bit would hash 8 KB 65,536 times.
    for bit in (0..file.len() * 8).step_by(61) {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(parse(&flipped).is_err(), "bit {bit}");
    }
}
