use futures_util::future::join_all;
use serde_json::json;
use tests::world::World;

use super::{Call, list};

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_numbered_read_on_and_stay() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let path = call.path("/messages");
    for (person, text) in [
        (&call.ana, "Can you see me?"),
        (&call.dora, "Yes."),
        (&call.ana, "Good."),
    ] {
        let said = person.post(&path, json!({ "text": text })).await;
        assert_eq!(said.status, 201, "{}", said.text());
        assert_eq!(said.json()["from_user_id"], json!(person.id));
    }
    let page = call.dora.get(&format!("{path}?limit=2")).await.json();
    let texts = |page| list(page, "messages").into_iter().map(|each| each["text"].clone());
    assert_eq!(texts(&page).collect::<Vec<_>>(), ["Can you see me?", "Yes."]);
    assert_eq!(page["has_more"], true);
    let rest = call.dora.get(&format!("{path}?after=2")).await;
    let entry = call.ana.audit_entry(rest.header("x-request-id")).await.unwrap();
    assert_eq!(entry["what"]["kind"], "message");
    let rest = rest.json();
    assert_eq!(rest["messages"][0]["sequence"], 3);
    assert_eq!(rest["messages"][0]["from"], "patient");
    assert_eq!(rest["has_more"], false);
    let beyond = call.dora.get(&format!("{path}?after={}", u64::MAX)).await;
    assert_eq!(list(&beyond.json(), "messages").len(), 0, "{}", beyond.text());
    call.end().await;
    let refused = call.ana.post(&path, json!({ "text": "Wait" })).await;
    refused.problem(400, "Consultation is not active");
    let page = call.ana.get(&path).await.json();
    assert_eq!(list(&page, "messages").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_sent_again_under_its_name_is_entered_once() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let path = call.path("/messages");
    let body = json!({ "text": "Hello", "client_id": "a-1" });
    let at_once = join_all((0..10).map(|_| call.ana.post(&path, body.clone()))).await;
    let sequences: Vec<_> = at_once.iter().map(|answer| answer.json()["sequence"].clone()).collect();
    assert_eq!(sequences, vec![json!(1); 10]);
    let first = at_once.iter().filter(|answer| answer.json()["is_repeated"] == false);
    assert_eq!(first.count(), 1);
    let other = json!({ "text": "Bye", "client_id": "a-1" });
    let refused = call.ana.post(&path, other.clone()).await;
    refused.problem(409, "Another message was sent under this client_id");
    // Names are each side's own.
    assert_eq!(call.dora.post(&path, other).await.json()["sequence"], 2);
    for body in [
        json!({ "text": " " }),
        json!({ "text": "x".repeat(4_001) }),
        json!({ "text": "a", "client_id": "" }),
    ] {
        assert_eq!(call.ana.post(&path, body).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_both_at_once_all_get_a_number() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let path = call.path("/messages");
    let sent = (0..24).map(|turn| {
        let person = if turn % 2 == 0 { &call.ana } else { &call.dora };
        person.post(&path, json!({ "text": format!("message {turn}") }))
    });
    assert!(join_all(sent).await.iter().all(|answer| answer.status == 201));
    let page = call.ana.get(&path).await.json();
    let sequences: Vec<_> = list(&page, "messages")
        .iter()
        .map(|each| each["sequence"].as_u64())
        .collect();
    assert_eq!(sequences, (1..=24).map(Some).collect::<Vec<_>>());
}
