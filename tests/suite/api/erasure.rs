//! A deleted account leaves nothing behind: looked up in the tables and buckets themselves.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use data_encoding::BASE64;
use domain::id::{UploadId, UserId};
use domain::upload::{ADDRESS_LIFE, FileKind, Upload, UploadState};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::bucket::Bucket;
use store::erasure::{self, Walk};
use store::table::Table;
use store::uploads;
use tests::photos;
use tests::world::{Person, World, eventually_async};

/// Longer than until the second look.
const ELEVEN_MINUTES: i64 = 11 * 60;

type Item = HashMap<String, AttributeValue>;

async fn items(world: &World, table: Table) -> Vec<Item> {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(table));
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

fn place(item: &Item) -> String {
    let part = |name: &str| {
        item.get(name)
            .and_then(|value| value.as_s().ok())
            .cloned()
            .unwrap_or_default()
    };
    format!("{} {}", part("pk"), part("sk"))
}

/// Where a person's id stands, but for the log of accesses to health data and the lines of activity, which keep it.
async fn traces(world: &World, id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for table in [
        Table::Identity,
        Table::Diagnosis,
        Table::Notifications,
        Table::Platform,
        Table::Records,
        Table::Vitals,
    ] {
        let named = items(world, table)
            .await
            .into_iter()
            .filter(|item| format!("{item:?}").contains(id));
        found.extend(
            named
                .map(|item| place(&item))
                .filter(|place| !place.starts_with("ACTIVITY#")),
        );
    }
    found
}

async fn uploaded_files(world: &World) -> usize {
    let settings = &world.product.platform.settings;
    let mut count = 0;
    for bucket in [Bucket::Uploads, Bucket::Parts] {
        let list = settings.connection.s3().list_objects_v2();
        let list = list.bucket(settings.names.bucket(bucket)).send().await;
        count += list.expect("a list of objects").contents().len();
    }
    count
}

async fn nothing_left(world: &World, id: &str) {
    let gone = eventually_async(|| async { traces(world, id).await.is_empty().then_some(()) }).await;
    assert!(gone.is_some(), "these stayed: {:#?}", traces(world, id).await);
    let gone = eventually_async(|| async { (world.stored_pictures().await == 0).then_some(()) }).await;
    assert!(gone.is_some(), "{} pictures stayed", world.stored_pictures().await);
}

/// Ana and Ben are linked, and each lets the other see the profile.
async fn link(ana: &Person, ben: &Person) {
    let body = json!({ "family_member_email": ben.email, "relationship": "sibling" });
    let link = ana.post("/api/users/family/link", body).await;
    assert_eq!(link.status, 201, "{link:?}");
    let id = link.json()["link_id"].as_str().unwrap().to_owned();
    let accepted = ben.post(&format!("/api/users/family/{id}/accept"), Value::Null).await;
    assert!(accepted.status.is_success(), "{accepted:?}");
    for owner in [ana, ben] {
        let body = json!({ "scopes": ["profile"], "expires_at": "2099-01-01T00:00:00Z" });
        let granted = owner.put(&format!("/api/users/family/{id}/grant"), body).await;
        assert!(granted.status.is_success(), "{granted:?}");
    }
}

/// Leaves something of every sort.
async fn live_a_little(world: &World, ana: &Person, ben: &Person) {
    for _ in 0..2 {
        assert_eq!(ana.predict(photos::face()).await.status, 200);
    }
    let picture = json!({ "image": BASE64.encode(&photos::face()) });
    assert_eq!(ana.post("/api/auth/profile/upload-image", picture).await.status, 200);
    let device = json!({ "token": "a-token", "platform": "android" });
    assert!(ana.post("/api/notifications/devices", device).await.status.is_success());
    let upload = ana.post("/api/uploads", json!({ "size_bytes": 9 })).await.json();
    ana.put_file(upload["url"].as_str().unwrap(), b"123456789".to_vec())
        .await;
    let in_parts = json!({ "size_bytes": 300_000, "part_bytes": 262_144 });
    let upload = ana.post("/api/uploads", in_parts).await.json();
    ana.put_file(upload["parts"][1]["url"].as_str().unwrap(), vec![0; 300_000 - 262_144])
        .await;
    let ticket = json!({
        "name": "Ana", "email": ana.email, "subject": "Help", "category": "General", "message": "Please",
    });
    assert_eq!(ana.post("/api/support/tickets", ticket).await.status, 200);
    // Changes that wait on it, so that it stands in lists beside the person's own.
    let change = json!({
        "change_id": "1", "record_id": "01d0000000000123456789ab", "record_type": "diagnosis", "base_version": 0,
        "data": { "text": "Asthma" },
    });
    let push = json!({ "device_id": "phone", "app_version": "1.0", "queue_length": 3, "changes": [change] });
    assert_eq!(ana.post("/api/records/sync/changes", push).await.status, 200);
    link(ana, ben).await;
    world.tell(ana, domain::notice::Notice::PasswordChanged).await;
    let notified = eventually_async(|| async {
        let list = ana.get("/api/notifications").await.json();
        list["notifications"].get(0).cloned()
    });
    notified.await.expect("a notification");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_leaves_nothing_behind() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    live_a_little(&world, &ana, &ben).await;
    assert!(traces(&world, &ana.id).await.len() > 10);

    assert_eq!(admin.delete("/users/ana").await.status, 200);
    nothing_left(&world, &ana.id).await;
    assert_eq!(
        admin.get("/api/admin/dashboard/stats").await.json()["totalPredictions"],
        0
    );
    let tickets = admin.get("/api/support/tickets").await.json();
    assert_eq!(
        (&tickets["total"], &tickets["tickets"][0]["userId"]),
        (&json!(1), &Value::Null)
    );
    let family = ben.get("/api/users/family").await;
    assert!(
        family.status.is_success() && !family.text().contains(&ana.id),
        "{family:?}"
    );
    assert_eq!(ben.get("/api/users/me").await.status, 200);
    // The push token is free: whoever signs in on that phone takes it.
    let device = json!({ "token": "a-token", "platform": "android" });
    assert!(ben.post("/api/notifications/devices", device).await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctors_papers_go_too_when_they_leave_by_themselves() {
    let world = World::new().await;
    let derm = world.verified_doctor("derm").await;
    let form = reqwest::multipart::Form::new();
    let form = form.part(
        "file",
        reqwest::multipart::Part::bytes(photos::face()).file_name("a.jpg"),
    );
    let request = derm
        .request(reqwest::Method::POST, "/api/doctors/me/evidence")
        .multipart(form);
    assert_eq!(tests::world::send(request).await.status, 201);

    let request = derm.request(reqwest::Method::DELETE, "/api/auth/account/delete");
    let left = tests::world::send(request.json(&json!({ "password_confirmation": "DELETE" }))).await;
    assert_eq!(left.status, 200, "{left:?}");
    assert_eq!(derm.get("/api/users/me").await.status, 401);
    nothing_left(&world, &derm.id).await;
    let ana = world.patient("ana").await;
    assert_eq!(ana.get("/api/users/dermatologists?q=derm").await.json()["total"], 0);
}

/// A request that was under way when the account went may write once more.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_goes_with_a_second_look() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    nothing_left(&world, &ana.id).await;

    expect_upload(&world, &ana.id, 0).await;
    assert_eq!(traces(&world, &ana.id).await.len(), 1);
    world.product.clock.set_forward(ELEVEN_MINUTES);
    world.run_scheduled("retry-errands").await;
    nothing_left(&world, &ana.id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_removal_goes_on_where_it_paused() {
    let world = World::new().await;
    let user = UserId::new(world.product.clock.now(), [3; 6]);
    for number in 0..8 {
        expect_upload(&world, &user.to_string(), number).await;
    }
    let store = world.product.platform.store();
    let mut goes = 0;
    while erasure::erase(&store, user, &[], 3, world.product.clock.now())
        .await
        .unwrap()
        == Walk::Paused
    {
        goes += 1;
    }
    assert_eq!(goes, 2);
    nothing_left(&world, &user.to_string()).await;
    assert_eq!(uploaded_files(&world).await, 0);
}

async fn expect_upload(world: &World, owner: &str, number: u8) {
    let now = world.product.clock.now();
    let upload = Upload {
        id: UploadId::new(now, [number; 6]),
        owner: owner.parse().unwrap(),
        state: UploadState::Expected,
        kind: FileKind::Picture,
        parts: None,
        created_at: now,
        expires_at: now + SignedDuration::from_hours(1).max(ADDRESS_LIFE),
    };
    uploads::expect(&world.product.platform.store(), &upload).await.unwrap();
}
