//! Devices that are pushed to.

use domain::notice::Notice;
use domain::notification::PushToken;
use local::inbox::{Channel, Message};
use serde_json::{Value, json};
use store::devices;
use tests::world::{Person, World, eventually};

pub async fn register(person: &Person, token: &str) -> String {
    let body = json!({ "token": token, "platform": "android", "app": "FacialDerma" });
    let answer = person.post("/api/notifications/devices", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

pub async fn listed(person: &Person) -> Vec<Value> {
    let list = person.get("/api/notifications/devices").await.json();
    list["devices"].as_array().unwrap().clone()
}

pub fn pushes(world: &World, token: &str) -> Vec<Message> {
    let is_push = |message: &Message| message.channel == Channel::Push && message.to == token;
    world.product.inbox.newest(1000).into_iter().filter(is_push).collect()
}

async fn pushed(world: &World, token: &str) -> Message {
    eventually(|| pushes(world, token).pop()).await.expect("a push arrives")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_keeps_its_id_and_shows_to_nobody() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let first = register(&ana, "token-one").await;
    assert_eq!(register(&ana, "token-one").await, first);
    let second = register(&ana, "token-two").await;
    let devices = listed(&ana).await;
    assert_eq!(devices.len(), 2);
    assert!(
        devices
            .iter()
            .all(|device| device["is_current"] == true && device["platform"] == "android")
    );
    assert!(!json!(devices).to_string().contains("token-"));

    let removed = ana.delete(&format!("/api/notifications/devices/{second}")).await;
    assert_eq!(removed.json(), json!({ "message": "Device removed" }));
    assert_eq!(listed(&ana).await.len(), 1);
    ana.delete(&format!("/api/notifications/devices/{second}"))
        .await
        .problem(404, "Device not found");
    for body in [
        json!({ "token": "", "platform": "ios" }),
        json!({ "token": "t", "platform": "tv" }),
    ] {
        assert_eq!(ana.post("/api/notifications/devices", body).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_with_the_phone_to_whoever_signs_in_on_it() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    register(&ana, "shared-phone").await;
    let of_ben = register(&ben, "shared-phone").await;
    assert_eq!((listed(&ana).await.len(), listed(&ben).await.len()), (0, 1));
    assert_eq!(listed(&ben).await[0]["id"], of_ben.as_str());

    let both = futures_util::future::join_all((0..10).map(|turn| {
        let person = if turn % 2 == 0 { &ana } else { &ben };
        register(person, "shared-phone")
    }));
    both.await;
    assert_eq!(listed(&ana).await.len() + listed(&ben).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_device_registered_first_makes_room_for_the_twenty_first() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let first = register(&ana, "token-0").await;
    for number in 1..=20 {
        register(&ana, &format!("token-{number}")).await;
    }
    let devices = listed(&ana).await;
    assert_eq!(devices.len(), 20);
    assert!(devices.iter().all(|device| device["id"] != first.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_forgotten_when_its_session_ends_or_it_is_not_seen() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    register(&ana, "kept").await;
    let again = world.log_in("ana", &ana.password).await;
    register(&again, "goes").await;
    let claims = again.token.split('.').nth(1).unwrap();
    let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let session = claims["sid"].as_str().unwrap().parse().unwrap();
    let store = world.product.platform.store();
    devices::remove_of_session(&store, ana.id.parse().unwrap(), session)
        .await
        .unwrap();
    assert_eq!(listed(&ana).await.len(), 1);

    world.product.clock.set_forward(271 * 24 * 3600);
    let ana = world.log_in("ana", &ana.password).await;
    assert!(listed(&ana).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_says_only_that_there_is_something() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    register(&ana, "phone").await;
    let id = world
        .tell(&ana, Notice::doctor_rejected(Some("PLANTED diagnosis of Ana")))
        .await;
    let push = pushed(&world, "phone").await;
    assert_eq!(push.subject.as_deref(), Some("Polyclinic"));
    let expected = format!("You have a new message in Polyclinic\nid={id}\ntype=verification_rejected");
    assert_eq!(push.body, expected);
    // The id is that of the line in the list.
    assert_eq!(ana.patch(&format!("/api/notifications/{id}/read")).await.status, 204);
}

#[test]
fn a_push_token_never_shows_in_a_log() {
    let token = PushToken::try_from("PLANTED".to_owned()).unwrap();
    assert!(!format!("{token:?}").contains("PLANTED"));
}
