use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::verify;
use super::{FirebaseClient, FirebaseError, FirebaseIdentity, FirebaseSettings, KeySet, LEEWAY, Rejected, StandIn};
use crate::stand_in::{Fault, open, port};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("fixtures/firebase-id-token.json")).unwrap()
}

#[test]
fn the_vectors_are_judged_as_a_careful_backend_should() {
    let vectors = vectors();
    let keys = KeySet::from_jwks(vectors["jwks"].to_string().as_bytes()).unwrap();
    let now = at(vectors["now_unix"].as_i64().unwrap());
    let project = vectors["project_id"].as_str().unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 31);
    let mut stricter = Vec::new();
    for case in cases {
        let (name, token) = (case["name"].as_str().unwrap(), case["token"].as_str().unwrap());
        let judged = verify(token, &keys, project, now, LEEWAY);
        let expected = case["expected"] == "accept";
        assert_eq!(judged.is_ok(), expected, "{name}: {judged:?}");
        if !expected && case["official_verifier"] == "accepts" {
            stricter.push((name, judged.unwrap_err()));
        }
    }
    let known = [
        ("auth_time_in_future", Rejected::FromTheFuture),
        ("iat_in_future", Rejected::FromTheFuture),
        ("missing_auth_time", Rejected::Malformed),
    ];
    assert_eq!(stricter, known);
}

#[test]
fn a_token_is_refused_for_the_right_reason() {
    let vectors = vectors();
    let keys = KeySet::from_jwks(vectors["jwks"].to_string().as_bytes()).unwrap();
    let now = at(vectors["now_unix"].as_i64().unwrap());
    let project = vectors["project_id"].as_str().unwrap();
    let judge = |name: &str| {
        let cases = vectors["cases"].as_array().unwrap();
        let case = cases.iter().find(|case| case["name"] == name).unwrap();
        verify(case["token"].as_str().unwrap(), &keys, project, now, LEEWAY)
    };
    let reasons = [
        ("expires_exactly_now", Rejected::Expired),
        ("wrong_aud", Rejected::Elsewhere),
        ("session_cookie_not_id_token", Rejected::Elsewhere),
        ("empty_sub", Rejected::Nobody),
        ("sub_129_chars", Rejected::Nobody),
        ("alg_none", Rejected::Algorithm),
        ("alg_none_with_kid", Rejected::Algorithm),
        ("hs256_keyed_with_certificate", Rejected::Algorithm),
        ("rs512", Rejected::Algorithm),
        ("missing_kid", Rejected::UnknownKey),
        ("unknown_kid", Rejected::UnknownKey),
        ("kid_of_other_key", Rejected::Signature),
        ("foreign_key", Rejected::Signature),
        ("tampered_payload", Rejected::Signature),
    ];
    for (name, reason) in reasons {
        assert_eq!(judge(name).unwrap_err(), reason, "{name}");
    }
    let phone = judge("valid_phone").unwrap();
    assert_eq!(phone.phone_number.as_deref(), Some("+15005550006"));
    assert_eq!((phone.email, phone.email_verified), (None, false));
    let password = judge("valid_password").unwrap();
    assert_eq!(password.subject, "Uid0000000000000000000000001");
    assert_eq!(
        (password.email.as_deref(), password.email_verified),
        (Some("pat@example.org"), true)
    );
    assert!(!format!("{:?}", judge("valid_password")).contains("pat@"));
}

fn ana() -> FirebaseIdentity {
    FirebaseIdentity {
        subject: "ana".to_owned(),
        email: Some("ana@example.org".to_owned()),
        email_verified: true,
        ..FirebaseIdentity::default()
    }
}

async fn world() -> (StandIn, FirebaseClient) {
    let stand_in = StandIn::default();
    let (listener, url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    (stand_in, FirebaseClient::new(&StandIn::settings(&url)).unwrap())
}

#[tokio::test]
async fn a_clock_may_be_ahead_by_a_minute() {
    let (stand_in, client) = world().await;
    let now = at(1_700_000_000);
    let mint = |ahead: i64| stand_in.mint(&ana(), now + SignedDuration::from_secs(ahead)).unwrap();
    assert_eq!(client.verify(&mint(60), now).await, Ok(ana()));
    let early = client.verify(&mint(61), now).await;
    assert_eq!(early, Err(Rejected::FromTheFuture.into()));
    assert_eq!(client.verify(&mint(-3599), now).await, Ok(ana()));
    assert_eq!(client.verify(&mint(-3600), now).await, Err(Rejected::Expired.into()));
}

#[tokio::test]
async fn claims_of_other_types_are_refused() {
    let (stand_in, client) = world().await;
    let now = at(1_700_000_000);
    let good = json!({
        "iss": "https://securetoken.google.com/polyclinic-local", "aud": "polyclinic-local", "sub": "ana",
        "iat": 1_700_000_000, "auth_time": 1_700_000_000, "exp": 1_700_003_600,
    });
    let verify = async |claims: &Value| client.verify(&stand_in.sign(claims).unwrap(), now).await;
    assert!(verify(&good).await.is_ok());
    let wrong = [
        ("aud", json!(["polyclinic-local"])),
        ("sub", json!(7)),
        ("exp", json!("1700003600")),
        ("email_verified", json!("true")),
    ];
    for (name, value) in wrong {
        let mut claims = good.clone();
        claims[name] = value;
        assert_eq!(verify(&claims).await, Err(Rejected::Malformed.into()), "{name}");
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_for_an_unknown_one_at_most_once_a_minute() {
    let (stand_in, client) = world().await;
    let mut now = at(1_700_000_000);
    let old = stand_in.mint(&ana(), now).unwrap();
    assert_eq!(client.verify("no token", now).await, Err(Rejected::Malformed.into()));
    assert_eq!(stand_in.fetches(), 0);
    for _ in 0..3 {
        assert!(client.verify(&old, now).await.is_ok());
    }
    assert_eq!(stand_in.fetches(), 1);
    stand_in.rotate();
    let new = stand_in.mint(&ana(), now).unwrap();
    assert_eq!(client.verify(&new, now).await, Err(Rejected::UnknownKey.into()));
    assert_eq!(stand_in.fetches(), 1);
    now += SignedDuration::from_secs(60);
    assert!(client.verify(&new, now).await.is_ok());
    for _ in 0..3 {
        assert_eq!(client.verify(&old, now).await, Err(Rejected::UnknownKey.into()));
    }
    assert_eq!(stand_in.fetches(), 2);
}

#[tokio::test]
async fn kept_keys_go_on_within_their_time_and_then_nobody_is_told_that_a_token_is_bad() {
    let (stand_in, client) = world().await;
    let mut now = at(1_700_000_000);
    assert!(client.verify(&stand_in.mint(&ana(), now).unwrap(), now).await.is_ok());
    stand_in.faults().begin(Fault::Dropped);
    now += SignedDuration::from_secs(21_599);
    let token = stand_in.mint(&ana(), now).unwrap();
    assert!(client.verify(&token, now).await.is_ok());
    now += SignedDuration::from_secs(1);
    assert_eq!(client.verify(&token, now).await, Err(FirebaseError::Unavailable));
    assert!(FirebaseError::Unavailable.may_retry());
    // Callers do not queue up for a time-out each.
    let fetches = stand_in.fetches();
    assert_eq!(client.verify(&token, now).await, Err(FirebaseError::Unavailable));
    assert_eq!(stand_in.fetches(), fetches);
    stand_in.faults().end();
    now += SignedDuration::from_secs(5);
    assert!(client.verify(&token, now).await.is_ok());
}

#[tokio::test]
async fn a_failing_refetch_for_an_unknown_key_keeps_the_others() {
    let (stand_in, client) = world().await;
    let now = at(1_700_000_000);
    let old = stand_in.mint(&ana(), now).unwrap();
    assert!(client.verify(&old, now).await.is_ok());
    stand_in.rotate();
    stand_in.faults().begin(Fault::Unavailable {
        retry_after_seconds: None,
    });
    let later = now + SignedDuration::from_secs(61);
    let new = stand_in.mint(&ana(), later).unwrap();
    assert_eq!(client.verify(&new, later).await, Err(Rejected::UnknownKey.into()));
    assert!(client.verify(&old, later).await.is_ok());
}

/// How long keys are kept after an answer with these headers.
async fn is_kept(cache_control: Option<&'static str>, age: Option<&'static str>, seconds: i64) -> bool {
    let vectors = vectors();
    let now = at(vectors["now_unix"].as_i64().unwrap());
    let token = vectors["cases"][0]["token"].as_str().unwrap().to_owned();
    let (jwks, fetches) = (vectors["jwks"].clone(), Arc::new(Mutex::new(0)));
    let count = fetches.clone();
    let keys_url = open(move |_: &Request<Bytes>| {
        *count.lock().unwrap() += 1;
        let mut reply = crate::stand_in::json(StatusCode::OK, &jwks);
        let headers = [("cache-control", cache_control), ("age", age)];
        for (name, value) in headers {
            if let Some(value) = value {
                reply.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        Some(reply)
    })
    .await;
    let project_id = vectors["project_id"].as_str().unwrap().to_owned();
    let client = FirebaseClient::new(&FirebaseSettings { keys_url, project_id }).unwrap();
    assert!(client.verify(&token, now).await.is_ok());
    let later = now + SignedDuration::from_secs(seconds);
    assert!(client.verify(&token, later).await.is_ok());
    *fetches.lock().unwrap() == 1
}

#[tokio::test]
async fn keys_are_kept_for_max_age_less_age() {
    let google = Some("public, max-age=3000, must-revalidate, no-transform");
    assert!(is_kept(google, None, 2_999).await);
    assert!(!is_kept(google, None, 3_000).await);
    assert!(is_kept(google, Some("1000"), 1_999).await);
    assert!(!is_kept(google, Some("1000"), 2_000).await);
    assert!(is_kept(None, None, 59).await);
    assert!(!is_kept(None, None, 60).await);
}

#[test]
fn only_strong_rsa_keys_for_signatures_are_taken() {
    let vectors = vectors();
    let key = vectors["jwks"]["keys"][0].clone();
    let with = |name: &str, value: Value| {
        let mut key = key.clone();
        key[name] = value;
        KeySet::from_jwks(json!({ "keys": [key] }).to_string().as_bytes()).is_some()
    };
    assert!(with("alg", json!("RS256")));
    for (name, value) in [("kty", "EC"), ("use", "enc"), ("alg", "RS512"), ("n", "AQAB")] {
        assert!(!with(name, json!(value)), "{name}");
    }
    assert!(KeySet::from_jwks(b"<html>").is_none());
    assert!(KeySet::from_jwks(b"{\"keys\":[]}").is_none());
}
