//! Who gets in, what is said first, and whom it ends for.

use serde_json::{Value, json};
use tests::world::{World, eventually};

use super::client::{Client, PROTOCOL, text, ticket};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_lets_in_once_and_within_a_minute() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = ana.post("/api/sockets/tickets", Value::Null).await.json();
    let ticket = text(&answer["ticket"]);
    assert_eq!(answer["protocol"], PROTOCOL);
    assert_eq!(answer["expires_in_seconds"], 60);
    assert!(text(&answer["url"]).ends_with(&format!("/ws?ticket={ticket}")));

    let query = format!("ticket={ticket}");
    let mut client = Client::connect(&world, &query, &[PROTOCOL]).await.expect("let in");
    let hello = client.hello().await;
    assert_eq!((&hello["is_resumed"], &hello["channels"]), (&json!(false), &json!([])));
    assert_eq!(Client::connect(&world, &query, &[PROTOCOL]).await.err(), Some(401));

    let late = self::ticket(&ana).await;
    world.product.clock.set_forward(61);
    let refused = Client::connect(&world, &format!("ticket={late}"), &[PROTOCOL]).await;
    assert_eq!(refused.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_ticket_one_is_let_in() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let query = format!("ticket={}", ticket(&ana).await);
    let tries = (0..8).map(|_| Client::connect(&world, &query, &[PROTOCOL]));
    let outcomes = futures_util::future::join_all(tries).await;
    let refusals: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(refusals, [&401; 7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_let_in() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(world.post("/api/sockets/tickets", Value::Null).await.status, 401);
    let good = ticket(&ana).await;
    let wrong = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let cases: [(String, &[&str], u16); 7] = [
        (String::new(), &[PROTOCOL], 401),
        (format!("ticket={wrong}"), &[PROTOCOL], 401),
        ("ticket=nonsense".to_owned(), &[PROTOCOL], 401),
        (format!("resume={wrong}"), &[PROTOCOL], 401),
        (format!("ticket={good}&resume={wrong}"), &[PROTOCOL], 401),
        (format!("ticket={good}"), &["polyclinic.v9"], 400),
        (format!("ticket={good}"), &[], 400),
    ];
    for (query, protocols, status) in cases {
        let refused = Client::connect(&world, &query, protocols).await.err();
        assert_eq!(refused, Some(status), "{query} {protocols:?}");
    }
    // None of it has used the ticket up, and another version may be offered beside ours.
    let offered = Client::connect(&world, &format!("ticket={good}"), &["polyclinic.v9", PROTOCOL]).await;
    assert!(offered.is_ok());
    let plain = world.get("/ws").await;
    assert_eq!(plain.status.as_u16(), 400, "{plain:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_answered_and_what_cannot_be_read_is_a_problem() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    let pong = client.ask(json!({ "type": "ping" })).await;
    assert_eq!(pong["type"], "pong");
    assert!(text(&pong["server_time"]).ends_with('Z'));
    for (message, code) in [
        (json!({ "type": "sing" }), "message_type_unknown"),
        (json!({}), "message_malformed"),
        (json!({ "type": "read" }), "validation_error"),
        (json!({ "type": "read", "notification_id": "x" }), "validation_error"),
        (json!({ "type": "notifications", "limit": 0 }), "validation_error"),
    ] {
        let problem = client.ask(message.clone()).await;
        assert_eq!(
            (&problem["type"], &problem["code"]),
            (&json!("problem"), &json!(code)),
            "{message}"
        );
    }
    // Without an id there is nothing to refer to.
    for (said, code) in [
        ("no JSON", "malformed_json"),
        ("[1]", "validation_error"),
        ("", "validation_error"),
    ] {
        let sent = futures_util::SinkExt::send(&mut client.socket, said.into()).await;
        sent.unwrap();
        let problem = client.hear().await;
        assert_eq!(
            (&problem["code"], problem.get("reply_to")),
            (&json!(code), None),
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_the_sign_in_it_was_opened_by() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let elsewhere = world.log_in("ana", &ana.password).await;
    let (mut here, _) = Client::ready(&world, &ana).await;
    let (mut there, resume) = Client::ready(&world, &elsewhere).await;
    // Nobody pings, nobody pushes.
    assert_eq!(elsewhere.post("/api/auth/logout", json!({})).await.status, 200);
    assert_eq!(there.closed().await.0, Some(1000));
    assert_eq!(here.ask(json!({ "type": "ping" })).await["type"], "pong");
    // Nor may it come back.
    assert_eq!(Client::with_resume(&world, &resume).await.err(), Some(401));

    let unused = ticket(&ana).await;
    assert_eq!(ana.post("/api/auth/logout-everywhere", json!({})).await.status, 200);
    assert_eq!(here.closed().await.0, Some(1000));
    let refused = Client::connect(&world, &format!("ticket={unused}"), &[PROTOCOL]).await;
    assert_eq!(refused.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_suspended_hears_and_says_nothing_more() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let admin = world.admin().await;
    let (mut client, resume) = Client::ready(&world, &ana).await;
    // This one has said nothing yet, and says something too late.
    let mut silent = Client::with_ticket(&world, &ana).await;
    let path = format!("/api/admin/users/{}/suspend", ana.id);
    assert_eq!(admin.post(&path, Value::Null).await.status, 200);
    let (code, heard) = client.closed().await;
    assert_eq!((code, heard), (Some(1000), Vec::new()));
    silent.say(&json!({ "type": "hello" })).await;
    assert_eq!(silent.closed().await.0, Some(1000));
    assert_eq!(Client::with_resume(&world, &resume).await.err(), Some(403));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_a_connection_ends_with_it() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (client, _) = Client::ready(&world, &ana).await;
    assert_eq!(world.product.cloud.connections.count(), 1);
    drop(client);
    let gone = || (world.product.cloud.connections.count() == 0).then_some(());
    eventually(gone).await.expect("the gateway notices");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_a_connection_are_counted() {
    let world = World::with_rate_limits().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    // Nothing comes back while they are counted.
    world.product.clock.stop();
    let mut refused = Value::Null;
    for _ in 0..320 {
        let answer = client.ask(json!({ "type": "ping" })).await;
        if answer["type"] == "problem" {
            refused = answer;
            break;
        }
    }
    assert_eq!(refused["status"], 429, "{refused}");
    assert!(refused["retry_after_seconds"].is_u64(), "{refused}");
    // Another connection has a count of its own.
    let (mut other, _) = Client::ready(&world, &ana).await;
    assert_eq!(other.ask(json!({ "type": "ping" })).await["type"], "pong");
}
