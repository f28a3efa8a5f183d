//! An archive of all that is kept of a patient: asked for, made by a worker, fetched, and gone again.

mod archive;
pub(super) mod contents;
mod large;
mod patient;

use domain::export::{CLAIM, Export, MOST_ATTEMPTS};
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use store::bucket::Bucket;
use store::exports;
use store::outbox::{Entry, Errand};
use store::table::Table;
use tests::calls::{self, consult};
use tests::clinic::{draft, sign};
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async, send};

use archive::Archive;

const EXPORTS: &str = "/api/exports";
const WORKER: &str = "build-exports";

async fn ask(person: &Person) -> String {
    let answer = person.post(EXPORTS, Value::Null).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json()["status"], "pending");
    answer.json()["id"].as_str().expect("an id").to_owned()
}

async fn see(person: &Person, id: &str) -> Value {
    let answer = person.get(&format!("{EXPORTS}/{id}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Lets the worker run. It may run by itself at that moment, since a minute is over.
async fn make(world: &World, person: &Person, id: &str) -> Value {
    world.run_scheduled(WORKER).await;
    let ready = || async {
        let export = see(person, id).await;
        (export["status"] == "ready").then_some(export)
    };
    eventually_async(ready).await.expect("it is made")
}

/// Asks, lets the worker run, and fetches.
async fn export(world: &World, person: &Person) -> (Value, Archive) {
    let id = ask(person).await;
    let export = make(world, person, &id).await;
    let archive = world.follow(export["url"].as_str().unwrap()).await;
    assert_eq!(archive.status, 200, "{archive:?}");
    (export, Archive::open(archive))
}

async fn archives(world: &World) -> usize {
    let settings = &world.product.platform.settings;
    let list = settings.connection.s3().list_objects_v2();
    let list = list.bucket(settings.names.bucket(Bucket::Exports)).send().await;
    list.expect("a list of objects").contents().len()
}

/// As a worker takes one that dies before it says anything again.
async fn take(world: &World, person: &Person) -> Export {
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let waiting = exports::due(&store, now, 10).await.expect("a queue");
    let waiting = waiting.iter().find(|waiting| waiting.patient.to_string() == person.id);
    let taken = exports::take(&store, waiting.expect("it is due"), &told(world, person), now).await;
    taken.expect("an answer").expect("it is taken")
}

fn told(world: &World, person: &Person) -> Entry {
    let now = world.product.clock.now();
    let id = OutboxId::new(now, world.product.platform.entropy.bytes().expect("random bytes"));
    let user: UserId = person.id.parse().expect("an id");
    let notice = Notice::ExportFailed;
    Entry::new(id, Errand::Tell { user, notice }, now)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_comes_with_its_checksum_and_its_patient_is_told() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (seen, archive) = export(&world, &ana).await;
    assert_eq!(seen["size_bytes"], archive.bytes.len());
    assert_eq!(seen["sha256"], archive.sha256());
    assert_eq!(seen["counts"], archive.json("manifest.json")["counts"]);
    assert!(seen["url"].as_str().unwrap().contains("X-Amz-Expires=900&"), "{seen}");
    assert!(
        archive.disposition.starts_with("attachment; filename=\"polyclinic-"),
        "{}",
        archive.disposition
    );
    let list = ana.get(EXPORTS).await;
    assert_eq!(list.json()[0]["id"], seen["id"]);
    assert!(!list.text().contains("X-Amz"), "links are only given out one by one");
    let told = || async {
        let list = ana.get("/api/notifications").await.json();
        let lines = list["notifications"].as_array().cloned().unwrap_or_default();
        lines.into_iter().find(|line| line["type"] == "export_ready")
    };
    assert!(eventually_async(told).await.is_some());
    let log = ana.audit_length(2).await;
    let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert!(actions.contains(&"export") && actions.contains(&"read"), "{log:?}");
    // Another run finds nothing to do.
    world.run_scheduled(WORKER).await;
    assert_eq!(see(&ana, seen["id"].as_str().unwrap()).await["sha256"], seen["sha256"]);
    assert_eq!(archives(&world).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_asked_for_at_once_one_is_begun() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let asked = futures_util::future::join_all((0..10).map(|_| ana.post(EXPORTS, Value::Null))).await;
    let begun: Vec<&Answer> = asked.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(begun.len(), 1);
    let id = &begun[0].json()["id"];
    for refused in asked.iter().filter(|answer| answer.status != 201) {
        let problem = refused.problem(409, "Another export is being made");
        assert_eq!(
            (&problem["code"], &problem["export_id"]),
            (&json!("export_under_way"), id)
        );
    }
    assert_eq!(ana.get(EXPORTS).await.json().as_array().unwrap().len(), 1);
    // Whoever heard no answer gets the same export, not another.
    let ben = world.patient("ben").await;
    let first = ben.post_once(EXPORTS, "one", Value::Null).await;
    let again = ben.post_once(EXPORTS, "one", Value::Null).await;
    assert_eq!((first.status.as_u16(), first.text()), (201, again.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn five_can_be_asked_for_in_a_day() {
    let world = World::new().await;
    world.product.clock.stop();
    let ana = world.patient("ana").await;
    for _ in 0..5 {
        let id = ask(&ana).await;
        assert_eq!(ana.delete(&format!("{EXPORTS}/{id}")).await.status, 204);
    }
    let refused = ana.post(EXPORTS, Value::Null).await;
    refused.problem(429, "At most 5 exports can be asked for in a day");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() <= 24 * 60 * 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_its_patients_only() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    ana.let_see(&ben, &["profile", "predictions", "records"]).await;
    let (seen, _) = export(&world, &ana).await;
    let path = format!("{EXPORTS}/{}", seen["id"].as_str().unwrap());
    for other in [&ben, &world.admin().await] {
        assert!([403, 404].contains(&other.get(&path).await.status.as_u16()));
        assert!([403, 404].contains(&other.delete(&path).await.status.as_u16()));
    }
    ben.get(&path).await.problem(404, "Export not found");
    ben.get("/api/exports/nothing").await.problem(404, "Export not found");
    assert_eq!(ben.get(EXPORTS).await.json(), json!([]));
    assert_eq!(see(&ana, seen["id"].as_str().unwrap()).await["status"], "ready");
    // The bare address opens nothing.
    let bare = seen["url"].as_str().unwrap().split('?').next().unwrap();
    assert_eq!(world.follow(bare).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_a_doctor_once_has_nothing_of_their_patients() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let made = ana.predict(photos::face()).await.json();
    let request = ana.ask_about(made["prediction_id"].as_str().unwrap(), &derm).await;
    let path = format!("/api/review-requests/{request}/review");
    assert_eq!(derm.post(&path, json!({ "comment": "Of Ana" })).await.status, 200);
    let call = consult(&ana, &derm, json!({ "reason": "Of Ana" })).await;
    let said = json!({ "text": "Of Ana" });
    assert_eq!(derm.post(&calls::path(&call, "/messages"), said).await.status, 201);
    sign(&derm, &draft(&derm, &ana).await).await;

    let demote = "/users/derm/role?new_role=patient";
    let demoted = send(world.admin().await.request(Method::PUT, demote)).await;
    assert_eq!(demoted.status, 200, "{demoted:?}");
    let derm = world.log_in(&derm.email, &derm.password).await;
    let (_, archive) = export(&world, &derm).await;
    assert_eq!(archive.things("account").len(), 1);
    for (path, bytes) in &archive.files {
        let text = String::from_utf8_lossy(bytes);
        for of_ana in [ana.id.as_str(), "Of Ana"] {
            assert!(!text.contains(of_ana), "{path} has {of_ana}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_left_is_made_by_the_next() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let id = ask(&ana).await;
    let taken = take(&world, &ana).await;
    // It dies in the middle of putting the archive, of which nothing is there.
    let mut upload = exports::ArchiveUpload::begin(&world.product.platform.store(), &taken)
        .await
        .unwrap();
    upload.add(vec![0; 1000]).await.unwrap();
    assert_eq!(
        (see(&ana, &id).await["status"].clone(), archives(&world).await),
        (json!("running"), 0)
    );
    world.run_scheduled(WORKER).await;
    assert_eq!(see(&ana, &id).await["status"], "running", "another may still be at it");

    world.product.clock.set_forward(CLAIM.as_secs());
    let ana = world.log_in(&ana.email, &ana.password).await;
    let seen = make(&world, &ana, &id).await;
    assert_eq!(archives(&world).await, 1);
    // The first one was only slow. Nobody waits for its archive any more.
    upload.finish().await.unwrap();
    let archive = domain::export::Archive {
        attempt: taken.attempts,
        size_bytes: 1000,
        sha256: "of another".to_owned(),
        counts: Default::default(),
        made_at: taken.created_at,
        until: taken.created_at + SignedDuration::from_hours(1000),
    };
    let store = world.product.platform.store();
    let told = told(&world, &ana);
    assert!(!exports::finish(&store, &taken, archive, &told).await.unwrap());
    assert_eq!(see(&ana, &id).await["sha256"], seen["sha256"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_when_all_is_done_has_done_it() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let id = ask(&ana).await;
    world.die_before_answer(WORKER);
    let functions = local::areas::AREAS.iter().flat_map(|area| area.functions);
    let worker = functions
        .map(|listing| listing.function)
        .find(|function| function.name == WORKER);
    let event = local::event_sources::schedule::scheduled_event(WORKER, world.product.clock.now()).to_string();
    let platform = world.product.platform.clone();
    let died = tokio::spawn(async move { runtime::invoke(worker.unwrap(), platform, &event).await });
    assert!(died.await.is_err() || see(&ana, &id).await["status"] == "ready");
    let seen = see(&ana, &id).await;
    world.run_scheduled(WORKER).await;
    assert_eq!(see(&ana, &id).await["sha256"], seen["sha256"]);
    assert_eq!((&seen["status"], archives(&world).await), (&json!("ready"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_fails_in_the_end_and_another_may_be_asked_for() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let id = ask(&ana).await;
    for _ in 0..MOST_ATTEMPTS {
        take(&world, &ana).await;
        world.product.clock.set_forward(CLAIM.as_secs());
    }
    world.run_scheduled(WORKER).await;
    let ana = world.log_in(&ana.email, &ana.password).await;
    assert_eq!(see(&ana, &id).await["status"], "failed");
    let told = || async {
        let list = ana.get("/api/notifications").await.text();
        list.contains("export_failed").then_some(())
    };
    assert!(eventually_async(told).await.is_some());
    ask(&ana).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_die_in_minutes_and_archives_in_a_week() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (seen, _) = export(&world, &ana).await;
    let id = seen["id"].as_str().unwrap();
    world.product.clock.set_forward(-16 * 60);
    let old = see(&ana, id).await;
    assert_eq!(world.follow(old["url"].as_str().unwrap()).await.status, 403);
    world.product.clock.set_forward(7 * 24 * 60 * 60 + 20 * 60);
    let ana = world.log_in(&ana.email, &ana.password).await;
    let expired = see(&ana, id).await;
    assert_eq!((&expired["status"], &expired["url"]), (&json!("expired"), &Value::Null));
    assert_eq!(
        Bucket::Exports.expiry().unwrap().days,
        7,
        "by then the bucket has removed it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_can_be_taken_back_whatever_its_state() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let path = |id: &str| format!("{EXPORTS}/{id}");
    let pending = ask(&ana).await;
    assert_eq!(ana.delete(&path(&pending)).await.status, 204);
    ana.delete(&path(&pending)).await.problem(404, "Export not found");

    let running = ask(&ana).await;
    let taken = take(&world, &ana).await;
    assert_eq!(ana.delete(&path(&running)).await.status, 204);
    let store = world.product.platform.store();
    let wait = SignedDuration::from_mins(1);
    let now = world.product.clock.now();
    exports::put_off(&store, &taken, wait, &told(&world, &ana), now)
        .await
        .unwrap();
    assert_eq!(
        ana.get(EXPORTS).await.json(),
        json!([]),
        "the worker does not bring it back"
    );

    let (ready, _) = export(&world, &ana).await;
    assert_eq!(archives(&world).await, 1);
    assert_eq!(ana.delete(&path(ready["id"].as_str().unwrap())).await.status, 204);
    let gone = eventually_async(|| async { (archives(&world).await == 0).then_some(()) }).await;
    assert!(gone.is_some(), "the archive stayed");
    world.run_scheduled(WORKER).await;
    assert_eq!(ana.get(EXPORTS).await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_go_with_the_account() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    export(&world, &ana).await;
    export(&world, &ben).await;
    ask(&ana).await;
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let left = || async { archives(&world).await };
    let gone = eventually_async(|| async { (left().await == 1).then_some(()) }).await;
    assert!(gone.is_some(), "{} archives are there", left().await);
    let nothing = || async {
        let items = contents::items(&world, Table::Platform).await;
        let named = items.iter().any(|item| format!("{item:?}").contains(&ana.id));
        (!named).then_some(())
    };
    assert!(eventually_async(nothing).await.is_some());
    world.run_scheduled(WORKER).await;
    assert_eq!(archives(&world).await, 1);
}
