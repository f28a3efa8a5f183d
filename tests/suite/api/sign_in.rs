//! Signing in by code, refreshing, signing out, and what attackers get.

use std::collections::HashSet;

use futures_util::StreamExt;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, World, eventually, send};

pub const PHONE: &str = "+15005550006";
pub const HOME: &str = "198.51.100.7";
const ELSEWHERE: &str = "203.0.113.9";
const A_MINUTE_IN_SECONDS: i64 = 60;

/// A call from a network address of one's choice.
pub async fn from(world: &World, address: &str, path: &str, body: &Value) -> Answer {
    let request = world.request(Method::POST, path).header("X-Forwarded-For", address);
    send(request.json(body)).await
}

/// The digits of the newest message to somebody, once `count` have come.
pub async fn code(world: &World, to: &str, count: usize) -> String {
    let found = || {
        let to_them = |message: &local::inbox::Message| message.to == to && digits(&message.body).is_some();
        let messages: Vec<_> = world.product.inbox.newest(1000).into_iter().filter(to_them).collect();
        (messages.len() >= count).then(|| digits(&messages[0].body)).flatten()
    };
    eventually(found)
        .await
        .unwrap_or_else(|| panic!("no code came for {to}"))
}

pub fn digits(text: &str) -> Option<String> {
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(is_code)
        .map(str::to_owned)
}

pub async fn with_code(world: &World, address: &str, phone: &str) -> Value {
    let sent = from(
        world,
        address,
        "/auth/login/send-otp",
        &json!({ "mobile_number": phone }),
    )
    .await;
    assert_eq!(sent.status, 200, "{sent:?}");
    let code = code(world, phone, 1).await;
    let body = json!({ "mobile_number": phone, "otp_code": code });
    let answer = from(world, address, "/auth/login/verify-otp", &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub async fn with_token(world: &World, method: Method, path: &str, token: &Value) -> Answer {
    let token = token.as_str().expect("a token");
    send(world.request(method, path).bearer_auth(token)).await
}

async fn refresh(world: &World, token: &Value) -> Answer {
    world.post("/api/auth/refresh", json!({ "refresh_token": token })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_makes_an_account_and_opens_it_again() {
    let world = World::new().await;
    let sent = from(
        &world,
        HOME,
        "/auth/login/send-otp",
        &json!({ "mobile_number": "+1 (500) 555-0006" }),
    )
    .await;
    let body = sent.json();
    assert_eq!((&body["success"], &body["status"]), (&json!(true), &json!("pending")));
    assert_eq!(
        (&body["message"], &body["data"]["status"]),
        (&json!("OTP sent successfully"), &json!("success"))
    );
    assert_eq!(
        (&body["error"], &body["data"]["otp_expires_in"]),
        (&Value::Null, &json!(600))
    );

    let code = code(&world, PHONE, 1).await;
    let body = json!({ "mobile_number": PHONE, "otp_code": code });
    let answer = from(&world, HOME, "/auth/login/verify-otp", &body).await;
    let tokens = answer.json();
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("bearer"), &json!(3600))
    );
    assert_eq!(tokens["data"]["access_token"], tokens["access_token"]);
    assert!(answer.header("set-cookie").starts_with("access_token="), "{answer:?}");
    for flag in ["HttpOnly", "Secure", "SameSite=None", "Max-Age=3600"] {
        assert!(answer.header("set-cookie").contains(flag), "{flag}");
    }
    from(&world, HOME, "/auth/login/verify-otp", &body)
        .await
        .problem(400, "Invalid OTP");

    let me = with_token(&world, Method::GET, "/api/auth/me", &tokens["access_token"])
        .await
        .json();
    assert_eq!(
        (&me["phone"], &me["is_verified"], &me["email"]),
        (&json!(PHONE), &json!(true), &Value::Null)
    );
    let again = from(&world, HOME, "/api/auth/login", &json!({ "phone": PHONE }))
        .await
        .json();
    assert_eq!(
        (&again["success"], &again["data"]["phone"]),
        (&json!(true), &json!(PHONE))
    );
    let code = self::code(&world, PHONE, 2).await;
    let body = json!({ "phone": PHONE, "otp": code, "flow": "login" });
    let newer = from(&world, HOME, "/api/auth/verify-otp", &body).await.json();
    assert_eq!(newer["data"]["user"]["id"], me["id"]);
    assert!(newer["data"]["token"].is_string() && newer["data"]["refresh_token"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_of_a_code_are_told_as_each_version_reads_them() {
    let world = World::new().await;
    let path = "/api/auth/verify-otp";
    for (body, error) in [
        (json!({ "otp": "123456" }), "MISSING_PHONE"),
        (json!({ "phone": PHONE }), "MISSING_OTP"),
        (json!({ "phone": PHONE, "otp": "12" }), "INVALID_OTP_FORMAT"),
        (json!({ "phone": PHONE, "otp": "123456" }), "OTP_NOT_FOUND"),
    ] {
        let answer = world.post(path, body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["data"]["error"]),
            (200, &json!(error))
        );
        assert_eq!(answer.json()["success"], false);
    }
    let both = json!({ "phone": PHONE, "email": "ana@example.org", "otp": "123456" });
    assert_eq!(world.post(path, both).await.status, 422);
    let malformed = world
        .post("/auth/login/send-otp", json!({ "mobile_number": "5550006" }))
        .await;
    assert_eq!(malformed.status, 422);
    let resent = world
        .post("/api/auth/resend-otp", json!({ "phone": PHONE }))
        .await
        .json();
    assert_eq!(resent["data"]["error"], "SEND_FAILED");
    let body = json!({ "mobile_number": PHONE, "otp_code": "123456" });
    world
        .post("/auth/login/verify-otp", body)
        .await
        .problem(400, "Invalid OTP");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_six_with_one_right_code_one_gets_in() {
    let world = World::new().await;
    from(&world, HOME, "/auth/login/send-otp", &json!({ "mobile_number": PHONE })).await;
    let code = code(&world, PHONE, 1).await;
    let body = json!({ "mobile_number": PHONE, "otp_code": code });
    // From five calls on the guesses are used up, so five it is.
    let answers = join_all((0..5).map(|_| from(&world, HOME, "/auth/login/verify-otp", &body))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 400)),
        "{statuses:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_guesses_burn_neither_the_owners_code_nor_the_number() {
    let world = World::new().await;
    from(&world, HOME, "/auth/login/send-otp", &json!({ "mobile_number": PHONE })).await;
    let code = code(&world, PHONE, 1).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let guess = json!({ "mobile_number": PHONE, "otp_code": wrong });
    for _ in 0..12 {
        let answer = from(&world, ELSEWHERE, "/auth/login/verify-otp", &guess).await;
        assert_eq!(answer.status, 400);
    }
    // Even the right code is of no use to them any more.
    let right = json!({ "mobile_number": PHONE, "otp_code": code });
    assert_eq!(
        from(&world, ELSEWHERE, "/auth/login/verify-otp", &right).await.status,
        400
    );
    assert_eq!(from(&world, HOME, "/auth/login/verify-otp", &right).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_codes_stays_within_the_countrys_budget() {
    let world = World::set_up(|settings| {
        settings.web.rate_limits = false;
        settings.sign_in.codes_a_day_and_country = 40;
    })
    .await;
    with_code(&world, HOME, "+33612345678").await;
    let flood = (0..10_000_u32).map(|n| {
        let address = format!("10.{}.{}.1", n % 2, (n / 2) % 250);
        let body = json!({ "mobile_number": format!("+9199{:08}", n * 9973) });
        let world = &world;
        async move {
            from(world, &address, "/auth/login/send-otp", &body)
                .await
                .status
                .as_u16()
        }
    });
    let statuses: Vec<u16> = futures_util::stream::iter(flood).buffer_unordered(50).collect().await;
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)));
    let sent = statuses.iter().filter(|status| **status == 200).count();
    assert!((1..=40).contains(&sent), "{sent}");
    // Another country, and somebody at home in their own network, go on.
    with_code(&world, ELSEWHERE, "+4915112345678").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_all_end_with_a_working_session() {
    let world = World::new().await;
    let tokens = with_code(&world, HOME, PHONE).await;
    let other = with_code(&world, HOME, "+15005550009").await;
    let answers = join_all((0..50).map(|_| refresh(&world, &tokens["refresh_token"]))).await;
    let pairs: Vec<Value> = answers.iter().map(Answer::json).collect();
    assert!(answers.iter().all(|answer| answer.status == 200), "{pairs:?}");
    let successors: HashSet<String> = pairs.iter().map(|pair| pair["refresh_token"].to_string()).collect();
    assert_eq!(successors.len(), 1);
    for pair in pairs.iter().step_by(10) {
        let me = with_token(&world, Method::GET, "/api/auth/me", &pair["access_token"]).await;
        assert_eq!(me.status, 200);
    }

    // A copy that is used later ends this chain and no other.
    let next = refresh(&world, &pairs[0]["refresh_token"]).await.json();
    world.product.clock.set_forward(A_MINUTE_IN_SECONDS);
    let replayed = refresh(&world, &tokens["refresh_token"]).await;
    replayed.problem(401, "Invalid or expired refresh token");
    assert_eq!(refresh(&world, &next["refresh_token"]).await.status, 401);
    let me = with_token(&world, Method::GET, "/api/auth/me", &next["access_token"]).await;
    assert_eq!(me.status, 401);
    assert_eq!(refresh(&world, &other["refresh_token"]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_no_access_token_and_the_other_way_round() {
    let world = World::new().await;
    let tokens = with_code(&world, HOME, PHONE).await;
    let me = with_token(&world, Method::GET, "/api/auth/me", &tokens["refresh_token"]).await;
    me.problem(401, "Invalid authentication credentials");
    assert_eq!(refresh(&world, &tokens["access_token"]).await.status, 401);
    assert_eq!(
        world.post("/api/auth/refresh", json!({})).await.json()["error"],
        "Refresh token required"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn telemedicine_registers_and_logs_in_by_phone_or_address() {
    let world = World::new().await;
    let body = json!({ "phone": PHONE, "email": "Ana@example.org", "password": "correct horse", "full_name": "Ana E" });
    let answer = world.post("/api/auth/register", body.clone()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let user = answer.json();
    assert_eq!(
        (&user["phone"], &user["email"]),
        (&json!(PHONE), &json!("ana@example.org"))
    );
    assert_eq!(
        (&user["role"], &user["is_verified"]),
        (&json!("patient"), &json!(false))
    );
    let again = world.post(
        "/api/auth/register",
        json!({ "phone": PHONE, "password": "correct horse", "full_name": "Eve" }),
    );
    again.await.problem(400, "User with this phone number already exists");

    for name in [json!({ "phone": PHONE }), json!({ "email": "ana@example.org" })] {
        let mut body = name;
        body["password"] = json!("correct horse");
        let tokens = world.post("/api/auth/login", body).await.json();
        assert_eq!(
            (&tokens["token_type"], &tokens["expires_in"]),
            (&json!("bearer"), &json!(1800))
        );
        assert!(tokens["refresh_token"].is_string());
    }
    let wrong = json!({ "phone": PHONE, "password": "wrong horse" });
    world
        .post("/api/auth/login", wrong)
        .await
        .problem(401, "Invalid phone/email or password");
    let unknown = json!({ "email": "eve@example.org", "password": "wrong horse" });
    world
        .post("/api/auth/login", unknown)
        .await
        .problem(401, "Invalid phone/email or password");

    let invalid = world
        .post(
            "/api/auth/register",
            json!({ "password": "correct horse", "full_name": "Ana" }),
        )
        .await;
    let problem = invalid.json();
    assert_eq!(
        (invalid.status.as_u16(), &problem["error"]),
        (422, &json!("Validation error"))
    );
    assert!(problem["details"].is_array() && problem["detail"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn derma_registers_logs_in_and_shows_the_profile() {
    let world = World::new().await;
    let body =
        json!({ "username": "dora", "email": "dora@example.org", "password": "correct horse", "role": "doctor" });
    let answer = world.post("/auth/register", body.clone()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "msg": "User dora created successfully", "role": "doctor" })
    );
    world
        .post("/auth/register", body)
        .await
        .problem(400, "Email already registered");
    let body = json!({ "username": "DORA", "email": "x@example.org", "password": "correct horse" });
    world
        .post("/auth/register", body)
        .await
        .problem(400, "Username already taken");

    let body = json!({ "username_or_email": "dora", "password": "correct horse" });
    let token = world.post("/auth/login", body).await.json();
    assert_eq!(token["token_type"], "bearer");
    let profile = with_token(&world, Method::GET, "/auth/profile", &token["access_token"])
        .await
        .json();
    let read = |member: &str| profile[member].clone();
    assert_eq!((read("username"), read("role")), (json!("dora"), json!("doctor")));
    assert_eq!(
        (read("email"), read("phone_number")),
        (json!("dora@example.org"), Value::Null)
    );
    let body = json!({ "username_or_email": "dora", "password": "wrong horse" });
    world
        .post("/auth/login", body)
        .await
        .problem(400, "Invalid username/email or password");
    world.get("/auth/profile").await.problem(401, "Not authenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_an_admin_by_asking() {
    let world = World::new().await;
    let body = json!({
        "username": "eve", "email": "eve@example.org", "password": "correct horse", "full_name": "Eve", "role": "admin",
    });
    for path in ["/api/auth/signup", "/auth/register", "/api/auth/register"] {
        let answer = world.post(path, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (403, &json!("role_not_allowed")),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_locks_the_guessers_network_and_not_the_owner() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let right = json!({ "emailOrUsername": "ana", "password": ana.password });
    let wrong = json!({ "emailOrUsername": "ana", "password": "wrong password" });
    for _ in 0..5 {
        assert_eq!(from(&world, ELSEWHERE, "/api/auth/login", &wrong).await.status, 401);
    }
    for body in [&wrong, &right] {
        let locked = from(&world, ELSEWHERE, "/api/auth/login", body).await;
        assert_eq!(locked.status, 429);
        assert!(matches!(locked.header("retry-after"), "59" | "60"), "{locked:?}");
    }
    assert_eq!(world.post("/api/auth/login", right.clone()).await.status, 200);
    // Unknown names are locked alike.
    let nobody = json!({ "emailOrUsername": "nobody", "password": "wrong password" });
    for _ in 0..5 {
        assert_eq!(from(&world, ELSEWHERE, "/api/auth/login", &nobody).await.status, 401);
    }
    assert_eq!(from(&world, ELSEWHERE, "/api/auth/login", &nobody).await.status, 429);
    world.product.clock.set_forward(A_MINUTE_IN_SECONDS);
    assert_eq!(from(&world, ELSEWHERE, "/api/auth/login", &right).await.status, 200);
}
