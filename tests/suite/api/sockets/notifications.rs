//! What is written into the list is told to whoever is connected.

use domain::id::SocketPlaceId;
use domain::notice::Notice;
use domain::socket::{Channel, ConnectionId, SocketSecret};
use serde_json::{Value, json};
use store::sockets::{self, seats};
use tests::world::{World, eventually_async};

use super::client::{Client, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_comes_at_once_and_can_be_marked_as_read() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let (mut client, _) = Client::ready(&world, &ana).await;
    let (mut second, _) = Client::ready(&world, &ana).await;
    let (mut other, _) = Client::ready(&world, &ben).await;
    world.tell(&ana, Notice::FamilyLinkAsked).await;
    let told = client.hear().await;
    assert_eq!(told["type"], "notification");
    let id = text(&told["notification"]["id"]);
    // The same that the list shows, on each of a person's devices, and on nobody else's.
    let list = ana.get("/api/notifications").await.json();
    assert_eq!(told["notification"], list["notifications"][0]);
    assert_eq!(second.hear().await, told);
    let theirs = other.ask(json!({ "type": "notifications" })).await;
    assert_eq!((&theirs["notifications"], other.heard()), (&json!([]), Vec::new()));
    let problem = other.ask(json!({ "type": "read", "notification_id": id })).await;
    assert_eq!(
        (&problem["status"], &problem["code"]),
        (&json!(404), &json!("notification_not_found"))
    );

    let unread = client
        .ask(json!({ "type": "notifications", "unread_only": true }))
        .await;
    assert_eq!(
        (&unread["unread_count"], &unread["notifications"][0]["id"]),
        (&json!(1), &json!(id))
    );
    let read = client.ask(json!({ "type": "read", "notification_id": id })).await;
    assert_eq!((&read["type"], &read["notification_id"]), (&json!("read"), &json!(id)));
    // Once more does no harm.
    assert_eq!(
        client.ask(json!({ "type": "read", "notification_id": id })).await["type"],
        "read"
    );
    assert_eq!(ana.get("/api/notifications").await.json()["unreadCount"], 0);
}

/// A phone that went into a tunnel says nothing, and API Gateway does not always tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_gone_holds_nothing_up_and_is_forgotten() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let own = Channel::User(ana.id.parse().unwrap());
    let [seat] = seats::all(&store, &own, now).await.unwrap().try_into().unwrap();
    let secret = SocketSecret::new([7; 32]).digest();
    let ticket = sockets::issue_ticket(&store, &secret, seat.user, seat.session, now)
        .await
        .unwrap();
    let place = SocketPlaceId::new(now, [7; 6]);
    let gone = ConnectionId::try_from("gone=".to_owned()).unwrap();
    let gone = sockets::open(&store, &secret, &ticket, (gone, place), now)
        .await
        .unwrap();
    seats::take(&store, &gone, own, &place.to_string(), now).await.unwrap();

    world.tell(&ana, Notice::FamilyLinkAsked).await;
    assert_eq!(client.hear().await["type"], "notification");
    let forgotten = || async {
        let seats = seats::all(&store, &own, now).await.unwrap();
        let is_known = sockets::find(&store, &gone.id, now).await.unwrap().is_some();
        (seats == std::slice::from_ref(&seat) && !is_known).then_some(())
    };
    eventually_async(forgotten).await.expect("it is forgotten");
    assert!(!world.log().contains("the WebSocket API: "), "nobody need hear of it");
}

/// API Gateway is away: the list has it, the errand is done, and an operator reads why nobody was told at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_sockets_costs_nobody_a_notification() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    let faults = &world.product.cloud.connection_faults;
    faults.begin(clients::stand_in::Fault::Dropped);
    world.tell(&ana, Notice::FamilyLinkAsked).await;
    let look = || async { world.log().contains("the WebSocket API: ").then_some(()) };
    eventually_async(look).await.expect("it is noted");
    faults.end();
    let list = client.ask(json!({ "type": "notifications" })).await;
    assert_eq!(list["notifications"].as_array().map(Vec::len), Some(1));
    assert_eq!(client.heard(), Vec::<Value>::new());
}
