//! The sync protocol of health records: changes that devices push and pull, and conflicts that wait for a person.

mod erasing;
mod large;
mod simulation;
mod visibility;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{Answer, Person, World, eventually_async};

/// So that a busy machine is done with it in time.
const IN_A_PUSH: usize = 25;
const CHANGES: &str = "/api/records/sync/changes";

async fn push(person: &Person, device: &str, changes: Value) -> Value {
    let answer = person
        .post(CHANGES, json!({ "device_id": device, "changes": changes }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["results"].clone()
}

fn change(id: &str, record: &str, base: u64, data: Value) -> Value {
    json!({
        "change_id": id, "record_id": record, "record_type": "treatment", "base_version": base, "data": data,
    })
}

const RECORD: &str = "01d0000000000123456789ab";

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_against_an_edit_waits_for_a_person() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    push(&ana, "a", json!([change("1", RECORD, 0, json!({ "text": "first" }))])).await;
    push(&ana, "a", json!([change("2", RECORD, 1, json!({ "text": "second" }))])).await;
    let result = push(&ana, "b", json!([change("1", RECORD, 1, Value::Null)])).await;
    assert_eq!(result[0]["outcome"], "conflict");
    let read = ana.get(&format!("/api/records/{RECORD}")).await.json();
    assert_eq!(
        (&read["sync_status"], &read["is_deleted"], &read["version"]),
        (&json!("conflict"), &json!(false), &json!(2))
    );
    let inbox = ana.get("/api/records/conflicts").await.json();
    let conflict = inbox[0].clone();
    assert_eq!(
        (
            &conflict["client_data"],
            &conflict["met_version"],
            &conflict["device_id"]
        ),
        (&Value::Null, &json!(2), &json!("b"))
    );
    let path = format!("/api/records/{RECORD}/conflicts/{}", conflict["id"].as_str().unwrap());
    for (body, status) in [
        (json!({ "keep": "merged", "version": 2 }), 422),
        (json!({ "keep": "server", "version": 1 }), 409),
        (json!({ "keep": "neither", "version": 2 }), 422),
    ] {
        assert_eq!(ana.post(&path, body.clone()).await.status, status, "{body}");
    }
    let decide = || {
        ana.post(
            &path,
            json!({ "keep": "merged", "version": 2, "data": { "text": "both" } }),
        )
    };
    let (one, other) = tokio::join!(decide(), decide());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let read = ana.get(&format!("/api/records/{RECORD}")).await.json();
    assert_eq!(
        (&read["sync_status"], &read["version"], &read["data"]["text"]),
        (&json!("synced"), &json!(3), &json!("both"))
    );
    assert_eq!(ana.get("/api/records/conflicts").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_sent_again_is_entered_once() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let send = || push(&ana, "a", json!([change("1", RECORD, 0, json!({ "text": "first" }))]));
    let results = futures_util::future::join_all((0..20).map(|_| send())).await;
    let fresh = results
        .iter()
        .filter(|result| result[0]["is_repeated"] == false)
        .count();
    assert_eq!(fresh, 1, "{results:?}");
    assert!(
        results
            .iter()
            .all(|result| result[0]["outcome"] == "applied" && result[0]["version"] == 1)
    );
    for other in [
        change("1", RECORD, 0, json!({ "text": "another" })),
        change("1", RECORD, 1, json!({ "text": "first" })),
        change("1", RECORD, 0, Value::Null),
        change("1", "01d0000000000123456789ac", 0, json!({ "text": "first" })),
    ] {
        let result = push(&ana, "a", json!([other.clone()])).await;
        let told = (&result[0]["outcome"], &result[0]["code"]);
        assert_eq!(told, (&Value::Null, &json!("change_id_taken")), "{other}");
    }
    let mixed = json!([
        change("2", RECORD, 1, json!({ "text": "second" })),
        change("3", "01d0000000000123456789ac", 7, json!({ "text": "of nothing" })),
        change("4", "01d0000000000123456789ad", 0, json!({ "text": "x".repeat(100_001) })),
        { "change_id": "5", "record_id": RECORD, "record_type": "diagnosis", "base_version": 2, "data": {} },
    ]);
    let results = push(&ana, "a", mixed).await;
    let codes: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["code"].clone())
        .collect();
    assert_eq!(
        codes,
        [
            Value::Null,
            json!("record_not_found"),
            json!("record_too_large"),
            json!("record_of_another_type")
        ]
    );
    for body in [
        json!({ "device_id": "", "changes": [] }),
        json!({ "device_id": "a", "changes": vec![change("1", RECORD, 0, json!({})); 101] }),
        json!({ "device_id": "a", "changes": {} }),
    ] {
        assert_eq!(ana.post(CHANGES, body).await.status, 422);
    }
}

/// Whoever leaves out what a record is to say has not said that it is to go.
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_change_is_refused_alone_and_deletes_nothing() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    push(&ana, "a", json!([change("1", RECORD, 0, json!({ "text": "first" }))])).await;
    let without = |member: &str, id: &str| {
        let mut change = change(id, RECORD, 1, json!({ "text": "changed" }));
        change.as_object_mut().unwrap().remove(member);
        change
    };
    let mut misspelt = without("data", "2");
    misspelt["Data"] = json!({ "text": "changed" });
    let malformed = [
        misspelt,
        without("base_version", "3"),
        without("change_id", "4"),
        change(&"x".repeat(101), RECORD, 1, json!({})),
        change("5", "secret-value", 1, json!({})),
        json!(["6", RECORD, "treatment", 1, null]),
        json!(null),
    ];
    let mut changes = malformed.to_vec();
    changes.push(change("7", RECORD, 1, json!({ "text": "second" })));
    let results = push(&ana, "a", changes.into()).await;
    let results = results.as_array().unwrap();
    let ids: Vec<&Value> = results.iter().map(|result| &result["change_id"]).collect();
    assert_eq!(json!(ids), json!(["2", "3", null, null, "5", null, null, "7"]));
    for (result, change) in results.iter().zip(&malformed) {
        assert_eq!(
            (&result["outcome"], &result["code"]),
            (&Value::Null, &json!("validation_error")),
            "{change}"
        );
        assert!(!result.to_string().contains("secret-value"), "{result}");
    }
    assert_eq!(results[0]["detail"], "change.data: is required");
    assert_eq!(results[7]["outcome"], "applied");
    let read = ana.get(&format!("/api/records/{RECORD}")).await.json();
    assert_eq!(
        (&read["data"]["text"], &read["is_deleted"]),
        (&json!("second"), &json!(false))
    );
    let deleted = push(&ana, "a", json!([change("8", RECORD, 2, Value::Null)])).await;
    assert_eq!(deleted[0]["outcome"], "applied");
    assert_eq!(
        ana.get(&format!("/api/records/{RECORD}")).await.json()["is_deleted"],
        true
    );
}

/// A cursor that neither loops nor skips. `RECORDS=5000` does it with pages of a hundred.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_one_go_is_pulled_in_fifty_pages_each_record_once() {
    let records: usize = std::env::var("RECORDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(500);
    let limit = records / 50;
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let batch = |batch: usize| {
        let one = |number: usize| {
            change(
                &format!("{batch}-{number}"),
                &format!("01e{:021x}", batch * IN_A_PUSH + number),
                0,
                json!({ "n": number }),
            )
        };
        let changes: Vec<Value> = (0..IN_A_PUSH).map(one).collect();
        push(&ana, "a", Value::from(changes))
    };
    for number in 0..records / IN_A_PUSH {
        batch(number).await;
    }
    let (mut after, mut pages, mut seen) = (0, 0, BTreeSet::new());
    loop {
        let page = ana.get(&format!("{CHANGES}?after={after}&limit={limit}")).await.json();
        pages += 1;
        for record in page["records"].as_array().unwrap() {
            assert!(
                seen.insert(record["id"].as_str().unwrap().to_owned()),
                "twice: {record}"
            );
        }
        after = page["after"].as_u64().unwrap();
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!((seen.len(), pages), (records, 50));
}

/// Each must draw numbers that the others have not, and whoever reads meanwhile misses none.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_misses_nothing_while_others_write() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let write = |writer: usize| {
        let ana = &ana;
        async move {
            for number in 0..15 {
                let record = format!("01f{:021x}", writer * 100 + number);
                let made = json!([change(&number.to_string(), &record, 0, json!({ "n": number }))]);
                push(ana, &format!("device-{writer}"), made).await;
            }
        }
    };
    let read = async {
        let (mut after, mut seen) = (0, BTreeSet::new());
        while seen.len() < 60 {
            let page = ana.get(&format!("{CHANGES}?after={after}&limit=7")).await.json();
            for record in page["records"].as_array().unwrap() {
                assert!(
                    seen.insert(record["id"].as_str().unwrap().to_owned()),
                    "twice: {record}"
                );
            }
            after = page["after"].as_u64().unwrap();
        }
        (after, seen.len())
    };
    let (found, ..) = tokio::join!(read, write(0), write(1), write(2), write(3));
    assert_eq!(found, (60, 60));
}
