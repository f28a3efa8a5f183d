//! Pharmacies and reservations for whatever the tests of all endpoints do with one.

use serde_json::{Value, json};
use tests::pharmacy::{self, RESERVATIONS, path, prescription, receive, reserve};
use tests::world::{Person, World};

/// The path to something of a pharmacy that somebody runs, or of a patient's own.
pub async fn thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    let rest = match function {
        "set-pharmacy-stock" | "list-pharmacy-stock" => "/stock",
        "move-stock" | "list-stock-movements" => "/movements",
        "recall-lot" => "/recalls",
        "change-reservation-status" => return Some(reservation(world, owner).await),
        _ => return None,
    };
    let pharmacy = pharmacy::add(world, json!({ "staff": [owner.id] })).await;
    if function != "move-stock" {
        receive(&world.admin().await, &pharmacy, "Paracetamol", "A-17", 40).await;
    }
    let query = match function {
        "list-stock-movements" => "?medicine_name=paracetamol",
        _ => "",
    };
    Some(path(&pharmacy, &format!("{rest}{query}")))
}

async fn reservation(world: &World, owner: &Person) -> String {
    let (record, _) = for_a_reservation(world, owner).await;
    let reserved = reserve(owner, &record).await;
    assert_eq!(reserved.status, 201, "{}", reserved.text());
    format!(
        "{RESERVATIONS}/{}/status",
        reserved.json()["id"].as_str().expect("an id")
    )
}

/// A prescription, and a pharmacy that has what it is for.
async fn for_a_reservation(world: &World, owner: &Person) -> (Value, Value) {
    let admin = world.admin().await;
    let pharmacy = pharmacy::add_as(&admin, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S-1", 40).await;
    (prescription(owner, json!({ "name": "Salbutamol" })).await, pharmacy)
}

/// What must name a prescription that there is, which is made here.
pub async fn body(world: &World, function: &str, owner: &Person) -> Option<Value> {
    match function {
        "reserve-medicine" => {
            let (record, pharmacy) = for_a_reservation(world, owner).await;
            Some(json!({ "record_id": record, "pharmacy_id": pharmacy["id"] }))
        }
        _ => None,
    }
}
