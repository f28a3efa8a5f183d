use std::time::{Duration, Instant};

use domain::firmware::Hardware;
use reqwest::Method;
use tests::esp32::request_line;
use tests::esp32_image::{Recipe, SMALLEST, image};
use tests::world::{World, send};

use super::{upload, upload_with};

#[tokio::test(flavor = "multi_thread")]
async fn the_highest_version_is_offered_and_not_the_latest_upload() {
    let world = World::new().await;
    for version in ["1.9.0", "1.10.0", "1.2.0", "nightly"] {
        let inner = if version == "nightly" { "git" } else { version };
        assert_eq!(upload(&world, version, image(inner, SMALLEST)).await.status, 200);
    }
    let latest = world.get("/api/firmware/latest").await.json();
    assert_eq!(latest["version"], "1.10.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_devices_gets_a_release_and_always_the_same_part() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let part = upload_with(&world, "2.0.0", image("2.0.0", SMALLEST), &[("rollout_percent", "30")]).await;
    assert_eq!(part.status, 200, "{part:?}");
    let version = async |label: usize| {
        let in_query = world
            .get(&format!("/api/firmware/latest?device_id=camera-{label}"))
            .await
            .json();
        let request = world.request(Method::GET, "/api/firmware/latest");
        let in_header = send(request.header("X-Device-Id", format!("camera-{label}")))
            .await
            .json();
        assert_eq!(in_query["version"], in_header["version"]);
        in_query["version"].as_str().unwrap().to_owned()
    };
    let mut first = Vec::new();
    let mut second = Vec::new();
    for label in 0..40 {
        first.push(version(label).await);
        second.push(version(label).await);
    }
    let ahead = first.iter().filter(|version| *version == "2.0.0").count();
    assert!((3..=24).contains(&ahead), "{ahead} of 40 at 30 percent");
    assert_eq!(first, second);
    // Who does not say which device it is gets what all get.
    assert_eq!(world.get("/api/firmware/latest").await.json()["version"], "1.0.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hardware_has_its_own() {
    let world = World::new().await;
    let recipe = Recipe {
        hardware: Hardware::Esp32S3,
        version: "7.0.0".to_owned(),
        secure_version: 0,
        size: SMALLEST,
    };
    let answer = upload_with(&world, "7.0.0", recipe.bake(), &[("hardware", "esp32s3")]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(world.get("/api/firmware/latest").await.status, 404);
    let latest = world.get("/api/firmware/latest?hardware=esp32s3").await.json();
    assert_eq!(latest["filename"], "esp32s3_v7.0.0.bin");
    let url = latest["url"].as_str().unwrap();
    assert!(
        url.ends_with("/api/firmware/download?version=7.0.0&hardware=esp32s3"),
        "{url}"
    );
    assert_eq!(world.follow(url).await.bytes, recipe.bake());
    let in_header = world.request(Method::GET, "/api/firmware/latest");
    assert_eq!(
        send(in_header.header("X-Device-Hardware", "ESP32-S3")).await.status,
        200
    );
    assert_eq!(world.get("/api/firmware/latest?hardware=toaster").await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_latest_is_not_told_it_again() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let latest = world.get("/api/firmware/latest").await;
    let etag = latest.header("etag").to_owned();
    // The signed address changes with the second; the tag does not.
    world.product.clock.set_forward(60);
    let again = world.get("/api/firmware/latest").await;
    assert_eq!(again.header("etag"), etag);
    assert_ne!(again.json()["download_url"], latest.json()["download_url"]);
    let ask = async || {
        let request = world.request(Method::GET, "/api/firmware/latest");
        send(request.header("If-None-Match", &etag)).await
    };
    let known = ask().await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0), "{known:?}");
    assert_eq!(known.header("etag"), etag);
    assert_eq!(upload(&world, "1.1.0", image("1.1.0", SMALLEST)).await.status, 200);
    let changed = ask().await;
    assert_eq!(
        (changed.status.as_u16(), &changed.json()["version"]),
        (200, &"1.1.0".into())
    );
}

/// One read of one item answers for any device, however many there are.
#[tokio::test(flavor = "multi_thread")]
async fn asking_costs_one_read() {
    let world = World::new().await;
    for number in 0..30 {
        let version = format!("1.{number}.0");
        let notes = [(
            "release_notes",
            "Sharper pictures in the dark, and two mended mistakes.",
        )];
        let answer = upload_with(&world, &version, image(&version, SMALLEST), &notes).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for device in 0..20 {
        let answer = world
            .get(&format!("/api/firmware/latest?device_id=camera-{device}"))
            .await;
        assert_eq!(answer.status, 200);
        let usage = world.last_usage("get-latest-firmware");
        assert_eq!((usage.round_trips, usage.object_calls), (1, 0));
        assert_eq!(usage.write_units, 0.0);
        assert!(usage.read_units <= 6.0, "{} read units", usage.read_units);
    }
}

/// Ten thousand that poll once a minute, for some seconds. Prints how long they wait: other tests run beside it, so how
/// long is no promise.
#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_that_polls_is_answered() {
    const A_SECOND: u32 = 167;
    const SECONDS: u32 = 5;
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let poll = async |number: u32| {
        tokio::time::sleep(Duration::from_secs(1) * number / A_SECOND).await;
        let begun = Instant::now();
        let answer = world
            .get(&format!("/api/firmware/latest?device_id=camera-{number}"))
            .await;
        (answer.status.as_u16(), begun.elapsed())
    };
    let answers = futures_util::future::join_all((0..A_SECOND * SECONDS).map(poll)).await;
    let failed = answers.iter().filter(|(status, _)| *status != 200).count();
    let mut times: Vec<Duration> = answers.iter().map(|(_, time)| *time).collect();
    times.sort_unstable();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!(
        "{} polls at {A_SECOND}/s: median {median:.1?}, p99 {p99:.1?}, {failed} failed",
        times.len()
    );
    assert_eq!(failed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_fits_in_a_devices_buffer() {
    let world = World::new().await;
    let version = "v12.34.56-rc.1-1234-gdeadbeefcafe-dirty_0123456789.0123456789012";
    assert_eq!(version.len(), 64);
    assert_eq!(upload(&world, version, image("git", SMALLEST)).await.status, 200);
    let latest = world.get("/api/firmware/latest").await.json();
    let url = latest["url"].as_str().unwrap();
    let line = request_line(&Method::GET, url);
    assert!(line < 200, "{line}: {url}");
    assert_eq!(world.follow(url).await.status, 200);
    let plus = "2.0.0-rc.1+build.7";
    assert_eq!(upload(&world, plus, image(plus, SMALLEST)).await.status, 200);
    let latest = world.get("/api/firmware/latest").await.json();
    assert_eq!(latest["version"], plus);
    assert_eq!(world.follow(latest["url"].as_str().unwrap()).await.status, 200);
}
