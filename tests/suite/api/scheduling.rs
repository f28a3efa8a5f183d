//! Appointments: when doctors may be booked, who gets which time, and what becomes of a visit.

mod availability;
mod first_free;
mod lifecycle;
mod long_slots;
mod races;
mod reminders;
mod rights;
mod slots;
mod time_zones;
mod waitlist;

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Answer, Person, World};

pub const HOUR: SignedDuration = SignedDuration::from_hours(1);
pub const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// All day and all night.
pub fn always(more: Value) -> Value {
    hours("UTC", "00:00", "24:00", more)
}

/// The same every day.
pub fn hours(zone: &str, from: &str, until: &str, more: Value) -> Value {
    let weekly = WEEKDAYS.map(|weekday| json!({ "weekday": weekday, "from": from, "until": until }));
    let mut body = json!({ "version": 0, "time_zone": zone, "weekly": weekly, "horizon_days": 800 });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

pub async fn doctor_with(world: &World, name: &str, availability: Value) -> Person {
    let doctor = world.verified_doctor(name).await;
    let said = doctor.put("/doctors/me/availability", availability).await;
    assert_eq!(said.status, 200, "{said:?}");
    doctor
}

pub async fn open_doctor(world: &World, name: &str) -> Person {
    doctor_with(world, name, always(json!({}))).await
}

/// Ten in the morning in UTC, for what is to lie on one day whenever the test runs.
pub fn wait_for_morning(world: &World) {
    let now = world.product.clock.now().as_second();
    let day = HOUR.as_secs() * 24;
    world
        .product
        .clock
        .set_forward((10 * HOUR.as_secs() - now).rem_euclid(day));
}

/// Some days from now, at a full hour.
pub fn ahead(world: &World, hours: i64) -> Timestamp {
    let now = world.product.clock.now().as_second();
    Timestamp::from_second(now - now.rem_euclid(3600)).unwrap() + HOUR * (72 + i32::try_from(hours).unwrap())
}

pub async fn book(patient: &Person, doctor: &Person, start: Timestamp) -> Answer {
    let body = json!({ "doctor_id": doctor.id, "start": start });
    patient.post("/appointments", body).await
}

pub async fn booked(patient: &Person, doctor: &Person, start: Timestamp) -> Value {
    let answer = book(patient, doctor, start).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

pub async fn set_status(person: &Person, visit: &Value, status: &str) -> Answer {
    let path = format!("/appointments/{}/status", visit["id"]);
    person.post(&path, json!({ "status": status })).await
}

pub async fn reschedule(person: &Person, visit: &Value, start: Timestamp, version: Value) -> Answer {
    let path = format!("/appointments/{}/reschedule", visit["id"]);
    let mut body = json!({ "start": start });
    if !version.is_null() {
        body["version"] = version;
    }
    person.post(&path, body).await
}

pub async fn status(person: &Person, visit: &Value) -> Value {
    let path = format!("/appointments/{}", visit["id"]);
    person.get(&path).await.json()["status"].clone()
}

pub async fn free_times(person: &Person, doctor: &Person, query: &str) -> Value {
    let answer = person
        .get(&format!("/doctors/{}/availability?{query}", doctor.id))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub fn starts(times: &Value) -> Vec<Timestamp> {
    let times = times["times"].as_array().expect("a list").iter();
    times.map(|time| moment(&time["start"])).collect()
}

pub fn moment(value: &Value) -> Timestamp {
    value.as_str().expect("a moment").parse().expect("a moment")
}

type Item = HashMap<String, AttributeValue>;

pub async fn items(world: &World) -> Vec<Item> {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(Table::Scheduling));
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

pub fn text(item: &Item, name: &str) -> String {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.cloned().unwrap_or_default()
}

fn seconds(item: &Item, name: &str) -> i64 {
    let value = item.get(name).and_then(|value| value.as_n().ok());
    value.and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Whose time an appointment takes on which day, and from when to when.
type Occupancy = BTreeMap<(String, i64, String), (i64, i64)>;

const DAY_SECONDS: i64 = 24 * 3600;

/// On each UTC day that it touches.
fn takes(occupancy: &mut Occupancy, person: String, appointment: &str, (from, until): (i64, i64)) {
    for day in from.div_euclid(DAY_SECONDS)..=(until - 1).div_euclid(DAY_SECONDS) {
        occupancy.insert((person.clone(), day, appointment.to_owned()), (from, until));
    }
}

/// What stands on the sheets of all people is what the appointments take that stand, no more and no less.
pub async fn assert_no_orphans(world: &World) {
    let (mut on_sheets, mut by_appointments) = (Occupancy::new(), Occupancy::new());
    for item in items(world).await {
        let (partition, sort) = (text(&item, "pk"), text(&item, "sk"));
        if let (Some(user), Some(day)) = (partition.strip_prefix("AGENDA#"), sort.strip_prefix("DAY#")) {
            let day = format!("{day}T00:00:00Z").parse::<Timestamp>().expect("a day");
            let day = day.as_second().div_euclid(DAY_SECONDS);
            let taken = item["taken"].as_l().expect("a list").iter();
            for taken in taken.map(|taken| taken.as_m().expect("an entry")) {
                let name = (user.to_owned(), day, text(taken, "appointment"));
                on_sheets.insert(name, (seconds(taken, "from"), seconds(taken, "until")));
            }
        }
        if sort.starts_with("APPOINTMENT#") && !matches!(text(&item, "status").as_str(), "cancelled" | "expired") {
            let at = |name: &str| text(&item, name).parse::<Timestamp>().unwrap().as_second();
            let (id, all) = (text(&item, "id"), &mut by_appointments);
            takes(all, text(&item, "doctor"), &id, (at("takes_from"), at("takes_until")));
            takes(all, text(&item, "patient"), &id, (at("starts_at"), at("ends_at")));
        }
    }
    assert_eq!(on_sheets, by_appointments);
}
