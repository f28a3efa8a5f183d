//! Releases that go out in waves, and stop by themselves.

use domain::firmware::enrolled::DeviceToken;
use domain::firmware::{EnrolledDevice, Hardware};
use domain::role::Role;
use futures_util::StreamExt;
use local::inbox::Message;
use reqwest::Method;
use serde_json::{Value, json};
use store::fleet;
use tests::esp32::{Device, UpdateError};
use tests::esp32_image::{SMALLEST, image};
use tests::world::{Answer, World, eventually, send};

use super::fleet::key;
use super::{upload, upload_with};

/// Devices that talk at once.
const AT_ONCE: usize = 16;

async fn change(world: &World, version: &str, body: Value) -> Answer {
    let path = format!("/api/firmware/releases/{version}/rollout");
    send(world.as_operator(Method::POST, &path).json(&body)).await
}

async fn rollout(world: &World, version: &str) -> Value {
    let list = send(world.as_operator(Method::GET, "/api/firmware/releases"))
        .await
        .json();
    let releases = list["releases"].as_array().unwrap();
    let release = releases.iter().find(|release| release["version"] == version);
    release.unwrap()["rollout"].clone()
}

/// Registered in the store: a thousand operators' calls would show nothing.
async fn registered(world: &World, count: usize) -> Vec<Device> {
    let key = key(world).await;
    let store = world.product.platform.store();
    let now = world.product.clock.now();
    let mut devices = Vec::new();
    for number in 0..count {
        let label = format!("camera-{number}");
        let token = DeviceToken::new(label.parse().unwrap(), [7; 32]);
        let device = EnrolledDevice {
            label: token.label().clone(),
            hardware: Hardware::default(),
            owner: None,
            token: token.digest(),
            is_revoked: false,
            running: None,
            partition: None,
            update: None,
            offered_before: Vec::new(),
            registered_by: "the test".to_owned(),
            created_at: now,
            changed_at: now,
            revision: 1,
        };
        fleet::register(&store, &device).await.unwrap();
        let mut device = Device::new(&world.product.url, &label, "1.0.0", key.clone());
        device.token = Some(token.text());
        devices.push(device);
    }
    devices
}

/// Polls, and updates if there is something to; every device whose number is a multiple of 33 fails to boot it. Says
/// whether it was offered anything.
async fn live(device: &mut Device) -> bool {
    let offer = match device.check().await {
        Ok(Some(offer)) => offer,
        // There is nothing newer, or nothing at all.
        Ok(None) | Err(UpdateError::NotForUs(_) | UpdateError::Status(404)) => return false,
        Err(error) => panic!("{error}"),
    };
    let number: usize = device.label.rsplit('-').next().unwrap().parse().unwrap();
    device.report(&offer.version, "in_progress").await.unwrap();
    device.report(&offer.version, "success").await.unwrap();
    if !number.is_multiple_of(33) {
        // What `install` does, without fetching megabytes a thousand times.
        device.running = offer.version.clone();
        device.partition = "ota_1";
    }
    device.report(&offer.version, "success").await.unwrap();
    // The old version at the next poll is the proof that it did not boot.
    match device.check().await {
        Ok(_) | Err(UpdateError::NotForUs(_) | UpdateError::Status(404)) => true,
        Err(error) => panic!("{error}"),
    }
}

async fn all_live(devices: &mut [Device]) -> usize {
    let lives = futures_util::stream::iter(devices.iter_mut().map(live)).buffer_unordered(AT_ONCE);
    lives
        .filter(|was_offered| std::future::ready(*was_offered))
        .count()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_whose_devices_fail_to_boot_halts_and_reaches_nobody_else() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let wave = [("rollout_percent", "0")];
    assert_eq!(
        upload_with(&world, "2.0.0", image("2.0.0", SMALLEST), &wave)
            .await
            .status,
        200
    );
    let plan = json!({
        "action": "plan", "percent": 30, "failure_percent": 2, "soak_minutes": 10,
        "waves": [{ "percent": 60, "soak_minutes": 10 }, { "percent": 100, "soak_minutes": 0 }],
    });
    let planned = change(&world, "2.0.0", plan).await;
    assert_eq!(planned.status, 200, "{}", planned.text());

    let mut devices = registered(&world, 1000).await;
    let offered = all_live(&mut devices).await;
    let halted = rollout(&world, "2.0.0").await;
    assert_eq!(halted["state"], "halted", "{halted}");
    let counts = &halted["devices"];
    let number = |state: &str| counts[state].as_u64().unwrap();
    let over = number("confirmed") + number("rolled_back") + number("failed") + number("lost");
    println!(
        "offered to {offered} of about 300, over {over}, rolled back {}",
        number("rolled_back")
    );
    // More than 2 % of at least 50; those that were under way at that moment may finish.
    assert!(number("rolled_back") >= 2 && offered < 300, "{halted}");
    assert_eq!(
        offered as u64, over,
        "whoever was offered it has come to an end: {halted}"
    );

    reaches_nobody(&world, &mut devices[..200]).await;
    assert_eq!(eventually(|| told_of_halt(&world)).await, Some(1));
    another_resumes(&world).await;
}

/// Neither is it offered to anybody any more, nor can it be fetched.
async fn reaches_nobody(world: &World, devices: &mut [Device]) {
    let before = rollout(world, "2.0.0").await["devices"].clone();
    assert_eq!(all_live(devices).await, 0);
    world.product.clock.set_forward(3600);
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(rollout(world, "2.0.0").await["devices"], before);
    assert_eq!(world.get("/api/firmware/download?version=2.0.0").await.status, 404);
}

/// How often an admin was told.
fn told_of_halt(world: &World) -> Option<usize> {
    let mut sign_ins = world.product.sign_ins.iter();
    let admin = sign_ins
        .find(|each| each.role == Role::Admin)
        .expect("an admin is seeded");
    let is_it = |each: &Message| each.to == admin.email && each.subject.as_deref() == Some("A rollout has stopped");
    let told = world.product.inbox.newest(1000).into_iter().filter(is_it).count();
    (told > 0).then_some(told)
}

/// The one who published cannot resume it; another can, and what is known is not held against it twice.
async fn another_resumes(world: &World) {
    let resume = json!({ "action": "resume" });
    let refused = change(world, "2.0.0", resume.clone()).await;
    let code = refused.json()["code"].clone();
    assert_eq!((refused.status.as_u16(), code), (403, json!("second_operator_needed")));
    let path = "/api/firmware/releases/2.0.0/rollout";
    let resumed = world.admin().await.post(path, resume).await;
    let state = resumed.json()["rollout"]["state"].clone();
    assert_eq!((resumed.status.as_u16(), state), (200, json!("active")));
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(rollout(world, "2.0.0").await["state"], "active");
    assert_eq!(told_of_halt(world), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn waves_follow_one_another_once_they_have_soaked() {
    let world = World::new().await;
    let wave = [("rollout_percent", "0")];
    assert_eq!(
        upload_with(&world, "2.0.0", image("2.0.0", SMALLEST), &wave)
            .await
            .status,
        200
    );
    assert_eq!(world.get("/api/firmware/latest?device_id=camera-1").await.status, 404);
    let plan = json!({
        "action": "plan", "percent": 20, "soak_minutes": 30,
        "waves": [{ "percent": 50, "soak_minutes": 60 }, { "percent": 100, "soak_minutes": 0 }],
    });
    assert_eq!(change(&world, "2.0.0", plan).await.status, 200);
    // The first would fail to boot it.
    let mut devices = registered(&world, 32).await.split_off(1);
    let offered = all_live(&mut devices).await;
    assert!((1..16).contains(&offered), "{offered}");
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(rollout(&world, "2.0.0").await["percent"], 20);
    let mut confirmed = offered;
    for percent in [50, 100] {
        world.product.clock.set_forward(3600);
        for _ in 0..2 {
            world.run_scheduled("watch-rollouts").await;
        }
        assert_eq!(rollout(&world, "2.0.0").await["percent"], percent);
        // The next must wait until somebody of this wave has confirmed.
        world.product.clock.set_forward(7200);
        world.run_scheduled("watch-rollouts").await;
        assert_eq!(rollout(&world, "2.0.0").await["percent"], percent);
        confirmed += all_live(&mut devices).await;
    }
    assert_eq!(world.get("/api/firmware/latest").await.json()["version"], "2.0.0");
    assert_eq!(confirmed, devices.len());
    let counts = rollout(&world, "2.0.0").await["devices"].clone();
    assert_eq!(
        (&counts["confirmed"], &counts["queued"]),
        (&json!(confirmed), &json!(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    let file = image("2.0.0", SMALLEST);
    assert_eq!(
        upload_with(&world, "2.0.0", file, &[("rollout_percent", "10")])
            .await
            .status,
        200
    );
    for (body, status, code) in [
        (json!({ "action": "plan", "percent": 5 }), 409, "percent_lowered"),
        (json!({ "action": "plan", "percent": 101 }), 422, "plan_out_of_range"),
        (json!({ "action": "resume" }), 409, "wrong_rollout_state"),
    ] {
        let answer = change(&world, "2.0.0", body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &json!(code)));
    }
    for body in [
        json!({}),
        json!({ "action": "explode" }),
        json!({ "action": "plan", "percent": "all" }),
    ] {
        assert_eq!(change(&world, "2.0.0", body).await.status, 422);
    }
    assert_eq!(change(&world, "9.9.9", json!({ "action": "pause" })).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_is_raised_paused_resumed_and_taken_back() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let file = image("2.0.0", 4096);
    let tenth = [("rollout_percent", "10")];
    assert_eq!(upload_with(&world, "2.0.0", file, &tenth).await.status, 200);

    assert_eq!(
        change(&world, "2.0.0", json!({ "action": "plan", "percent": 100 }))
            .await
            .status,
        200
    );
    let latest = || async { world.get("/api/firmware/latest").await.json()["version"].clone() };
    assert_eq!(latest().await, "2.0.0");
    assert_eq!(change(&world, "2.0.0", json!({ "action": "pause" })).await.status, 200);
    assert_eq!(latest().await, "1.0.0");
    assert_eq!(world.get("/api/firmware/download?version=2.0.0").await.status, 200);
    assert_eq!(change(&world, "2.0.0", json!({ "action": "resume" })).await.status, 200);
    assert_eq!(latest().await, "2.0.0");

    let mut device = registered(&world, 1).await.remove(0);
    let offer = device.check().await.unwrap().unwrap();
    device.fetch(&offer.url, None).await.unwrap();
    device.install(&offer).unwrap();
    // Down is refused by the device, until the release that it runs is taken back.
    let usual = world.get("/api/firmware/latest?running_version=2.0.0").await.json();
    assert!(!usual["manifest"].as_str().unwrap().contains("downgrade_from"));
    assert_eq!(
        change(&world, "2.0.0", json!({ "action": "roll_back" })).await.status,
        200
    );
    assert_eq!(world.get("/api/firmware/download?version=2.0.0").await.status, 404);
    let back = device.check().await.unwrap().unwrap();
    assert_eq!(
        (
            back.version.as_str(),
            back.manifest.downgrade_from.as_ref().unwrap().as_str()
        ),
        ("1.0.0", "2.0.0")
    );
    device.fetch(&back.url, None).await.unwrap();
    device.install(&back).unwrap();
    let newer = Device::new(&world.product.url, "camera-9", "3.0.0", key(&world).await);
    assert!(matches!(newer.check().await, Err(UpdateError::NotForUs(_))));
    let again = change(&world, "2.0.0", json!({ "action": "resume" })).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["code"]),
        (409, &json!("wrong_rollout_state"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_published_gets_round_no_halt_by_a_pause() {
    let world = World::new().await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);
    let mut devices = registered(&world, 4).await;
    for device in &mut devices {
        device.check().await.unwrap().unwrap();
    }
    let tight = json!({ "action": "plan", "failure_percent": 2 });
    assert_eq!(change(&world, "2.0.0", tight).await.status, 200);
    assert_eq!(change(&world, "2.0.0", json!({ "action": "pause" })).await.status, 200);
    for device in &devices {
        device.report(&"2.0.0".parse().unwrap(), "failed").await.unwrap();
    }
    assert_eq!(rollout(&world, "2.0.0").await["state"], "halted");
    for body in [
        json!({ "action": "resume" }),
        json!({ "action": "plan", "failure_percent": 100 }),
    ] {
        assert!(change(&world, "2.0.0", body).await.status.is_client_error());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_once_however_often_a_rollout_is_changed() {
    let world = World::new().await;
    let tenth = [("rollout_percent", "10")];
    assert_eq!(
        upload_with(&world, "2.0.0", image("2.0.0", SMALLEST), &tenth)
            .await
            .status,
        200
    );
    let raise = || change(&world, "2.0.0", json!({ "action": "plan", "percent": 100 }));
    let answers = futures_util::future::join_all((0..10).map(|_| raise())).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    for action in ["pause", "resume"] {
        assert_eq!(change(&world, "2.0.0", json!({ "action": action })).await.status, 200);
    }
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let told = || {
        let all = world.product.inbox.newest(1000).into_iter();
        let told = all.filter(|each| {
            each.subject
                .as_deref()
                .is_some_and(|subject| subject.starts_with("Firmware v"))
        });
        Some(told.count()).filter(|count| *count > 0)
    };
    assert_eq!(eventually(told).await, Some(1));
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(told(), Some(1));
}
