//! A seat has one connection: the newest. Calls sit so.

use domain::id::{ConsultationId, UserId};
use domain::socket::{Channel, ConnectionId};
use jiff::Timestamp;
use serde_json::json;
use store::sockets::{self, Connection, seats};
use tests::world::{Person, World};

use super::client::Client;

const CALL: [u8; 6] = [3; 6];

/// The connection that was opened last.
async fn newest(world: &World, person: &Person) -> Connection {
    let user: UserId = person.id.parse().unwrap();
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let mut all = seats::all(&store, &Channel::User(user), now).await.unwrap();
    all.sort_by_key(|seat| seat.taken_at);
    let id: &ConnectionId = &all.last().unwrap().connection;
    sockets::find(&store, id, now).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_connection_of_a_person_has_their_seat_in_a_call() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let call = Channel::Consultation(ConsultationId::new(Timestamp::UNIX_EPOCH, CALL));
    let (mut old, old_resume) = Client::ready(&world, &ana).await;
    let older = newest(&world, &ana).await;
    world.product.clock.set_forward(1);
    let (mut new, _) = Client::ready(&world, &ana).await;
    let newer = newest(&world, &ana).await;
    assert_ne!(older.id, newer.id);

    assert_eq!(seats::take(&store, &older, call, "patient", now).await.unwrap(), None);
    // Once more is nothing.
    assert_eq!(seats::take(&store, &older, call, "patient", now).await.unwrap(), None);
    let replaced = seats::take(&store, &newer, call, "patient", now).await.unwrap();
    assert_eq!(replaced.map(|seat| seat.connection), Some(older.id.clone()));
    // The older is no longer known: it can take nothing back, and what it says ends it.
    assert!(seats::take(&store, &older, call, "patient", now).await.is_err());
    old.say(&json!({ "type": "ping" })).await;
    assert_eq!(old.closed().await.0, Some(1000));
    assert_eq!(new.ask(json!({ "type": "ping" })).await["type"], "pong");
    let seat = seats::at(&store, &call, "patient", now).await.unwrap().unwrap();
    assert_eq!(seat.connection, newer.id);

    // Whoever lost the seat may come back, and does not take it again.
    let mut back = Client::with_resume(&world, &old_resume).await.expect("let in");
    assert_eq!(back.hello().await["channels"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_has_their_seats_again() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let call = Channel::Consultation(ConsultationId::new(Timestamp::UNIX_EPOCH, CALL));
    let (client, resume) = Client::ready(&world, &ana).await;
    let before = newest(&world, &ana).await;
    seats::take(&store, &before, call, "patient", now).await.unwrap();
    drop(client);
    let mut back = Client::with_resume(&world, &resume).await.expect("let in");
    assert_eq!(back.hello().await["channels"], json!([call.to_string()]));
    let seat = seats::at(&store, &call, "patient", now).await.unwrap().unwrap();
    assert_ne!(seat.connection, before.id);

    // Who leaves does not come back to it.
    let connection = sockets::find(&store, &seat.connection, now).await.unwrap().unwrap();
    seats::leave(&store, &connection, &call, "patient").await.unwrap();
    assert_eq!(seats::at(&store, &call, "patient", now).await.unwrap(), None);
    assert_eq!(back.hello().await["channels"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_connections_without_end_closes_their_own() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let (mut bens, _) = Client::ready(&world, &ben).await;
    let mut clients = Vec::new();
    for _ in 0..11 {
        world.product.clock.set_forward(1);
        clients.push(Client::ready(&world, &ana).await.0);
    }
    assert_eq!(clients[0].closed().await.0, Some(1000));
    assert_eq!(clients[10].ask(json!({ "type": "ping" })).await["type"], "pong");
    assert_eq!(bens.ask(json!({ "type": "ping" })).await["type"], "pong");
}
