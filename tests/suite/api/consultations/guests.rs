use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::calls::{consult, invite, invite_path, path};
use tests::world::{Answer, World, send};

use super::{Call, handed, list};

const GUESTS: &str = "/api/consultations/guests";
const SESSION: &str = "X-Consultation-Session";
const GONE: &str = "The invite was used, has expired or was taken back: ask for a new one";

async fn as_guest(world: &World, token: &Value, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = world.request(method, path).header(SESSION, token.as_str().unwrap());
    send(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interpreter_joins_once_and_signals_and_writes() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let invited = invite(&call.dora, &call.call, "Interpreter").await;
    let joined = world.post(GUESTS, json!({ "token": invited["token"] })).await;
    assert_eq!(joined.status, 200, "{}", joined.text());
    let entry = call.ana.audit_entry(joined.header("x-request-id")).await.unwrap();
    assert_eq!(entry["why"], json!({ "right": "invited", "invite": invited["id"] }));
    let guest = joined.json();
    assert_eq!(
        (&guest["guest_id"], &guest["consultation_id"]),
        (&invited["id"], &call.call["id"])
    );
    let spent = world.post(GUESTS, json!({ "token": invited["token"] })).await;
    spent.problem(410, GONE);
    let token = &guest["session_token"];
    let offer = json!({ "signal_type": "offer", "signal_data": { "sdp": "v=0" }, "to_user_id": call.dora.id });
    let sent = as_guest(&world, token, Method::POST, &call.path("/signal"), Some(offer)).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert_eq!(handed(&call.dora, &call.call).await[0]["from_user_id"], invited["id"]);
    let answer = json!({ "signal_type": "answer", "signal_data": {}, "to_user_id": invited["id"] });
    assert_eq!(call.dora.post(&call.path("/signal"), answer).await.status, 200);
    let got = as_guest(&world, token, Method::GET, &call.path("/signals?after=0"), None).await;
    assert_eq!(list(&got.json(), "signals")[0]["signal_type"], "answer");
    let said = as_guest(
        &world,
        token,
        Method::POST,
        &call.path("/messages"),
        Some(json!({ "text": "Hola" })),
    )
    .await;
    assert_eq!(said.status, 201, "{}", said.text());
    let page = call.ana.get(&call.path("/messages")).await.json();
    assert_eq!(
        (&page["messages"][0]["from"], &page["messages"][0]["text"]),
        (&json!("guest"), &json!("Hola"))
    );
    let guests = call.read(&call.ana).await["guests"].clone();
    assert_eq!(guests[0]["name"], "Interpreter");
    assert!(guests[0]["joined_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_token_is_good_for_nothing_else() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let other = consult(&call.ana, &call.dora, json!({})).await;
    let token = invite(&call.ana, &call.call, "Cousin").await["token"].clone();
    let guest = world.post(GUESTS, json!({ "token": token })).await.json();
    let token = &guest["session_token"];
    for place in ["/signals", "/messages"] {
        let refused = as_guest(&world, token, Method::GET, &path(&other, place), None).await;
        refused.problem(404, "Consultation not found");
    }
    for (method, place) in [
        (Method::GET, call.path("")),
        (Method::POST, call.path("/join")),
        (Method::POST, call.path("/end")),
        (Method::POST, call.path("/invites")),
        (Method::GET, "/api/records/".to_owned()),
    ] {
        let refused = as_guest(&world, token, method, &place, None).await;
        assert_eq!(refused.status, 401, "{place}");
    }
    // A participant's own token names a connection, and lets nobody in.
    let joined = super::join(&call.ana, &call.call).await;
    let refused = as_guest(
        &world,
        &joined["session_token"],
        Method::GET,
        &call.path("/signals"),
        None,
    )
    .await;
    assert_eq!(refused.status, 401);
    let mut changed = token.as_str().unwrap().to_owned();
    changed.replace_range(40..41, if &changed[40..41] == "A" { "B" } else { "A" });
    for bad in [json!(changed), json!("nonsense"), json!("x.y")] {
        let refused = as_guest(&world, &bad, Method::GET, &call.path("/signals"), None).await;
        assert_eq!(refused.status, 401, "{bad}");
    }
    call.end().await;
    let over = as_guest(&world, token, Method::GET, &call.path("/messages"), None).await;
    over.problem(400, "Consultation is not active");
}

/// The keys of sealed fields are read under a lock that all requests of a process take.
#[tokio::test(flavor = "multi_thread")]
async fn made_up_tokens_make_nobody_read_the_keys_each_time() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut reads = 0;
    for number in 0..4 {
        let token = json!(format!("{number:016x}.AAAA"));
        let refused = as_guest(&world, &token, Method::GET, &call.path("/signals"), None).await;
        assert_eq!(refused.status, 401);
        reads += world.last_usage("list-signals").round_trips;
    }
    assert!(reads <= 1, "{reads} reads");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_invite_one_gets_in() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let token = invite(&call.ana, &call.call, "Cousin").await["token"].clone();
    let at_once = join_all((0..10).map(|_| world.post(GUESTS, json!({ "token": token })))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![410; 9]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_waits_for_the_call_and_ends_by_itself() {
    let world = World::new().await;
    let time = (world.product.clock.now() + jiff::SignedDuration::from_mins(30)).to_string();
    let call = Call::with(&world, json!({ "scheduled_time": time })).await;
    let token = invite(&call.dora, &call.call, "Interpreter").await["token"].clone();
    let early = world.post(GUESTS, json!({ "token": token })).await;
    early.problem(400, "Consultation is not active");
    world.product.clock.set_forward(16 * 60);
    super::join(&call.dora, &call.call).await;
    assert_eq!(world.post(GUESTS, json!({ "token": token })).await.status, 200);
    for bad in ["", "nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        world
            .post(GUESTS, json!({ "token": bad }))
            .await
            .problem(404, "Invite not found");
    }
    let late = invite(&call.dora, &call.call, "Cousin").await["token"].clone();
    world.product.clock.set_forward(31 * 60);
    world.post(GUESTS, json!({ "token": late })).await.problem(410, GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_is_taken_back_lets_nobody_in_and_nobody_stay() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let unused = invite(&call.ana, &call.call, "Cousin").await;
    let used = invite(&call.dora, &call.call, "Interpreter").await;
    let guest = world.post(GUESTS, json!({ "token": used["token"] })).await.json();
    let messages = call.path("/messages");
    let asked = || as_guest(&world, &guest["session_token"], Method::GET, &messages, None);
    assert_eq!(asked().await.status, 200);
    let ben = world.patient("ben").await;
    ben.delete(&invite_path(&call.call, &used))
        .await
        .problem(404, "Consultation not found");
    // By either of the two, whoever invited; and once more changes nothing.
    for person in [&call.ana, &call.dora] {
        for invited in [&unused, &used] {
            let revoked = person.delete(&invite_path(&call.call, invited)).await;
            assert_eq!(revoked.status, 204, "{revoked:?}");
            assert!(call.ana.audit_entry(revoked.header("x-request-id")).await.is_some());
        }
    }
    asked().await.problem(410, GONE);
    let said = Some(json!({ "text": "Still here" }));
    let refused = as_guest(&world, &guest["session_token"], Method::POST, &messages, said).await;
    refused.problem(410, GONE);
    let late = world.post(GUESTS, json!({ "token": unused["token"] })).await;
    late.problem(410, GONE);
    let guests = call.read(&call.ana).await["guests"].clone();
    assert!(guests[0]["revoked_at"].is_string() && guests[1]["revoked_at"].is_string());
    let unknown = call.path("/invites/0186a1f2c3d4e5f601234567");
    call.ana.delete(&unknown).await.problem(404, "Invite not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_guests_have_room_at_a_time_and_twenty_invites_in_all() {
    const FULL: &str = "At most 5 guests can be invited at a time, and 20 in all";
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let invites = call.path("/invites");
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(invite(&call.ana, &call.call, "Friend").await);
    }
    assert_eq!(
        world.post(GUESTS, json!({ "token": made[0]["token"] })).await.status,
        200
    );
    call.dora.post(&invites, json!({})).await.problem(409, FULL);
    assert_eq!(call.ana.delete(&invite_path(&call.call, &made[1])).await.status, 204);
    invite(&call.dora, &call.call, "Interpreter").await;
    call.dora.post(&invites, json!({})).await.problem(409, FULL);
    // Four of them never came; the fifth is here.
    world.product.clock.set_forward(31 * 60);
    for number in 6..20 {
        let one = invite(&call.ana, &call.call, "Friend").await;
        if number > 8 {
            assert_eq!(call.ana.delete(&invite_path(&call.call, &one)).await.status, 204);
        }
    }
    call.dora.post(&invites, json!({})).await.problem(409, FULL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_leaves_room_for_what_the_others_write() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let path = call.path("/messages");
    let mut guests = Vec::new();
    for name in ["Interpreter", "Cousin"] {
        let token = invite(&call.ana, &call.call, name).await["token"].clone();
        guests.push(world.post(GUESTS, json!({ "token": token })).await.json()["session_token"].clone());
    }
    let say = |guest: &Value| {
        let body = Some(json!({ "text": "Hola" }));
        let (world, path, guest) = (&world, &path, guest.clone());
        async move { as_guest(world, &guest, Method::POST, path, body).await }
    };
    for number in 1..=200 {
        let said = say(&guests[0]).await;
        assert_eq!(said.status, 201, "{number}: {}", said.text());
    }
    say(&guests[0])
        .await
        .problem(409, "A guest can write at most 200 messages");
    assert_eq!(say(&guests[1]).await.json()["sequence"], 201);
    let said = call.ana.post(&path, json!({ "text": "Hello" })).await;
    assert_eq!(said.json()["sequence"], 202);
}
