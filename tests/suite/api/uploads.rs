//! Photos too large for a request.

use serde_json::{Value, json};
use tests::photos;
use tests::world::{Person, World};

const LARGEST_INLINE: usize = 4_500_000;

async fn upload(person: &Person, bytes: Vec<u8>) -> Value {
    let answer = person.post("/api/uploads", json!({ "size_bytes": bytes.len() })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let upload = answer.json();
    let put = person.put_file(upload["url"].as_str().unwrap(), bytes).await;
    assert_eq!(put.status, 200, "{}", put.text());
    upload
}

async fn state(person: &Person, upload: &Value) -> Value {
    let path = format!("/api/uploads/{}", upload["upload_id"].as_str().unwrap());
    let mut state = Value::Null;
    for _ in 0..200 {
        state = person.get(&path).await.json()["state"].clone();
        if state != "expected" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phones_photo_works_as_it_is() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let photo = photos::twelve_megapixels(90);
    assert!(photo.len() < LARGEST_INLINE, "{}", photo.len());
    let answer = ana.predict(photo).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kept = world.follow(answer.json()["image_url"].as_str().unwrap()).await;
    assert_eq!(photos::size(&kept.bytes), (1600, 1200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_larger_photo_is_refused_with_the_way_that_works_and_works_on_that_way() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let mut photo = photos::twelve_megapixels(90);
    // What follows the end of a JPEG does not count, so this is a large file of the same picture.
    photo.resize(LARGEST_INLINE + 1, 0);
    for size in [LARGEST_INLINE + 1, 9_000_000, 12_000_000] {
        photo.resize(size, 0);
        let answer = ana.predict(photo.clone()).await;
        assert_eq!(answer.status, 413, "{size}");
        assert!(
            answer.json()["error"].as_str().unwrap().contains("POST /api/uploads"),
            "{}",
            answer.text()
        );
    }
    photo.resize(9_000_000, 0);
    let upload = upload(&ana, photo).await;
    assert_eq!(state(&ana, &upload).await, "received");
    let body = json!({ "upload_id": upload["upload_id"] });
    let answer = ana.post("/api/predictions/predict", body.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());

    let ben = world.patient("ben").await;
    assert_eq!(ben.post("/api/predictions/predict", body).await.status, 404);
    assert_eq!(
        ben.get(&format!("/api/uploads/{}", upload["upload_id"].as_str().unwrap()))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_uploaded_and_no_picture_is_removed() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let upload = upload(&ana, b"no picture at all".to_vec()).await;
    assert_eq!(state(&ana, &upload).await, "refused");
    let answer = ana
        .post("/api/predictions/predict", json!({ "upload_id": upload["upload_id"] }))
        .await;
    assert!(answer.status == 404 || answer.status == 415, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_takes_only_the_announced_size() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let upload = ana.post("/api/uploads", json!({ "size_bytes": 10 })).await.json();
    let put = ana.put_file(upload["url"].as_str().unwrap(), vec![0; 11]).await;
    assert_eq!(put.status, 403, "{}", put.text());
    for size in [
        json!(0),
        json!(10 * 1024 * 1024 + 1),
        json!(-1),
        json!("many"),
        Value::Null,
    ] {
        assert_eq!(
            ana.post("/api/uploads", json!({ "size_bytes": size })).await.status,
            422,
            "{size}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_configured_origin_may_send_the_file_itself() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let upload = ana.post("/api/uploads", json!({ "size_bytes": 10 })).await.json();
    let preflight = |origin: &'static str| {
        let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, upload["url"].as_str().unwrap());
        tests::world::send(
            request
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "PUT"),
        )
    };
    assert_eq!(preflight("http://localhost:3000").await.status, 200);
    assert_eq!(preflight("https://evil.example").await.status, 403);
}
