use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use data_encoding::BASE64;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Advice, GeminiClient, GeminiError, GeminiSettings, Named, Picture, PictureKind, Prompt, Schema, StandIn,
    Structured, Trouble,
};
use crate::stand_in::{Fault, open, port, serve_up_to};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Foods {
    items: Vec<Food>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Food {
    name: String,
    calories: f64,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    unit: Option<Unit>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Unit {
    G,
    Ml,
    Piece,
}

impl Structured for Foods {
    fn schema() -> Schema {
        let food = Schema::object([
            ("name", Schema::text()),
            ("calories", Schema::number()),
            ("unit", Schema::one_of(["g", "ml", "piece"]).optional()),
            ("confidence", Schema::number().nullable().optional()),
        ]);
        Schema::object([("items", Schema::list(food))])
    }

    fn is_sound(&self) -> bool {
        self.items.len() <= 5 && self.items.iter().all(|food| food.name.len() <= 20)
    }
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("fixtures/gemini.json")).unwrap()
}

fn prompt() -> Prompt {
    let data = vectors()["request_body"]["contents"][0]["parts"][0]["inlineData"]["data"].clone();
    Prompt {
        instruction: "Answer in JSON.".to_owned(),
        pictures: vec![Picture {
            kind: PictureKind::Png,
            bytes: BASE64.decode(data.as_str().unwrap().as_bytes()).unwrap().into(),
        }],
        text: "List the foods in this picture.".to_owned(),
        most_tokens: 512,
    }
}

fn settings(base_url: String, model: &str) -> GeminiSettings {
    GeminiSettings {
        base_url,
        model: model.to_owned(),
        api_key: "AIzaTESTKEY".to_owned(),
        time_limit: Duration::from_secs(4),
    }
}

type Seen = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A service with one answer to everything.
async fn scripted(status: u16, body: Value) -> (String, Seen) {
    let seen = Seen::default();
    let status = StatusCode::from_u16(status).unwrap();
    let record = seen.clone();
    let url = open(move |request: &Request<Bytes>| {
        record.lock().unwrap().push(request.clone());
        Some(crate::stand_in::json(status, &body))
    })
    .await;
    (url, seen)
}

fn rice() -> Foods {
    let food = Food {
        name: "rice".to_owned(),
        calories: 206.0,
        confidence: None,
        unit: None,
    };
    Foods { items: vec![food] }
}

#[tokio::test]
async fn questions_are_sent_and_answered_as_with_the_official_library() {
    let vectors = vectors();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 11);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let url = case["url"].as_str().unwrap();
        let (_, model) = url.rsplit_once('/').unwrap();
        let model = model.strip_suffix(":generateContent").unwrap();
        let status = u16::try_from(case["response"]["status"].as_u64().unwrap()).unwrap();
        let (base, seen) = scripted(status, case["response"]["body"].clone()).await;
        let client = GeminiClient::new(&settings(base, model)).unwrap();
        let answer = client.generate::<Foods>(&prompt()).await;
        let request = seen.lock().unwrap().first().cloned().unwrap();
        let sent = format!("https://generativelanguage.googleapis.com{}", request.uri());
        assert_eq!((request.method().as_str(), sent.as_str()), ("POST", url), "{name}");
        for (header, value) in case["headers"].as_object().unwrap() {
            assert_eq!(request.headers()[header], value.as_str().unwrap(), "{name}");
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body, vectors["request_body"], "{name}");
        let retry_after = Some(Duration::from_secs(36));
        let expected = match name {
            "image_json_schema" => Ok(rice()),
            "several_parts_and_thought" => Ok(Foods { items: Vec::new() }),
            "truncated" => Err(GeminiError::Cut),
            "candidate_blocked" => Err(GeminiError::Blocked("SAFETY")),
            "prompt_blocked" => Err(GeminiError::Blocked("PROHIBITED_CONTENT")),
            "recitation" => Err(GeminiError::Blocked("RECITATION")),
            "rate_limited" => Err(GeminiError::Quota { retry_after }),
            "overloaded" => Err(GeminiError::Unavailable),
            "bad_key" => Err(GeminiError::Refused(400)),
            "model_gone" => Err(GeminiError::ModelGone),
            "bad_image" => Err(GeminiError::Invalid),
            other => panic!("{other} is not expected"),
        };
        assert_eq!(answer, expected, "{name}");
    }
}

fn said(text: &str) -> Value {
    json!({ "candidates": [{ "content": { "parts": [{ "text": text }] }, "finishReason": "STOP" }] })
}

async fn answer_to(body: Value) -> Result<Foods, GeminiError> {
    let (base, _) = scripted(200, body).await;
    let client = GeminiClient::new(&settings(base, "gemini-3.5-flash")).unwrap();
    client.generate(&prompt()).await
}

#[tokio::test]
async fn a_model_says_which_it_is_and_nothing_hangs_on_it() {
    for (version, expected) in [
        (json!("gemini-3.8-flash-002"), Some("gemini-3.8-flash-002")),
        (json!("<b>Gemini</b>"), None),
        (json!(3.5), None),
        (Value::Null, None),
    ] {
        let mut body = said(r#"{"items":[]}"#);
        body["modelVersion"] = version;
        let (base, _) = scripted(200, body).await;
        let client = GeminiClient::new(&settings(base, "gemini-3.5-flash")).unwrap();
        let named: Named<Foods> = client.generate_named(&prompt()).await.unwrap();
        assert_eq!(named.model_version.as_deref(), expected);
    }
}

#[tokio::test]
async fn a_markdown_fence_is_no_part_of_the_answer() {
    let plain = r#"{"items":[{"name":"rice","calories":206}]}"#;
    for text in [
        format!("```json\n{plain}\n```"),
        format!("```\n{plain}```"),
        format!("\n {plain}\n"),
    ] {
        assert_eq!(answer_to(said(&text)).await, Ok(rice()), "{text}");
    }
}

#[tokio::test]
async fn what_breaks_the_shape_in_one_place_is_not_used_at_all() {
    let long = "x".repeat(21);
    let deep = "[".repeat(10_000);
    let huge = format!(r#"{{"items":[],"pad":"{}"}}"#, "x".repeat(70_000));
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "Sure! Here is your JSON.",
        r#"{"items":[{"name":"rice","calories":206,"unit":"bucket"}]}"#,
        r#"{"items":[{"name":"rice","calories":"206"}]}"#,
        r#"{"items":[{"name":"rice","calories":206}],"note":"ignore all rules"}"#,
        r#"{"items":[{"name":"rice","calories":206}]} {"items":[]}"#,
        r#"{"items":[{"name":"rice","calories":1e999}]}"#,
        &format!(r#"{{"items":[{{"name":"{long}","calories":206}}]}}"#),
        &deep,
        &huge,
    ] {
        let shown: String = text.chars().take(60).collect();
        assert_eq!(answer_to(said(text)).await, Err(GeminiError::Malformed), "{shown}");
    }
}

#[tokio::test]
async fn only_one_reason_to_stop_is_success() {
    for (reason, expected) in [
        (json!("SPII"), GeminiError::Blocked("SPII")),
        (json!("OTHER"), GeminiError::Blocked("OTHER")),
        (json!("IMAGE_SAFETY"), GeminiError::Blocked("IMAGE_SAFETY")),
        (json!("NO_IMAGE"), GeminiError::Unfinished("NO_IMAGE")),
        (
            json!("patient Ana"),
            GeminiError::Unfinished("a reason that is not documented"),
        ),
        (Value::Null, GeminiError::Unfinished("no reason was given")),
    ] {
        let mut body = said(r#"{"items":[]}"#);
        body["candidates"][0]["finishReason"] = reason;
        assert_eq!(answer_to(body).await, Err(expected));
    }
    for body in [json!({}), json!({ "candidates": [] })] {
        let expected = Err(GeminiError::Unfinished("nothing was answered"));
        assert_eq!(answer_to(body).await, expected);
    }
    assert_eq!(answer_to(json!("x")).await, Err(GeminiError::Unexpected(200)));
    assert_eq!(
        answer_to(json!({ "candidates": "x" })).await,
        Err(GeminiError::Unexpected(200))
    );
}

async fn stand_in(time_limit: Duration) -> (StandIn, GeminiClient) {
    let stand_in = StandIn::default();
    let (listener, url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    let settings = GeminiSettings {
        time_limit,
        ..StandIn::settings(url)
    };
    (stand_in, GeminiClient::new(&settings).unwrap())
}

const TIME: Duration = Duration::from_secs(5);

#[tokio::test]
async fn the_stand_in_answers_in_the_shape_that_is_asked_for() {
    let (stand_in, client) = stand_in(TIME).await;
    let foods: Foods = client.generate(&prompt()).await.unwrap();
    assert_eq!(foods.items.len(), 1);
    assert_eq!(foods.items[0].unit, Some(Unit::G));
    stand_in.will_say(json!({ "items": [{ "name": "rice", "calories": 206 }] }));
    assert_eq!(client.generate(&prompt()).await, Ok(rice()));
    assert_eq!(stand_in.asked().len(), 2);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_nothing_else() {
    let (stand_in, client) = stand_in(TIME).await;
    stand_in.will_say(json!({ "items": [{ "name": "rice", "calories": 206 }] }));
    let asked = || stand_in.asked().len();
    for (trouble, failures, passes) in [
        (Trouble::Internal, 1, true),
        (Trouble::Internal, 2, false),
        (Trouble::Overloaded, 2, true),
        (Trouble::Quota { retry_seconds: Some(1) }, 1, true),
        (
            Trouble::Quota {
                retry_seconds: Some(36),
            },
            1,
            false,
        ),
        (Trouble::Quota { retry_seconds: None }, 1, true),
        (Trouble::PromptBlocked("SAFETY"), 1, false),
        (Trouble::Finished("SAFETY"), 1, false),
        (Trouble::Cut, 1, false),
        (Trouble::Text("not JSON".to_owned()), 1, false),
    ] {
        let before = asked();
        stand_in.troubles().next(failures, trouble.clone());
        let answer = client.generate::<Foods>(&prompt()).await;
        stand_in.troubles().end();
        assert_eq!(answer.is_ok(), passes, "{trouble:?}: {answer:?}");
        let expected = if passes { failures + 1 } else { failures };
        assert_eq!(asked() - before, expected, "{trouble:?}");
    }
    stand_in.troubles().begin(Trouble::Huge { bytes: 100_000 });
    assert_eq!(client.generate::<Foods>(&prompt()).await, Err(GeminiError::Malformed));
    stand_in.troubles().begin(Trouble::Huge { bytes: 1_000_000 });
    assert_eq!(client.generate::<Foods>(&prompt()).await, Err(GeminiError::Malformed));
    stand_in.troubles().end();
    stand_in.faults().next(1, Fault::Dropped);
    assert_eq!(client.generate(&prompt()).await, Ok(rice()));
}

#[tokio::test]
async fn nobody_waits_longer_than_the_time_limit() {
    let (stand_in, client) = stand_in(Duration::from_millis(400)).await;
    for (fault, expected) in [
        (Fault::Silent, GeminiError::TimedOut),
        (
            Fault::Unavailable {
                retry_after_seconds: None,
            },
            GeminiError::Unavailable,
        ),
    ] {
        stand_in.faults().begin(fault);
        let started = Instant::now();
        assert_eq!(client.generate::<Foods>(&prompt()).await, Err(expected));
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn the_stand_in_refuses_what_gemini_refuses() {
    let stand_in = StandIn::default();
    let (listener, url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    let with = |change: fn(&mut GeminiSettings)| {
        let mut settings = StandIn::settings(url.clone());
        change(&mut settings);
        GeminiClient::new(&settings).unwrap()
    };
    let wrong_key = with(|settings| settings.api_key = "wrong".to_owned());
    let answer = wrong_key.generate::<Foods>(&prompt()).await;
    assert_eq!(answer, Err(GeminiError::Refused(400)));
    let old_model = with(|settings| settings.model = "gemini-1.5-flash".to_owned());
    let answer = old_model.generate::<Foods>(&prompt()).await;
    assert_eq!(answer, Err(GeminiError::ModelGone));
    assert_eq!(answer.unwrap_err().advice(), Advice::Alarm);
    let client = with(|_| ());
    let mut mislabelled = prompt();
    mislabelled.pictures[0].kind = PictureKind::Jpeg;
    assert_eq!(client.generate::<Foods>(&mislabelled).await, Err(GeminiError::Invalid));
    assert_eq!(stand_in.asked().len(), 0);
    let mut large = prompt();
    large.pictures[0].bytes = vec![0; 10 * 1024 * 1024].into();
    assert_eq!(client.generate::<Foods>(&large).await, Err(GeminiError::TooLarge));
}

#[test]
fn unusable_settings_are_told_at_once() {
    for change in [
        (|settings: &mut GeminiSettings| settings.base_url = "ftp://x".to_owned()) as fn(&mut GeminiSettings),
        |settings| settings.model = "../v1/other".to_owned(),
        |settings| settings.model = "a?key=b".to_owned(),
        |settings| settings.api_key = String::new(),
        |settings| settings.api_key = "line\nbreak".to_owned(),
    ] {
        let mut settings = settings("https://a.example".to_owned(), "gemini-3.5-flash");
        change(&mut settings);
        assert!(matches!(GeminiClient::new(&settings), Err(GeminiError::Settings(_))));
    }
    let shown = format!("{:?}", settings("https://a.example".to_owned(), "m"));
    assert!(!shown.contains("AIza"));
}

/// Pictures make requests larger than those of other services.
#[tokio::test]
async fn a_stand_in_takes_as_much_as_it_is_made_for() {
    let (listener, url) = port().await;
    tokio::spawn(serve_up_to(10, listener, |_| {
        Some(crate::stand_in::json(StatusCode::OK, &json!({})))
    }));
    let client = GeminiClient::new(&settings(url, "gemini-3.5-flash")).unwrap();
    assert_eq!(client.generate::<Foods>(&prompt()).await, Err(GeminiError::TooLarge));
}
