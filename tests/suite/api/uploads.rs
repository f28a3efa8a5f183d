//! Photos too large for a request.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::photos;
use tests::world::{Answer, Person, World};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

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
    // What a camera wrote into it is gone with it.
    let again = ana.post("/api/predictions/predict", body.clone()).await;
    again.problem(404, "Upload not found, or nothing has been sent to its address");

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

const PART: usize = 262_144;

/// A program on a phone that knows its file and the upload's id, and nothing else after a restart.
struct Sender<'a> {
    person: &'a Person,
    path: String,
    file: &'a [u8],
    sent_bytes: usize,
    parts_before_break: usize,
}

impl<'a> Sender<'a> {
    async fn start(person: &'a Person, file: &'a [u8]) -> Self {
        let body = json!({ "size_bytes": file.len(), "part_bytes": PART });
        let answer = person.post("/api/uploads", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let upload = answer.json();
        assert_eq!(upload["url"], Value::Null);
        assert_eq!(upload["parts"].as_array().unwrap().len(), file.len().div_ceil(PART));
        Self {
            person,
            path: format!("/api/uploads/{}", upload["upload_id"].as_str().unwrap()),
            file,
            sent_bytes: 0,
            parts_before_break: usize::MAX,
        }
    }

    /// Sends what is missing; false when it was killed on the way.
    async fn go_on(&mut self) -> bool {
        let standing = self.person.get(&self.path).await.json();
        let missing = standing["parts"].as_array().unwrap().iter();
        let missing: Vec<&Value> = missing.filter(|part| part["is_received"] == false).collect();
        for (sent, part) in missing.into_iter().enumerate() {
            let bytes = self.part(part["number"].as_u64().unwrap() as usize);
            let url = part["url"].as_str().unwrap();
            if sent == self.parts_before_break {
                self.sent_bytes += send_half(url, bytes).await;
                return false;
            }
            self.sent_bytes += bytes.len();
            let put = self.person.put_file(url, bytes.to_vec()).await;
            assert_eq!(put.status, 200, "{}", put.text());
        }
        true
    }

    fn part(&self, number: usize) -> &'a [u8] {
        self.file.chunks(PART).nth(number - 1).unwrap()
    }

    async fn complete(&self) -> Answer {
        let checksum = |part: &[u8]| HEXLOWER.encode(&Sha256::digest(part));
        let checksums: Vec<String> = self.file.chunks(PART).map(checksum).collect();
        let path = format!("{}/complete", self.path);
        self.person.post(&path, json!({ "part_sha256": checksums })).await
    }

    async fn predict(&self) -> Answer {
        let id = self.path.rsplit('/').next().unwrap();
        self.person
            .post("/api/predictions/predict", json!({ "upload_id": id }))
            .await
    }
}

/// Half of a part, and then the line is dead. Says how many bytes went out.
async fn send_half(url: &str, bytes: &[u8]) -> usize {
    let url = reqwest::Url::parse(url).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut line = TcpStream::connect(&host).await.unwrap();
    let (path, query, length) = (url.path(), url.query().unwrap(), bytes.len());
    let head = format!("PUT {path}?{query} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n");
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&bytes[..length / 2]).await.unwrap();
    line.flush().await.unwrap();
    length / 2
}

/// A picture of this many bytes.
fn photo_of(size: usize) -> Vec<u8> {
    let mut photo = photos::face();
    photo.resize(size, 7);
    photo
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_survives_a_break_after_every_few_parts_and_repeats_less_than_a_part_for_each() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let file = photo_of(10 * PART + 1000);
    for parts_before_break in [0, 1, 2, 3, 5] {
        let mut sender = Sender::start(&ana, &file).await;
        sender.parts_before_break = parts_before_break.max(1);
        let mut breaks = 0;
        if parts_before_break == 0 {
            // Before anything has come at all.
            breaks += 1;
            sender.sent_bytes += send_half(
                ana.get(&sender.path).await.json()["parts"][0]["url"].as_str().unwrap(),
                sender.part(1),
            )
            .await;
        }
        while !sender.go_on().await {
            breaks += 1;
        }
        let repeated = sender.sent_bytes - file.len();
        println!("broken {breaks} times, repeated {repeated} bytes");
        assert!(breaks > 0 && repeated < breaks * PART, "{breaks} {repeated}");
        let answer = sender.complete().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["state"], "received");
        assert_eq!(answer.json()["parts"], Value::Null);
        let answer = sender.predict().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_otherwise_than_it_was_sent_is_sent_again_and_only_that() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let file = photo_of(3 * PART);
    let mut sender = Sender::start(&ana, &file).await;
    let answer = sender.complete().await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (409, &json!("parts_missing"))
    );
    assert_eq!(sender.predict().await.status, 404);

    let url = |standing: &Value| standing["parts"][1]["url"].as_str().unwrap().to_owned();
    let second = url(&ana.get(&sender.path).await.json());
    assert_eq!(ana.put_file(&second, vec![0; 10]).await.status, 403);
    assert_eq!(ana.put_file(&second, vec![0; PART]).await.status, 200);
    assert!(sender.go_on().await);
    let answer = sender.complete().await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (409, &json!("parts_differ"))
    );
    assert!(
        answer.json()["detail"].as_str().unwrap().contains(": 2 removed"),
        "{}",
        answer.text()
    );
    let sent_before = sender.sent_bytes;
    assert!(sender.go_on().await);
    assert_eq!(sender.sent_bytes - sent_before, PART);

    let others = Sender {
        person: &ben,
        path: sender.path.clone(),
        ..sender
    };
    assert_eq!(others.complete().await.status, 404);
    let too_few = json!({ "part_sha256": [] });
    assert_eq!(
        ana.post(&format!("{}/complete", sender.path), too_few).await.status,
        422
    );

    let at_once = futures_util::future::join_all((0..8).map(|_| sender.complete())).await;
    for answer in at_once {
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["state"]),
            (200, &json!("received")),
            "{}",
            answer.text()
        );
    }
    assert_eq!(sender.predict().await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_no_picture_are_refused_when_they_are_whole() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let file = vec![b'x'; PART + 5];
    let mut sender = Sender::start(&ana, &file).await;
    assert!(sender.go_on().await);
    let answer = sender.complete().await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["state"]),
        (200, &json!("refused"))
    );
    assert_eq!(sender.complete().await.json()["state"], "refused");
    assert_eq!(sender.predict().await.status, 404);

    for body in [
        json!({ "size_bytes": 9, "part_bytes": PART - 1 }),
        json!({ "size_bytes": 9, "part_bytes": 5 * 1024 * 1024 + 1 }),
        json!({ "size_bytes": 0, "part_bytes": PART }),
    ] {
        assert_eq!(ana.post("/api/uploads", body).await.status, 422);
    }
    let in_one = ana.post("/api/uploads", json!({ "size_bytes": 9 })).await.json();
    let path = format!("/api/uploads/{}/complete", in_one["upload_id"].as_str().unwrap());
    let answer = ana.post(&path, json!({ "part_sha256": [] })).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (409, &json!("not_in_parts"))
    );
}
