//! Files of health records: announced by devices that are offline, attached later, once, and gone with their record.

mod going;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use store::bucket::Bucket;
use tests::files::{digest, pdf, uploaded};
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async};

const HISTORY: &str = "/api/records/medical-history";
const CHANGES: &str = "/api/records/sync/changes";
const PENDING: &str = "/api/records/sync/pending";
const RECORD: &str = "01d0000000000123456789ab";

fn file_id(number: u64) -> String {
    format!("0f{number:022x}")
}

async fn attach(person: &Person, record: &str, file: u64, upload: &Value) -> Answer {
    let body = json!({ "file_id": file_id(file), "upload_id": upload });
    person.post(&format!("/api/records/{record}/files"), body).await
}

async fn send(person: &Person, record: &str, file: u64, kind: &str, bytes: &[u8]) -> Answer {
    let upload = uploaded(person, kind, bytes).await;
    attach(person, record, file, &upload).await
}

async fn make(person: &Person, files: Value) -> String {
    let answer = person.post(HISTORY, json!({ "title": "Asthma", "files": files })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn push(person: &Person, device: &str, change: &str, base: u64, data: Value) -> Value {
    let change = json!({
        "change_id": change, "record_id": RECORD, "record_type": "lab_report", "base_version": base, "data": data,
    });
    let answer = person
        .post(CHANGES, json!({ "device_id": device, "changes": [change] }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["results"][0].clone()
}

async fn record(person: &Person, id: &str) -> Value {
    person.get(&format!("/api/records/{id}")).await.json()
}

async fn files(person: &Person, id: &str) -> Value {
    person.get(&format!("/api/records/{id}/files")).await.json()["files"].clone()
}

async fn pending(person: &Person) -> Vec<String> {
    let list = person.get(PENDING).await.json();
    let ids = list.as_array().unwrap().iter();
    ids.map(|record| record["id"].as_str().unwrap().to_owned()).collect()
}

/// How many objects a bucket holds.
async fn stored(world: &World, bucket: Bucket) -> usize {
    let settings = &world.product.platform.settings;
    let list = settings.connection.s3().list_objects_v2();
    let list = list.bucket(settings.names.bucket(bucket)).send().await;
    list.expect("a list of objects").contents().len()
}

/// Waits, since objects go after the answer.
async fn stored_soon(world: &World, pictures: usize, documents: usize) {
    let count = || async {
        (
            stored(world, Bucket::Images).await,
            stored(world, Bucket::Documents).await,
        )
    };
    let reached = eventually_async(|| async { (count().await == (pictures, documents)).then_some(()) }).await;
    assert!(reached.is_some(), "{:?} are stored", count().await);
}

/// A device as far as it pulls.
struct Reader<'a> {
    person: &'a Person,
    after: u64,
}

impl Reader<'_> {
    /// The record, if something of it is new.
    async fn pull(&mut self) -> Option<Value> {
        let page = self.person.get(&format!("{CHANGES}?after={}", self.after)).await.json();
        self.after = page["after"].as_u64().unwrap();
        page["records"].as_array().unwrap().last().cloned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_made_offline_is_pending_until_its_two_files_have_come() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (photo, report) = (photos::face_with_metadata(), pdf("lab", 9_000));
    let data = json!({
        "test_name": "Hb",
        "attachments": ["file:///sdcard/old.jpg"],
        "files": [
            { "id": file_id(1), "name": "Rash.jpg", "sha256": digest(&photo), "size_bytes": photo.len() },
            { "id": file_id(2), "name": "Report.pdf", "content_type": "application/pdf", "sha256": digest(&report) },
        ],
    });
    assert_eq!(push(&ana, "one", "1", 0, data.clone()).await["outcome"], "applied");
    assert_eq!(pending(&ana).await, [RECORD]);
    let mut two = Reader { person: &ana, after: 0 };
    let pulled = two.pull().await.unwrap();
    assert_eq!(
        (&pulled["sync_status"], &pulled["missing_files"], &pulled["data"]),
        (&json!("pending"), &json!([file_id(1), file_id(2)]), &data)
    );

    let first = send(&ana, RECORD, 1, "picture", &photo).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(
        (&first.json()["sync_status"], &first.json()["missing_files"]),
        (&json!("pending"), &json!([file_id(2)]))
    );
    assert_eq!(two.pull().await.unwrap()["missing_files"], json!([file_id(2)]));

    attach_and_die(&world, &ana, &report).await;
    let again = send(&ana, RECORD, 2, "pdf", &report).await;
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json()["sync_status"], "synced");
    assert!(pending(&ana).await.is_empty());
    let pulled = two.pull().await.unwrap();
    assert_eq!(
        (&pulled["sync_status"], &pulled["missing_files"], &pulled["version"]),
        (&json!("synced"), &json!([]), &json!(1))
    );
    assert!(two.pull().await.is_none(), "told once");
    stored_soon(&world, 1, 1).await;
    assert_eq!(stored(&world, Bucket::Uploads).await, 0, "what was sent is used up");

    shows_what_was_sent(&world, &ana, &photo, &report).await;
}

/// The phone dies when its second file is attached, and before it hears of it.
async fn attach_and_die(world: &World, ana: &Person, report: &[u8]) {
    world.die_before_answer("attach-record-file");
    let upload = uploaded(ana, "pdf", report).await;
    let body = json!({ "file_id": file_id(2), "upload_id": upload });
    let path = format!("/api/records/{RECORD}/files");
    let lost = ana.request(reqwest::Method::POST, &path).json(&body).send().await;
    assert!(lost.is_err() || lost.is_ok_and(|answer| answer.status().is_server_error()));
}

async fn shows_what_was_sent(world: &World, ana: &Person, photo: &[u8], report: &[u8]) {
    let files = files(ana, RECORD).await;
    let links: Vec<&str> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["attached"]["url"].as_str().unwrap())
        .collect();
    let picture = world.follow(links[0]).await;
    assert_eq!(
        (picture.status.as_u16(), picture.header("content-type")),
        (200, "image/jpeg")
    );
    assert_eq!(files[0]["attached"]["sha256"], digest(&picture.bytes));
    assert_eq!(files[0]["sha256"], digest(photo), "of what was sent");
    for mark in [b"GPS".as_slice(), b"Exif", b"serial"] {
        assert!(!picture.bytes.windows(mark.len()).any(|part| part == mark));
    }
    let document = world.follow(links[1]).await;
    assert_eq!((document.status.as_u16(), document.bytes.as_slice()), (200, report));
    for (header, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(document.header(header), value);
    }
    assert!(document.header("content-disposition").starts_with("attachment"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_record_names_changes_with_its_versions() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let photo = photos::face();
    let named = |number: u64| json!({ "id": file_id(number), "name": format!("Page {number}") });
    let id = make(&ana, json!([named(1), named(2)])).await;
    assert_eq!(record(&ana, &id).await["data"]["files"], json!([named(1), named(2)]));
    assert_eq!(send(&ana, &id, 1, "picture", &photo).await.status, 200);
    let update = |version: u64, body: Value| {
        let path = format!("/api/records/{id}?client_version={version}");
        let ana = &ana;
        async move { ana.put(&path, body).await }
    };
    // Other members leave the files alone.
    let after = update(2, json!({ "condition": "J45" })).await.json();
    assert_eq!(
        (&after["sync_status"], &after["missing_files"]),
        (&json!("pending"), &json!([file_id(2)]))
    );
    // One that is named no more is not waited for, nor taken.
    let after = update(3, json!({ "files": [named(1)] })).await.json();
    assert_eq!(after["sync_status"], "synced");
    assert!(pending(&ana).await.is_empty());
    let late = send(&ana, &id, 2, "picture", &photo).await;
    late.problem(404, "The record names no such file");
    // Named again, it is.
    let after = update(4, json!({ "files": [named(2)] })).await.json();
    assert_eq!(after["sync_status"], "pending");
    assert_eq!(
        send(&ana, &id, 2, "picture", &photo).await.json()["sync_status"],
        "synced"
    );
    let list = files(&ana, &id).await;
    let seen: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["id"].as_str().unwrap(), &file["is_named"]))
        .collect();
    let (first, second) = (file_id(1), file_id(2));
    assert_eq!(seen, [(second.as_str(), &json!(true)), (first.as_str(), &json!(false))]);
    // Nobody waits for files of a deleted record.
    update(5, json!({ "files": [named(3)] })).await;
    assert_eq!(pending(&ana).await, [id.as_str()]);
    assert_eq!(ana.delete(&format!("/api/records/{id}")).await.status, 200);
    assert!(pending(&ana).await.is_empty());
    assert_eq!(
        update(7, json!({ "condition": "J45.0" })).await.json()["sync_status"],
        "pending"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_the_clients_own_words_and_files_must_be_well_named() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let named = |number: u64| json!({ "id": file_id(number), "name": format!("Page {number}") });
    let old = json!({ "title": "a", "attachments": ["a.jpg", "https://example.org/b"], "files": null });
    let old = ana.post(HISTORY, old).await.json();
    assert_eq!(
        (&old["sync_status"], &old["data"]["files"]),
        (&json!("synced"), &Value::Null)
    );
    for malformed in [
        json!([{ "id": "mine", "name": "a" }]),
        json!([{ "id": file_id(1) }]),
        json!([named(1), named(1)]),
        json!((0..21).map(named).collect::<Vec<_>>()),
        json!("a.jpg"),
    ] {
        let answer = ana.post(HISTORY, json!({ "title": "a", "files": malformed })).await;
        assert_eq!(answer.status, 422, "{malformed}: {}", answer.text());
    }
    let pushed = push(&ana, "a", "1", 0, json!({ "files": [{}] })).await;
    assert_eq!(pushed["code"], "record_files_malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_announced_file_or_no_file_of_a_kind_is_refused_and_loses_nothing() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (photo, report) = (photos::face(), pdf("lab", 2_000));
    let announced = |number: u64, bytes: &[u8]| json!({ "id": file_id(number), "name": "a", "sha256": digest(bytes) });
    let plain = json!({ "id": file_id(3), "name": "a" });
    let sized = json!({ "id": file_id(4), "name": "a", "size_bytes": 7 });
    let id = make(&ana, json!([announced(1, &photo), announced(2, &report), plain, sized])).await;
    let upload = uploaded(&ana, "pdf", &report).await;
    let wrong = attach(&ana, &id, 1, &upload).await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.json()["code"]),
        (422, &json!("record_file_not_as_announced"))
    );
    assert_eq!(attach(&ana, &id, 4, &upload).await.status, 422);
    // The upload is as it was: under its own id it is taken.
    assert_eq!(attach(&ana, &id, 2, &upload).await.status, 200);

    let mut half = photo.clone();
    half.truncate(photo.len() / 2);
    let mut cut = report.clone();
    cut.truncate(report.len() - 6);
    for (kind, bytes, status) in [
        ("picture", half, 400),
        ("pdf", cut, 400),
        ("picture", photos::decompression_bomb(), 413),
    ] {
        let answer = send(&ana, &id, 3, kind, &bytes).await;
        assert_eq!(answer.status, status, "{kind}: {}", answer.text());
    }
    // What is nothing we take may be gone already when it is attached.
    for (kind, bytes) in [
        ("picture", b"MZ".to_vec()),
        ("pdf", b"<script>".to_vec()),
        ("picture", photos::gif()),
    ] {
        let answer = send(&ana, &id, 3, kind, &bytes).await;
        assert!(matches!(answer.status.as_u16(), 404 | 415), "{kind}: {}", answer.text());
    }
    assert_eq!(
        record(&ana, &id).await["missing_files"],
        json!([file_id(1), file_id(3), file_id(4)])
    );
    stored_soon(&world, 0, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_attached_to_what_is_not_ones_own_or_is_not_named() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let id = make(&ana, json!([{ "id": file_id(3), "name": "a" }])).await;
    let upload = uploaded(&ana, "picture", &photos::face()).await;
    assert_eq!(attach(&ana, &id, 9, &upload).await.status, 404);
    assert_eq!(attach(&ben, &id, 3, &upload).await.status, 404);
    assert_eq!(ben.get(&format!("/api/records/{id}/files")).await.status, 404);
    let own = make(&ben, json!([{ "id": file_id(3), "name": "a" }])).await;
    assert_eq!(attach(&ben, &own, 3, &upload).await.status, 404, "another's upload");
    for body in [
        json!({}),
        json!({ "file_id": file_id(3) }),
        json!({ "file_id": "x", "upload_id": upload }),
    ] {
        assert_eq!(ana.post(&format!("/api/records/{id}/files"), body).await.status, 422);
    }
    stored_soon(&world, 0, 0).await;
    let of_kind = |kind: &str, size: u64| ana.post("/api/uploads", json!({ "size_bytes": size, "kind": kind }));
    for (kind, size) in [("picture", 10 << 20), ("pdf", 20 << 20)] {
        assert_eq!(of_kind(kind, size).await.status, 201);
        assert_eq!(of_kind(kind, size + 1).await.status, 422);
    }
    assert_eq!(of_kind("poem", 9).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_attaches_and_all_with_the_same_file_hear_of_it() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let id = make(
        &ana,
        json!([{ "id": file_id(1), "name": "a" }, { "id": file_id(2), "name": "b" }]),
    )
    .await;
    let mut reader = Reader { person: &ana, after: 0 };
    reader.pull().await;
    let photo = photos::face();
    let one = uploaded(&ana, "picture", &photo).await;
    let mut uploads = vec![one.clone(), one];
    for _ in 0..4 {
        uploads.push(uploaded(&ana, "picture", &photo).await);
    }
    let answers = join_all(uploads.iter().map(|upload| attach(&ana, &id, 1, upload))).await;
    let kept: BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.json()["file"]["attached"]["url"].to_string())
        .collect();
    let names: BTreeSet<_> = kept
        .iter()
        .map(|link| link.split('?').next().unwrap_or_default())
        .collect();
    assert!(
        answers.iter().all(|answer| answer.status == 200) && names.len() == 1,
        "{answers:?}"
    );
    stored_soon(&world, 1, 0).await;

    let mut uploads = Vec::new();
    for number in 0..5 {
        uploads.push(uploaded(&ana, "pdf", &pdf(&format!("one of them: {}", number % 2), 1_000)).await);
    }
    let answers = join_all(uploads.iter().map(|upload| attach(&ana, &id, 2, upload))).await;
    let won: BTreeSet<String> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.json()["file"]["sha256"].to_string())
        .collect();
    let lost: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(won.len() == 1 && matches!(lost.len(), 2 | 3), "{answers:?}");
    lost.iter()
        .for_each(|answer| drop(answer.problem(409, "Another file is attached under this id")));
    stored_soon(&world, 1, 1).await;
    assert_eq!(reader.pull().await.unwrap()["sync_status"], "synced");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_a_conflict_keep_their_files() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let named = |number: u64| json!({ "title": number, "files": [{ "id": file_id(number), "name": "a" }] });
    push(&ana, "a", "1", 0, named(1)).await;
    push(&ana, "a", "2", 1, named(2)).await;
    let conflict = push(&ana, "b", "1", 1, named(3)).await;
    assert_eq!(conflict["outcome"], "conflict");
    let read = record(&ana, RECORD).await;
    assert_eq!(
        (&read["sync_status"], &read["missing_files"]),
        (&json!("conflict"), &json!([file_id(2)]))
    );
    assert!(pending(&ana).await.is_empty(), "a person must decide first");
    // Device b need not wait for that, and what it sends is not in the way of the other side.
    let sent = send(&ana, RECORD, 3, "picture", &photos::face()).await;
    assert_eq!(
        (sent.status.as_u16(), &sent.json()["sync_status"]),
        (200, &json!("conflict"))
    );
    assert_eq!(record(&ana, RECORD).await["missing_files"], json!([file_id(2)]));
    let path = format!(
        "/api/records/{RECORD}/conflicts/{}",
        conflict["conflict_id"].as_str().unwrap()
    );
    let other = push(&ana, "c", "1", 1, named(4)).await;
    let decided = ana.post(&path, json!({ "keep": "client", "version": 2 })).await.json();
    assert_eq!(
        (&decided["sync_status"], &decided["missing_files"]),
        (&json!("conflict"), &json!([]))
    );
    let path = format!(
        "/api/records/{RECORD}/conflicts/{}",
        other["conflict_id"].as_str().unwrap()
    );
    let decided = ana.post(&path, json!({ "keep": "client", "version": 3 })).await.json();
    assert_eq!(
        (&decided["sync_status"], &decided["missing_files"]),
        (&json!("pending"), &json!([file_id(4)]))
    );
    assert_eq!(pending(&ana).await, [RECORD]);
    let refused = send(&ana, RECORD, 2, "picture", &photos::face()).await;
    assert_eq!(refused.status, 404, "only an older version names it");
    let back = json!({ "record_id": RECORD, "chosen_version": 4, "resolved_data": named(3) });
    assert_eq!(
        ana.post("/api/records/resolve-conflict", back).await.json()["sync_status"],
        "synced"
    );
    assert!(pending(&ana).await.is_empty());
    assert_eq!(files(&ana, RECORD).await[0]["is_attached"], true);
}
