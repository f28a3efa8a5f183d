//! What lies in the table, looked at as a thief of it would, and what is left of whoever goes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use store::table::Table;
use tests::calls::invite;
use tests::world::{World, eventually_async};

use super::{Call, join, signal};

type Item = HashMap<String, AttributeValue>;

pub async fn items(world: &World) -> Vec<Item> {
    let settings = &world.product.platform.settings;
    let (client, name) = (
        settings.connection.dynamodb(),
        settings.names.table(Table::Consultations),
    );
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

pub fn sort(item: &Item) -> &str {
    item["sk"].as_s().unwrap()
}

/// A call in which something of every sort is kept.
async fn full(world: &World) -> (Call, Value) {
    let call = Call::with(world, json!({ "reason": "SECRET reason", "notes": "SECRET notes" })).await;
    let token = join(&call.ana, &call.call).await["session_token"].clone();
    assert!(!token.as_str().unwrap().contains(&call.ana.id));
    signal(&call.ana, &call.call, json!({ "sdp": "SECRET sdp" })).await;
    let said = call
        .dora
        .post(&call.path("/messages"), json!({ "text": "SECRET words" }))
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    let invited = invite(&call.dora, &call.call, "SECRET name").await;
    (call, invited)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_lies_sealed_and_tokens_lie_hashed() {
    let world = World::new().await;
    let (_, invited) = full(&world).await;
    let text = format!("{:?}", items(&world).await);
    assert!(!text.contains("SECRET"), "{text}");
    assert!(!text.contains(invited["token"].as_str().unwrap()));
    assert!(!world.log().contains(invited["token"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_keys_walks_over_calls_and_all_stays_readable() {
    let world = World::new().await;
    let (call, _) = full(&world).await;
    let admin = world.admin().await;
    let keys = |items: &[Item]| {
        let sealed = items.iter().filter_map(|item| item.get("sealed")?.as_s().ok());
        let keys = sealed.map(|text| text.split_once('.').unwrap().0.to_owned());
        keys.collect::<std::collections::BTreeSet<_>>()
    };
    let before = keys(&items(&world).await);
    assert_eq!(before.len(), 1);
    let begun = admin.post("/api/admin/keys/rotations", Value::Null).await;
    assert!(begun.status.is_success(), "{}", begun.text());
    world.run_scheduled("reencrypt-fields").await;
    let after = keys(&items(&world).await);
    assert!(after.len() == 1 && after.is_disjoint(&before), "{before:?} {after:?}");
    assert_eq!(call.read(&call.ana).await["reason"], "SECRET reason");
    let page = call.ana.get(&call.path("/messages")).await.json();
    assert_eq!(page["messages"][0]["text"], "SECRET words");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_patient_their_calls_go_and_with_a_doctor_their_list() {
    let world = World::new().await;
    let (call, _) = full(&world).await;
    let ben = world.patient("ben").await;
    let kept = tests::calls::consult(&ben, &call.dora, json!({})).await;
    let body = json!({ "password_confirmation": "DELETE" });
    let gone = super::delete_account(&call.ana, body).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    let traces = || async {
        let items = items(&world).await;
        // What an invite's token was good for expires by itself.
        let left = items.iter().filter(|item| sort(item) != "HOLDER");
        left.filter(|item| format!("{item:?}").contains(&call.ana.id)).count()
    };
    let none = eventually_async(|| async { (traces().await == 0).then_some(()) }).await;
    assert!(none.is_some(), "{} items stayed", traces().await);
    assert_eq!(call.dora.get(&call.path("")).await.status, 404);
    let body = json!({ "password_confirmation": "DELETE" });
    let gone = super::delete_account(&call.dora, body).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    let path = tests::calls::path(&kept, "");
    assert_eq!(ben.get(&path).await.status, 200);
}
