use domain::firmware::manifest::ManifestKey;
use reqwest::Method;
use serde_json::Value;
use tests::esp32::{Device, UpdateError};
use tests::esp32_image::image;
use tests::world::{World, send};

use super::{upload, upload_with};

async fn device(world: &World, running: &str) -> Device {
    let key = world.get("/api/firmware/manifest-key").await.json();
    let key = ManifestKey::from_base64(key["public_key"].as_str().unwrap()).unwrap();
    Device::new(&world.product.url, "camera-1", running, key)
}

/// Where a download is cut is any place; what is in the slot at the end is the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_is_cut_again_and_again_ends_with_the_same_image() {
    let world = World::new().await;
    let file = image("2.0.0", 1_000_000);
    assert_eq!(upload(&world, "2.0.0", file.clone()).await.status, 200);
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..10 {
        let mut device = device(&world, "1.0.0").await;
        let offer = device.check().await.unwrap().expect("there is something new");
        let mut cuts = 0;
        loop {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let place = usize::try_from(state % 400_000).unwrap();
            match device.fetch(&offer.url, Some(place)).await {
                Ok(()) => break,
                Err(UpdateError::Cut) => cuts += 1,
                Err(error) => panic!("{error}"),
            }
            // All may have come just before the cut.
            if device.slot.len() == file.len() {
                break;
            }
        }
        assert!(cuts > 0);
        assert!(device.slot == file);
        device.install(&offer).unwrap();
        assert_eq!(device.running.as_str(), "2.0.0");
        assert!(device.check().await.unwrap().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_fetches_in_parts_gets_the_same_image() {
    let world = World::new().await;
    let file = image("2.0.0", 300_000);
    assert_eq!(upload(&world, "2.0.0", file.clone()).await.status, 200);
    let mut device = device(&world, "1.0.0").await;
    let offer = device.check().await.unwrap().unwrap();
    device.fetch_in_parts(&offer.url).await.unwrap();
    assert!(device.slot == file);
    device.install(&offer).unwrap();
}

/// Why the bytes come from our own address: storage's is too long for the buffer, and refuses the kept header.
#[tokio::test(flavor = "multi_thread")]
async fn a_stock_device_cannot_use_storages_address_and_need_not() {
    // A role always signs with its session's token, which is what makes addresses so long.
    let world = World::set_up(|settings| settings.connection.session_token = Some("t".repeat(916))).await;
    let file = image("2.0.0", 4096);
    assert_eq!(upload(&world, "2.0.0", file.clone()).await.status, 200);
    let mut device = device(&world, "1.0.0").await;
    device.authorization = Some("Bearer of-a-device".to_owned());
    let offer = device.check().await.unwrap().unwrap();
    device.fetch(&offer.url, None).await.unwrap();
    assert!(device.slot == file);
    device.slot.clear();
    let redirect = format!("{}&redirect=1", offer.url);
    assert_eq!(device.fetch(&redirect, None).await, Err(UpdateError::OutOfBuffer));
    device.buffer = 2048;
    assert_eq!(device.fetch(&redirect, None).await, Err(UpdateError::Status(400)));
    device.authorization = None;
    device.fetch(&redirect, None).await.unwrap();
    assert!(device.slot == file);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_believes_no_offer_that_was_changed() {
    let world = World::new().await;
    let wanted = [("min_version", "1.0.0")];
    assert_eq!(
        upload_with(&world, "2.0.0", image("2.0.0", 4096), &wanted).await.status,
        200
    );
    let mut device = device(&world, "1.0.0").await;
    let latest = world.get("/api/firmware/latest").await.json();
    let offer = device.read(&latest).unwrap();
    assert_eq!(offer.manifest.min_version.as_ref().unwrap().as_str(), "1.0.0");
    for member in ["manifest", "manifest_signature"] {
        let text = latest[member].as_str().unwrap();
        for place in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] ^= 1 << (place % 7);
            let mut changed = latest.clone();
            changed[member] = Value::from(String::from_utf8_lossy(&bytes).into_owned());
            assert_eq!(
                device.read(&changed).err(),
                Some(UpdateError::NotSigned),
                "{member} {place}"
            );
        }
    }
    // The image is held against the manifest too.
    device.fetch(&offer.url, None).await.unwrap();
    device.slot[100] ^= 1;
    assert_eq!(device.install(&offer), Err(UpdateError::WrongImage));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_goes_neither_down_nor_over_a_version_that_must_come_between() {
    let world = World::new().await;
    let wanted = [("min_version", "1.5.0")];
    assert_eq!(
        upload_with(&world, "2.0.0", image("2.0.0", 4096), &wanted).await.status,
        200
    );
    // It is not offered what it cannot go to, and would refuse it.
    let old = device(&world, "1.0.0").await;
    assert_eq!(old.check().await.err(), Some(UpdateError::Status(404)));
    let latest = world.get("/api/firmware/latest").await.json();
    assert!(matches!(old.read(&latest), Err(UpdateError::NotForUs(_))));
    let new = device(&world, "3.0.0").await.check().await;
    assert!(matches!(new, Err(UpdateError::NotForUs(_))), "{new:?}");
    assert!(device(&world, "1.5.0").await.check().await.unwrap().is_some());
    assert!(device(&world, "2.0.0").await.check().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_manifests_is_a_jwk() {
    let world = World::new().await;
    let key = world.get("/api/firmware/manifest-key").await.json();
    for (member, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("alg", "EdDSA"), ("use", "sig")] {
        assert_eq!(key[member], value);
    }
    let public = ManifestKey::from_base64(key["public_key"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&key["kid"], &key["x"]),
        (&Value::from(public.id()), &Value::from(public.base64url()))
    );
    let head = send(world.request(Method::GET, "/api/firmware/manifest-key")).await;
    assert!(head.header("content-type").starts_with("application/json"));
}
