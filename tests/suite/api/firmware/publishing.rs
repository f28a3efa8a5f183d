use data_encoding::HEXLOWER;
use domain::firmware::Hardware;
use domain::firmware::manifest::ManifestSigner;
use local::inbox::Channel;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use runtime::secrets::{Secret, decode_key};
use sha2::{Digest, Sha256};
use tests::esp32_image::{Recipe, image};
use tests::world::{World, eventually, send};

use super::{form, upload, upload_with};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_what_devices_are_told_to_run() {
    let world = World::new().await;
    world
        .get("/api/firmware/latest")
        .await
        .problem(404, "No firmware available");

    let file = image("1.2.3", 4096);
    let uploaded = upload_with(&world, "1.2.3", file.clone(), &[("release_notes", "Sharper pictures.")]).await;
    assert_eq!(uploaded.status, 200, "{uploaded:?}");
    let uploaded = uploaded.json();
    assert_eq!(uploaded["success"], true);
    assert_eq!(uploaded["warnings"], serde_json::json!([]));

    let latest = world.get("/api/firmware/latest").await;
    assert_eq!(latest.status, 200, "{latest:?}");
    let release = latest.json();
    for (member, value) in uploaded["data"].as_object().unwrap() {
        assert_eq!(release[member], *value, "{member}");
    }
    assert_eq!(release["version"], "1.2.3");
    assert_eq!(release["filename"], "esp32p4_v1.2.3.bin");
    assert_eq!(release["checksum"], HEXLOWER.encode(&Sha256::digest(&file)));
    assert_eq!(release["file_size"], 4096);
    assert_eq!(release["url"], world.url("/api/firmware/download?version=1.2.3"));
    assert_eq!(release["release_notes"], "Sharper pictures.");
    assert_eq!(release["rollout_percent"], 100);
    assert_eq!(release["is_active"], true);
    assert!(release["min_version"].is_null());
    let stored = world.follow(release["download_url"].as_str().unwrap()).await;
    assert_eq!((stored.status.as_u16(), stored.bytes), (200, file));

    let key = decode_key(world.product.secret(Secret::FirmwareSigningKey).unwrap()).unwrap();
    let key = ManifestSigner::new(&key).public_key();
    let text = |member: &str| release[member].as_str().unwrap().to_owned();
    let manifest = key.verify(&text("manifest"), &text("manifest_signature")).unwrap();
    assert_eq!(manifest.sha256, text("checksum"));
    assert_eq!((manifest.size, manifest.hardware), (4096, Hardware::Esp32P4));
    assert_eq!(release["manifest_key_id"], key.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_are_told_once_and_in_the_words_they_wait_for() {
    let world = World::new().await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", 1024)).await.status, 200);
    let is_announcement = |message: &&local::inbox::Message| {
        message.channel == Channel::Push && message.subject.as_deref() == Some("Firmware v2.0.0 Available")
    };
    let found = || world.product.inbox.newest(100).iter().find(is_announcement).cloned();
    let push = eventually(found).await.expect("the announcement comes");
    assert!(push.to.ends_with("all-users"), "{push:?}");
    let data = format!("{push:?}");
    for word in ["firmware_update", "update_available", "2.0.0"] {
        assert!(data.contains(word), "{data}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_operators_publish() {
    let world = World::new().await;
    let path = "/api/firmware/upload";
    let with = || form("1.0.0", image("1.0.0", 1024), &[]);
    let without = send(world.request(Method::POST, path).multipart(with())).await;
    without.problem(401, "Not authenticated");
    assert!(without.header("www-authenticate").starts_with("Basic "), "{without:?}");
    for (user, password) in [
        ("operator", "wrong"),
        ("wrong", "operator-password"),
        ("", ""),
        ("operator-password", "operator"),
    ] {
        let request = world.request(Method::POST, path).basic_auth(user, Some(password));
        let wrong = send(request.multipart(with())).await;
        wrong.problem(401, "Invalid admin credentials");
        assert!(wrong.header("www-authenticate").starts_with("Basic "), "{wrong:?}");
    }
    let ana = world.patient("ana").await;
    let patient = send(ana.request(Method::POST, path).multipart(with())).await;
    assert_eq!(patient.status, 403, "{patient:?}");
    assert_eq!(world.get("/api/firmware/latest").await.status, 404);
    let admin = world.admin().await;
    let admin = send(admin.request(Method::POST, path).multipart(with())).await;
    assert_eq!(admin.status, 200, "{admin:?}");
}

/// A network that guesses is locked out, even of the right password; nobody else is.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_an_operators_password_ends_soon() {
    let world = World::new().await;
    let path = "/api/firmware/upload";
    let from = |network: &str, password: &str| {
        let request = world.request(Method::POST, path).header("x-forwarded-for", network);
        let request = request.basic_auth("operator", Some(password));
        send(request.multipart(form("1.0.0", b"no image".to_vec(), &[])))
    };
    let mut answers = Vec::new();
    for _ in 0..25 {
        answers.push(from("198.51.100.7", "guess").await.status.as_u16());
    }
    assert_eq!((answers[0], answers[24]), (401, 429), "{answers:?}");
    let locked = from("198.51.100.7", "operator-password").await;
    assert_eq!(locked.status, 429, "{locked:?}");
    assert!(!locked.header("retry-after").is_empty());
    assert_eq!(from("203.0.113.9", "operator-password").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_published_once_and_stays_as_it_is() {
    let world = World::new().await;
    let first = image("1.0.0", 2048);
    assert_eq!(upload(&world, "1.0.0", first.clone()).await.status, 200);
    let again = upload(&world, "1.0.0", image("1.0.0", 4096)).await;
    again.problem(400, "Firmware version 1.0.0 already exists");
    let latest = world.get("/api/firmware/latest").await.json();
    assert_eq!(latest["file_size"], 2048);
    let stored = world.follow(latest["download_url"].as_str().unwrap()).await;
    assert_eq!(stored.bytes, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uploads_of_one_version_at_once_one_is_published() {
    let world = World::new().await;
    let uploads = (0..8).map(|number| {
        let file = image("3.0.0", 1024 + number * 16);
        upload(&world, "3.0.0", file)
    });
    let answers = futures_util::future::join_all(uploads).await;
    let published: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(published.len(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.problem(400, "Firmware version 3.0.0 already exists");
    }
    let latest = world.get("/api/firmware/latest").await.json();
    assert_eq!(latest["checksum"], published[0].json()["data"]["checksum"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_different_versions_at_once_all_are_published() {
    let world = World::new().await;
    let uploads = (0..6).map(|number| {
        let version = format!("1.{number}.0");
        let file = image(&version, 1024);
        let world = &world;
        async move { upload(world, &version, file).await }
    });
    let answers = futures_util::future::join_all(uploads).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(world.get("/api/firmware/latest").await.json()["version"], "1.5.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_device_could_boot_is_refused_and_nothing_activated() {
    let world = World::new().await;
    let good = image("1.0.0", 4096);
    let mut flipped = good.clone();
    flipped[1000] ^= 1;
    let mut bootloader = good.clone();
    bootloader[32..36].copy_from_slice(&[80, 0, 0, 0]);
    let other_chip = Recipe {
        hardware: Hardware::Esp32S3,
        version: "1.0.0".to_owned(),
        secure_version: 0,
        size: 1024,
    };
    let cases = [
        ("image_empty", Vec::new()),
        ("not_an_esp_image", b"<html>not an image</html>".to_vec()),
        ("not_an_esp_image", [0xaa, 0x50].repeat(2000)),
        ("image_truncated", good[..3000].to_vec()),
        ("image_checksum_wrong", flipped),
        ("not_an_app_image", bootloader),
        ("image_for_another_chip", other_chip.bake()),
        ("image_version_contradicts", image("1.0.1", 1024)),
    ];
    for (code, file) in cases {
        let answer = upload(&world, "1.0.0", file).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &code.into()),
            "{answer:?}"
        );
    }
    assert_eq!(world.get("/api/firmware/latest").await.status, 404);
    // The version is still free.
    assert_eq!(upload(&world, "1.0.0", good).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_checked_and_names_are_no_paths() {
    let world = World::new().await;
    let file = || image("1.0.0", 1024);
    for version in ["", "../../etc/passwd", "1/0", "1.0 beta", &"1".repeat(65)] {
        let answer = upload(&world, version, file()).await;
        assert_eq!(answer.status, 422, "{version:?}: {answer:?}");
    }
    for (field, value) in [
        ("rollout_percent", "101"),
        ("rollout_percent", "-1"),
        ("rollout_percent", "half"),
        ("hardware", "esp8266"),
        ("min_version", "../1"),
        ("release_notes", &"x".repeat(1001)),
    ] {
        let answer = upload_with(&world, "1.0.0", file(), &[(field, value)]).await;
        assert_eq!(answer.status, 422, "{field}: {answer:?}");
        assert_eq!(answer.json()["errors"][0]["loc"][1], field);
    }
    let path = "/api/firmware/upload";
    let no_file = send(
        world
            .as_operator(Method::POST, path)
            .multipart(Form::new().text("version", "1.0.0")),
    );
    assert_eq!(no_file.await.status, 422);
    let named = |name: &str| {
        let part = Part::bytes(file()).file_name(name.to_owned());
        let form = Form::new().text("version", "1.0.0").part("file", part);
        send(world.as_operator(Method::POST, path).multipart(form))
    };
    named("firmware.elf")
        .await
        .problem(400, "The file's name must end in .bin");
    let tricky = named("../../../etc/cron.d/evil.bin").await;
    assert_eq!(tricky.status, 200, "{tricky:?}");
    assert_eq!(tricky.json()["data"]["filename"], "esp32p4_v1.0.0.bin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_compared_only_warns() {
    let world = World::new().await;
    let answer = upload(&world, "1.4.0", image("v1.3.0-4-gdeadbee-dirty", 1024)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let warnings = answer.json()["warnings"].clone();
    assert!(
        warnings[0].as_str().unwrap().contains("v1.3.0-4-gdeadbee-dirty"),
        "{warnings}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fuses_only_ever_go_up() {
    let world = World::new().await;
    let with = |version: &str, secure_version| {
        let recipe = Recipe {
            hardware: Hardware::Esp32P4,
            version: version.to_owned(),
            secure_version,
            size: 1024,
        };
        recipe.bake()
    };
    assert_eq!(upload(&world, "1.0.0", with("1.0.0", 2)).await.status, 200);
    let lower = upload(&world, "1.1.0", with("1.1.0", 1)).await;
    assert_eq!(lower.json()["code"], "image_secure_version_too_low");
    assert_eq!(upload(&world, "1.1.0", with("1.1.0", 2)).await.status, 200);
    assert_eq!(
        upload(&world, "1.2.0", with("1.2.0", 17)).await.json()["code"],
        "image_secure_version"
    );
}
