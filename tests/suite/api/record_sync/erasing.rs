//! Records that are erased while devices push, and what is left of them.

use store::erasure::Walk;
use store::records::{self, Erased};

use super::*;

const VERSIONS: u64 = 60;

async fn with_versions(ana: &Person, versions: u64) {
    let one = |base: u64| change(&base.to_string(), RECORD, base, json!({ "text": base }));
    let changes: Vec<Value> = (0..versions).map(one).collect();
    for part in changes.chunks(IN_A_PUSH) {
        push(ana, "a", part.into()).await;
    }
}

async fn versions(ana: &Person) -> Vec<u64> {
    let page = ana.get(&format!("/api/records/{RECORD}/versions?limit=100")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.json();
    let versions = page.as_array().unwrap().iter();
    versions.map(|each| each["version"].as_u64().unwrap()).collect()
}

async fn inbox(ana: &Person) -> BTreeSet<String> {
    let inbox = ana.get("/api/records/conflicts?limit=100").await.json();
    let ids = inbox.as_array().unwrap().iter().map(|each| each["id"].to_string());
    ids.collect()
}

/// Of edits that come while their record goes, each waits for a person that has met it erased.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_meets_an_erased_record_waits_for_a_person() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    with_versions(&ana, VERSIONS).await;
    let early = push(
        &ana,
        "b",
        json!([change("early", RECORD, 1, json!({ "text": "early" }))]),
    )
    .await;
    assert_eq!(early[0]["outcome"], "conflict");
    let erase = async {
        let path = format!("/api/records/{RECORD}");
        let erased = ana.delete(&format!("{path}?soft_delete=false")).await;
        assert_eq!(erased.status, 200, "{}", erased.text());
        let versions = ana.get(&format!("{path}/versions")).await;
        assert_eq!(versions.status, 404, "{}", versions.text());
    };
    let edit = async {
        let mut results = Vec::new();
        for number in 0..20 {
            let late = change(&number.to_string(), RECORD, VERSIONS, json!({ "text": "late" }));
            results.push(push(&ana, "b", json!([late])).await[0].clone());
        }
        results
    };
    let (results, ()) = tokio::join!(edit, erase);
    let head = ana.get(CHANGES).await.json()["records"][0].clone();
    assert_eq!(head["is_erased"], true, "{head}");
    let has_met_it = |result: &&Value| result["outcome"] == "conflict" && result["version"] == head["version"];
    let late: Vec<&Value> = results.iter().filter(has_met_it).collect();
    assert!(!late.is_empty(), "{results:?}");
    let wanted: BTreeSet<String> = late.iter().map(|result| result["conflict_id"].to_string()).collect();
    // What it met before the record went goes a moment after it.
    let settled = eventually_async(|| async { (inbox(&ana).await == wanted).then_some(()) }).await;
    assert!(settled.is_some(), "{:?} but {wanted:?}", inbox(&ana).await);

    let path = format!(
        "/api/records/{RECORD}/conflicts/{}",
        late[0]["conflict_id"].as_str().unwrap()
    );
    let kept = ana
        .post(&path, json!({ "keep": "client", "version": head["version"] }))
        .await;
    assert_eq!(kept.json()["data"]["text"], "late", "{}", kept.text());
    assert_eq!(versions(&ana).await, [head["version"].as_u64().unwrap() + 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_goes_bit_by_bit_and_what_came_since_stays() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    with_versions(&ana, 30).await;
    let erased = Erased {
        patient: ana.id.parse().unwrap(),
        record: RECORD.parse().unwrap(),
        version: 20,
        files: Vec::new(),
    };
    let (store, mut goes) = (world.product.platform.store(), 1);
    while records::forget(&store, &erased, 7).await.unwrap() == Walk::Paused {
        goes += 1;
    }
    assert_eq!(goes, 3);
    let left: Vec<u64> = (20..=30).rev().collect();
    assert_eq!(versions(&ana).await, left);
}
