//! What people are told of their visits: at once, in their calendars, and in time before them.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use local::inbox::{Channel, Message};
use serde_json::{Value, json};
use tests::world::{World, eventually, eventually_async};

use super::{
    HOUR, MINUTE, ahead, book, booked, doctor_with, free_times, hours, items, moment, open_doctor, reschedule,
    set_status, starts, text,
};
use crate::api::notifications::devices::{pushes, register};
use crate::api::sign_in::with_code;

const REMINDER: &str = "Reminder of your appointment";

fn mails(world: &World, to: &str, subject: &str) -> Vec<Message> {
    let is_wanted = |message: &Message| message.to == to && message.subject.as_deref() == Some(subject);
    world.product.inbox.newest(1000).into_iter().filter(is_wanted).collect()
}

/// To just before a moment and to it: what goes out then, and how many reminders somebody has had.
async fn reminded_at(world: &World, at: Timestamp, to: &str) -> usize {
    let until = at.duration_since(world.product.clock.now()) - MINUTE;
    world.product.clock.set_forward(until.as_secs());
    let before = mails(world, to, REMINDER).len();
    world.run_scheduled("send-reminders").await;
    world.product.clock.set_forward(60);
    world.run_scheduled("send-reminders").await;
    // Twice does nothing more.
    world.run_scheduled("send-reminders").await;
    settled(world).await;
    mails(world, to, REMINDER).len() - before
}

/// Until all that is to go out has gone out.
async fn settled(world: &World) {
    let none_waits = || async {
        let items = outbox(world).await;
        (items == 0).then_some(())
    };
    eventually_async(none_waits).await.expect("all errands are run");
}

async fn outbox(world: &World) -> usize {
    let settings = &world.product.platform.settings;
    let name = settings.names.table(store::table::Table::Notifications);
    let mut pages = settings
        .connection
        .dynamodb()
        .scan()
        .table_name(name)
        .into_paginator()
        .items()
        .send();
    let mut waiting = 0;
    while let Some(item) = pages.next().await {
        let item = item.expect("an item");
        waiting += usize::from(text(&item, "pk").starts_with("OUTBOX#"));
    }
    waiting
}

async fn queued(world: &World) -> Vec<String> {
    let items = items(world).await;
    let reminders = items.iter().filter(|item| text(item, "pk") == "REMINDERS");
    reminders.map(|item| text(item, "sk")).collect()
}

fn now(world: &World) -> Timestamp {
    world.product.clock.now()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_quick_moves_leave_the_reminders_of_the_last_time() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    let moves = (1..=10).map(|hours| reschedule(&ana, &visit, start + HOUR * hours, Value::Null));
    assert!(join_all(moves).await.iter().all(|moved| moved.status == 200));
    let path = format!("/appointments/{}", visit["id"]);
    let last = moment(&ana.get(&path).await.json()["scheduled_at"]);
    assert_eq!(queued(&world).await.len(), 2);
    settled(&world).await;
    let day = HOUR * 24;
    for hours in 0..=10 {
        let time = start + HOUR * hours;
        assert_eq!(
            reminded_at(&world, time - day, &ana.email).await,
            usize::from(time == last),
            "{time}"
        );
    }
    for hours in 0..=10 {
        let time = start + HOUR * hours;
        assert_eq!(
            reminded_at(&world, time - HOUR, &ana.email).await,
            usize::from(time == last),
            "{time}"
        );
    }
    let letters = mails(&world, &ana.email, REMINDER);
    let said = last.strftime("%H:%M (UTC)").to_string();
    assert!(letters.iter().all(|letter| letter.body.contains(&said)), "{letters:?}");
    assert!(mails(&world, &dora.email, REMINDER).is_empty());
    assert!(queued(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_is_cancelled_or_too_near() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let (cancelled, near) = (ahead(&world, 0), ahead(&world, 3 - 72));
    let visit = booked(&ana, &dora, cancelled).await;
    assert_eq!(set_status(&ana, &visit, "cancelled").await.status, 200);
    assert!(queued(&world).await.is_empty());
    let held = json!({ "doctor_id": dora.id, "start": cancelled, "hold": true });
    assert_eq!(ana.post("/appointments", held).await.status, 201);
    assert!(queued(&world).await.is_empty(), "what is only held is not reminded of");
    booked(&ana, &dora, near).await;
    // The day before has passed.
    assert_eq!(queued(&world).await.len(), 1);
    assert_eq!(reminded_at(&world, near - HOUR, &ana.email).await, 1);
    assert_eq!(reminded_at(&world, cancelled - HOUR, &ana.email).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_was_held_up_is_not_sent_of_another_time_or_too_late() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    settled(&world).await;
    world.product.cloud.mail.put_off_next(usize::MAX);
    let until = (start - HOUR * 24).duration_since(now(&world));
    world.product.clock.set_forward(until.as_secs());
    world.run_scheduled("send-reminders").await;
    let ana = world.log_in("ana", &ana.password).await;
    assert_eq!(reschedule(&ana, &visit, start + HOUR, Value::Null).await.status, 200);
    // The relay is back, when what it put off is tried again.
    for _ in 0..3 {
        world.product.clock.set_forward(600);
        world.product.cloud.mail.put_off_next(0);
        world.run_scheduled("retry-errands").await;
    }
    settled(&world).await;
    assert_eq!(mails(&world, &ana.email, "An appointment was moved").len(), 1);
    assert!(mails(&world, &ana.email, REMINDER).is_empty());
    // Nobody runs it until the visit has begun.
    world.product.clock.set_forward((HOUR * 26).as_secs());
    world.run_scheduled("send-reminders").await;
    settled(&world).await;
    assert!(mails(&world, &ana.email, REMINDER).is_empty());
    assert!(queued(&world).await.is_empty());
}

/// The file of a letter, without the folding of long lines, by the names of its lines.
fn calendar(letter: &Message) -> BTreeMap<String, String> {
    let file = letter.calendar.as_deref().expect("a file for the calendar");
    assert!(file.ends_with("END:VCALENDAR\r\n"), "{file}");
    assert!(file.lines().all(|line| line.len() <= 75), "{file}");
    let file = file.replace("\r\n ", "");
    let lines = file.lines().filter_map(|line| line.split_once(':'));
    let named = lines.map(|(name, value)| (name.split(';').next().unwrap_or_default().to_owned(), value.to_owned()));
    named.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_get_one_entry_for_a_visit_whatever_becomes_of_it() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    assert_eq!(reschedule(&ana, &visit, start + HOUR, Value::Null).await.status, 200);
    assert_eq!(set_status(&ana, &visit, "cancelled").await.status, 200);
    for person in [&ana, &dora] {
        let mut seen: Vec<BTreeMap<String, String>> = Vec::new();
        for (subject, method, status, at) in [
            ("An appointment was booked", "REQUEST", "CONFIRMED", start),
            ("An appointment was moved", "REQUEST", "CONFIRMED", start + HOUR),
            ("An appointment was cancelled", "CANCEL", "CANCELLED", start + HOUR),
        ] {
            let entry = calendar(&world.message(&person.email, subject).await);
            assert_eq!((entry["METHOD"].as_str(), entry["STATUS"].as_str()), (method, status));
            assert_eq!(entry["DTSTART"], at.strftime("%Y%m%dT%H%M%SZ").to_string());
            assert_eq!(entry["ATTENDEE"], format!("mailto:{}", person.email));
            let number = |entry: &BTreeMap<String, String>| entry["SEQUENCE"].parse::<u32>().unwrap();
            if let Some(before) = seen.last() {
                assert_eq!(entry["UID"], before["UID"]);
                assert!(number(&entry) > number(before));
            }
            assert!(!format!("{entry:?}").contains(&dora.id), "{entry:?}");
            seen.push(entry);
        }
    }
}

/// Zones with offsets of half and quarter hours, of both sides of the date line, and with changes of the clock.
const ZONES: [&str; 9] = [
    "America/Vancouver",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Honolulu",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_channel_shows_the_same_moment_by_each_readers_clock() {
    let world = World::new().await;
    let dora = doctor_with(&world, "dora", hours("Pacific/Auckland", "00:00", "24:00", json!({}))).await;
    let from = ahead(&world, 0);
    for (place, name) in ZONES.into_iter().enumerate() {
        let zone = TimeZone::get(name).unwrap();
        let ana = world.patient(&format!("ana{place}")).await;
        let named = ana.put("/api/users/me", json!({ "timeZone": name })).await.json();
        assert_eq!(named["user"]["timeZone"], name);
        let offered = starts(&free_times(&ana, &dora, &format!("from={from}&limit=1")).await)[0];
        let visit = booked(&ana, &dora, offered).await;
        assert_eq!(moment(&visit["scheduled_at"]), offered);
        let local = offered.to_zoned_datetime(zone.clone());
        let said = format!(
            "{} ({name}, UTC{})",
            local.strftime("%-d %B %Y, %H:%M"),
            local.strftime("%:z")
        );
        let letter = world.message(&ana.email, "An appointment was booked").await;
        assert!(letter.body.contains(&said), "{said}: {}", letter.body);
        let entered = &calendar(&letter)["DTSTART"];
        assert_eq!(*entered, offered.strftime("%Y%m%dT%H%M%SZ").to_string());
        let list = || async {
            let list = ana.get("/api/notifications").await.json();
            list["notifications"][0]["message"].as_str().map(str::to_owned)
        };
        let line = eventually_async(list).await.expect("a line");
        assert!(line.contains(&said), "{line}");
        // The doctor reads the same by their own.
        let theirs = offered.to_zoned_datetime(TimeZone::get("Pacific/Auckland").unwrap());
        let theirs = theirs
            .strftime("%-d %B %Y, %H:%M (Pacific/Auckland, UTC%:z)")
            .to_string();
        let is_theirs = |letter: &Message| letter.body.contains(&theirs);
        let told = eventually(|| {
            mails(&world, &dora.email, "An appointment was booked")
                .into_iter()
                .find(is_theirs)
        });
        assert!(told.await.is_some(), "{theirs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_app_gets_a_text_message_and_whoever_has_one_a_push_that_says_nothing() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let phone = "+919876543210";
    let signed_in = with_code(&world, "192.0.2.31", phone).await;
    let mut ana = world.patient("ana").await;
    ana.token = signed_in["access_token"].as_str().expect("a token").to_owned();
    let change = json!({ "language": "hi", "time_zone": "Asia/Kolkata" });
    let changed = ana.put("/api/users/profile", change).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let start = ahead(&world, 0);
    assert_eq!(book(&ana, &dora, start).await.status, 201);
    let until = (start - HOUR * 24).duration_since(now(&world));
    world.product.clock.set_forward(until.as_secs());
    world.run_scheduled("send-reminders").await;
    let is_text = |message: &Message| message.channel == Channel::Sms && message.body.contains("Polyclinic:");
    let texts = || world.product.inbox.newest(1000).into_iter().find(is_text);
    let text = eventually(texts).await.expect("a text message");
    let local = start.to_zoned_datetime(TimeZone::get("Asia/Kolkata").unwrap());
    let said = format!("{} (Asia/Kolkata, UTC+05:30)", local.strftime("%H:%M"));
    assert!(text.body.contains("अपॉइंटमेंट") && text.body.contains(&said), "{text:?}");
    assert_eq!(text.to, phone);

    let ben = world.patient("ben").await;
    let dora = world.log_in(&dora.username, &dora.password).await;
    register(&ben, "phone-of-ben").await;
    let soon = ahead(&world, 2 - 72);
    assert_eq!(book(&ben, &dora, soon).await.status, 201);
    settled(&world).await;
    let pushed = pushes(&world, "phone-of-ben").len();
    assert_eq!(reminded_at(&world, soon - HOUR, &ben.email).await, 1);
    let pushes = pushes(&world, "phone-of-ben");
    assert_eq!(pushes.len(), pushed + 1);
    let local = soon.strftime("%H:%M").to_string();
    assert!(!pushes[0].body.contains(&local), "{pushes:?}");
    let texts = world.product.inbox.newest(1000).into_iter().filter(is_text);
    assert_eq!(texts.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_and_a_zone_are_chosen_and_anything_else_is_refused() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let refused = ana.put("/api/users/me", json!({ "timeZone": "Mars/Olympus" })).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("time_zone"));
    assert_eq!(ana.put("/api/users/me", json!({ "language": "tlh" })).await.status, 422);
    let change = json!({ "language": "es", "timeZone": "Asia/Kathmandu" });
    let changed = ana.put("/api/users/me", change).await.json();
    assert_eq!(
        (&changed["user"]["language"], &changed["user"]["timeZone"]),
        (&json!("es"), &json!("Asia/Kathmandu"))
    );
    let cleared = ana.put("/api/users/me", json!({ "timeZone": "" })).await.json();
    assert_eq!(cleared["user"]["timeZone"], Value::Null);
}
