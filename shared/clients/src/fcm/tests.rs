use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::service_account::ServiceAccount;
use super::{FcmClient, FcmError, FcmSettings, SentPush, StandIn, Target};
use crate::clock::Clock;
use crate::push::{PushMessage, PushRefused};
use crate::stand_in::{Fault, open, port};

const TOKEN: &str = "fGcmToken-abc:APA91bExampleRegistrationToken";

fn vectors() -> Value {
    serde_json::from_str(include_str!("fixtures/fcm.json")).unwrap()
}

fn message() -> PushMessage {
    PushMessage {
        title: "Appointment".to_owned(),
        body: "Your visit starts in 10 minutes".to_owned(),
        data: BTreeMap::new(),
    }
}

fn part(assertion: &str, place: usize) -> Value {
    let part = assertion.split('.').nth(place).unwrap();
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn assertions_are_those_of_googles_libraries() {
    let vectors = vectors();
    let account = ServiceAccount::read(&vectors["service_account"].to_string()).unwrap();
    let at = |second| account.assertion(Timestamp::from_second(second).unwrap()).unwrap();
    assert_eq!(at(1_700_000_000), vectors["compact"]["assertion"]);
    for theirs in vectors["google_auth_library"].as_array().unwrap() {
        let ours = at(theirs["issued_at_unix"].as_i64().unwrap());
        let assertion = theirs["assertion"].as_str().unwrap();
        for place in [0, 1] {
            assert_eq!(part(&ours, place), part(assertion, place));
        }
        let url = crate::https::url("https://oauth2.googleapis.com", "/token").unwrap();
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let request = crate::https::form(&url, &[("grant_type", grant), ("assertion", assertion)]);
        assert_eq!(text(request).await, theirs["form_body"]);
    }
}

async fn text(request: Request<http_body_util::Full<Bytes>>) -> String {
    let body = request.into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

/// Gives access tokens to everybody, and the answer of a vector to every message.
struct Scripted {
    client: FcmClient,
    seen: Arc<Mutex<Vec<Value>>>,
    tokens: Arc<AtomicUsize>,
}

async fn scripted(vectors: &Value, answer: Value) -> Scripted {
    let (seen, tokens) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
    let (record, count, granted) = (
        seen.clone(),
        tokens.clone(),
        vectors["oauth_token_response_example"].clone(),
    );
    let base_url = open(move |request: &Request<Bytes>| {
        if request.uri().path() == "/token" {
            count.fetch_add(1, Ordering::SeqCst);
            return Some(crate::stand_in::json(StatusCode::OK, &granted));
        }
        assert_eq!(request.headers()["authorization"], "Bearer ya29.example");
        assert_eq!(request.uri().path(), "/v1/projects/telehealth-test/messages:send");
        record
            .lock()
            .unwrap()
            .push(serde_json::from_slice(request.body()).unwrap());
        let status = StatusCode::from_u16(answer["status"].as_u64().unwrap().try_into().unwrap()).unwrap();
        let mut reply = match &answer["body"] {
            Value::String(_) => crate::stand_in::html(status),
            body => crate::stand_in::json(status, body),
        };
        if let Some(wait) = answer["headers"]["retry-after"].as_str() {
            reply.headers_mut().insert("retry-after", wait.parse().unwrap());
        }
        Some(reply)
    })
    .await;
    let token_url = Some(format!("{base_url}/token"));
    let service_account_json = vectors["service_account"].to_string();
    let settings = FcmSettings {
        base_url,
        service_account_json,
        token_url,
    };
    Scripted {
        client: FcmClient::new(&settings).unwrap(),
        seen,
        tokens,
    }
}

#[tokio::test]
async fn a_message_is_that_of_the_admin_sdk() {
    let vectors = vectors();
    let taken = json!({ "status": 200, "body": { "name": "projects/telehealth-test/messages/1" } });
    let world = scripted(&vectors, taken).await;
    world.client.send(Target::Token(TOKEN), &message()).await.unwrap();
    let notice = PushMessage {
        title: "Notice".to_owned(),
        body: "Clinic closed on Friday".to_owned(),
        data: BTreeMap::new(),
    };
    world.client.send(Target::Topic("clinic-7"), &notice).await.unwrap();
    let expected = ["token_notification", "topic"].map(|name| {
        let all = vectors["send"].as_array().unwrap();
        all.iter().find(|vector| vector["name"] == name).unwrap()["body"].clone()
    });
    assert_eq!(*world.seen.lock().unwrap(), expected);
    assert_eq!(world.tokens.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn every_documented_error_says_what_to_do() {
    let vectors = vectors();
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    let errors = vectors["errors"].as_array().unwrap();
    for vector in errors {
        let name = vector["name"].as_str().unwrap();
        let world = scripted(&vectors, vector.clone()).await;
        let error = world.client.send(Target::Token(TOKEN), &message()).await.unwrap_err();
        let (gone, wait) = match name {
            "unregistered" | "invalid_token" | "sender_id_mismatch" => (true, None),
            "quota_exceeded" => (false, seconds(60)),
            "unavailable" => (false, seconds(30)),
            "internal" | "html_502" => (false, seconds(1)),
            "invalid_field" | "apns_auth" | "oauth_expired" => (false, None),
            other => panic!("{other} is not expected"),
        };
        assert_eq!((error.token_gone(), error.wait()), (gone, wait), "{name}: {error:?}");
        assert_eq!(error.may_retry(), wait.is_some(), "{name}");
        let is_alarm = matches!(error, FcmError::Alarm(_));
        assert_eq!(is_alarm, matches!(name, "apns_auth" | "oauth_expired"), "{name}");
        let attempts = if name == "oauth_expired" { 2 } else { 1 };
        assert_eq!(world.seen.lock().unwrap().len(), attempts, "{name}");
        assert_eq!(world.tokens.load(Ordering::SeqCst), attempts, "{name}");
    }
    assert_eq!(errors.len(), 10);
}

#[tokio::test]
async fn a_token_is_deleted_only_for_what_is_said_about_it() {
    let vectors = vectors();
    let violation = |field: &str| {
        json!({ "status": 400, "body": { "error": { "status": "INVALID_ARGUMENT", "details": [{
            "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{ "field": field }],
        }] } } })
    };
    let bare = |status: u16, name: &str| json!({ "status": status, "body": { "error": { "status": name } } });
    let cases = [
        (violation("message.token"), true),
        (violation("message.data"), false),
        (bare(400, "INVALID_ARGUMENT"), false),
        // The project is wrong: all tokens would be lost.
        (bare(404, "NOT_FOUND"), false),
        (bare(403, "PERMISSION_DENIED"), false),
        (json!({ "status": 404, "body": "a page" }), false),
    ];
    for (answer, gone) in cases {
        let world = scripted(&vectors, answer.clone()).await;
        let error = world.client.send(Target::Token(TOKEN), &message()).await.unwrap_err();
        assert_eq!(error.token_gone(), gone, "{answer}");
        assert!(!error.may_retry(), "{answer}");
    }
}

#[tokio::test]
async fn a_date_says_when_to_come_back() {
    let vectors = vectors();
    let answer = json!({
        "status": 503, "body": "a page", "headers": { "retry-after": "Tue, 14 Nov 2023 22:15:20 GMT" },
    });
    let world = scripted(&vectors, answer).await;
    let client = world
        .client
        .with_clock(Clock::new(|| Timestamp::from_second(1_700_000_000).unwrap()));
    let error = client.send(Target::Token(TOKEN), &message()).await.unwrap_err();
    assert_eq!(error.wait(), Some(Duration::from_secs(120)));
}

#[tokio::test]
async fn what_no_phone_would_get_is_not_sent() {
    let vectors = vectors();
    let world = scripted(&vectors, json!({ "status": 200, "body": {} })).await;
    let reserved = PushMessage {
        data: BTreeMap::from([("google.x".to_owned(), "1".to_owned())]),
        ..message()
    };
    let refused = world.client.send(Target::Token(TOKEN), &reserved).await;
    assert_eq!(refused, Err(FcmError::Unwritable(PushRefused::Key)));
    let large = PushMessage {
        body: "x".repeat(3_000),
        ..message()
    };
    assert_eq!(world.client.send(Target::Token(TOKEN), &large).await, Ok(()));
    let topic = world.client.send(Target::Topic("clinic-7"), &large).await;
    assert_eq!(topic, Err(FcmError::Unwritable(PushRefused::TooLarge(2_048))));
    assert_eq!(
        world.client.send(Target::Topic("a b"), &message()).await,
        Err(FcmError::Malformed)
    );
    assert_eq!(
        world.client.send(Target::Token(""), &message()).await,
        Err(FcmError::TokenGone)
    );
    assert_eq!(world.seen.lock().unwrap().len(), 1);
}

#[test]
fn a_key_file_is_checked_and_not_printed() {
    let settings = StandIn::settings("http://127.0.0.1:1");
    assert!(FcmClient::new(&settings).is_ok());
    assert!(!format!("{settings:?}").contains("PRIVATE KEY"));
    assert!(!format!("{:?}", Target::Token(TOKEN)).contains(TOKEN));
    let broken = [
        ("private_key", "none"),
        ("project_id", "../other"),
        ("token_uri", "no URL"),
    ];
    for (name, value) in broken {
        let mut file: Value = serde_json::from_str(&settings.service_account_json).unwrap();
        file[name] = value.into();
        let settings = FcmSettings {
            service_account_json: file.to_string(),
            ..settings.clone()
        };
        assert!(
            matches!(FcmClient::new(&settings), Err(FcmError::Settings(_))),
            "{name}"
        );
    }
}

struct World {
    client: FcmClient,
    stand_in: StandIn,
    sent: Arc<Mutex<Vec<SentPush>>>,
    now: Arc<Mutex<Timestamp>>,
}

impl World {
    async fn new() -> Self {
        let (sent, now) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(Mutex::new(Timestamp::UNIX_EPOCH)),
        );
        let record = sent.clone();
        let stand_in = StandIn::new(move |push| record.lock().unwrap().push(push));
        let time = now.clone();
        let clock = Clock::new(move || *time.lock().unwrap());
        stand_in.use_clock(clock.clone());
        let (listener, url) = port().await;
        tokio::spawn(stand_in.clone().serve(listener));
        let client = FcmClient::new(&StandIn::settings(&url)).unwrap().with_clock(clock);
        Self {
            client,
            stand_in,
            sent,
            now,
        }
    }

    async fn send(&self) -> Result<(), FcmError> {
        self.client.send(Target::Token(TOKEN), &message()).await
    }

    fn pass(&self, seconds: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

#[tokio::test]
async fn an_access_token_is_asked_for_once_and_renewed_before_its_end() {
    let world = World::new().await;
    let (one, two, three) = tokio::join!(world.send(), world.send(), world.send());
    assert_eq!((one, two, three), (Ok(()), Ok(()), Ok(())));
    assert_eq!(world.stand_in.access_tokens_given(), 1);
    world.pass(3_598 - 300);
    world.send().await.unwrap();
    assert_eq!(world.stand_in.access_tokens_given(), 1);
    world.pass(1);
    world.send().await.unwrap();
    assert_eq!(world.stand_in.access_tokens_given(), 2);
    world.stand_in.revoke_access_tokens();
    world.send().await.unwrap();
    assert_eq!(world.stand_in.access_tokens_given(), 3);
    assert_eq!(world.sent.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn while_a_renewal_fails_a_token_goes_on_to_its_end() {
    let world = World::new().await;
    let faults = world.stand_in.faults();
    let down = Fault::Unavailable {
        retry_after_seconds: Some(7),
    };
    world.send().await.unwrap();
    world.pass(3_400);
    faults.next(1, down);
    assert_eq!(world.send().await, Ok(()));
    world.pass(199);
    faults.next(1, down);
    assert_eq!(world.send().await.unwrap_err().wait(), Some(Duration::from_secs(7)));
    assert_eq!(world.send().await, Ok(()));
}

#[tokio::test]
async fn gone_tokens_and_failures_can_be_practised() {
    let world = World::new().await;
    world.stand_in.unregister(TOKEN);
    assert_eq!(world.send().await, Err(FcmError::TokenGone));
    world.stand_in.mismatch("other");
    let other = world.client.send(Target::Token("other"), &message()).await;
    assert_eq!(other, Err(FcmError::TokenGone));
    let malformed = world.client.send(Target::Token("two words"), &message()).await;
    assert_eq!(malformed, Err(FcmError::TokenGone));
    world.stand_in.faults().begin(Fault::Dropped);
    assert!(
        world
            .client
            .send(Target::Token("third"), &message())
            .await
            .unwrap_err()
            .may_retry()
    );
    world.stand_in.faults().end();
    assert!(world.sent.lock().unwrap().is_empty());
    let visit = PushMessage {
        data: BTreeMap::from([("visit".to_owned(), "7".to_owned())]),
        ..message()
    };
    world.client.send(Target::Token("third"), &visit).await.unwrap();
    let sent = world.sent.lock().unwrap();
    assert_eq!((sent[0].to.as_str(), sent[0].data["visit"].as_str()), ("third", "7"));
    assert_eq!(sent[0].title.as_deref(), Some("Appointment"));
}

#[tokio::test]
async fn strangers_and_wrong_clocks_get_no_access_token() {
    let world = World::new().await;
    let late = world
        .client
        .clone()
        .with_clock(Clock::new(|| Timestamp::from_second(7_200).unwrap()));
    assert!(matches!(
        late.send(Target::Token(TOKEN), &message()).await,
        Err(FcmError::Alarm(_))
    ));
    let (listener, url) = port().await;
    tokio::spawn(world.stand_in.clone().serve(listener));
    let settings = FcmSettings {
        service_account_json: vectors()["service_account"].to_string(),
        token_url: Some(format!("{url}/token")),
        base_url: url,
    };
    let stranger = FcmClient::new(&settings)
        .unwrap()
        .with_clock(Clock::new(|| Timestamp::UNIX_EPOCH));
    assert!(matches!(
        stranger.send(Target::Token(TOKEN), &message()).await,
        Err(FcmError::Alarm(_))
    ));
    assert_eq!(world.stand_in.access_tokens_given(), 0);
}
