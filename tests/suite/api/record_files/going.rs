//! Who sees the files of records, what looking for pending ones costs, and when files are gone.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use store::table::Table;

use super::*;

/// All that lies in the table of records, as a thief would read it.
async fn items(world: &World) -> Vec<HashMap<String, AttributeValue>> {
    let settings = &world.product.platform.settings;
    let (client, name) = (settings.connection.dynamodb(), settings.names.table(Table::Records));
    let mut pages = client.scan().table_name(name).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(item.expect("an item"));
    }
    items
}

async fn places(world: &World, beginning: &str) -> usize {
    let items = items(world).await;
    let begins =
        |item: &&HashMap<String, AttributeValue>| item["sk"].as_s().is_ok_and(|sort| sort.starts_with(beginning));
    items.iter().filter(begins).count()
}

async fn with_both(ana: &Person) -> String {
    let named = |number: u64| json!({ "id": file_id(number), "name": "Biopsy" });
    let id = make(ana, json!([named(1), named(2), named(3)])).await;
    assert_eq!(send(ana, &id, 1, "picture", &photos::face()).await.status, 200);
    assert_eq!(send(ana, &id, 2, "pdf", &pdf("a", 500)).await.status, 200);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_record_takes_its_files_along() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (id, other) = (with_both(&ana).await, with_both(&ana).await);
    stored_soon(&world, 2, 2).await;
    let links = files(&ana, &id).await;
    assert_eq!(
        ana.delete(&format!("/api/records/{id}?soft_delete=true")).await.status,
        200
    );
    assert_eq!(files(&ana, &id).await[0]["is_attached"], true, "it stays readable");
    assert_eq!(
        ana.delete(&format!("/api/records/{id}?soft_delete=false")).await.status,
        200
    );
    stored_soon(&world, 1, 1).await;
    for place in [0, 1] {
        let gone = world.follow(links[place]["attached"]["url"].as_str().unwrap()).await;
        assert_eq!(gone.status, 404);
    }
    assert_eq!(ana.get(&format!("/api/records/{id}/files")).await.status, 404);
    assert_eq!(pending(&ana).await, [other.as_str()]);
    let left = eventually_async(|| async { (places(&world, "FILE#").await == 2).then_some(()) }).await;
    assert!(left.is_some());

    let leave = ana.request(Method::DELETE, "/api/auth/account/delete");
    let left = tests::world::send(leave.json(&json!({ "password_confirmation": "DELETE" }))).await;
    assert_eq!(left.status, 200, "{left:?}");
    stored_soon(&world, 0, 0).await;
    let empty = eventually_async(|| async { items(&world).await.is_empty().then_some(()) }).await;
    assert!(empty.is_some(), "{:#?}", items(&world).await);
}

/// Whoever attaches while the record goes either was before, and the file goes too, or finds no record.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_while_its_record_goes_does_not_stay() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for round in 0..6 {
        let id = make(&ana, json!([{ "id": file_id(1), "name": "a" }])).await;
        let upload = uploaded(&ana, "pdf", &pdf("a", 500)).await;
        let path = format!("/api/records/{id}?soft_delete=false");
        let later = std::time::Duration::from_millis(round * 4);
        let erase = async {
            tokio::time::sleep(later).await;
            ana.delete(&path).await
        };
        let (attached, erased) = tokio::join!(attach(&ana, &id, 1, &upload), erase);
        assert!(matches!(attached.status.as_u16(), 200 | 404), "{attached:?}");
        assert_eq!(erased.status, 200);
    }
    stored_soon(&world, 0, 0).await;
    let gone = eventually_async(|| async { (places(&world, "FILE#").await == 0).then_some(()) }).await;
    assert!(gone.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_for_the_patient_and_whoever_may_see_the_records() {
    let world = World::new().await;
    let (ana, ben, eve) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("eve").await,
    );
    let id = with_both(&ana).await;
    ana.let_see(&ben, &["records"]).await;
    let of_ana = |path: &str| format!("{path}?patient_id={}", ana.id);
    for path in [format!("/api/records/{id}/files"), PENDING.to_owned()] {
        let seen = ben.get(&of_ana(&path)).await;
        assert_eq!(seen.status, 200, "{path}: {}", seen.text());
        assert!(ana.audit_entry(seen.header("x-request-id")).await.is_some(), "{path}");
        let refused = eve.get(&of_ana(&path)).await;
        assert_eq!(refused.status, 404, "{path}");
        let noted = ana
            .audit_entry(refused.header("x-request-id"))
            .await
            .expect("a refused try is noted");
        assert_eq!(noted["why"]["right"], "refused");
        assert_eq!(world.get(&path).await.status, 401);
    }
    let link = files(&ana, &id).await[1]["attached"]["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let (bare, query) = link.split_once('?').unwrap();
    for broken in [
        bare.to_owned(),
        format!("{bare}?{}", query.replace("signature=", "signature=A")),
        link.replace("/documents/", "/uploads/"),
    ] {
        assert_eq!(world.follow(&broken).await.status, 404, "{broken}");
    }
    assert_eq!(world.follow(&link).await.status, 200);
    world.product.clock.set_forward(61 * 60);
    assert_eq!(world.follow(&link).await.status, 404);
    let stolen = format!("{:?}", items(&world).await);
    assert!(!stolen.contains("Biopsy") && !stolen.contains(&digest(&pdf("a", 500))));
}

/// A document over what an answer holds comes in parts, and goes from storage.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_twenty_megabytes_comes_in_parts_and_is_given_whole() {
    const PART: usize = 5 * 1024 * 1024;
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let report = pdf("long", 20 * 1024 * 1024);
    let id = make(
        &ana,
        json!([{ "id": file_id(1), "name": "a", "sha256": digest(&report).to_uppercase() }]),
    )
    .await;
    let body = json!({ "size_bytes": report.len(), "kind": "pdf", "part_bytes": PART });
    let upload = ana.post("/api/uploads", body).await.json();
    for (part, bytes) in upload["parts"].as_array().unwrap().iter().zip(report.chunks(PART)) {
        assert_eq!(
            ana.put_file(part["url"].as_str().unwrap(), bytes.to_vec()).await.status,
            200
        );
    }
    let checksums: Vec<String> = report.chunks(PART).map(digest).collect();
    let path = format!("/api/uploads/{}/complete", upload["upload_id"].as_str().unwrap());
    let whole = ana.post(&path, json!({ "part_sha256": checksums })).await;
    assert_eq!(whole.json()["state"], "received", "{}", whole.text());
    let attached = attach(&ana, &id, 1, &upload["upload_id"]).await;
    assert_eq!(attached.status, 200, "{}", attached.text());
    let link = attached.json()["file"]["attached"]["url"].as_str().unwrap().to_owned();
    let given = world.follow(&link).await;
    assert!(given.status == 200 && given.bytes == report);
    assert!(
        given.header("content-disposition").starts_with("attachment"),
        "{:?}",
        given.headers
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_for_what_is_pending_costs_the_same_however_much_there_is() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let waits = json!([{ "id": file_id(1), "name": "a" }]);
    for _ in 0..3 {
        make(&ana, waits.clone()).await;
    }
    let cost = || async {
        // The first call may have to read the session anew.
        for _ in 0..2 {
            assert_eq!(pending(&ana).await.len(), 3);
        }
        world.last_usage("list-pending-records")
    };
    let before = cost().await;
    for batch in 0..5 {
        let change = |number: usize| {
            json!({
                "change_id": format!("{batch}-{number}"), "record_id": format!("01b{:021x}", batch * 100 + number),
                "record_type": "treatment", "base_version": 0, "data": { "title": number.to_string() },
            })
        };
        let changes: Vec<Value> = (0..100).map(change).collect();
        let answer = ana.post(CHANGES, json!({ "device_id": "a", "changes": changes })).await;
        assert_eq!(answer.status, 200);
    }
    let after = cost().await;
    println!("pending ones of 3 records: {before:?}; of 503: {after:?}");
    assert!(after.read_units <= before.read_units + 2.0 && after.round_trips <= before.round_trips + 1);
    let page = ana.get(&format!("{PENDING}?limit=2")).await;
    assert_eq!(page.json().as_array().unwrap().len(), 2);
    let (next, _) = page.header("link").strip_prefix('<').unwrap().split_once('>').unwrap();
    assert_eq!(ana.get(next).await.json().as_array().unwrap().len(), 1);
}
