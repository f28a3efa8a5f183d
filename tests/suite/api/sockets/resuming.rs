//! Coming back after the connection broke.

use std::collections::BTreeSet;

use domain::notice::Notice;
use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::{Person, World, eventually_async};

use super::client::{Client, text};

const CUTS: usize = 20;
const NOTICES: usize = 60;

/// An app: it shows each notification once, whichever way it comes.
#[derive(Default)]
struct App {
    shown: Vec<String>,
    known: BTreeSet<String>,
}

impl App {
    fn take(&mut self, notification: &Value) {
        let id = text(&notification["id"]);
        if self.known.insert(id.clone()) {
            self.shown.push(id);
        }
    }

    fn take_all(&mut self, told: Vec<Value>) {
        for message in told {
            assert_eq!(message["type"], "notification", "{message}");
            self.take(&message["notification"]);
        }
    }

    /// As after every connect: first it listens, then it asks for what it may have missed.
    async fn catch_up(&mut self, client: &mut Client) {
        let list = client.ask(json!({ "type": "notifications", "limit": 100 })).await;
        for notification in list["notifications"].as_array().unwrap() {
            self.take(notification);
        }
        let told = client.heard();
        self.take_all(told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_cuts_lose_nothing_and_show_nothing_twice() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, mut resume) = Client::ready(&world, &ana).await;
    let mut app = App::default();
    let (mut dice, mut told) = (Dice(7), 0);
    for cut in 0..CUTS {
        for _ in 0..NOTICES / CUTS {
            world.tell(&ana, Notice::FamilyLinkAsked).await;
            told += 1;
        }
        // How far the client gets before the line breaks.
        match dice.roll(5) {
            0 => {}
            1 => app.catch_up(&mut client).await,
            2 => {
                let message = client.hear().await;
                app.take_all(vec![message]);
            }
            3 => client.say(&json!({ "type": "hello" })).await,
            _ => client.say(&json!({ "type": "notifications" })).await,
        }
        drop(client);
        client = Client::with_resume(&world, &resume)
            .await
            .unwrap_or_else(|status| panic!("refused with {status} after cut {cut}"));
        if dice.roll(3) == 0 {
            // The new line breaks at once: the token was used, and its successor never came.
            client.say(&json!({ "type": "hello" })).await;
            drop(client);
            let again = Client::with_resume(&world, &resume).await;
            client = again.unwrap_or_else(|status| panic!("refused with {status} after two cuts {cut}"));
        }
        let hello = client.hello().await;
        assert_eq!(hello["is_resumed"], true);
        resume = text(&hello["resume"]);
    }
    let all = all_told(&ana, told).await;
    app.catch_up(&mut client).await;
    assert_eq!(app.known, all);
    assert_eq!(app.shown.len(), told);
}

async fn all_told(person: &Person, count: usize) -> BTreeSet<String> {
    let look = || async {
        let list = person.get("/api/notifications?limit=100").await.json();
        let lines = list["notifications"].as_array().unwrap();
        let ids: BTreeSet<String> = lines.iter().map(|line| text(&line["id"])).collect();
        (ids.len() == count).then_some(ids)
    };
    eventually_async(look).await.expect("all are written")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_replaces_the_connection_that_seemed_alive() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut old, resume) = Client::ready(&world, &ana).await;
    let mut new = Client::with_resume(&world, &resume).await.expect("let in");
    new.hello().await;
    world.tell(&ana, Notice::FamilyLinkAsked).await;
    assert_eq!(new.hear().await["type"], "notification");
    let (code, heard) = old.closed().await;
    assert_eq!((code, heard), (Some(1000), Vec::new()));
    // The new one stays.
    assert_eq!(new.ask(json!({ "type": "ping" })).await["type"], "pong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_until_the_next_is_used_and_for_ten_minutes() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (client, first) = Client::ready(&world, &ana).await;
    drop(client);
    let mut client = Client::with_resume(&world, &first).await.expect("let in");
    let second = text(&client.hello().await["resume"]);
    drop(client);
    // Once the second is used, whoever has seen the first has nothing.
    let mut client = Client::with_resume(&world, &second).await.expect("let in");
    assert_eq!(Client::with_resume(&world, &first).await.err(), Some(401));
    let third = text(&client.hello().await["resume"]);
    let (place, _) = third.split_once('.').unwrap();
    let forged = format!("{place}.AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE");
    assert_eq!(Client::with_resume(&world, &forged).await.err(), Some(401));
    drop(client);
    let left = || async {
        let count = world.product.cloud.connections.count();
        let has_heard = world.log().contains("close-socket");
        (count == 0 && has_heard).then_some(())
    };
    eventually_async(left).await.expect("it is noticed");
    world.product.clock.set_forward(2 * 60 * 60 + 11 * 60);
    assert_eq!(Client::with_resume(&world, &third).await.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_greeting_whose_answer_is_lost_costs_nobody_their_place() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, heard) = Client::ready(&world, &ana).await;
    let lost = text(&client.hello().await["resume"]);
    drop(client);
    assert_ne!(heard, lost);
    let mut client = Client::with_resume(&world, &heard).await.expect("let in");
    assert_eq!(client.hello().await["is_resumed"], true);
    assert_eq!(Client::with_resume(&world, &lost).await.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_back_at_once_one_has_the_place() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (client, resume) = Client::ready(&world, &ana).await;
    drop(client);
    let tries = (0..4).map(|_| async {
        let mut client = Client::with_resume(&world, &resume).await.ok()?;
        client.say(&json!({ "type": "hello" })).await;
        Some(client)
    });
    let back = futures_util::future::join_all(tries).await;
    let back: Vec<Client> = back.into_iter().flatten().collect();
    assert!(!back.is_empty());
    world.tell(&ana, Notice::FamilyLinkAsked).await;
    all_told(&ana, 1).await;
    let alive = || async { (world.product.cloud.connections.count() == 1).then_some(()) };
    eventually_async(alive).await.expect("one is left");
}
