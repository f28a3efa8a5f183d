//! Signing in as an operator sets it: codes by Twilio, and nobody before their proof or approval.

use clients::stand_in::Fault;
use reqwest::Method;
use runtime::messaging::CodeProvider;
use serde_json::json;
use tests::world::World;

use super::sign_in::{HOME, PHONE, code, digits, from, with_code, with_token};

async fn by_twilio() -> World {
    World::set_up(|settings| {
        settings.web.rate_limits = false;
        settings.messaging.codes = CodeProvider::Twilio;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_by_twilio_open_an_account_once() {
    let world = by_twilio().await;
    let tokens = with_code(&world, HOME, PHONE).await;
    let me = with_token(&world, Method::GET, "/api/auth/me", &tokens["access_token"]).await;
    assert_eq!(me.json()["phone"], PHONE);
    let used = json!({ "mobile_number": PHONE, "otp_code": code(&world, PHONE, 1).await });
    let again = from(&world, HOME, "/auth/login/verify-otp", &used).await;
    again.problem(400, "Invalid OTP");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_of_twilio_is_refused_and_the_right_one_still_works() {
    let world = by_twilio().await;
    let number = json!({ "mobile_number": PHONE });
    assert_eq!(from(&world, HOME, "/auth/login/send-otp", &number).await.status, 200);
    let right = code(&world, PHONE, 1).await;
    let wrong = if right == "000000" { "111111" } else { "000000" };
    let body = json!({ "mobile_number": PHONE, "otp_code": wrong });
    from(&world, HOME, "/auth/login/verify-otp", &body)
        .await
        .problem(400, "Invalid OTP");
    let body = json!({ "mobile_number": PHONE, "otp_code": right });
    assert_eq!(from(&world, HOME, "/auth/login/verify-otp", &body).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_twilio_is_away_a_check_says_so_and_the_code_stays_good() {
    let world = by_twilio().await;
    let number = json!({ "mobile_number": PHONE });
    assert_eq!(from(&world, HOME, "/auth/login/send-otp", &number).await.status, 200);
    let body = json!({ "mobile_number": PHONE, "otp_code": code(&world, PHONE, 1).await });
    world.product.cloud.twilio.faults().begin(Fault::Unavailable {
        retry_after_seconds: None,
    });
    let away = from(&world, HOME, "/auth/login/verify-otp", &body).await;
    assert_eq!(away.status, 503, "{away:?}");
    world.product.cloud.twilio.faults().end();
    assert_eq!(from(&world, HOME, "/auth/login/verify-otp", &body).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_operator_lets_nobody_in_before_proof_and_approval() {
    let world = World::set_up(|settings| {
        settings.web.rate_limits = false;
        settings.sign_in.is_strict = true;
    })
    .await;
    for (name, role) in [("ana", "patient"), ("dora", "dermatologist")] {
        let email = format!("{name}@example.org");
        let body = json!({ "role": role, "username": name, "email": email, "password": "correct horse battery" });
        assert_eq!(world.post("/api/auth/signup", body).await.status, 201);
        let log_in = || {
            world.post(
                "/api/auth/login",
                json!({ "emailOrUsername": name, "password": "correct horse battery" }),
            )
        };
        let before = log_in().await;
        assert_eq!(before.status, 403, "{before:?}");
        let letter = world.message(&email, "Confirm your e-mail address").await;
        let proof = json!({ "email": email, "otp": digits(&letter.body) });
        assert_eq!(world.post("/api/auth/verify-email-otp", proof).await.status, 200);
        let after = log_in().await;
        let expected = if role == "patient" { 200 } else { 403 };
        assert_eq!(after.status, expected, "{after:?}");
    }
}
