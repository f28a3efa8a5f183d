//! A patient with much in their records, exported by the worker as it is deployed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::lambda::{Binary, LambdaFunction, build_for_tests, environment};
use tests::world::World;

use super::archive::{Archive, sha256};
use super::{WORKER, ask, see};

const BATCHES: usize = 3;
const OF_A_BATCH: usize = 50;
/// Of what a record says: hexadecimal digits, of which little can be made by compressing.
const CHARACTERS: usize = 60_000;
/// What the process may take at the most, whatever it handles.
const MOST_BYTES: u64 = 60 * 1024 * 1024;

fn digits(seed: usize) -> String {
    let hashes = (0..).map(|number: usize| sha256(format!("{seed} {number}").as_bytes()));
    hashes.take(CHARACTERS / 64).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn large_records_take_little_memory() {
    let binary = Binary {
        package: "exports",
        name: WORKER,
    };
    let folder = tokio::task::spawn_blocking(move || build_for_tests(&[binary]))
        .await
        .unwrap();
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for batch in 0..BATCHES {
        let change = |number: usize| {
            let number = batch * OF_A_BATCH + number;
            json!({
                "change_id": number.to_string(), "record_id": format!("01b{number:021x}"),
                "record_type": "medical_history", "base_version": 0,
                "data": { "title": number.to_string(), "description": digits(number) },
            })
        };
        let changes: Vec<Value> = (0..OF_A_BATCH).map(change).collect();
        let body = json!({ "device_id": "a", "changes": changes });
        assert_eq!(ana.post("/api/records/sync/changes", body).await.status, 200);
    }
    let id = ask(&ana).await;
    let event = local::event_sources::schedule::scheduled_event(WORKER, world.product.clock.now());
    let environment = environment(&world.product.platform.settings);
    let run = move || {
        let function = LambdaFunction::start(&folder.join(WORKER), &environment);
        let mut function = function.with_timeout(Duration::from_secs(300));
        let started = Instant::now();
        function.invoke(&event).unwrap_or_else(|error| panic!("{error}"));
        (started.elapsed(), function.peak_memory_bytes().expect("it is alive"))
    };
    let (took, peak) = tokio::task::spawn_blocking(run).await.unwrap();
    let ana = world.log_in(&ana.email, &ana.password).await;
    let seen = see(&ana, &id).await;
    assert_eq!(seen["status"], "ready", "{seen}");
    let archive = Archive::open(world.follow(seen["url"].as_str().unwrap()).await);
    let unpacked: usize = archive.files.values().map(Vec::len).sum();
    println!(
        "{} records: {took:.1?}, peak memory {} MB, archive {} MB, unpacked {} MB",
        BATCHES * OF_A_BATCH,
        peak / 1_000_000,
        archive.bytes.len() / 1_000_000,
        unpacked / 1_000_000
    );
    assert_eq!(archive.things("records").len(), BATCHES * OF_A_BATCH);
    assert_eq!(seen["counts"]["record_versions"], BATCHES * OF_A_BATCH);
    assert_eq!(seen["sha256"], archive.sha256(), "of several parts");
    assert!(archive.bytes.len() > 17_000_000, "it has several parts");
    assert!(peak < MOST_BYTES, "{peak} bytes");
}
