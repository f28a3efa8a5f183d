use reqwest::Method;
use serde_json::{Value, json};
use tests::esp32_image::image;
use tests::world::{Answer, World, eventually_async, send};

use super::upload;

/// More than fits in a request or an answer.
const LARGE: usize = 9_000_000;

async fn start(world: &World, body: Value) -> Answer {
    send(world.as_operator(Method::POST, "/api/firmware/uploads").json(&body)).await
}

/// Asks for an address, sends the image there, and waits for what becomes of it.
async fn publish(world: &World, version: &str, file: Vec<u8>) -> Value {
    let started = start(world, json!({ "version": version, "size_bytes": file.len() })).await;
    assert_eq!(started.status, 201, "{started:?}");
    let started = started.json();
    let put = send(reqwest::Client::new().put(started["url"].as_str().unwrap()).body(file)).await;
    assert_eq!(put.status, 200, "{put:?}");
    let path = format!("/api/firmware/uploads/{}", started["upload_id"].as_str().unwrap());
    let settled = || async {
        let upload = send(world.as_operator(Method::GET, &path)).await;
        assert_eq!(upload.status, 200, "{upload:?}");
        Some(upload.json()).filter(|upload| upload["state"] != "expected")
    };
    eventually_async(settled).await.expect("it is settled")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_fits_in_no_request_goes_past_the_api() {
    let world = World::new().await;
    let file = image("5.0.0", LARGE - LARGE % 16);
    let direct = upload(&world, "5.0.0", file.clone()).await;
    assert_eq!(direct.status, 413, "{direct:?}");
    let words = direct.json()["detail"].as_str().unwrap().to_owned();
    assert!(words.contains("POST /api/firmware/uploads"), "{words}");

    let upload = publish(&world, "5.0.0", file.clone()).await;
    assert_eq!(
        (&upload["state"], &upload["reason"]),
        (&json!("published"), &Value::Null)
    );
    let latest = world.get("/api/firmware/latest").await.json();
    assert_eq!(
        (&latest["version"], &latest["file_size"]),
        (&json!("5.0.0"), &json!(file.len()))
    );

    // Without a range it is fetched from storage; with ranges it comes piece by piece.
    let url = latest["url"].as_str().unwrap();
    assert!(world.follow(url).await.bytes == file);
    let head = send(reqwest::Client::new().head(url)).await;
    assert_eq!(
        (head.status.as_u16(), head.header("content-length")),
        (200, file.len().to_string().as_str())
    );
    let mut got = Vec::new();
    while got.len() < file.len() {
        let range = format!("bytes={}-", got.len());
        let part = send(reqwest::Client::new().get(url).header("Range", range)).await;
        assert_eq!(part.status, 206, "{:?}", part.headers);
        let told = format!(
            "bytes {}-{}/{}",
            got.len(),
            got.len() + part.bytes.len() - 1,
            file.len()
        );
        assert_eq!(part.header("content-range"), told);
        got.extend(part.bytes);
    }
    assert!(got == file);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_past_the_api_is_checked_alike() {
    let world = World::new().await;
    let mut damaged = image("1.0.0", 4096);
    damaged[2000] ^= 1;
    for (file, code) in [
        (damaged, "image_checksum_wrong"),
        (image("1.0.1", 4096), "image_version_contradicts"),
        (b"<html>".to_vec(), "not_an_esp_image"),
    ] {
        let upload = publish(&world, "1.0.0", file).await;
        assert_eq!(
            (&upload["state"], &upload["reason"]["code"]),
            (&json!("refused"), &json!(code))
        );
        assert!(upload["reason"]["detail"].as_str().unwrap().len() > 10);
    }
    assert_eq!(world.get("/api/firmware/latest").await.status, 404);
    assert_eq!(
        publish(&world, "1.0.0", image("1.0.0", 4096)).await["state"],
        "published"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_uploads_of_one_version_one_is_published() {
    let world = World::new().await;
    let (one, other) = tokio::join!(
        publish(&world, "1.0.0", image("1.0.0", 4096)),
        publish(&world, "1.0.0", image("1.0.0", 8192)),
    );
    let mut states = [one["state"].as_str().unwrap(), other["state"].as_str().unwrap()];
    states.sort_unstable();
    assert_eq!(states, ["published", "refused"], "{one} {other}");
    let again = start(&world, json!({ "version": "1.0.0", "size_bytes": 4096 })).await;
    again.problem(400, "Firmware version 1.0.0 already exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_given_for_what_can_be_taken() {
    let world = World::new().await;
    let too_large = start(&world, json!({ "version": "1.0.0", "size_bytes": 10_485_761 })).await;
    too_large.problem(400, "The firmware is too large: at most 10485760 bytes");
    for body in [
        json!({ "version": "1.0.0", "size_bytes": 0 }),
        json!({ "version": "../1", "size_bytes": 4096 }),
        json!({ "size_bytes": 4096 }),
        json!({ "version": "1.0.0", "size_bytes": 4096, "rollout_percent": 101 }),
        json!({ "version": "1.0.0", "size_bytes": 4096, "hardware": "toaster" }),
    ] {
        let answer = start(&world, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
    }
    let body = json!({ "version": "1.0.0", "size_bytes": 4096 });
    let stranger = world.post("/api/firmware/uploads", body.clone()).await;
    stranger.problem(401, "Not authenticated");
    // The address takes no more and no less than was said.
    let started = start(&world, body).await.json();
    let url = started["url"].as_str().unwrap();
    let other = send(reqwest::Client::new().put(url).body(vec![0; 5000])).await;
    assert_eq!(other.status, 403, "{other:?}");
    let unknown = world.as_operator(Method::GET, "/api/firmware/uploads/0186a1f2c3d4e5f601234567");
    send(unknown).await.problem(404, "Firmware upload not found");
}
