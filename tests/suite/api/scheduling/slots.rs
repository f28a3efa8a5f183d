//! Slots and requests as the dermatology clinic's clients know them.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World};

use super::first_free::Tables;
use super::{HOUR, MINUTE, ahead, assert_no_orphans, free_times, moment, open_doctor, set_status};

const SLOTS: &str = "/doctors/me/slots";
const RANGE: &str = "/doctors/me/slots-range";
const REQUEST: &str = "/appointments/request";

fn span(from: jiff::Timestamp, until: jiff::Timestamp) -> Value {
    json!({ "start_datetime": from, "end_datetime": until })
}

async fn own_slots(doctor: &Person) -> Vec<Value> {
    doctor.get(SLOTS).await.json().as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_offered_and_only_where_none_is() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let start = ahead(&world, 0);
    let slot = dora.post(SLOTS, span(start, start + HOUR)).await;
    assert_eq!(slot.status, 200, "{slot:?}");
    let slot = slot.json();
    assert!(slot["id"].as_u64().unwrap() < 1 << 53 && slot["doctor_id"].is_u64());
    assert_eq!(
        (
            moment(&slot["start_datetime"]),
            moment(&slot["end_datetime"]),
            &slot["is_booked"]
        ),
        (start, start + HOUR, &json!(false))
    );
    for (from, until) in [
        (start, start + HOUR),
        (start - HOUR, start + MINUTE),
        (start + MINUTE * 59, start + HOUR * 2),
    ] {
        dora.post(SLOTS, span(from, until))
            .await
            .problem(409, "The slot overlaps another of yours");
    }
    // Neighbours do not overlap, and a time without a zone is in UTC.
    let naive = (start + HOUR).to_string().trim_end_matches('Z').to_owned();
    let body = json!({ "start_datetime": naive, "end_datetime": start + HOUR * 2 });
    assert_eq!(dora.post(SLOTS, body).await.status, 200);
    let now = world.product.clock.now();
    for body in [
        span(start, start),
        span(start, start - HOUR),
        span(now - HOUR, now + HOUR),
        span(start, start + HOUR * 25),
        json!({ "start_datetime": start }),
        json!({ "start_datetime": "soon", "end_datetime": start }),
    ] {
        assert_eq!(dora.post(SLOTS, body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(own_slots(&dora).await.len(), 2);
    let ana = world.patient("ana").await;
    for path in [SLOTS, RANGE] {
        assert_eq!(ana.post(path, span(start, start + HOUR)).await.status, 403);
    }
    let path = format!("{SLOTS}/{}", slot["id"]);
    assert_eq!(dora.delete(&path).await.status, 204);
    assert_eq!(
        (dora.delete(&path).await.status.as_u16(), own_slots(&dora).await.len()),
        (404, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_cut_into_whole_half_hours_all_or_none() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let start = ahead(&world, 0);
    let forty_five = dora.post(RANGE, span(start, start + MINUTE * 45)).await.json();
    assert_eq!(forty_five.as_array().unwrap().len(), 1);
    dora.post(RANGE, span(start, start + MINUTE * 29)).await.json()["code"]
        .as_str()
        .filter(|code| *code == "validation_error")
        .expect("too short for one");
    // The last of them meets the slot that is there: none is made.
    let meets = dora.post(RANGE, span(start - HOUR * 2, start + MINUTE * 30)).await;
    assert_eq!((meets.status.as_u16(), own_slots(&dora).await.len()), (409, 1));
    let month = start + HOUR * 24;
    let all = dora.post(RANGE, span(month, month + HOUR * 24 * 31)).await;
    assert_eq!(all.status, 200, "{all:?}");
    let all = all.json();
    let starts: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| moment(&slot["start_datetime"]))
        .collect();
    assert!(starts.len() == 31 * 48 && starts.is_sorted());
    assert_eq!(dora.post(RANGE, span(month, month + HOUR * 24 * 31)).await.status, 409);
    let longer = span(month + HOUR * 24 * 40, month + HOUR * (24 * 71 + 1));
    assert_eq!(dora.post(RANGE, longer).await.status, 422);
    assert_eq!(own_slots(&dora).await.len(), 1 + 31 * 48);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_offers_of_one_time_one_is_made() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let start = ahead(&world, 0);
    let offers = (0..12).map(|place| {
        let from = start + MINUTE * (place % 3) * 10;
        let dora = &dora;
        async move { dora.post(SLOTS, span(from, from + HOUR)).await.status.as_u16() }
    });
    let mut statuses = join_all(offers).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_free_slot_of_all_doctors_is_booked() {
    let world = World::new().await;
    let (dora, dave) = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let unverified = world.licensed_doctor("una").await;
    let ana = world.patient("ana").await;
    ana.post(REQUEST, json!({}))
        .await
        .problem(404, "No available slots found");
    let start = ahead(&world, 0);
    for (doctor, from) in [(&dora, start + HOUR), (&dave, start + HOUR * 2), (&unverified, start)] {
        assert_eq!(doctor.post(SLOTS, span(from, from + HOUR)).await.status, 200);
    }
    let earlier = dave
        .post(SLOTS, span(start + MINUTE * 10, start + MINUTE * 40))
        .await
        .json();
    let first = ana.post(REQUEST, json!({})).await;
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
    assert_eq!(
        (&first["slot_id"], &first["status"], &first["doctor_id"]),
        (&earlier["id"], &json!("scheduled"), &earlier["doctor_id"])
    );
    assert_eq!(first["scheduled_at"], earlier["start_datetime"]);
    assert!(first["id"].is_u64() && first["patient_id"].is_u64());
    let second = ana.post(REQUEST, json!({ "infection_record_id": null })).await.json();
    assert_eq!(moment(&second["scheduled_at"]), start + HOUR);
    let other = json!({ "preferred_specialization": "Cardiology" });
    ana.post(REQUEST, other).await.problem(404, "No available slots found");
    let same = json!({ "preferred_specialization": "dermaTOLOGY" });
    let third = ana.post(REQUEST, same).await.json();
    assert_eq!(moment(&third["scheduled_at"]), start + HOUR * 2);
    ana.post(REQUEST, json!({}))
        .await
        .problem(404, "No available slots found");
    // What is given back is found again.
    assert_eq!(set_status(&ana, &second, "cancelled").await.status, 200);
    let again = ana.post(REQUEST, json!({})).await.json();
    assert_eq!(again["slot_id"], second["slot_id"]);
    assert_eq!(own_slots(&dora).await, Vec::<Value>::new());
    let record = json!({ "infection_record_id": 77 });
    ana.post(REQUEST, record)
        .await
        .problem(404, "Record not found or not yours");
    assert_eq!(dora.post(REQUEST, json!({})).await.status, 403);
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_see_what_is_ahead_in_order() {
    let world = World::new().await;
    let (dora, ana, ben) = (
        open_doctor(&world, "dora").await,
        world.patient("ana").await,
        world.patient("ben").await,
    );
    let start = ahead(&world, 0);
    for (patient, hours) in [(&ana, 5), (&ben, 1), (&ana, 3)] {
        super::booked(patient, &dora, start + HOUR * hours).await;
    }
    let cancelled = super::booked(&ana, &dora, start + HOUR * 2).await;
    set_status(&ana, &cancelled, "cancelled").await;
    let list = async |person: &Person, path: &str| -> Vec<i64> {
        let list = person.get(path).await.json();
        let list = list.as_array().expect("a bare array").iter();
        list.map(|visit| moment(&visit["scheduled_at"]).duration_since(start).as_hours())
            .collect()
    };
    assert_eq!(list(&ana, "/appointments/patient").await, [3, 5]);
    assert_eq!(list(&dora, "/appointments/doctor").await, [1, 3, 5]);
    assert_eq!(dora.get("/appointments/patient").await.status, 403);
    assert_eq!(ana.get("/appointments/doctor").await.status, 403);
    let first = dora.get("/appointments/doctor?limit=1").await;
    let next = first.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let rest = list(&dora, &next.replace("limit=1&", "limit=10&")).await;
    assert_eq!(rest, [3, 5], "the cancelled one is left out");
    let all = ana.get("/appointments?limit=2").await.json();
    let hours: Vec<_> = all["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|visit| visit["scheduled_at"].clone())
        .collect();
    assert_eq!(
        hours,
        [json!(start + HOUR * 5), json!(start + HOUR * 3)],
        "the latest first"
    );
    assert_eq!(
        (&all["counts"]["scheduled"], &all["counts"]["cancelled"]),
        (&json!(2), &json!(1))
    );
    let next = ana
        .get(&format!(
            "/appointments?limit=2&cursor={}",
            all["next"].as_str().unwrap()
        ))
        .await
        .json();
    assert_eq!(next["appointments"][0]["status"], "cancelled");
    assert_eq!(dora.get("/appointments").await.json()["counts"]["scheduled"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_one_time_each_come_to_an_end() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    // At the same moment as a visit by the hours, and longer.
    for hours in [0, 2] {
        let from = start + HOUR * hours;
        assert_eq!(dora.post(SLOTS, span(from, from + HOUR)).await.status, 200);
    }
    let end = start + HOUR * 3;
    let all = free_times(&ana, &dora, &format!("from={start}&to={end}")).await;
    let all = all["times"].as_array().unwrap().clone();
    assert_eq!(all.len(), 8);
    for limit in 1..4 {
        let (mut from, mut found) = (json!(start), Vec::new());
        for _ in 0..all.len() {
            let page = format!("from={}&to={end}&limit={limit}", from.as_str().unwrap());
            let page = free_times(&ana, &dora, &page).await;
            found.extend(page["times"].as_array().unwrap().clone());
            from = page["next_from"].clone();
            if from.is_null() {
                break;
            }
        }
        assert_eq!(found, all, "limit {limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_what_is_ahead_are_not_emptied_by_what_was_cancelled() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    for hours in 0..3 {
        let visit = super::booked(&ana, &dora, start + HOUR * hours).await;
        assert_eq!(set_status(&ana, &visit, "cancelled").await.status, 200);
    }
    let mut ids = Vec::new();
    for hours in [3, 4, 6] {
        ids.push(super::booked(&ana, &dora, start + HOUR * hours).await["id"].clone());
    }
    let visit = super::booked(&ana, &dora, start + HOUR * 5).await;
    assert_eq!(set_status(&ana, &visit, "cancelled").await.status, 200);
    for (person, path) in [(&ana, "/appointments/patient"), (&dora, "/appointments/doctor")] {
        let (mut next, mut pages) = (format!("{path}?limit=2"), Vec::new());
        while !next.is_empty() {
            let page = person.get(&next).await;
            let found = page.json().as_array().unwrap().clone();
            pages.push(found.iter().map(|visit| visit["id"].clone()).collect::<Vec<_>>());
            next = page
                .header("link")
                .split(['<', '>'])
                .nth(1)
                .unwrap_or_default()
                .to_owned();
        }
        assert_eq!(pages, [ids[..2].to_vec(), ids[2..].to_vec()], "{path}");
    }
}

/// As many days as are read at once, with more slots on them than are listed, all booked.
#[tokio::test(flavor = "multi_thread")]
async fn a_free_slot_behind_many_that_are_booked_is_listed() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let tables = Tables::of(&world);
    let start = ahead(&world, 0);
    for day in 0..110 {
        let from = start + HOUR * (24 * day);
        assert_eq!(dora.post(SLOTS, span(from, from + MINUTE * 5)).await.status, 200);
        if day >= 109 {
            break;
        }
        let sort = format!("DAY#{}", &from.to_string()[..10]);
        let mut sheet = tables
            .get(Table::Scheduling, &format!("AGENDA#{}", dora.id), &sort)
            .await;
        let slot = sheet["slots"].as_l().unwrap()[0].as_m().unwrap().clone();
        let mut taken = slot.clone();
        taken.remove("number");
        taken.insert("appointment".to_owned(), AttributeValue::S(dora.id.clone()));
        taken.insert("held_until".to_owned(), AttributeValue::Null(true));
        let slots = (0..16).map(|place| {
            let number = slot["number"].as_n().unwrap().parse::<u64>().unwrap() + place;
            let mut slot = slot.clone();
            slot.insert("number".to_owned(), AttributeValue::N(number.to_string()));
            AttributeValue::M(slot)
        });
        sheet.insert("slots".to_owned(), AttributeValue::L(slots.collect()));
        sheet.insert("taken".to_owned(), AttributeValue::L(vec![AttributeValue::M(taken)]));
        tables.put(Table::Scheduling, sheet).await;
    }
    let free = own_slots(&dora).await;
    assert_eq!(free.len(), 1);
    assert_eq!(moment(&free[0]["start_datetime"]), start + HOUR * (24 * 109));
}
