//! The first who is free of many doctors.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::{AppointmentId, UserId};
use domain::scheduling::occupancy::MOST_TAKEN;
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World};

use super::{
    HOUR, Item, ahead, always, book, booked, doctor_with, free_times, items, moment, open_doctor, set_status, starts,
};

const REQUEST: &str = "/appointments/request";

/// The tables, to be read and written past the product.
pub struct Tables<'a> {
    world: &'a World,
    client: Client,
}

impl<'a> Tables<'a> {
    pub fn of(world: &'a World) -> Self {
        let client = world.product.platform.settings.connection.dynamodb();
        Self { world, client }
    }

    fn name(&self, table: Table) -> String {
        self.world.product.platform.settings.names.table(table)
    }

    pub async fn get(&self, table: Table, partition: &str, sort: &str) -> Item {
        let get = self.client.get_item().table_name(self.name(table));
        let get = get.key("pk", text(partition)).key("sk", text(sort));
        get.send().await.expect("an answer").item.expect("an item")
    }

    pub async fn put(&self, table: Table, item: Item) {
        let put = self.client.put_item().table_name(self.name(table));
        put.set_item(Some(item)).send().await.expect("it is put");
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// Doctors who are like another, without the cost of signing up.
pub async fn copies(world: &World, doctor: &Person, count: u8) -> Vec<String> {
    let tables = Tables::of(world);
    let now = world.product.clock.now();
    let partition = |word: &str, id: &str| format!("{word}#{id}");
    let ids: Vec<_> = (0..count)
        .map(|place| UserId::new(now, [place; 6]).to_string())
        .collect();
    for id in &ids {
        for (table, word, sort) in [
            (Table::Identity, "USER", "ACCOUNT"),
            (Table::Scheduling, "AGENDA", "AVAILABILITY"),
        ] {
            let mut item = tables.get(table, &partition(word, &doctor.id), sort).await;
            item.insert("pk".to_owned(), text(&partition(word, id)));
            tables.put(table, item).await;
        }
        for (table, place, word, name) in [
            (Table::Identity, "DOCTORS", "ALL", "user"),
            (Table::Scheduling, "OPENINGS", "DOCTOR", "doctor"),
        ] {
            let mut item = tables.get(table, place, &partition(word, &doctor.id)).await;
            item.insert("sk".to_owned(), text(&partition(word, id)));
            item.insert(name.to_owned(), text(id));
            tables.put(table, item).await;
        }
    }
    ids
}

/// Somebody with hours, of which none can ever be booked.
async fn never_free(world: &World, name: &str) -> Person {
    let terms = json!({ "notice_minutes": 2 * 24 * 60, "horizon_days": 1 });
    doctor_with(world, name, always(terms)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_key_looks_through_more_doctors_than_a_transaction_holds() {
    let world = World::new().await;
    let una = never_free(&world, "una").await;
    copies(&world, &una, 110).await;
    let dora = open_doctor(&world, "dora").await;
    let ana = world.patient("ana").await;
    let first = ana.post_once(REQUEST, "one", json!({})).await;
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
    assert_eq!(first["doctor_user_id"], json!(dora.id));
    assert_eq!(ana.post_once(REQUEST, "one", json!({})).await.json(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_nobody_is_free_is_noted_once_a_day() {
    const DOCTORS: u8 = 30;
    let world = World::new().await;
    let una = never_free(&world, "una").await;
    copies(&world, &una, DOCTORS - 1).await;
    let ana = world.patient("ana").await;
    let mut written = Vec::new();
    for _ in 0..2 {
        let nobody = ana.post(REQUEST, json!({})).await;
        nobody.problem(404, "No available slots found");
        written.push(world.last_usage("request-appointment").write_units);
    }
    assert!(written[0] >= f64::from(DOCTORS) && written[1] < 3.0, "{written:?}");
}

/// Makes the sheet of a visit's day as full as it may be: for all but one, of its first minutes.
async fn fill_day(world: &World, doctor: &Person, visit: &Value) {
    let tables = Tables::of(world);
    let day = &visit["scheduled_at"].as_str().unwrap()[..10];
    let agenda = format!("AGENDA#{}", doctor.id);
    let mut sheet = tables.get(Table::Scheduling, &agenda, &format!("DAY#{day}")).await;
    let mut taken = sheet["taken"].as_l().unwrap().clone();
    let now = world.product.clock.now();
    for place in taken.len()..MOST_TAKEN {
        let mut other = taken[0].as_m().unwrap().clone();
        let mut random = [0; 6];
        random[..2].copy_from_slice(&u16::try_from(place).unwrap().to_be_bytes());
        other.insert(
            "appointment".to_owned(),
            text(&AppointmentId::new(now, random).to_string()),
        );
        taken.push(AttributeValue::M(other));
    }
    sheet.insert("taken".to_owned(), AttributeValue::L(taken));
    tables.put(Table::Scheduling, sheet).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_holds_no_more_keeps_nobody_from_the_next() {
    let world = World::new().await;
    let dora = doctor_with(&world, "dora", always(json!({ "seats": 100 }))).await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    // Of the whole of today and tomorrow, since nobody knows how late it is.
    let first = ana.post(REQUEST, json!({})).await.json();
    let midnight = moment(&first["scheduled_at"]).as_second().div_euclid(24 * 3600) * 24 * 3600;
    let tomorrow = jiff::Timestamp::from_second(midnight).unwrap() + HOUR * 24;
    let noon = booked(&ana, &dora, tomorrow + HOUR * 12).await;
    fill_day(&world, &dora, &first).await;
    fill_day(&world, &dora, &noon).await;
    let range = format!("from={tomorrow}&to={}", tomorrow + HOUR * 24);
    assert_eq!(starts(&free_times(&ben, &dora, &range).await), []);
    let taken = book(&ben, &dora, tomorrow + HOUR * 6).await;
    let taken = taken.problem(409, "This time is taken");
    assert_eq!(moment(&taken["alternatives"][0]["start"]), tomorrow + HOUR * 24);
    let next = ben.post(REQUEST, json!({})).await;
    assert_eq!(next.status, 200, "{next:?}");
    assert_eq!(moment(&next.json()["scheduled_at"]), tomorrow + HOUR * 24);
}

/// Of doctors who are looked for.
async fn looked_for(world: &World) -> Vec<String> {
    let openings = items(world).await.into_iter();
    let openings = openings.filter(|item| super::text(item, "pk") == "OPENINGS");
    openings.map(|item| super::text(&item, "doctor")).collect()
}

async fn approve(world: &World, doctor: &Person, until: Option<jiff::Timestamp>) {
    let path = format!("/api/admin/dermatologists/{}/verify", doctor.id);
    let body = json!({ "status": "approved", "validUntil": until });
    let approved = world.admin().await.post(&path, body).await;
    assert_eq!(approved.status, 200, "{approved:?}");
}

async fn offer_slot(doctor: &Person, start: jiff::Timestamp) {
    let body = json!({ "start_datetime": start, "end_datetime": start + HOUR });
    let offered = doctor.post("/doctors/me/slots", body).await;
    assert_eq!(offered.status, 200, "{offered:?}");
}

/// Gives who it was booked with.
async fn booked_first(patient: &Person) -> Value {
    let first = patient.post(REQUEST, json!({})).await;
    assert_eq!(first.status, 200, "{first:?}");
    first.json()["doctor_user_id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_booked_is_not_looked_for() {
    let world = World::new().await;
    let una = world.licensed_doctor("una").await;
    let start = ahead(&world, 0);
    for hours in 0..4 {
        offer_slot(&una, start + HOUR * hours).await;
    }
    let said = una
        .put("/doctors/me/availability", json!({ "version": 0, "time_zone": "UTC" }))
        .await;
    assert_eq!(said.status, 200, "{said:?}");
    assert!(!looked_for(&world).await.contains(&una.id));
    let (dora, ana) = (world.verified_doctor("dora").await, world.patient("ana").await);
    for hours in 10..14 {
        offer_slot(&dora, start + HOUR * hours).await;
    }
    assert_eq!(booked_first(&ana).await, json!(dora.id));
    // What was offered before counts from the approval on, as long as that lasts.
    let now = world.product.clock.now();
    approve(&world, &una, Some(now + HOUR)).await;
    assert_eq!(booked_first(&ana).await, json!(una.id));
    world.product.clock.set_forward(2 * 3600);
    assert_eq!(looked_for(&world).await.len(), 2);
    assert_eq!(booked_first(&ana).await, json!(dora.id));
    assert_eq!(looked_for(&world).await, std::slice::from_ref(&dora.id));
    approve(&world, &una, None).await;
    assert_eq!(booked_first(&ana).await, json!(una.id));
    // So it is with a suspension.
    let admin = world.admin().await;
    for (action, first) in [("suspend", &dora), ("unsuspend", &una)] {
        let path = format!("/api/admin/users/{}/{action}", una.id);
        assert_eq!(admin.post(&path, Value::Null).await.status, 200);
        assert_eq!(booked_first(&ana).await, json!(first.id), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_offers_nothing_is_not_looked_for() {
    let world = World::new().await;
    let (dave, ana) = (world.verified_doctor("dave").await, world.patient("ana").await);
    ana.post(REQUEST, json!({}))
        .await
        .problem(404, "No available slots found");
    assert_eq!(looked_for(&world).await, [""; 0]);
    offer_slot(&dave, ahead(&world, 0)).await;
    let visit = ana.post(REQUEST, json!({})).await.json();
    ana.post(REQUEST, json!({}))
        .await
        .problem(404, "No available slots found");
    assert_eq!(looked_for(&world).await, [""; 0]);
    assert_eq!(set_status(&ana, &visit, "cancelled").await.status, 200);
    assert_eq!(booked_first(&ana).await, json!(dave.id));
}

/// Until somebody has cleared it away, the doctor is as well known as before.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_and_ran_out_is_found_again_at_once() {
    let world = World::new().await;
    let (dora, dave) = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let people = ["ana", "ben", "cem"].map(|name| world.patient(name));
    let people = futures_util::future::join_all(people).await;
    let start = ahead(&world, 0);
    for (doctor, hours) in [(&dora, 0), (&dave, 2), (&dave, 4), (&dora, 8)] {
        offer_slot(doctor, start + HOUR * hours).await;
    }
    let held = json!({ "doctor_id": dora.id, "hold": true });
    let held = people[0].post("/appointments", held).await.json();
    assert_eq!(moment(&held["scheduled_at"]), start);
    assert_eq!(booked_first(&people[1]).await, json!(dave.id));
    world.product.clock.set_forward(5 * 60);
    let next = people[2].post(REQUEST, json!({})).await.json();
    assert_eq!(
        (moment(&next["scheduled_at"]), &next["doctor_user_id"]),
        (start, &json!(dora.id))
    );
}
