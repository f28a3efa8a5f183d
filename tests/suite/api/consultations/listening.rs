//! Consultations over the WebSocket API: what is said there and by HTTP reaches whoever listens, once and in order.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::calls::{consult, invite, path};
use tests::world::{Person, World, eventually_async};

use super::{Call, join, list, signal, storage};
use crate::api::sockets::client::{Client, text};

mod cuts;
mod rights;

/// Somebody who listens.
struct Line {
    client: Client,
    resume: String,
    /// As subscribing gave it.
    connection: Value,
    call: Value,
}

impl Line {
    async fn open(world: &World, person: &Person, call: &Call) -> Self {
        let (client, resume) = Client::ready(world, person).await;
        let mut line = Self {
            client,
            resume,
            connection: Value::Null,
            call: call.call["id"].clone(),
        };
        line.subscribe().await;
        line
    }

    async fn ask(&mut self, kind: &str, more: Value) -> Value {
        let mut message = json!({ "type": kind, "consultation_id": self.call, "connection": self.connection });
        message
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.client.ask(message).await
    }

    async fn subscribe(&mut self) -> Value {
        let answer = self.ask("call_subscribe", json!({})).await;
        assert_eq!(answer["type"], "call_subscribe", "{answer}");
        self.connection = answer["connection"].clone();
        answer
    }

    async fn signal(&mut self, more: Value) -> Value {
        let mut body = json!({ "signal_type": "offer", "signal_data": {} });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask("call_signal", body).await
    }

    async fn send(&mut self, n: u64) {
        let sent = self.signal(json!({ "signal_data": { "n": n } })).await;
        assert_eq!(sent["type"], "call_signal", "{sent}");
    }

    /// The numbers in what waits.
    async fn pending(&mut self, after: u64) -> Vec<u64> {
        let answer = self.ask("call_signals", json!({ "after": after })).await;
        assert_eq!(answer["type"], "call_signals", "{answer}");
        numbers(&answer)
    }

    async fn hear(&mut self, kind: &str) -> Value {
        loop {
            let heard = self.client.hear().await;
            if is_of_calls(&heard) {
                assert_eq!(heard["type"], kind, "{heard}");
                return heard[kind].clone();
            }
        }
    }

    fn heard(&mut self) -> Vec<Value> {
        let heard = self.client.heard().into_iter();
        heard.filter(is_of_calls).collect()
    }

    /// All that was said is heard before the answer to what is asked afterwards.
    async fn hears_nothing(&mut self) {
        let pong = self.client.ask(json!({ "type": "ping" })).await;
        assert_eq!(pong["type"], "pong");
        assert_eq!(self.heard(), Vec::<Value>::new());
    }
}

/// Other things go over the same connection, whenever they come.
fn is_of_calls(message: &Value) -> bool {
    message["type"] != "notification"
}

fn numbers(answer: &Value) -> Vec<u64> {
    let signals = list(answer, "signals");
    signals
        .iter()
        .map(|each| each["signal_data"]["n"].as_u64().unwrap())
        .collect()
}

#[track_caller]
fn is_refused(answer: &Value, status: u16, code: &str) {
    assert_eq!(
        (&answer["type"], &answer["status"], &answer["code"]),
        (&json!("problem"), &json!(status), &json!(code)),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_side_says_is_told_to_the_other_at_once() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    assert_eq!((&ana.connection, &dora.connection), (&json!(1), &json!(1)));

    let said = json!({ "signal_type": "offer", "signal_data": { "sdp": "v=0", "n": 1 } });
    let sent = dora.signal(said).await;
    assert_eq!((&sent["sequence"], &sent["is_repeated"]), (&json!(1), &json!(false)));
    let heard = ana.hear("signal").await;
    assert_eq!((&heard["id"], &heard["sequence"]), (&sent["id"], &json!(1)));
    // The same that polling shows.
    let polled = call.ana.get(&call.path("/signals?after=0")).await.json();
    assert_eq!(heard, polled["signals"][0]);
    assert_eq!(
        (&heard["from_user_id"], &heard["to_user_id"]),
        (&json!(call.dora.id), &json!(call.ana.id))
    );
    // By HTTP, to one who listens.
    assert_eq!(signal(&call.ana, &call.call, json!({ "n": 1 })).await.status, 200);
    assert_eq!(dora.hear("signal").await["signal_data"], json!({ "n": 1 }));

    let said = call
        .dora
        .post(&call.path("/messages"), json!({ "text": "Hello" }))
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    let message = ana.hear("message").await;
    let kept = call.ana.get(&call.path("/messages")).await.json();
    assert_eq!(message, kept["messages"][0]);
    dora.hears_nothing().await;

    // What is acknowledged does not come again; what is not, does.
    for n in 2..=3 {
        dora.send(n).await;
    }
    let acknowledged = ana.ask("call_acknowledge", json!({ "upto": 2 })).await;
    assert_eq!(
        (
            &acknowledged["type"],
            &acknowledged["upto"],
            &acknowledged["consultation_id"]
        ),
        (&json!("call_acknowledge"), &json!(2), &call.call["id"])
    );
    assert_eq!(ana.pending(0).await, [3]);
    assert_eq!(ana.pending(3).await, Vec::<u64>::new());
    assert_eq!(ana.pending(0).await, Vec::<u64>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_under_its_name_arrives_once_whichever_way_it_comes() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let named = |n: u64| json!({ "signal_type": "answer", "signal_data": { "n": n }, "client_id": format!("s{n}") });
    let (first, again) = (dora.signal(named(1)).await, dora.signal(named(1)).await);
    assert_eq!(
        (&first["is_repeated"], &again["is_repeated"]),
        (&json!(false), &json!(true))
    );
    assert_eq!((&first["id"], &first["sequence"]), (&again["id"], &again["sequence"]));
    let path = call.path("/signal");
    let posted = call.dora.post(&path, named(1)).await.json();
    assert_eq!((&posted["id"], &posted["is_repeated"]), (&first["id"], &json!(true)));
    // Ten at once.
    let at_once = join_all((0..10).map(|_| call.dora.post(&path, named(2)))).await;
    let new = at_once.iter().filter(|answer| answer.json()["is_repeated"] == false);
    assert_eq!(new.count(), 1);
    assert!(at_once.iter().all(|answer| answer.json()["sequence"] == 2));
    assert_eq!(ana.pending(0).await, [1, 2]);
    // Names are each side's own, and stay known when the signal is gone, of which nobody is told again.
    assert_eq!(ana.signal(named(1)).await["is_repeated"], false);
    assert_eq!(ana.pending(2).await, Vec::<u64>::new());
    ana.heard();
    assert_eq!(dora.signal(named(2)).await["is_repeated"], true);
    ana.hears_nothing().await;
    assert_eq!(dora.pending(0).await, [1]);
    for bad in [String::new(), "x".repeat(101)] {
        let refused = dora.signal(json!({ "client_id": bad })).await;
        is_refused(&refused, 422, "client_id_malformed");
    }
}

/// With a key nothing is written before the answer is known, and nobody is told of what is not written.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_under_a_key_is_told_once_and_when_it_is_kept() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let body = json!({ "signal_type": "offer", "signal_data": { "n": 1 } });
    let path = call.path("/signal");
    let sends = (0..5).map(|_| call.dora.post_once(&path, "a key", body.clone()));
    let sent = join_all(sends).await;
    assert!(sent.iter().all(|answer| answer.json()["sequence"] == 1));
    let heard = ana.hear("signal").await;
    assert_eq!(ana.pending(0).await, [1]);
    assert_eq!(heard["sequence"], 1);
    ana.hears_nothing().await;
    let said = call
        .dora
        .post_once(&call.path("/messages"), "another", json!({ "text": "Hello" }))
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    assert_eq!(ana.hear("message").await["text"], "Hello");
    let ended = call.dora.post_once(&call.path("/end"), "a third", Value::Null).await;
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert_eq!(ana.hear("consultation").await["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_longer_than_a_message_may_be_comes_in_pages() {
    const SIGNALS: u64 = 7;
    let world = World::new().await;
    let call = Call::begun(&world).await;
    for n in 1..=SIGNALS {
        let data = json!({ "n": n, "sdp": "x".repeat(60_000) });
        assert_eq!(signal(&call.dora, &call.call, data).await.status, 200);
    }
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let mut page = ana.subscribe().await;
    let mut got = Vec::new();
    for _ in 0..SIGNALS {
        assert!(page.to_string().len() <= 128 * 1024, "{}", page.to_string().len());
        got.extend(numbers(&page));
        if page["has_more"] == false {
            break;
        }
        let after = page["signals"].as_array().unwrap().last().unwrap()["sequence"].clone();
        page = ana.ask("call_signals", json!({ "after": after })).await;
    }
    assert_eq!(got, (1..=SIGNALS).collect::<Vec<_>>());
    // The largest that there is goes over at once.
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let data = json!({ "n": 8, "sdp": "x".repeat(65_500) });
    let sent = dora.signal(json!({ "signal_data": data })).await;
    assert_eq!(sent["sequence"], 8, "{sent}");
    assert_eq!(ana.hear("signal").await["signal_data"]["n"], 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_connection_takes_over() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let mut first = Line::open(&world, &call.ana, &call).await;
    for n in 1..=2 {
        dora.send(n).await;
    }
    assert_eq!(first.hear("signal").await["signal_data"]["n"], 1);
    let acknowledged = first.ask("call_acknowledge", json!({ "upto": 1 })).await;
    assert_eq!(acknowledged["upto"], 1, "{acknowledged}");

    let (client, resume) = Client::ready(&world, &call.ana).await;
    let mut second = Line {
        client,
        resume,
        connection: Value::Null,
        call: call.call["id"].clone(),
    };
    // What the first has not acknowledged goes to the second.
    let subscribed = second.subscribe().await;
    assert_eq!((numbers(&subscribed), &second.connection), (vec![2], &json!(2)));
    let (code, heard) = first.client.closed().await;
    let heard: Vec<Value> = heard.into_iter().filter(is_of_calls).collect();
    assert_eq!(code, Some(1000));
    assert_eq!(heard.len(), 1, "the second signal, and nothing since: {heard:?}");
    dora.send(3).await;
    assert_eq!(second.hear("signal").await["signal_data"]["n"], 3);

    // Whoever was replaced may connect again, has no seat, and is told so.
    first.client = Client::with_resume(&world, &first.resume).await.expect("let in");
    assert_eq!(first.client.hello().await["channels"], json!([]));
    for answer in [
        first.ask("call_signals", json!({ "after": 3 })).await,
        first.ask("call_acknowledge", json!({ "upto": 3 })).await,
        first.signal(json!({})).await,
    ] {
        is_refused(&answer, 409, "connection_taken_over");
    }
    first.hears_nothing().await;
    assert_eq!(second.pending(0).await, [2, 3]);
    dora.hears_nothing().await;
}

/// Polling and listening are two ways to one mailbox: the newest has it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_by_http_takes_over_too_and_whoever_listens_takes_it_back() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let joined = join(&call.ana, &call.call).await;
    assert_eq!(joined["connection"], 2);
    assert_eq!(signal(&call.dora, &call.call, json!({ "n": 1 })).await.status, 200);
    let refused = ana.ask("call_signals", json!({ "after": 0 })).await;
    is_refused(&refused, 409, "connection_taken_over");
    ana.heard();
    let subscribed = ana.subscribe().await;
    assert_eq!((numbers(&subscribed), &ana.connection), (vec![1], &json!(3)));
    let token = text(&joined["session_token"]);
    let request = call
        .ana
        .request(reqwest::Method::GET, &call.path("/signals?after=0"))
        .header("X-Consultation-Session", token);
    let told = tests::world::send(request).await;
    told.problem(409, "A newer connection of yours has taken over");
}

/// Of many at once, one is left: it has the seat, and the mailbox with it.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_subscribe_at_once_one_listens() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(Client::ready(&world, &call.ana).await.0);
    }
    let message = json!({ "type": "call_subscribe", "consultation_id": call.call["id"] });
    join_all(clients.iter_mut().map(|client| client.say(&message))).await;
    let alone = || async { (world.product.cloud.connections.count() == 1).then_some(()) };
    eventually_async(alone).await.expect("one is left");
    assert_eq!(signal(&call.dora, &call.call, json!({ "n": 1 })).await.status, 200);
    let outcomes = join_all(clients.into_iter().map(all_heard)).await;
    let told: Vec<&Vec<Value>> = outcomes.iter().filter(|heard| is_told(heard)).collect();
    let [heard] = told.as_slice() else {
        panic!("{outcomes:?}")
    };
    let answer = heard.iter().find(|message| message["type"] == "call_subscribe");
    let connection = &answer.expect("it was answered")["connection"];
    // It is the newest, too.
    let joined = join(&call.ana, &call.call).await;
    assert_eq!(
        joined["connection"].as_u64(),
        connection.as_u64().map(|number| number + 1)
    );
}

fn is_told(heard: &[Value]) -> bool {
    heard.iter().any(|message| message["type"] == "signal")
}

/// Until it is hung up on, or was answered and told of a signal.
async fn all_heard(mut client: Client) -> Vec<Value> {
    let mut heard: Vec<Value> = Vec::new();
    while let Some(message) = client.hear_or_end().await {
        heard.push(message);
        let has = |kind| heard.iter().any(|message| message["type"] == kind);
        if has("signal") && has("call_subscribe") {
            break;
        }
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_over_says_so_and_is_heard_of_no_more() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    for n in 1..=3 {
        let sent = dora
            .signal(json!({ "signal_data": { "n": n }, "client_id": n.to_string() }))
            .await;
        assert_eq!(sent["sequence"], n);
        ana.hear("signal").await;
    }
    call.end().await;
    for line in [&mut ana, &mut dora] {
        let told = line.hear("consultation").await;
        assert_eq!((&told["id"], &told["status"]), (&call.call["id"], &json!("completed")));
        assert!(told["ended_at"].is_string());
        let answer = line.ask("call_signals", json!({ "after": 0 })).await;
        assert_eq!(
            (&answer["signals"], &answer["status"]),
            (&json!([]), &json!("completed"))
        );
        is_refused(&line.signal(json!({})).await, 400, "consultation_not_active");
        let refused = line.ask("call_acknowledge", json!({ "upto": 1 })).await;
        is_refused(&refused, 400, "consultation_not_active");
        let refused = line.ask("call_subscribe", json!({})).await;
        is_refused(&refused, 400, "consultation_not_active");
    }
    // Ended once more, nobody is told, and whoever comes back has nothing to listen to.
    call.end().await;
    ana.hears_nothing().await;
    drop(ana.client);
    let mut back = Client::with_resume(&world, &ana.resume).await.expect("let in");
    assert_eq!(back.hello().await["channels"], json!([]));
    let left = || async {
        let items = storage::items(&world).await;
        let signals = items.iter().filter(|item| storage::sort(item).starts_with("SIGNAL#"));
        (signals.count() == 0).then_some(())
    };
    eventually_async(left).await.expect("mailboxes and names go");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_hears_that_it_begins_or_is_called_off() {
    let world = World::new().await;
    let time = (world.product.clock.now() + jiff::SignedDuration::from_mins(10)).to_string();
    let call = Call::with(&world, json!({ "scheduled_time": time })).await;
    let off = consult(&call.ana, &call.dora, json!({ "scheduled_time": time })).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    assert_eq!(ana.connection, Value::Null);
    is_refused(&ana.signal(json!({})).await, 400, "consultation_not_active");
    join(&call.dora, &call.call).await;
    let told = ana.hear("consultation").await;
    assert_eq!((&told["status"], &told["id"]), (&json!("active"), &call.call["id"]));
    assert_eq!(ana.subscribe().await["consultation"]["status"], "active");
    assert_eq!(ana.connection, 1);
    // Joining once more changes nothing of the call.
    join(&call.dora, &call.call).await;
    ana.hears_nothing().await;

    ana.call = off["id"].clone();
    assert_eq!(ana.subscribe().await["consultation"]["status"], "scheduled");
    let cancelled = call.dora.post(&path(&off, "/cancel"), Value::Null).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text());
    let told = ana.hear("consultation").await;
    assert_eq!((&told["status"], &told["id"]), (&json!("cancelled"), &off["id"]));
    // One connection may listen to several.
    drop(ana.client);
    let mut back = Client::with_resume(&world, &ana.resume).await.expect("let in");
    let still = json!([format!("consultation/{}", call.call["id"].as_str().unwrap())]);
    assert_eq!(back.hello().await["channels"], still);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_left_hears_nothing_and_what_is_said_waits() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let left = ana.ask("call_unsubscribe", json!({})).await;
    assert_eq!(
        (&left["type"], &left["consultation_id"]),
        (&json!("call_unsubscribe"), &call.call["id"])
    );
    assert_eq!(signal(&call.dora, &call.call, json!({ "n": 1 })).await.status, 200);
    ana.hears_nothing().await;
    assert_eq!(ana.client.hello().await["channels"], json!([]));
    assert_eq!(numbers(&ana.subscribe().await), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_polls_reaches_those_who_listen() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let invited = invite(&call.dora, &call.call, "Interpreter").await;
    let guest = world
        .post("/api/consultations/guests", json!({ "token": invited["token"] }))
        .await
        .json();
    let token = text(&guest["session_token"]);
    let post = async |action: &str, body: Value| {
        let request = world.request(reqwest::Method::POST, &call.path(action));
        tests::world::send(request.header("X-Consultation-Session", &token).json(&body)).await
    };
    let offer = json!({ "signal_type": "offer", "signal_data": {}, "to_user_id": call.dora.id });
    assert_eq!(post("/signal", offer).await.status, 200);
    assert_eq!(dora.hear("signal").await["from_user_id"], invited["id"]);
    assert_eq!(post("/messages", json!({ "text": "Hola" })).await.status, 201);
    for line in [&mut dora, &mut ana] {
        let heard = line.hear("message").await;
        assert_eq!((&heard["from"], &heard["text"]), (&json!("guest"), &json!("Hola")));
    }
    let answer = json!({ "signal_data": {}, "to_user_id": invited["id"] });
    assert_eq!(dora.signal(answer).await["sequence"], 1);
    ana.hears_nothing().await;
}
