//! Near a position and in a place at once, however many there are elsewhere.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::id::PharmacyId;
use domain::pharmacy::cell::Cell;
use domain::place::Position;
use serde_json::{Value, json};
use store::table::Table;
use tests::pharmacy::{HERE, add, path};
use tests::world::{Answer, World};

/// More than a search reads.
const ELSEWHERE: usize = 4_000;
/// More than is read of an area as a whole.
const IN_JAIPUR: usize = 1_700;

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A place in the index for a pharmacy that there is none of.
fn offer(
    world: &World,
    number: usize,
    city: &str,
    partition: &str,
    is_in_area: bool,
) -> HashMap<String, AttributeValue> {
    let mut random = [0; 6];
    random[2..].copy_from_slice(&(number as u32).to_be_bytes());
    let id = PharmacyId::new(world.product.clock.now(), random);
    let position = Position::new(HERE.0 + number as f64 * 1e-7, HERE.1).unwrap();
    let sort = match is_in_area {
        true => format!("{id}#paracetamol"),
        false => format!("AT#{}#{id}#paracetamol", Cell::of(position).digits()),
    };
    HashMap::from([
        ("pk".to_owned(), text(partition)),
        ("sk".to_owned(), text(sort)),
        ("pharmacy".to_owned(), text(id.to_string())),
        ("medicine".to_owned(), text("paracetamol")),
        (
            "latitude".to_owned(),
            AttributeValue::N(position.latitude().to_string()),
        ),
        (
            "longitude".to_owned(),
            AttributeValue::N(position.longitude().to_string()),
        ),
        ("city".to_owned(), text(city)),
        ("state".to_owned(), text("rajasthan")),
        ("pincode".to_owned(), text("1")),
    ])
}

async fn put(world: &World, offers: Vec<HashMap<String, AttributeValue>>) {
    let settings = &world.product.platform.settings;
    let (client, table) = (settings.connection.dynamodb(), settings.names.table(Table::Pharmacies));
    for offers in offers.chunks(100) {
        let puts = offers.iter().map(|offer| {
            let put = Put::builder().table_name(&table).set_item(Some(offer.clone()));
            TransactWriteItem::builder().put(put.build().expect("a put")).build()
        });
        let write = client.transact_write_items().set_transact_items(Some(puts.collect()));
        write.send().await.expect("they are put");
    }
}

async fn stocked(world: &World, kilometres: f64, city: &str) -> Value {
    let place =
        json!({ "latitude": HERE.0 + kilometres / 111.195, "name": format!("{city} {kilometres}"), "city": city });
    let pharmacy = add(world, place).await;
    let body = json!({ "medicine_name": "Paracetamol", "quantity": 20 });
    let set = world.admin().await.put(&path(&pharmacy, "/stock"), body).await;
    assert_eq!(set.status, 200, "{set:?}");
    pharmacy
}

fn names(found: &Answer) -> Vec<String> {
    let found = found.json();
    let offers = found.as_array().expect("a list").iter();
    offers
        .map(|offer| offer["pharmacy_name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_near_and_in_a_place_is_found_among_any_number() {
    let world = World::new().await;
    let elsewhere = (0..ELSEWHERE).map(|number| offer(&world, number, "delhi", "FIND#paracetamol", false));
    put(&world, elsewhere.collect()).await;
    let far = (0..IN_JAIPUR).map(|number| offer(&world, number, "jaipur", "FIND#paracetamol#CITY#jaipur", true));
    put(&world, far.collect()).await;
    for (kilometres, city) in [(9.0, "Udaipur"), (8.0, "Udaipur"), (30.0, "Udaipur"), (0.0, "Jaipur")] {
        stocked(&world, kilometres, city).await;
    }
    let search = async |more: Value| {
        let mut body = json!({ "medicine_name": "paracetamol", "latitude": HERE.0 - 1e-5, "longitude": HERE.1 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let found = world.post("/api/pharmacy/search", body).await;
        assert_eq!(found.status, 200, "{found:?}");
        found
    };
    // All of the town are looked at, the nearest first.
    let found = search(json!({ "city": "udaipur" })).await;
    assert_eq!(
        (names(&found), found.header("x-list-cut-off")),
        (vec!["Udaipur 8".to_owned(), "Udaipur 9".to_owned()], "")
    );
    // There are too many in the other; what was found on the way counts, and it says that there may be more.
    let found = search(json!({ "city": "jaipur" })).await;
    assert_eq!(
        (names(&found), found.header("x-list-cut-off")),
        (vec!["Jaipur 0".to_owned()], "true")
    );
    let found = search(json!({ "city": "jaipur", "limit": 1 })).await;
    assert_eq!(found.header("x-list-cut-off"), "", "it has as many as were asked for");
}
