//! Registered devices, and how far each is with its update.

use domain::firmware::manifest::ManifestKey;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::esp32::Device;
use tests::esp32_image::{SMALLEST, image};
use tests::world::{Answer, Person, World, eventually_async, send};

use super::upload;

const DEVICES: &str = "/api/firmware/devices";
const A_DAY_SECONDS: i64 = 24 * 3600;

pub async fn key(world: &World) -> ManifestKey {
    let key = world.get("/api/firmware/manifest-key").await.json();
    ManifestKey::from_base64(key["public_key"].as_str().unwrap()).unwrap()
}

async fn operate(world: &World, method: Method, path: &str, body: Value) -> Answer {
    send(world.as_operator(method, path).json(&body)).await
}

/// A registered device that runs 1.0.0.
async fn registered(world: &World, label: &str, owner: Option<&Person>) -> Device {
    let owner = owner.map(|owner| owner.id.clone());
    let answer = operate(
        world,
        Method::POST,
        DEVICES,
        json!({ "device_id": label, "owner_id": owner }),
    )
    .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let mut device = Device::new(&world.product.url, label, "1.0.0", key(world).await);
    device.token = Some(answer.json()["token"].as_str().unwrap().to_owned());
    device
}

async fn seen(world: &World, label: &str) -> Value {
    let answer = operate(world, Method::GET, &format!("{DEVICES}/{label}"), Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn state(world: &World, label: &str) -> Value {
    seen(world, label).await["update"]["state"].clone()
}

async fn counted(world: &World, version: &str) -> Value {
    let list = operate(world, Method::GET, "/api/firmware/releases", Value::Null)
        .await
        .json();
    let releases = list["releases"].as_array().unwrap();
    let release = releases.iter().find(|release| release["version"] == version);
    release.unwrap()["rollout"]["devices"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_registered_once_and_seen() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let device = registered(&world, "camera:1", None).await;
    assert!(device.check().await.unwrap().is_none());
    assert_eq!(seen(&world, "camera:1").await["running_version"], "1.0.0");

    let again = operate(&world, Method::POST, DEVICES, json!({ "device_id": "camera:1" })).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["code"]),
        (409, &json!("device_exists"))
    );
    for body in [
        json!({}),
        json!({ "device_id": "" }),
        json!({ "device_id": "a", "hardware": "toaster" }),
    ] {
        assert_eq!(operate(&world, Method::POST, DEVICES, body).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_of_one_device_and_good_until_it_is_taken_away() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let mut device = registered(&world, "camera:1", None).await;
    let other = registered(&world, "camera:2", None).await;
    let version = "1.0.0".parse().unwrap();
    let mut impostor = registered(&world, "camera:3", None).await;
    impostor.token = other.token.clone();
    assert_eq!(
        impostor.report(&version, "success").await.unwrap(),
        StatusCode::FORBIDDEN
    );
    let claims = send(
        world
            .request(Method::GET, "/api/firmware/latest?device_id=camera:3")
            .header("X-Device-Token", other.token.unwrap()),
    );
    assert_eq!(claims.await.status, 403);

    let renewed = operate(&world, Method::POST, &format!("{DEVICES}/camera:1/token"), Value::Null).await;
    assert_eq!(renewed.status, 201);
    assert_eq!(
        device.report(&version, "success").await.unwrap(),
        StatusCode::UNAUTHORIZED
    );
    device.token = Some(renewed.json()["token"].as_str().unwrap().to_owned());
    assert_eq!(device.report(&version, "success").await.unwrap(), StatusCode::OK);
    let revoke = format!("{DEVICES}/camera:1");
    for _ in 0..2 {
        assert_eq!(operate(&world, Method::DELETE, &revoke, Value::Null).await.status, 204);
    }
    assert_eq!(
        device.report(&version, "success").await.unwrap(),
        StatusCode::UNAUTHORIZED
    );
    for (method, path) in [
        (Method::GET, format!("{DEVICES}/nobody")),
        (Method::DELETE, format!("{DEVICES}/nobody")),
        (Method::POST, format!("{DEVICES}/nobody/token")),
    ] {
        assert_eq!(operate(&world, method, &path, Value::Null).await.status, 404);
    }
    let log = world.log();
    assert!(!log.contains(&device.token.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_confirmed_by_a_device_that_says_it_runs_it_and_nothing_moves_it_back() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let mut device = registered(&world, "camera-1", Some(&ana)).await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);

    let offer = device.check().await.unwrap().unwrap();
    for _ in 0..2 {
        device.check().await.unwrap().unwrap();
    }
    assert_eq!(state(&world, "camera-1").await, "queued");
    assert_eq!(counted(&world, "2.0.0").await["queued"], 1);
    device.report(&offer.version, "in_progress").await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "downloading");
    device.fetch(&offer.url, None).await.unwrap();
    device.report(&offer.version, "success").await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "installed");
    device.install(&offer).unwrap();
    device.report(&offer.version, "in_progress").await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "confirming");
    device.report(&offer.version, "success").await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "confirmed");
    let after = counted(&world, "2.0.0").await;
    assert_eq!(
        (&after["queued"], &after["installed"], &after["confirmed"]),
        (&json!(0), &json!(0), &json!(1))
    );

    // Late, twice, out of order.
    for status in ["in_progress", "failed", "success", "in_progress"] {
        assert_eq!(device.report(&offer.version, status).await.unwrap(), StatusCode::OK);
    }
    assert_eq!(state(&world, "camera-1").await, "confirmed");
    assert_eq!(counted(&world, "2.0.0").await, after);
    let shown = seen(&world, "camera-1").await;
    assert_eq!(
        (&shown["running_version"], &shown["partition"]),
        (&json!("2.0.0"), &json!("ota_1"))
    );

    assert_eq!(told(&ana).await, 1, "whatever the device asked");

    // Somebody without a token changes nothing.
    let said =
        json!({ "device_id": "camera-1", "firmware_version": "2.0.0", "status": "failed", "error_message": "boo" });
    let answer = world.post("/api/firmware/report", said).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["success"]), (200, &json!(true)));
    assert_eq!(state(&world, "camera-1").await, "confirmed");
}

/// How often the owner was told of it.
async fn told(owner: &Person) -> usize {
    let told = || async {
        let list = owner.get("/api/notifications").await.json();
        let list = list["notifications"].as_array().unwrap().clone().into_iter();
        let told = list.filter(|entry| entry["type"] == "firmware_available" && entry.to_string().contains("2.0.0"));
        Some(told.count()).filter(|count| *count > 0)
    };
    eventually_async(told).await.expect("the owner is told")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_version_at_the_next_poll_is_a_roll_back_and_silence_a_loss() {
    let world = World::new().await;
    let device = registered(&world, "camera-1", None).await;
    let silent = registered(&world, "camera-2", None).await;
    let idle = registered(&world, "camera-3", None).await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);
    let offer = device.check().await.unwrap().unwrap();
    device.report(&offer.version, "success").await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "installed");
    device.check().await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "rolled_back");

    silent.check().await.unwrap();
    idle.check().await.unwrap();
    silent.report(&offer.version, "in_progress").await.unwrap();
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(state(&world, "camera-2").await, "downloading");
    world.product.clock.set_forward(A_DAY_SECONDS - 60);
    silent.report(&offer.version, "in_progress").await.unwrap();
    world.product.clock.set_forward(120);
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(
        state(&world, "camera-2").await,
        "downloading",
        "it was heard of a minute before"
    );
    world.product.clock.set_forward(A_DAY_SECONDS);
    for _ in 0..2 {
        world.run_scheduled("watch-rollouts").await;
    }
    assert_eq!(state(&world, "camera-2").await, "lost");
    assert_eq!(state(&world, "camera-3").await, "queued", "it may be switched off");
    let counts = counted(&world, "2.0.0").await;
    assert_eq!(
        (
            &counts["rolled_back"],
            &counts["lost"],
            &counts["queued"],
            &counts["downloading"]
        ),
        (&json!(1), &json!(1), &json!(1), &json!(0))
    );
    assert_eq!(silent.report(&offer.version, "success").await.unwrap(), StatusCode::OK);
    assert_eq!(state(&world, "camera-2").await, "lost");
}

fn said(device: &str, version: &str) -> Value {
    json!({
        "device_id": device, "firmware_version": version, "status": "in_progress",
        "progress_percent": 40, "ip_address": "192.168.1.7",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_listed_for_operators() {
    let world = World::new().await;
    let device = registered(&world, "camera-1", None).await;
    let version = "2.0.0".parse().unwrap();
    for (label, version) in [
        ("192.168.1.7", "2.0.0"),
        ("192.168.1.7", "2.1.0"),
        ("192.168.1.8", "2.0.0"),
    ] {
        assert_eq!(
            world.post("/api/firmware/report", said(label, version)).await.status,
            200
        );
    }
    device.report(&version, "failed").await.unwrap();
    let list = |query: &'static str| operate_list(&world, query);
    let all = list("").await;
    assert_eq!((&all["success"], &all["count"]), (&json!(true), &json!(4)));
    let newest = &all["reports"][0];
    assert_eq!(
        (&newest["device_id"], &newest["status"], &newest["is_proved"]),
        (&json!("camera-1"), &json!("failed"), &json!(true))
    );
    let second = &all["reports"][1];
    assert_eq!(
        (&second["device_id"], &second["progress_percent"], &second["is_proved"]),
        (&json!("192.168.1.8"), &json!(40), &json!(false))
    );
    for (query, count) in [
        ("?device_id=192.168.1.7", 2),
        ("?firmware_version=2.0.0", 3),
        ("?device_id=192.168.1.7&firmware_version=2.0.0", 1),
        ("?limit=2", 2),
        ("?limit=0", 1),
        ("?limit=60000", 4),
        ("?device_id=nobody", 0),
    ] {
        assert_eq!(list(query).await["count"], count, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_checked_before_they_are_kept() {
    let world = World::new().await;
    let wrong = |member: &str, value: Value| {
        let mut body = said("192.168.1.7", "2.0.0");
        body[member] = value;
        body
    };
    for body in [
        wrong("device_id", json!("")),
        wrong("device_id", Value::Null),
        wrong("device_id", json!("x".repeat(129))),
        wrong("firmware_version", json!("../../etc")),
        wrong("firmware_version", Value::Null),
        wrong("status", json!("done")),
        wrong("progress_percent", json!(101)),
        wrong("progress_percent", json!(-1)),
        wrong("error_message", json!("x".repeat(501))),
        wrong("ip_address", json!("x".repeat(65))),
        wrong("running_version", json!("a\u{0}b")),
        wrong("partition", json!("x".repeat(33))),
    ] {
        assert_eq!(
            world.post("/api/firmware/report", body.clone()).await.status,
            422,
            "{body}"
        );
    }
    assert_eq!(operate_list(&world, "").await["count"], 0);
}

async fn operate_list(world: &World, query: &str) -> Value {
    let answer = operate(
        world,
        Method::GET,
        &format!("/api/firmware/reports{query}"),
        Value::Null,
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_device_that_says_nothing_new_costs_two_reads() {
    let world = World::new().await;
    assert_eq!(upload(&world, "1.0.0", image("1.0.0", SMALLEST)).await.status, 200);
    let device = registered(&world, "camera-1", None).await;
    device.check().await.unwrap();
    device.check().await.unwrap();
    let usage = world.last_usage("get-latest-firmware");
    assert_eq!((usage.round_trips, usage.write_units), (2, 0.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reported_twice_or_late_takes_nothing_back() {
    let world = World::new().await;
    let mut device = registered(&world, "camera-1", None).await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);
    let offer = device.check().await.unwrap().unwrap();
    for status in ["in_progress", "success", "success", "in_progress"] {
        device.report(&offer.version, status).await.unwrap();
    }
    assert_eq!(state(&world, "camera-1").await, "installed");
    device.fetch(&offer.url, None).await.unwrap();
    device.install(&offer).unwrap();
    assert!(device.check().await.unwrap().is_none());
    assert_eq!(state(&world, "camera-1").await, "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_fetches_and_dies_is_lost_without_a_word() {
    let world = World::new().await;
    let mut device = registered(&world, "camera-1", None).await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);
    let offer = device.check().await.unwrap().unwrap();
    device.fetch(&offer.url, None).await.unwrap();
    assert_eq!(state(&world, "camera-1").await, "downloading");
    world.product.clock.set_forward(A_DAY_SECONDS + 60);
    world.run_scheduled("watch-rollouts").await;
    assert_eq!(counted(&world, "2.0.0").await["lost"], 1);
    // A new token makes it no second device.
    operate(&world, Method::DELETE, &format!("{DEVICES}/camera-1"), Value::Null).await;
    let renewed = operate(&world, Method::POST, &format!("{DEVICES}/camera-1/token"), Value::Null).await;
    device.token = Some(renewed.json()["token"].as_str().unwrap().to_owned());
    device.check().await.unwrap();
    let counts = counted(&world, "2.0.0").await;
    assert_eq!((&counts["lost"], &counts["queued"]), (&json!(1), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_words_of_one_device_at_once_are_all_taken() {
    let world = World::new().await;
    let device = registered(&world, "camera-1", None).await;
    assert_eq!(upload(&world, "2.0.0", image("2.0.0", SMALLEST)).await.status, 200);
    let offer = device.check().await.unwrap().unwrap();
    let say = |number: usize| device.report(&offer.version, ["in_progress", "success", "failed"][number % 3]);
    let answers = futures_util::future::join_all((0..60).map(say)).await;
    assert!(
        answers.iter().all(|answer| *answer == Ok(StatusCode::OK)),
        "{answers:?}"
    );
    let counts = counted(&world, "2.0.0").await;
    let all: u64 = counts
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    // Which of the two depends on what came first.
    let unsuccessful = counts["failed"].as_u64().unwrap() + counts["rolled_back"].as_u64().unwrap();
    assert_eq!((all, unsuccessful), (1, 1), "{counts}");
    assert_eq!(operate_list(&world, "?limit=1000").await["count"], 60);
    let fleet = operate(&world, Method::GET, DEVICES, Value::Null).await;
    assert!(fleet.text().contains("camera-1"), "{}", fleet.text());
}
