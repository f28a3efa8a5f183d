//! What doctors say of their hours, and what patients are shown of them.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World};

use super::first_free::Tables;
use super::{
    HOUR, Item, MINUTE, ahead, always, book, booked, doctor_with, free_times, hours, items, moment, open_doctor,
    starts, text, wait_for_morning,
};

const OWN: &str = "/doctors/me/availability";

#[tokio::test(flavor = "multi_thread")]
async fn hours_are_kept_as_they_are_said_over_the_version_that_was_seen() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let unsaid = dora.get(OWN).await.json();
    assert_eq!((&unsaid["version"], &unsaid["weekly"]), (&json!(0), &json!([])));
    let more = json!({
        "visit_minutes": 20, "step_minutes": 10, "buffer_after_minutes": 5, "seats": 2, "notice_minutes": 60,
        "dates": [{ "date": "2033-12-24", "hours": [{ "from": "10:00", "until": "12:00" }] }],
        "time_off": [{ "from": "2033-08-01T00:00:00", "until": "2033-08-15T12:30:00" }],
    });
    let said = dora
        .put(OWN, hours("Asia/Kolkata", "09:00", "17:30", more.clone()))
        .await;
    assert_eq!(said.status, 200, "{said:?}");
    let kept = dora.get(OWN).await.json();
    assert_eq!(said.json(), kept);
    for (member, value) in more.as_object().unwrap() {
        assert_eq!(&kept[member], value, "{member}");
    }
    assert_eq!(
        (&kept["version"], &kept["time_zone"]),
        (&json!(1), &json!("Asia/Kolkata"))
    );
    assert_eq!(kept["tzdb_version"], domain::scheduling::zone::tzdb_version());
    let stale = dora.put(OWN, always(json!({}))).await;
    assert_eq!(
        (stale.status.as_u16(), stale.json()["version"].clone()),
        (409, json!(1))
    );
    let changes = (0..8).map(|place| dora.put(OWN, always(json!({ "version": 1, "seats": place + 1 }))));
    let statuses = join_all(changes).await;
    let taken = statuses.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((taken, dora.get(OWN).await.json()["version"].clone()), (1, json!(2)));
    for wrong in [
        hours("Mars/Olympus", "09:00", "17:00", json!({})),
        hours("UTC", "17:00", "09:00", json!({})),
        hours("UTC", "09:00", "25:00", json!({})),
        always(json!({ "visit_minutes": 4 })),
        always(json!({ "seats": 0 })),
        always(json!({ "time_off": [{ "from": "2033-08-15T00:00", "until": "2033-08-01T00:00" }] })),
        json!({ "time_zone": "UTC" }),
    ] {
        let answer = dora.put(OWN, wrong.clone()).await;
        assert_eq!(answer.status, 422, "{wrong} {answer:?}");
    }
    assert_eq!(world.patient("ana").await.get(OWN).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_are_shown_what_is_left_page_by_page() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let start = ahead(&world, 0);
    booked(&ben, &dora, start + HOUR).await;
    let range = format!("from={start}&to={}", start + HOUR * 2);
    let times = free_times(&ana, &dora, &range).await;
    assert_eq!(starts(&times), [start, start + MINUTE * 30, start + MINUTE * 90]);
    assert_eq!(
        (&times["time_zone"], &times["duration"], &times["next_from"]),
        (&json!("UTC"), &json!(30), &Value::Null)
    );
    assert!(times["times"][0]["end"].as_str().unwrap().ends_with('Z'));
    let longer = free_times(&ana, &dora, &format!("{range}&duration=60")).await;
    assert_eq!(starts(&longer), [start, start + MINUTE * 90]);
    let page = free_times(&ana, &dora, &format!("{range}&limit=2")).await;
    assert_eq!(
        (starts(&page).len(), moment(&page["next_from"])),
        (2, start + MINUTE * 90)
    );
    for wrong in [
        format!("from={start}&to={}", start + HOUR * (31 * 24 + 1)),
        format!("from={start}&to={}", start - HOUR),
        "duration=3".to_owned(),
        "from=soon".to_owned(),
    ] {
        let answer = ana.get(&format!("/doctors/{}/availability?{wrong}", dora.id)).await;
        assert_eq!(answer.status, 422, "{wrong}");
    }
    let una = world.licensed_doctor("una").await;
    for nobody in [una.id.as_str(), ana.id.as_str(), "nonsense"] {
        let answer = ana.get(&format!("/doctors/{nobody}/availability")).await;
        answer.problem(404, "Doctor not found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn buffers_notice_seats_and_time_off_are_minded() {
    let world = World::new().await;
    let start = ahead(&world, 0);
    let off = |hours: i32| (start + HOUR * hours).to_string().trim_end_matches('Z').to_owned();
    let terms = json!({
        "buffer_before_minutes": 10, "buffer_after_minutes": 20, "seats": 2, "notice_minutes": 60,
        "time_off": [{ "from": off(4), "until": off(5) }],
    });
    let dora = doctor_with(&world, "dora", always(terms)).await;
    let (ana, ben, eve) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("eve").await,
    );
    booked(&ana, &dora, start + HOUR).await;
    booked(&ben, &dora, start + HOUR).await;
    let refused = book(&eve, &dora, start + HOUR).await;
    let body = refused.problem(409, "This time is taken");
    assert_eq!(body["code"], "slot_taken");
    // From 30 minutes after the start on there is a buffer of 20, and before the next one of 10.
    let free: Vec<_> = body["alternatives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| moment(&time["start"]))
        .collect();
    assert_eq!(free, [start + HOUR * 2, start + MINUTE * 150, start + HOUR * 3]);
    for (hours, status) in [(4, 409), (5, 201)] {
        assert_eq!(book(&eve, &dora, start + HOUR * hours).await.status, status);
    }
    let odd = book(&eve, &dora, start + HOUR * 6 + MINUTE).await;
    assert_eq!(
        odd.problem(409, "The doctor does not offer this time")["code"],
        "time_not_offered"
    );
    let now = world.product.clock.now();
    let soon = free_times(&eve, &dora, "limit=1").await;
    assert!(starts(&soon)[0].duration_since(now) >= HOUR);
}

/// Days that a person has behind them, as full as the one that is copied.
async fn seed_past(world: &World, person: &Person, days: i32) {
    let (tables, agenda) = (Tables::of(world), format!("AGENDA#{}", person.id));
    let of_person = |item: &Item| text(item, "pk") == agenda && text(item, "sk").starts_with("DAY#");
    let sheet = items(world).await.into_iter().find(of_person).expect("a sheet");
    for day in 3..3 + days {
        let at = world.product.clock.now() - HOUR * (24 * day);
        let mut sheet = sheet.clone();
        let sort = format!("DAY#{}", &at.to_string()[..10]);
        sheet.insert("sk".to_owned(), AttributeValue::S(sort));
        tables.put(Table::Scheduling, sheet).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_finding_the_next_time_costs_does_not_grow_with_the_past() {
    let world = World::new().await;
    // Times after midnight lie in the next day's sheet, and cost its read.
    wait_for_morning(&world);
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let cost = async || {
        let booked = ana.post("/appointments/request", json!({})).await;
        assert_eq!(booked.status, 200, "{booked:?}");
        let near = format!("from={}&limit=1", world.product.clock.now());
        free_times(&ana, &dora, &near).await;
        ["request-appointment", "list-free-times"].map(|function| world.last_usage(function).read_units)
    };
    // On a slow machine, what is remembered of the session may have to be read again in between.
    let least = async || {
        let mut least = cost().await;
        for _ in 0..3 {
            let again = cost().await;
            least = [least[0].min(again[0]), least[1].min(again[1])];
        }
        least
    };
    let before = least().await;
    for person in [&dora, &ana] {
        seed_past(&world, person, 400).await;
    }
    let after = least().await;
    println!("read units of a booking and of a search, without a past and with 400 days of it: {before:?} {after:?}");
    assert!(
        after[0] <= before[0] + 1.0 && after[1] <= before[1],
        "{before:?} {after:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn time_off_until_the_end_of_time_is_time_off() {
    let world = World::new().await;
    let start = ahead(&world, 0);
    let off = json!({ "time_off": [{ "from": "2026-01-01T00:00", "until": "9999-12-31T23:59" }] });
    let dora = doctor_with(&world, "dora", hours("Pacific/Honolulu", "00:00", "24:00", off)).await;
    let ana = world.patient("ana").await;
    let times = free_times(&ana, &dora, &format!("from={start}")).await;
    assert_eq!(starts(&times), []);
    let refused = book(&ana, &dora, start).await;
    refused.problem(409, "The doctor does not offer this time");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_for_what_is_more_than_ten_years_away() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let visit = booked(&ana, &dora, ahead(&world, 0)).await;
    let move_to = format!("/appointments/{}/reschedule", visit["id"]);
    for far in [
        "9999-12-30T22:00:00Z",
        "9999-12-15T00:00:00Z",
        "-009999-01-02T02:00:00Z",
    ] {
        for (path, body) in [
            ("/appointments", json!({ "doctor_id": dora.id, "start": far })),
            (&move_to, json!({ "start": far })),
            ("/waitlist", json!({ "doctor_id": dora.id, "from": far })),
            ("/waitlist", json!({ "doctor_id": dora.id, "to": far })),
        ] {
            let refused = ana.post(path, body.clone()).await;
            assert_eq!(refused.status, 422, "{path} {body} {refused:?}");
        }
        for name in ["from", "to"] {
            let path = format!("/doctors/{}/availability?{name}={far}", dora.id);
            assert_eq!(ana.get(&path).await.status, 422, "{path}");
        }
    }
}
