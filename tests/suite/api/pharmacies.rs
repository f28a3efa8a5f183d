//! Pharmacies: what they have, where it is to be had, and what is set apart for patients.

mod alerts;
mod bounds;
mod contract;
mod handing_over;
mod lots;
mod privacy;
mod races;
mod recalls;
mod reservations;
mod search;
mod search_area;

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use store::table::Table;
use tests::pharmacy::path;
use tests::world::{Person, World};

pub type Item = HashMap<String, AttributeValue>;

/// All that is stored.
pub async fn items(world: &World) -> Vec<Item> {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(Table::Pharmacies));
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

pub async fn remove(world: &World, partition: &str, sort: &str) {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(Table::Pharmacies));
    let delete = client.delete_item().table_name(name);
    let delete = delete.key("pk", AttributeValue::S(partition.to_owned()));
    let delete = delete.key("sk", AttributeValue::S(sort.to_owned()));
    delete.send().await.expect("it is removed");
}

pub fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).unwrap_or_default()
}

/// All lines of a medicine's ledger.
pub async fn ledger(person: &Person, pharmacy: &Value, medicine: &str) -> Vec<Value> {
    let (mut lines, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = format!("/movements?medicine_name={medicine}&limit=100{cursor}");
        let page = person.get(&path(pharmacy, &query)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        lines.extend(page["movements"].as_array().expect("a list").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return lines,
        }
    }
}

/// What the lines of each lot come to is what there is of it, and nothing of lots that the shelf knows no more.
pub async fn assert_ledger_balances(person: &Person, pharmacy: &Value, medicine: &str) {
    let stock = tests::pharmacy::stock(person, pharmacy, medicine).await;
    let number = |value: &Value| value.as_i64().expect("a number");
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for line in ledger(person, pharmacy, medicine).await {
        let (free, held) = sums.entry(line["lot"].as_str().expect("a lot").to_owned()).or_default();
        (*free, *held) = (
            *free + number(&line["change"]),
            *held + number(&line["reserved_change"]),
        );
    }
    for lot in stock["lots"].as_array().expect("a list") {
        let sum = sums.remove(lot["lot"].as_str().expect("a lot")).unwrap_or_default();
        assert_eq!(sum, (number(&lot["free"]), number(&lot["reserved"])), "{lot}");
    }
    assert!(
        sums.values().all(|sum| *sum == (0, 0)),
        "{sums:?} of lots that are gone"
    );
}
