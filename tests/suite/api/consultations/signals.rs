use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, eventually_async, send};

use super::{Call, handed, join, list, signal};

mod cuts;

const SESSION: &str = "X-Consultation-Session";

/// What comes after a number, for a connection.
pub async fn after(person: &Person, call: &Call, sequence: u64, token: Option<&Value>) -> Answer {
    let path = call.path(&format!("/signals?after={sequence}"));
    let request = person.request(Method::GET, &path);
    send(match token {
        Some(token) => request.header(SESSION, token.as_str().unwrap()),
        None => request,
    })
    .await
}

pub fn numbers(answer: &Answer) -> Vec<u64> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let signals = list(&answer.json(), "signals");
    signals
        .iter()
        .map(|each| each["signal_data"]["n"].as_u64().unwrap())
        .collect()
}

pub async fn send_numbers(person: &Person, call: &Call, numbers: std::ops::RangeInclusive<u64>) {
    for n in numbers {
        let sent = signal(person, &call.call, json!({ "n": n })).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_clients_get_each_signal_once() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let body = json!({
        "consultation_id": call.call["id"], "signal_type": "offer", "signal_data": { "type": "offer", "sdp": "v=0" },
        "from_user_id": call.dora.id, "to_user_id": call.ana.id,
    });
    let sent = call.dora.post(&call.path("/signal"), body).await;
    assert!(sent.json()["message"].is_string(), "{}", sent.text());
    let got = handed(&call.ana, &call.call).await;
    assert_eq!(got.len(), 1);
    for (member, value) in [
        ("consultation_id", call.call["id"].clone()),
        ("from_user_id", json!(call.dora.id)),
        ("to_user_id", json!(call.ana.id)),
        ("signal_type", json!("offer")),
        ("signal_data", json!({ "type": "offer", "sdp": "v=0" })),
        ("delivered", json!(false)),
    ] {
        assert_eq!(got[0][member], value, "{member}");
    }
    assert!(got[0]["id"].is_string() && got[0]["timestamp"].is_string());
    assert_eq!(handed(&call.ana, &call.call).await, Vec::<Value>::new());
    assert_eq!(handed(&call.dora, &call.call).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_at_once_one_gets_each_signal() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=30).await;
    let at_once = join_all((0..6).map(|_| handed(&call.ana, &call.call))).await;
    let mut got: Vec<u64> = at_once
        .iter()
        .flatten()
        .map(|each| each["signal_data"]["n"].as_u64().unwrap())
        .collect();
    got.sort_unstable();
    assert_eq!(got, (1..=30).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_given_again_by_its_place() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=5).await;
    // Handed out, and lost on the way.
    assert_eq!(handed(&call.ana, &call.call).await.len(), 5);
    assert_eq!(numbers(&after(&call.ana, &call, 0, None).await), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&after(&call.ana, &call, 3, None).await), [4, 5]);
    // What was acknowledged never comes again.
    assert_eq!(numbers(&after(&call.ana, &call, 0, None).await), [4, 5]);
    let fourth = list(&after(&call.ana, &call, 0, None).await.json(), "signals")[0]["id"].clone();
    let path = call.path(&format!("/signals?after={}", fourth.as_str().unwrap()));
    assert_eq!(numbers(&call.ana.get(&path).await), [5]);
    send_numbers(&call.dora, &call, 6..=7).await;
    assert_eq!(numbers(&after(&call.ana, &call, 5, None).await), [6, 7]);
    // Nobody acknowledges what is still to come.
    assert_eq!(
        numbers(&after(&call.ana, &call, 1_000_000, None).await),
        Vec::<u64>::new()
    );
    send_numbers(&call.dora, &call, 8..=8).await;
    assert_eq!(numbers(&after(&call.ana, &call, 7, None).await), [8]);
    assert_eq!(call.ana.get(&call.path("/signals?after=x")).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_go_only_from_oneself_to_another_in_the_call() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let ben = world.patient("ben").await;
    let send = |more: Value| {
        let mut body = json!({ "signal_type": "answer", "signal_data": {} });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (ana, path) = (call.ana.clone(), call.path("/signal"));
        async move { ana.post(&path, body).await }
    };
    let refused = send(json!({ "from_user_id": call.dora.id })).await;
    refused.problem(403, "Cannot send signal on behalf of another user");
    for to in [
        &ben.id,
        &call.ana.id,
        &"nobody".to_owned(),
        &"0186a1f2c3d4e5f601234567".to_owned(),
    ] {
        let refused = send(json!({ "to_user_id": to })).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["code"]),
            (422, &json!("signal_to_nobody")),
            "{to}"
        );
    }
    let refused = send(json!({ "consultation_id": "0186a1f2c3d4e5f601234567" })).await;
    assert_eq!(refused.status, 422);
    assert_eq!(send(json!({ "signal_type": "bye" })).await.status, 422);
    assert_eq!(send(json!({ "signal_data": "v=0" })).await.status, 422);
    assert_eq!(
        send(json!({ "signal_data": { "sdp": "x".repeat(130_000) } }))
            .await
            .status,
        413
    );
    assert_eq!(
        send(json!({ "signal_data": { "sdp": "x".repeat(127_000) } }))
            .await
            .status,
        200
    );
    call.end().await;
    send(json!({})).await.problem(400, "Consultation is not active");
    let over = call.dora.get(&call.path("/signals?after=0")).await.json();
    assert_eq!((&over["signals"], &over["status"]), (&json!([]), &json!("completed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_takes_so_many_and_more_once_they_are_read() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=256).await;
    let full = signal(&call.dora, &call.call, json!({ "n": 257 })).await;
    assert_eq!((full.status.as_u16(), full.header("retry-after")), (429, "1"));
    let (mut got, mut last) = (Vec::new(), 0);
    loop {
        let page = after(&call.ana, &call, last, None).await;
        got.extend(numbers(&page));
        last = got.len() as u64;
        if page.json()["has_more"] == false {
            break;
        }
    }
    assert_eq!(got, (1..=256).collect::<Vec<_>>());
    assert_eq!(numbers(&after(&call.ana, &call, 256, None).await), Vec::<u64>::new());
    send_numbers(&call.dora, &call, 257..=258).await;
    assert_eq!(numbers(&after(&call.ana, &call, 256, None).await), [257, 258]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_waited_for_five_minutes_is_not_given_any_more() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    for person in [&call.ana, &call.dora] {
        let other = if person.id == call.ana.id {
            &call.dora
        } else {
            &call.ana
        };
        send_numbers(other, &call, 1..=3).await;
    }
    world.product.clock.set_forward(4 * 60);
    send_numbers(&call.dora, &call, 4..=4).await;
    send_numbers(&call.ana, &call, 4..=4).await;
    assert_eq!(numbers(&after(&call.ana, &call, 0, None).await), [1, 2, 3, 4]);
    world.product.clock.set_forward(2 * 60);
    assert_eq!(numbers(&after(&call.ana, &call, 0, None).await), [4]);
    let handed: Vec<_> = handed(&call.dora, &call.call).await;
    assert_eq!(handed.len(), 1);
    assert_eq!(handed[0]["signal_data"]["n"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_nobody_reads_takes_more_once_what_is_in_it_is_old() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=256).await;
    assert_eq!(signal(&call.dora, &call.call, json!({ "n": 257 })).await.status, 429);
    world.product.clock.set_forward(6 * 60);
    // Also with a key, where all is written at once.
    let body = json!({ "signal_type": "offer", "signal_data": { "n": 257 } });
    let sent = call.dora.post_once(&call.path("/signal"), "one", body).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let page = after(&call.ana, &call, 0, None).await;
    assert_eq!((numbers(&page), &page.json()["has_more"]), (vec![257], &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_connection_gets_what_is_not_acknowledged_and_the_older_is_told() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let old = join(&call.ana, &call.call).await["session_token"].clone();
    send_numbers(&call.dora, &call, 1..=3).await;
    assert_eq!(numbers(&after(&call.ana, &call, 0, Some(&old)).await), [1, 2, 3]);
    assert_eq!(numbers(&after(&call.ana, &call, 1, Some(&old)).await), [2, 3]);
    let new = join(&call.ana, &call.call).await;
    assert_eq!(new["connection"], 2);
    let new = new["session_token"].clone();
    let told = after(&call.ana, &call, 1, Some(&old)).await;
    told.problem(409, "A newer connection of yours has taken over");
    let request = call.ana.request(Method::POST, &call.path("/signal"));
    let body = json!({ "signal_type": "offer", "signal_data": {} });
    let told = send(request.header(SESSION, old.as_str().unwrap()).json(&body)).await;
    told.problem(409, "A newer connection of yours has taken over");
    assert_eq!(numbers(&after(&call.ana, &call, 0, Some(&new)).await), [2, 3]);
    // The token of another call, or of the other side, is none here.
    let dora = join(&call.dora, &call.call).await["session_token"].clone();
    let refused = after(&call.ana, &call, 0, Some(&dora)).await;
    refused.problem(404, "Consultation not found");
    world.product.clock.set_forward(3601);
    let over = after(&call.ana, &call, 0, Some(&new)).await;
    assert_eq!(
        (over.status.as_u16(), &over.json()["code"]),
        (401, &json!("session_token_invalid"))
    );
}

/// Of many connections at once, each has a number of its own, and one is the newest.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_connections_at_once_one_takes_over() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=1).await;
    let joined = join_all((0..8).map(|_| join(&call.ana, &call.call))).await;
    let mut connections: Vec<_> = joined.iter().map(|each| each["connection"].as_u64().unwrap()).collect();
    connections.sort_unstable();
    assert_eq!(connections, (1..=8).collect::<Vec<_>>());
    for each in joined {
        let answer = after(&call.ana, &call, 0, Some(&each["session_token"])).await;
        let wanted = if each["connection"] == 8 { 200 } else { 409 };
        assert_eq!(answer.status, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_at_once_and_candidates_by_the_dozen_all_arrive_in_order() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    // Each side one after the other, both sides at once.
    let both = [
        send_numbers(&call.ana, &call, 1..=25),
        send_numbers(&call.dora, &call, 1..=25),
    ];
    join_all(both).await;
    for person in [&call.ana, &call.dora] {
        assert_eq!(
            numbers(&after(person, &call, 0, None).await),
            (1..=25).collect::<Vec<_>>()
        );
    }
    // Ten at once into one mailbox: none is lost, and none comes twice.
    let at_once = join_all((100..110).map(|n| signal(&call.ana, &call.call, json!({ "n": n })))).await;
    assert!(at_once.iter().all(|answer| answer.status == 200));
    let mut got = numbers(&after(&call.dora, &call, 25, None).await);
    got.sort_unstable();
    assert_eq!(got, (100..110).collect::<Vec<_>>());
}

/// What nobody has read goes with the call.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_in_the_mailboxes_of_a_call_that_is_over() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    send_numbers(&call.dora, &call, 1..=4).await;
    send_numbers(&call.ana, &call, 1..=4).await;
    let left = || async {
        let items = super::storage::items(&world).await;
        let signals = items
            .iter()
            .filter(|item| super::storage::sort(item).starts_with("SIGNAL#"));
        signals.count()
    };
    assert_eq!(left().await, 8);
    call.end().await;
    let gone = eventually_async(|| async { (left().await == 0).then_some(()) }).await;
    assert!(gone.is_some(), "{} signals stayed", left().await);
}
