use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Advice, HuggingFaceClient, HuggingFaceError, HuggingFaceSettings, Scored, StandIn, Trouble};
use crate::stand_in::{Fault, html, open, port};

const LABELS: [&str; 3] = ["cardiology", "dermatology", "administrative"];
const TEXT: &str = "I have chest pain and short breath";

fn settings(base_url: String, time_limit: Duration) -> HuggingFaceSettings {
    HuggingFaceSettings {
        base_url,
        model: "facebook/bart-large-mnli".to_owned(),
        token: "hf_TESTTOKEN000000000000000000000000".to_owned(),
        time_limit,
    }
}

type Seen = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A service with one answer to everything; a text is a page.
async fn scripted(status: u16, body: Value) -> (HuggingFaceClient, Seen) {
    let seen = Seen::default();
    let status = StatusCode::from_u16(status).unwrap();
    let record = seen.clone();
    let url = open(move |request: &Request<Bytes>| {
        record.lock().unwrap().push(request.clone());
        Some(match &body {
            Value::String(_) => html(status),
            body => crate::stand_in::json(status, body),
        })
    })
    .await;
    let client = HuggingFaceClient::new(&settings(url, Duration::from_secs(4))).unwrap();
    (client, seen)
}

#[tokio::test]
async fn questions_are_sent_and_answered_as_with_the_official_library() {
    let vectors: Value = serde_json::from_str(include_str!("fixtures/zero-shot.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let status = u16::try_from(case["response"]["status"].as_u64().unwrap()).unwrap();
        let (client, seen) = scripted(status, case["response"]["body"].clone()).await;
        let answer = client.classify(TEXT, &LABELS).await;
        let request = seen.lock().unwrap().first().cloned().unwrap();
        let sent = format!("https://router.huggingface.co{}", request.uri());
        assert_eq!(
            (request.method().as_str(), sent.as_str()),
            ("POST", case["url"].as_str().unwrap())
        );
        for (header, value) in case["headers"].as_object().unwrap() {
            assert_eq!(request.headers()[header], value.as_str().unwrap(), "{name}");
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body, case["body"], "{name}");
        let expected = match name {
            "zero_shot_array" | "zero_shot_legacy_object" => {
                let scored = case["client_result"].as_array().unwrap().iter();
                Ok(scored
                    .map(|each| Scored {
                        label: each["label"].as_str().unwrap().to_owned(),
                        score: each["score"].as_f64().unwrap(),
                    })
                    .collect())
            }
            "zero_shot_loading" => Err(HuggingFaceError::Loading),
            "zero_shot_bad_token" => Err(HuggingFaceError::Refused(401)),
            "zero_shot_rate_limited" => Err(HuggingFaceError::Busy),
            "zero_shot_bad_input" => Err(HuggingFaceError::Invalid),
            "zero_shot_credits_spent" => Err(HuggingFaceError::CreditsSpent),
            "zero_shot_html" => Err(HuggingFaceError::Unavailable),
            other => panic!("{other} is not expected"),
        };
        assert_eq!(answer, expected, "{name}");
    }
}

#[tokio::test]
async fn scores_of_other_labels_are_no_answer() {
    let scores = |pairs: [(&str, f64); 3]| -> Value {
        pairs
            .iter()
            .map(|(label, score)| json!({ "label": label, "score": score }))
            .collect()
    };
    for body in [
        json!({}),
        json!([]),
        json!("page"),
        json!([[{ "label": "cardiology", "score": 1.0 }]]),
        json!({ "labels": LABELS, "scores": [0.5, 0.5] }),
        scores([("cardiology", 0.9), ("dermatology", 0.1), ("call this number", 0.0)]),
        scores([("cardiology", 0.9), ("dermatology", 0.1), ("dermatology", 0.0)]),
        scores([("cardiology", 9.0), ("dermatology", 0.1), ("administrative", 0.0)]),
        scores([("cardiology", -0.1), ("dermatology", 0.1), ("administrative", 0.0)]),
    ] {
        let (client, _) = scripted(200, body.clone()).await;
        let answer = client.classify(TEXT, &LABELS).await;
        assert_eq!(answer, Err(HuggingFaceError::Malformed), "{body}");
    }
    let (client, _) = scripted(
        200,
        scores([("dermatology", 0.2), ("cardiology", 0.7), ("administrative", 0.1)]),
    )
    .await;
    assert_eq!(client.classify(TEXT, &LABELS).await.unwrap()[0].label, "cardiology");
}

async fn stand_in(time_limit: Duration) -> (StandIn, HuggingFaceClient) {
    let stand_in = StandIn::default();
    let (listener, url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    let settings = HuggingFaceSettings {
        time_limit,
        ..StandIn::settings(url)
    };
    (stand_in, HuggingFaceClient::new(&settings).unwrap())
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_nothing_else() {
    let (stand_in, client) = stand_in(Duration::from_secs(4)).await;
    for (trouble, failures, passes) in [
        (Trouble::Busy, 1, true),
        (Trouble::Internal, 2, true),
        (Trouble::Internal, 3, false),
        (
            Trouble::Loading {
                estimated_seconds: Some(0.1),
            },
            2,
            true,
        ),
        (
            Trouble::Loading {
                estimated_seconds: Some(20.0),
            },
            1,
            true,
        ),
        (
            Trouble::Loading {
                estimated_seconds: Some(1e300),
            },
            1,
            true,
        ),
        (
            Trouble::Loading {
                estimated_seconds: None,
            },
            1,
            true,
        ),
        (Trouble::CreditsSpent, 1, false),
        (Trouble::OldShape, 1, true),
        (Trouble::Answer(json!({ "hostile": true })), 1, false),
    ] {
        stand_in.troubles().next(failures, trouble.clone());
        let answer = client.classify("my chest hurts", &["chest pain", "a rash"]).await;
        stand_in.troubles().end();
        assert_eq!(answer.is_ok(), passes, "{trouble:?}: {answer:?}");
        if let Ok(scores) = answer {
            assert_eq!(scores[0].label, "chest pain");
        }
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_the_time_limit() {
    let (stand_in, client) = stand_in(Duration::from_millis(400)).await;
    let started = Instant::now();
    stand_in.faults().begin(Fault::Silent);
    assert_eq!(client.classify(TEXT, &LABELS).await, Err(HuggingFaceError::TimedOut));
    stand_in.faults().end();
    let estimated_seconds = Some(20.0);
    stand_in.troubles().begin(Trouble::Loading { estimated_seconds });
    assert_eq!(client.classify(TEXT, &LABELS).await, Err(HuggingFaceError::Loading));
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn wrong_tokens_models_and_questions_are_refused() {
    let stand_in = StandIn::default();
    let (listener, url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    let wrong_token = HuggingFaceClient::new(&settings(url.clone(), Duration::from_secs(2))).unwrap();
    let answer = wrong_token.classify(TEXT, &LABELS).await;
    assert_eq!(answer, Err(HuggingFaceError::Refused(401)));
    assert_eq!(answer.unwrap_err().advice(), Advice::Alarm);
    let other_model = HuggingFaceSettings {
        model: "owner/other".to_owned(),
        ..StandIn::settings(url.clone())
    };
    let other_model = HuggingFaceClient::new(&other_model).unwrap();
    let answer = other_model.classify(TEXT, &LABELS).await;
    assert_eq!(answer, Err(HuggingFaceError::ModelUnknown));
    let client = HuggingFaceClient::new(&StandIn::settings(url)).unwrap();
    for labels in [&[][..], &["x"; 11][..]] {
        assert_eq!(client.classify(TEXT, labels).await, Err(HuggingFaceError::Invalid));
    }
    assert_eq!(client.classify(" ", &LABELS).await, Err(HuggingFaceError::Invalid));
    let long = "x".repeat(20_000);
    assert_eq!(client.classify(&long, &LABELS).await, Err(HuggingFaceError::TooLarge));
    for model in ["bart", "a/b/c", "../x", "a/b?x", ""] {
        let settings = HuggingFaceSettings {
            model: model.to_owned(),
            ..StandIn::settings("https://a.example")
        };
        assert!(matches!(
            HuggingFaceClient::new(&settings),
            Err(HuggingFaceError::Settings(_))
        ));
    }
}
