//! Transactions show item by item in the cloud, though never here: each of these takes away what does not show yet.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use store::table::Table;

use super::*;

const OTHER: &str = "01d0000000000123456789ac";
const A_WHILE: Duration = Duration::from_millis(300);

type Item = HashMap<String, AttributeValue>;

struct Records {
    db: Client,
    table: String,
    patient: String,
}

impl Records {
    fn of(world: &World, patient: &Person) -> Self {
        let settings = &world.product.platform.settings;
        Self {
            db: settings.connection.dynamodb(),
            table: settings.names.table(Table::Records),
            patient: format!("PATIENT#{}", patient.id),
        }
    }

    async fn read(&self, sort: &str) -> Item {
        let call = self.db.get_item().table_name(&self.table);
        let call = call.key("pk", AttributeValue::S(self.patient.clone()));
        let found = call.key("sk", AttributeValue::S(sort.to_owned())).send().await.unwrap();
        found.item.unwrap_or_else(|| panic!("there is no {sort}"))
    }

    async fn take(&self, sort: &str) -> Item {
        let item = self.read(sort).await;
        let call = self.db.delete_item().table_name(&self.table);
        let call = call.key("pk", AttributeValue::S(self.patient.clone()));
        call.key("sk", AttributeValue::S(sort.to_owned())).send().await.unwrap();
        item
    }

    async fn put(&self, item: Item) {
        let call = self.db.put_item().table_name(&self.table);
        call.set_item(Some(item)).send().await.unwrap();
    }
}

fn said(record: &str, base: u64) -> Value {
    json!([change(
        &format!("{record}-{base}"),
        record,
        base,
        json!({ "text": base })
    )])
}

/// Which records a page has, where it ends, and whether there are more.
async fn pull(ana: &Person, after: u64) -> (Vec<String>, u64, bool) {
    let page = ana.get(&format!("{CHANGES}?after={after}")).await.json();
    let records = page["records"].as_array().unwrap().iter();
    let records = records.map(|record| record["id"].as_str().unwrap().to_owned());
    (
        records.collect(),
        page["after"].as_u64().unwrap(),
        page["has_more"] == true,
    )
}

fn page(records: &[&str], after: u64, has_more: bool) -> (Vec<String>, u64, bool) {
    (records.iter().map(ToString::to_string).collect(), after, has_more)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_does_not_show_yet_is_not_passed_over() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let records = Records::of(&world, &ana);
    push(&ana, "a", said(RECORD, 0)).await;
    push(&ana, "a", said(OTHER, 0)).await;
    let fresh = records.take(&format!("RECORD#{OTHER}")).await;
    assert_eq!(pull(&ana, 0).await, page(&[RECORD], 1, true));
    records.put(fresh).await;
    assert_eq!(pull(&ana, 1).await, page(&[OTHER], 2, false));

    let before = records.read(&format!("RECORD#{RECORD}")).await;
    push(&ana, "a", said(RECORD, 1)).await;
    let after = records.take(&format!("RECORD#{RECORD}")).await;
    records.put(before).await;
    assert_eq!(pull(&ana, 1).await, page(&[OTHER], 2, true));
    records.put(after).await;
    assert_eq!(pull(&ana, 2).await, page(&[RECORD], 3, false));
}

/// What is above the number of the book may have something before it that does not show.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_book_does_not_know_yet_waits_for_the_next_page() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let records = Records::of(&world, &ana);
    push(&ana, "a", said(RECORD, 0)).await;
    let before = records.read("RECORDS").await;
    push(&ana, "a", said(OTHER, 0)).await;
    let after = records.read("RECORDS").await;
    records.put(before).await;
    assert_eq!(pull(&ana, 0).await, page(&[RECORD], 1, true));
    records.put(after).await;
    assert_eq!(pull(&ana, 1).await, page(&[OTHER], 2, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_entered_once_the_one_before_it_shows() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let records = Records::of(&world, &ana);
    push(&ana, "a", said(RECORD, 0)).await;
    for (last, next) in [(1, said(OTHER, 0)), (2, said(OTHER, 1))] {
        let pointer = records.take(&format!("CHANGE#{last:016}")).await;
        let shows = async {
            tokio::time::sleep(A_WHILE).await;
            records.put(pointer).await;
        };
        let started = Instant::now();
        let entered = async {
            let result = push(&ana, "a", next).await;
            (result[0]["outcome"].clone(), started.elapsed())
        };
        let ((), (outcome, waited)) = tokio::join!(shows, entered);
        assert!(outcome == "applied" && waited >= A_WHILE, "{outcome} after {waited:?}");
    }
}
