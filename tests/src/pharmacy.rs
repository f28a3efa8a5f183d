//! Pharmacies with something on their shelves, and prescriptions for it.

use serde_json::{Value, json};

use crate::world::{Answer, Person, World};

pub const PHARMACIES: &str = "/api/pharmacy";
pub const RESERVATIONS: &str = "/api/pharmacy/reservations";

/// Where the samples look.
pub const HERE: (f64, f64) = (24.5854, 73.7125);

/// Adds a pharmacy as the seeded admin, at [`HERE`] and always open unless `more` says otherwise.
pub async fn add(world: &World, more: Value) -> Value {
    add_as(&world.admin().await, more).await
}

pub async fn add_as(admin: &Person, more: Value) -> Value {
    let mut body = json!({
        "name": "Lake Pharmacy", "address": "1 Lake Road", "city": "Udaipur", "state": "Rajasthan", "pincode": "313001",
        "phone": "+15005550006", "latitude": HERE.0, "longitude": HERE.1, "is_24x7": true,
    });
    let members = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().expect("an object").extend(members);
    let made = admin.post(PHARMACIES, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

pub fn path(pharmacy: &Value, rest: &str) -> String {
    format!("{PHARMACIES}/{}{rest}", pharmacy["id"].as_str().expect("an id"))
}

pub async fn move_stock(person: &Person, pharmacy: &Value, kind: &str, lines: Value) -> Answer {
    let body = json!({ "kind": kind, "lines": lines });
    person.post(&path(pharmacy, "/movements"), body).await
}

/// Puts some of a lot on the shelf.
pub async fn receive(person: &Person, pharmacy: &Value, medicine: &str, lot: &str, quantity: u64) {
    let line = json!({ "medicine_name": medicine, "lot": lot, "quantity": quantity, "expiry_date": "2033-12-31" });
    let received = move_stock(person, pharmacy, "receive", json!([line])).await;
    assert_eq!(received.status, 201, "{}", received.text());
}

/// What a pharmacy has of a medicine.
pub async fn stock(person: &Person, pharmacy: &Value, medicine: &str) -> Value {
    let found = person
        .get(&path(pharmacy, &format!("/stock?medicine_name={medicine}")))
        .await;
    assert_eq!(found.status, 200, "{}", found.text());
    found.json()[0].clone()
}

/// Notes a prescription that a patient was given; gives its id.
pub async fn prescription(patient: &Person, medication: Value) -> Value {
    let body = json!({ "doctor_name": "Dora Example", "medications": [medication] });
    let made = patient.post("/api/records/prescription", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].clone()
}

pub async fn reserve(patient: &Person, record: &Value) -> Answer {
    let body = json!({ "record_id": record, "latitude": HERE.0, "longitude": HERE.1 });
    patient.post(RESERVATIONS, body).await
}

pub async fn set_status(person: &Person, reservation: &Value, more: Value) -> Answer {
    let id = reservation["id"].as_str().expect("an id");
    person.post(&format!("{RESERVATIONS}/{id}/status"), more).await
}
