use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Advice, Channel, Check, SentCode, StandIn, TwilioClient, TwilioError, TwilioSettings};
use crate::clock::Clock;
use crate::stand_in::{Fault, html, open, port};

const NUMBER: &str = "+15017122661";

fn vectors() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("fixtures/twilio-verify.json")).unwrap();
    file["requests"].as_array().unwrap().clone()
}

fn settings(base_url: String) -> TwilioSettings {
    TwilioSettings {
        base_url,
        account_sid: "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
        auth_token: "0123456789abcdef0123456789abcdef".to_owned(),
        service_sid: "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
    }
}

type Seen = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A service with one answer to everything.
async fn scripted(status: u16, body: Option<Value>) -> (TwilioClient, Seen) {
    let seen = Seen::default();
    let status = StatusCode::from_u16(status).unwrap();
    let record = seen.clone();
    let url = open(move |request: &Request<Bytes>| {
        record.lock().unwrap().push(request.clone());
        Some(match &body {
            Some(body) => crate::stand_in::json(status, body),
            None => html(status),
        })
    })
    .await;
    (TwilioClient::new(&settings(url)).unwrap(), seen)
}

fn assert_sent_like(request: &Request<Bytes>, vector: &Value) {
    let name = &vector["name"];
    assert_eq!(request.method().as_str(), vector["method"], "{name}");
    let url = format!("https://verify.twilio.com{}", request.uri().path());
    assert_eq!(url, vector["url"], "{name}");
    for (header, value) in vector["headers"].as_object().unwrap() {
        assert_eq!(request.headers()[header], value.as_str().unwrap(), "{name}");
    }
    let body = str::from_utf8(request.body()).unwrap();
    assert_eq!(body, vector["form_body"], "{name}");
}

#[tokio::test]
async fn starts_are_sent_and_answered_as_with_the_official_library() {
    let mut count = 0;
    for vector in vectors() {
        let fields = &vector["form_fields"];
        let known = ["To", "Channel", "Locale"];
        let is_start = vector["url"].as_str().unwrap().ends_with("/Verifications");
        if !is_start
            || !fields
                .as_object()
                .unwrap()
                .keys()
                .all(|key| known.contains(&key.as_str()))
        {
            continue;
        }
        count += 1;
        let channel = match fields["Channel"].as_str().unwrap() {
            "sms" => Channel::Sms,
            "call" => Channel::Call,
            _ => Channel::Email,
        };
        let response = &vector["response"];
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        let (client, seen) = scripted(status, Some(response["body"].clone())).await;
        let to = fields["To"].as_str().unwrap();
        let answer = client.start(to, channel, fields["Locale"].as_str()).await;
        let [request] = &seen.lock().unwrap()[..] else {
            panic!("{}: one request", vector["name"])
        };
        assert_sent_like(request, &vector);
        let expected = match vector["name"].as_str().unwrap() {
            "start_too_many_sends" => Err(TwilioError::TooManySends),
            "start_invalid_parameter" => Err(TwilioError::Invalid),
            "start_landline" => Err(TwilioError::Landline),
            "bad_credentials" => Err(TwilioError::Refused(20003)),
            "too_many_requests" => Err(TwilioError::Busy),
            _ => Ok(vector["library_result"]["sid"].as_str().unwrap().to_owned()),
        };
        assert_eq!(answer.map(|started| started.sid), expected, "{}", vector["name"]);
    }
    assert_eq!(count, 8);
}

#[tokio::test]
async fn checks_are_sent_and_answered_as_with_the_official_library() {
    let mut count = 0;
    for vector in vectors() {
        let fields = &vector["form_fields"];
        let (Some(code), Some(to)) = (fields["Code"].as_str(), fields["To"].as_str()) else {
            continue;
        };
        count += 1;
        let response = &vector["response"];
        let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
        let (client, seen) = scripted(status, Some(response["body"].clone())).await;
        let answer = client.check(to, code).await;
        let [request] = &seen.lock().unwrap()[..] else {
            panic!("{}: one request", vector["name"])
        };
        assert_sent_like(request, &vector);
        let expected = match vector["name"].as_str().unwrap() {
            "check_approved" => Ok(Check::Approved),
            "check_wrong_code" => Ok(Check::Wrong),
            "check_not_found" => Ok(Check::Gone),
            "check_too_many" => Err(TwilioError::TooManyChecks),
            other => panic!("{other} is not expected"),
        };
        assert_eq!(answer, expected, "{}", vector["name"]);
    }
    assert_eq!(count, 4);
}

#[tokio::test]
async fn only_the_status_approved_is_success() {
    let answers = [
        (json!({ "status": "pending", "valid": true }), Ok(Check::Wrong)),
        (json!({ "status": "canceled" }), Ok(Check::Gone)),
        (json!({ "status": "Approved" }), Err(TwilioError::Unexpected(201))),
        (json!({ "valid": true }), Err(TwilioError::Unexpected(201))),
        (json!([]), Err(TwilioError::Unexpected(201))),
        (json!({ "status": "approved" }), Ok(Check::Approved)),
    ];
    for (body, expected) in answers {
        let (client, _) = scripted(201, Some(body.clone())).await;
        assert_eq!(client.check(NUMBER, "123456").await, expected, "{body}");
    }
}

#[tokio::test]
async fn what_is_not_json_is_judged_by_its_status() {
    let statuses = [
        (200, TwilioError::Unexpected(200), TwilioError::Unexpected(200)),
        (302, TwilioError::Unexpected(302), TwilioError::Unexpected(302)),
        (403, TwilioError::Refused(403), TwilioError::Refused(403)),
        // Not Twilio's 20404, so nothing is said about the code.
        (404, TwilioError::Unexpected(404), TwilioError::Unexpected(404)),
        (429, TwilioError::Busy, TwilioError::NotChecked),
        (502, TwilioError::Unavailable, TwilioError::CheckLost),
    ];
    for (status, start, check) in statuses {
        let (client, seen) = scripted(status, None).await;
        assert_eq!(client.start(NUMBER, Channel::Sms, None).await, Err(start), "{status}");
        assert_eq!(client.check(NUMBER, "123456").await, Err(check.clone()), "{status}");
        assert!(!check.may_retry());
        assert_eq!(seen.lock().unwrap().len(), 2, "nothing is repeated after {status}");
    }
    let wrong_service = json!({ "code": 20404, "message": "", "more_info": "", "status": 404 });
    let (client, _) = scripted(404, Some(wrong_service)).await;
    let start = client.start(NUMBER, Channel::Sms, None).await.unwrap_err();
    assert_eq!((start.advice(), start.may_retry()), (Advice::Alarm, false));
}

#[test]
fn settings_are_checked_and_not_printed() {
    let good = settings("https://verify.twilio.com".to_owned());
    assert!(TwilioClient::new(&good).is_ok());
    assert!(!format!("{good:?}").contains(&good.auth_token));
    let wrong = [
        TwilioSettings {
            service_sid: "VAshort".to_owned(),
            ..good.clone()
        },
        TwilioSettings {
            account_sid: good.service_sid.clone(),
            ..good.clone()
        },
        TwilioSettings {
            auth_token: String::new(),
            ..good.clone()
        },
        TwilioSettings {
            base_url: "verify".to_owned(),
            ..good
        },
    ];
    for settings in wrong {
        let error = TwilioClient::new(&settings).err();
        assert!(matches!(error, Some(TwilioError::Settings(_))), "{settings:?}");
    }
}

struct World {
    client: TwilioClient,
    stand_in: StandIn,
    sent: Arc<Mutex<Vec<SentCode>>>,
    now: Arc<Mutex<Timestamp>>,
    url: String,
}

impl World {
    async fn new() -> Self {
        let (sent, now) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(Mutex::new(Timestamp::UNIX_EPOCH)),
        );
        let (record, clock) = (sent.clone(), now.clone());
        let stand_in = StandIn::new(move |message| record.lock().unwrap().push(message));
        stand_in.use_clock(Clock::new(move || *clock.lock().unwrap()));
        let (listener, url) = port().await;
        tokio::spawn(stand_in.clone().serve(listener));
        Self {
            client: TwilioClient::new(&StandIn::settings(url.clone())).unwrap(),
            stand_in,
            sent,
            now,
            url,
        }
    }

    async fn start(&self) -> Result<String, TwilioError> {
        let started = self.client.start(NUMBER, Channel::Sms, Some("es")).await;
        started.map(|started| started.sid)
    }

    fn code(&self) -> String {
        self.sent.lock().unwrap().last().unwrap().code.clone()
    }

    fn wrong_code(&self) -> &'static str {
        if self.code() == "000000" { "000001" } else { "000000" }
    }

    fn pass(&self, seconds: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

#[tokio::test]
async fn a_repeated_start_sends_the_same_code_and_a_code_works_once() {
    let world = World::new().await;
    let sid = world.start().await.unwrap();
    let code = world.code();
    world.pass(599);
    assert_eq!(world.start().await, Ok(sid));
    assert_eq!(world.code(), code);
    assert_eq!(world.client.check(NUMBER, world.wrong_code()).await, Ok(Check::Wrong));
    assert_eq!(world.client.check("+15017122662", &code).await, Ok(Check::Gone));
    assert_eq!(world.client.check(NUMBER, &code).await, Ok(Check::Approved));
    assert_eq!(world.client.check(NUMBER, &code).await, Ok(Check::Gone));
    let sent = world.sent.lock().unwrap();
    assert!(sent[0].text.contains(&code) && sent[0].to == NUMBER && sent[0].locale.as_deref() == Some("es"));
    assert!(!format!("{:?}", sent[0]).contains(&code));
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() {
    let world = World::new().await;
    let sid = world.start().await.unwrap();
    let code = world.code();
    world.pass(600);
    assert_eq!(world.client.check(NUMBER, &code).await, Ok(Check::Gone));
    assert_ne!(world.start().await.unwrap(), sid);
}

#[tokio::test]
async fn there_are_five_messages_and_five_checks() {
    let world = World::new().await;
    for _ in 0..5 {
        world.start().await.unwrap();
    }
    assert_eq!(world.start().await, Err(TwilioError::TooManySends));
    for _ in 0..5 {
        assert_eq!(world.client.check(NUMBER, world.wrong_code()).await, Ok(Check::Wrong));
    }
    let right = world.client.check(NUMBER, &world.code()).await;
    assert_eq!(right, Err(TwilioError::TooManyChecks));
    assert_eq!(right.unwrap_err().advice(), Advice::Wait);
    assert_eq!(world.start().await, Err(TwilioError::TooManyChecks));
    world.pass(600);
    assert!(world.start().await.is_ok());
}

#[tokio::test]
async fn numbers_credentials_and_services_are_looked_at() {
    let world = World::new().await;
    let start = async |to: &str, channel| world.client.start(to, channel, None).await.map(|_| ());
    for wrong in [
        "+1",
        "15017122661",
        "+1 501 712 2661",
        "+05017122661",
        "ana@example.org",
    ] {
        assert_eq!(start(wrong, Channel::Sms).await, Err(TwilioError::Invalid), "{wrong}");
    }
    assert_eq!(start("ana@example.org", Channel::Email).await, Ok(()));
    assert_eq!(world.client.check(NUMBER, "123").await, Err(TwilioError::Invalid));
    world.stand_in.mark_landline(NUMBER);
    let landline = start(NUMBER, Channel::Sms).await.unwrap_err();
    assert_eq!(landline.advice(), Advice::OfferCall);
    assert_eq!(start(NUMBER, Channel::Call).await, Ok(()));
    world.stand_in.mark_blocked(NUMBER);
    assert_eq!(start(NUMBER, Channel::Call).await, Err(TwilioError::Blocked));

    let good = StandIn::settings(world.url.clone());
    let stranger = TwilioSettings {
        auth_token: "guessed".to_owned(),
        ..good.clone()
    };
    let elsewhere = TwilioSettings {
        service_sid: "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
        ..good
    };
    for (settings, code) in [(stranger, 20003), (elsewhere, 20404)] {
        let client = TwilioClient::new(&settings).unwrap();
        let start = client.start(NUMBER, Channel::Sms, None).await;
        assert_eq!(start, Err(TwilioError::Refused(code)));
    }
}

#[tokio::test]
async fn failures_can_be_practised() {
    let world = World::new().await;
    let faults = world.stand_in.faults();
    faults.next(
        1,
        Fault::Unavailable {
            retry_after_seconds: None,
        },
    );
    let down = world.start().await.unwrap_err();
    assert!(down.may_retry());
    world.start().await.unwrap();
    faults.next(1, Fault::AnswerLost);
    let lost = world.client.check(NUMBER, &world.code()).await.unwrap_err();
    assert_eq!((lost.advice(), lost.may_retry()), (Advice::AskForNewCode, false));
    // It was carried out: asking again would tell a person with the right code that it is wrong.
    assert_eq!(world.client.check(NUMBER, &world.code()).await, Ok(Check::Gone));
    faults.begin(Fault::Dropped);
    assert_eq!(world.start().await, Err(TwilioError::Unavailable));
    faults.end();
    assert!(world.start().await.is_ok());
}

#[tokio::test]
async fn the_stand_in_takes_only_what_the_openapi_document_takes() {
    let world = World::new().await;
    let settings = StandIn::settings(world.url.clone());
    let path = format!("/v2/Services/{}/Verifications", settings.service_sid);
    let url = crate::https::url(&world.url, &path).unwrap();
    let https = crate::https::HttpsClient::new(crate::https::Connections::Kept).unwrap();
    let credentials = format!("{}:{}", settings.account_sid, settings.auth_token);
    let basic = format!("Basic {}", data_encoding::BASE64.encode(credentials.as_bytes()));
    let status = async |mut request: Request<http_body_util::Full<Bytes>>| {
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, basic.parse().unwrap());
        let answer = https.send(request, std::time::Duration::from_secs(5)).await.unwrap();
        (answer.status.as_u16(), answer.json::<Value>().unwrap()["code"].as_u64())
    };
    let form = |fields: &[(&str, &str)]| crate::https::form(&url, fields);
    let limits = "{\"end_user_ip_address\":\"203.0.113.7\"}";
    let good = form(&[("To", NUMBER), ("Channel", "sms"), ("RateLimits", limits)]);
    assert_eq!(status(good).await, (201, None));
    let wrong = [
        form(&[("To", NUMBER)]),
        form(&[("Channel", "sms")]),
        form(&[("To", NUMBER), ("Channel", "pigeon")]),
        form(&[("to", NUMBER), ("Channel", "sms")]),
        form(&[("To", NUMBER), ("Channel", "sms"), ("Channel", "call")]),
        form(&[("To", NUMBER), ("Channel", "sms"), ("RateLimits", "no object")]),
        crate::https::json(&url, &json!({ "To": NUMBER, "Channel": "sms" })),
    ];
    for request in wrong {
        assert_eq!(status(request).await, (400, Some(60200)));
    }
}
