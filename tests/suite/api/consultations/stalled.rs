//! Requests in another process that stop on their way to the database, while others go past them; and that meet others
//! there.

use serde_json::{Value, json};
use tests::aside::Aside;
use tests::gate::{Moment, Stopped};
use tests::world::{Person, World};

use super::signals::{after, numbers, send_numbers};
use super::{Call, join};
use crate::api::lambda::event;

/// Of somebody, on a connection of theirs if that is known, to something of a call.
fn request(
    person: &Person,
    call: &Call,
    (method, action, query): (&str, &str, &str),
    session: &Value,
    body: Option<Value>,
) -> Value {
    let bearer = format!("Bearer {}", person.token);
    let mut headers = vec![("content-type", "application/json"), ("authorization", bearer.as_str())];
    headers.extend(session.as_str().map(|session| ("x-consultation-session", session)));
    let mut event = event(
        method,
        &call.path(action),
        &headers,
        body.map(|body| (body.to_string(), false)),
    );
    let route = json!(format!("{method} /api/consultations/{{id}}{action}"));
    event["routeKey"] = route.clone();
    event["requestContext"]["routeKey"] = route;
    event["rawQueryString"] = json!(query);
    event["pathParameters"] = json!({ "id": call.call["id"] });
    event
}

/// The request stops before its first transaction, its person joins anew, and it goes on.
async fn overtaken(aside: &Aside, function: &str, event: &Value, call: &Call) -> (u64, Value, Value) {
    let Stopped { reached, release } = aside.gate.stop_at(1, Moment::BeforeCommit);
    let joins = async {
        reached.await.expect("it comes to its transaction");
        let newer = join(&call.ana, &call.call).await["session_token"].clone();
        release.send(()).expect("it still waits");
        newer
    };
    let ((status, body), newer) = tokio::join!(aside.answer(function, event), joins);
    (status, body, newer)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_over_in_the_middle_takes_nothing_from_the_newer_connection() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let aside = Aside::of(&world).await;
    send_numbers(&call.dora, &call, 1..=3).await;
    for query in ["after=3", ""] {
        let old = join(&call.ana, &call.call).await["session_token"].clone();
        let event = request(&call.ana, &call, ("GET", "/signals", query), &old, None);
        let (status, body, newer) = overtaken(&aside, "list-signals", &event, &call).await;
        assert_eq!(
            (status, &body["code"]),
            (409, &json!("connection_taken_over")),
            "{query}: {body}"
        );
        assert_eq!(
            numbers(&after(&call.ana, &call, 0, Some(&newer)).await),
            [1, 2, 3],
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_over_in_the_middle_says_nothing_more() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let aside = Aside::of(&world).await;
    let old = join(&call.ana, &call.call).await["session_token"].clone();
    let offer = json!({ "signal_type": "offer", "signal_data": { "n": 1 } });
    let event = request(&call.ana, &call, ("POST", "/signal", ""), &old, Some(offer));
    let (status, body, _) = overtaken(&aside, "send-signal", &event, &call).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("connection_taken_over")),
        "{body}"
    );
    let heard = after(&call.dora, &call, 0, None).await;
    assert_eq!(numbers(&heard), Vec::<u64>::new());
}

/// Each transaction of a call looks at the call, and DynamoDB lets no two of them at one item at a time.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_others_a_dozen_times_is_done_all_the_same() {
    const MEETINGS: u32 = 12;
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let aside = Aside::of(&world).await;
    let session = join(&call.ana, &call.call).await["session_token"].clone();
    let signal = |n: u64| Some(json!({ "signal_type": "offer", "signal_data": { "n": n } }));
    let message = Some(json!({ "text": "Hello" }));
    let mut keyed = request(&call.ana, &call, ("POST", "/signal", ""), &session, signal(2));
    keyed["headers"]["idempotency-key"] = json!("one");
    for (function, event, status) in [
        (
            "send-signal",
            request(&call.ana, &call, ("POST", "/signal", ""), &session, signal(1)),
            200,
        ),
        ("send-signal", keyed, 200),
        (
            "send-call-message",
            request(&call.ana, &call, ("POST", "/messages", ""), &session, message),
            201,
        ),
        (
            "join-consultation",
            request(&call.dora, &call, ("POST", "/join", ""), &Value::Null, None),
            200,
        ),
        (
            "list-signals",
            request(&call.dora, &call, ("GET", "/signals", ""), &Value::Null, None),
            200,
        ),
        (
            "end-consultation",
            request(&call.dora, &call, ("POST", "/end", ""), &Value::Null, None),
            200,
        ),
    ] {
        aside.gate.let_meet(MEETINGS);
        let (answered, body) = aside.answer(function, &event).await;
        assert_eq!((answered, aside.gate.left_to_meet()), (status, 0), "{function}: {body}");
        if function == "list-signals" {
            assert_eq!(body["signals"].as_array().unwrap().len(), 2, "{body}");
        }
    }
}
