//! Pictures of people: set in six ways, cleaned, shown to their owner, replaced without leftovers.

use std::time::Duration;

use data_encoding::{BASE64, BASE64_MIME};
use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::photos;
use tests::world::{Answer, Person, World, send};

const UPLOAD: &str = "/api/auth/profile/upload-image";
const UPLOAD_FILE: &str = "/api/auth/profile/upload-file";
const PIXEL: &[u8] = include_bytes!("../../../shared/models/fixtures/face_astronaut.jpg");

fn form(field: &'static str, bytes: Vec<u8>) -> Form {
    // The part's type and the file's name are not proof of anything.
    let part = Part::bytes(bytes).file_name("../../etc/passwd").mime_str("image/jpg");
    Form::new().part(field, part.expect("a media type"))
}

fn data_url(bytes: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64.encode(bytes))
}

/// All ways to set a picture.
fn ways(person: &Person, bytes: &[u8]) -> Vec<(&'static str, reqwest::RequestBuilder)> {
    let put = |path| person.request(Method::PUT, path);
    let post = |path| person.request(Method::POST, path);
    let file = bytes.to_vec();
    vec![
        (
            "#32, base64",
            post(UPLOAD).json(&json!({ "image": BASE64.encode(bytes) })),
        ),
        (
            "#32, lines",
            post(UPLOAD).json(&json!({ "image": BASE64_MIME.encode(bytes) })),
        ),
        ("#32, data URL", post(UPLOAD).json(&json!({ "image": data_url(bytes) }))),
        ("#33", post(UPLOAD_FILE).multipart(form("file", file.clone()))),
        ("#28", put("/profile").multipart(form("profile_photo", file.clone()))),
        (
            "#31",
            put("/api/auth/profile/update-file").multipart(form("file", file.clone())),
        ),
        (
            "#30",
            put("/api/auth/profile/update").json(&json!({ "profile_image": data_url(bytes) })),
        ),
        (
            "#51",
            put("/api/users/me").json(&json!({ "profileImage": data_url(bytes) })),
        ),
        ("#43", post("/patients/me").multipart(form("profile_image", file))),
    ]
}

/// The address in each product's view.
async fn addresses(person: &Person) -> Vec<Value> {
    let views = [
        ("/api/users/me", "profileImage"),
        ("/profile", "profile_photo_url"),
        ("/api/auth/profile/me", "profile_image_url"),
        ("/patients/me", "profile_image"),
    ];
    let mut addresses = Vec::new();
    for (path, member) in views {
        addresses.push(person.get(path).await.json()[member].clone());
    }
    addresses
}

/// Without what makes each look's link another.
fn name(address: &Value) -> String {
    let address = address.as_str().expect("an address");
    address.split('?').next().unwrap_or_default().to_owned()
}

async fn stored(world: &World, wanted: usize) {
    for _ in 0..1000 {
        if world.stored_pictures().await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} pictures are stored, not {wanted}", world.stored_pictures().await);
}

async fn set(person: &Person, bytes: &[u8]) -> Answer {
    person.post(UPLOAD, json!({ "image": BASE64.encode(bytes) })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn however_it_is_set_every_product_shows_it_without_its_metadata() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let photo = photos::face_with_metadata();
    for mark in [b"GPS 46.9480".as_slice(), b"serial number"] {
        assert!(
            photo.windows(mark.len()).any(|part| part == mark),
            "the test would prove nothing"
        );
    }
    let mut seen = Vec::new();
    for (way, request) in ways(&ana, &photo) {
        let answer = send(request).await;
        assert_eq!(answer.status, 200, "{way}: {answer:?}");
        let addresses = addresses(&ana).await;
        assert!(
            addresses.iter().all(|address| name(address) == name(&addresses[0])),
            "{way}: {addresses:?}"
        );
        assert!(!seen.contains(&name(&addresses[0])), "{way} set nothing");
        seen.push(name(&addresses[0]));
        let picture = world.follow(addresses[0].as_str().expect("an address")).await;
        assert_eq!(
            (picture.status.as_u16(), picture.header("content-type")),
            (200, "image/jpeg")
        );
        for mark in [b"GPS".as_slice(), b"Exif", b"serial"] {
            assert!(
                !picture.bytes.windows(mark.len()).any(|part| part == mark),
                "{way} keeps metadata"
            );
        }
    }
    // Each took the place of the one before, in both sizes.
    stored(&world, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_in_two_sizes() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = set(&ana, &photos::twelve_megapixels(40)).await;
    let body = answer.json();
    assert_eq!(answer.status, 200, "{body}");
    assert_eq!(
        (&body["success"], &body["message"]),
        (&json!(true), &json!("Profile image updated successfully"))
    );
    assert_eq!(
        name(&body["data"]["image_url"]),
        name(&body["data"]["user"]["profile_image_url"])
    );
    assert!(name(&body["data"]["image_url"]).ends_with(body["data"]["image_id"].as_str().expect("a name")));
    let size = async |address: &Value| {
        let picture = world.follow(address.as_str().expect("an address")).await;
        photos::size(&picture.bytes)
    };
    assert_eq!(size(&body["data"]["image_url"]).await, (1024, 768));
    assert_eq!(size(&body["data"]["user"]["profile_thumbnail_url"]).await, (150, 113));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_and_nothing_is_stored() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let mut cut = photos::face();
    cut.truncate(cut.len() / 2);
    let cases = [
        ("text", b"no picture, whatever its name says".to_vec(), 415),
        ("a GIF", photos::gif(), 415),
        ("half a picture", cut, 400),
        ("a bomb", photos::decompression_bomb(), 413),
    ];
    for (what, bytes, status) in cases {
        for (way, request) in ways(&ana, &bytes) {
            let answer = send(request).await;
            assert_eq!(answer.status, status, "{what} by {way}: {answer:?}");
        }
    }
    // Allowed by its own rule, but not with a field that is refused.
    let body = json!({ "profileImage": data_url(PIXEL), "age": 500 });
    assert_eq!(ana.put("/api/users/me", body).await.status, 422);
    let derm = world.person("derm", "dermatologist").await;
    assert_eq!(derm.put("/api/users/me", json!({ "license": "L-1" })).await.status, 200);
    let body = json!({ "profileImage": data_url(PIXEL), "license": "L-1" });
    ana.put("/api/users/me", body)
        .await
        .problem(400, "License number already exists");
    assert_eq!(world.stored_pictures().await, 0);
    assert_eq!(
        addresses(&ana).await,
        [Value::Null, Value::Null, Value::Null, Value::Null]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_bytes_are_refused_in_words() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let large = vec![0; 5 * 1024 * 1024 + 1];
    let form = form("file", large);
    let answer = send(ana.request(Method::POST, UPLOAD_FILE).multipart(form)).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.json()["message"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_or_path_is_ever_read() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for image in [
        "/etc/passwd",
        "file:///etc/passwd",
        "../../Cargo.toml",
        "",
        "http://127.0.0.1:1/a.jpg",
    ] {
        let answer = ana.post(UPLOAD, json!({ "image": image })).await;
        assert_eq!(answer.status, 422, "{image}: {answer:?}");
    }
    assert_eq!(set(&ana, PIXEL).await.status, 200);
    let before = name(&addresses(&ana).await[0]);
    let own = addresses(&ana).await[0].clone();
    for address in [own, json!("https://example.org/elsewhere.jpg"), Value::Null] {
        let body = json!({ "profileImage": address, "name": "Ana" });
        assert_eq!(ana.put("/api/users/me", body).await.status, 200, "{address}");
        assert_eq!(name(&addresses(&ana).await[0]), before);
    }
    assert_eq!(
        ana.put("/api/users/me", json!({ "profileImage": "/etc/passwd" }))
            .await
            .status,
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_goes_when_it_is_removed() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for way in ["delete-image", "empty"] {
        assert_eq!(set(&ana, PIXEL).await.status, 200);
        let address = addresses(&ana).await[0].clone();
        let answer = match way {
            "empty" => ana.put("/api/users/me", json!({ "profileImage": "" })).await,
            _ => ana.delete("/api/auth/profile/delete-image").await,
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(addresses(&ana).await.iter().all(Value::is_null));
        stored(&world, 0).await;
        assert_eq!(world.follow(address.as_str().expect("an address")).await.status, 404);
    }
    let again = ana.delete("/api/auth/profile/delete-image").await;
    assert_eq!((again.status.as_u16(), &again.json()["success"]), (200, &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_pictures_at_once_one_is_left() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answers = join_all((0..6).map(|_| set(&ana, PIXEL))).await;
    let kept = answers.iter().filter(|answer| answer.status == 200).count();
    let lost = answers.iter().filter(|answer| answer.status == 409).count();
    assert!(kept >= 1 && kept + lost == 6, "{answers:?}");
    stored(&world, 2).await;
    let address = addresses(&ana).await[0].clone();
    assert_eq!(world.follow(address.as_str().expect("an address")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_for_its_owner_and_head_tells_of_it() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let path = format!("/api/auth/profile/image/{}", ana.id);
    ana.get(&path).await.problem(404, "Profile image not found");
    assert_eq!(set(&ana, PIXEL).await.status, 200);
    let file = ana.get(&path).await;
    assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "image/jpeg"));
    assert!(file.header("cache-control").starts_with("private"), "{file:?}");
    let head = send(ana.request(Method::HEAD, &path)).await;
    assert_eq!((head.status.as_u16(), head.header("content-type")), (200, "image/jpeg"));
    assert_eq!(head.header("content-length"), file.bytes.len().to_string());
    assert!(head.bytes.is_empty());
    ben.get(&path).await.problem(404, "Profile image not found");
    assert_eq!(send(ben.request(Method::HEAD, &path)).await.status, 404);
    assert_eq!(ana.get("/api/auth/profile/image/1").await.status, 404);
    world.get(&path).await.problem(401, "Invalid token");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pictures_go_with_the_account() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(set(&ana, PIXEL).await.status, 200);
    stored(&world, 2).await;
    let body = json!({ "password_confirmation": "DELETE" });
    let answer = send(ana.request(Method::DELETE, "/api/auth/account/delete").json(&body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    stored(&world, 0).await;
}
