//! Devices, passwords, and proofs of an address or a number.

use domain::notice::Notice;
use local::inbox::Channel;
use reqwest::Method;
use serde_json::{Value, json};
use store::outbox::Errand;
use tests::world::{Answer, Person, World, eventually, send};

use super::sign_in::{HOME, PHONE, code, digits, with_code, with_token};

#[tokio::test(flavor = "multi_thread")]
async fn devices_can_be_seen_and_signed_out() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let tablet = world.log_in("ana", &ana.password).await;
    let sessions = ana.get("/api/auth/sessions").await.json();
    let sessions = sessions["sessions"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions
        .iter()
        .find(|session| session["is_current"] == false)
        .expect("the tablet");
    let path = format!("/api/auth/sessions/{}", other["id"].as_str().expect("an id"));
    assert_eq!(ana.delete(&path).await.status, 200);
    assert_eq!(tablet.get("/api/users/me").await.status, 401);
    assert_eq!(ana.delete(&path).await.status, 404);

    let phone = world.log_in("ana", &ana.password).await;
    assert_eq!(phone.post("/api/auth/logout-everywhere", json!({})).await.status, 200);
    assert_eq!(phone.get("/api/users/me").await.status, 401);
    // Others notice when what they remember is five seconds old.
    world.product.clock.set_forward(5);
    assert_eq!(ana.get("/api/users/me").await.status, 401);

    let ana = world.log_in("ana", &ana.password).await;
    assert_eq!(
        ana.post("/api/auth/logout", json!({})).await.json()["message"],
        "Logout successful"
    );
    assert_eq!(ana.get("/api/users/me").await.status, 401);
    assert_eq!(
        ana.post("/api/auth/logout", json!({})).await.json()["message"],
        "Already logged out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_a_code_and_ends_all_sessions() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sent = world
        .post("/api/auth/forgot-password", json!({ "email": ana.email }))
        .await;
    let unknown = world
        .post("/api/auth/forgot-password", json!({ "email": "nobody@example.org" }))
        .await;
    assert_eq!((sent.status.as_u16(), sent.json()), (200, unknown.json()));
    let code = digits(&world.message(&ana.email, "Your code to set a new password").await.body).expect("a code");

    let check = json!({ "email": ana.email, "otp": code });
    assert_eq!(world.post("/api/auth/verify-otp", check.clone()).await.status, 200);
    let wrong = json!({ "email": ana.email, "otp": "000000" });
    world
        .post("/api/auth/verify-otp", wrong)
        .await
        .problem(400, "Invalid OTP");
    let short = json!({ "email": ana.email, "otp": code, "newPassword": "short" });
    assert!(
        world.post("/api/auth/reset-password", short).await.json()["error"]
            .as_str()
            .unwrap()
            .contains("at least")
    );
    let reset = json!({ "email": ana.email, "otp": code, "newPassword": "another correct horse" });
    assert_eq!(world.post("/api/auth/reset-password", reset.clone()).await.status, 200);
    assert_eq!(world.post("/api/auth/reset-password", reset).await.status, 400);
    world.product.clock.set_forward(5);
    assert_eq!(ana.get("/api/users/me").await.status, 401);
    world.log_in("ana", "another correct horse").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_never_answers_401() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let change = async |ana: &Person, current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new });
        ana.post("/api/users/change-password", body).await
    };
    change(&ana, "wrong password", "another correct horse")
        .await
        .problem(400, "Current password is incorrect");
    let short = change(&ana, &ana.password, "short").await;
    assert!(short.json()["error"].as_str().unwrap().contains("at least 8"));
    let same = change(&ana, &ana.password, &ana.password).await;
    assert!(same.status == 400 && same.json()["error"].as_str().unwrap().contains("different"));
    assert_eq!(change(&ana, &ana.password, "another correct horse").await.status, 200);
    world.log_in("ana", "another correct horse").await;
    world.message(&ana.email, "Your password was changed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_proved_by_link_or_code() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let letter = async |person: &Person| {
        let to_them =
            |message: &local::inbox::Message| message.to == person.email && message.body.contains("verify-email");
        let found = || world.product.inbox.newest(1000).into_iter().find(to_them);
        eventually(found).await.expect("the letter with the link").body
    };
    let body = letter(&ana).await;
    let link = body
        .split_whitespace()
        .find(|word| word.contains("verify-email"))
        .expect("a link")
        .to_owned();
    for _ in 0..2 {
        assert_eq!(world.follow(&link).await.status, 200);
    }
    assert_eq!(ana.get("/api/auth/me").await.json()["is_verified"], true);
    let forged = format!("{}00", &link[..link.len() - 2]);
    assert_eq!(world.follow(&forged).await.status, 400);

    let code = digits(&letter(&ben).await).expect("a code");
    let wrong = json!({ "email": ben.email, "otp": "000000" });
    world
        .post("/api/auth/verify-email-otp", wrong)
        .await
        .problem(400, "Invalid OTP");
    let right = json!({ "email": ben.email, "otp": code });
    assert_eq!(world.post("/api/auth/verify-email-otp", right).await.status, 200);
    assert_eq!(ben.get("/api/auth/me").await.json()["is_verified"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_proves_a_number_gets_it_from_who_only_claimed_it() {
    let world = World::new().await;
    let body = json!({ "phone": PHONE, "password": "password of eve", "full_name": "Eve" });
    assert_eq!(world.post("/api/auth/register", body).await.status, 201);
    let eve = json!({ "phone": PHONE, "password": "password of eve" });
    let before = world.post("/api/auth/login", eve.clone()).await.json();
    let owner = with_code(&world, HOME, PHONE).await;
    world.product.clock.set_forward(5);
    let me = with_token(&world, Method::GET, "/api/auth/me", &before["access_token"]).await;
    assert_eq!(me.status, 401);
    assert_eq!(world.post("/api/auth/login", eve).await.status, 401);
    let me = with_token(&world, Method::GET, "/api/auth/me", &owner["access_token"])
        .await
        .json();
    assert_eq!(me["phone"], PHONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_changed_with_proof_of_both() {
    let world = World::new().await;
    let tokens = with_code(&world, HOME, PHONE).await;
    let token = tokens["access_token"].as_str().expect("a token").to_owned();
    let call = |path: &str, body: Value| send(world.request(Method::POST, path).bearer_auth(&token).json(&body));
    let new = "+15005550010";
    let started = call("/api/auth/contact", json!({ "phone": new })).await;
    assert_eq!(
        (started.status.as_u16(), &started.json()["needs_old_code"]),
        (200, &json!(true))
    );
    let (old_code, new_code) = (code(&world, PHONE, 2).await, code(&world, new, 1).await);
    let alone = call("/api/auth/contact/confirm", json!({ "phone": new, "code": new_code })).await;
    assert_eq!(alone.status, 400);
    let both = json!({ "phone": new, "code": new_code, "old_code": old_code });
    assert_eq!(call("/api/auth/contact/confirm", both).await.status, 200);
    let me = with_token(&world, Method::GET, "/api/auth/me", &tokens["access_token"])
        .await
        .json();
    assert_eq!(me["phone"], new);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_lies_in_the_database_in_clear_nor_in_logs_errors_or_pushes() {
    let folder = tempfile::tempdir().unwrap();
    let options = local::options::Options {
        port: 0,
        data: Some(folder.path().to_owned()),
        ..local::options::Options::default()
    };
    let world = World::with(options).await;
    let (phone, email, password) = ("+15005559381", "planted-canary@example.org", "planted canary password");
    let body = json!({ "phone": phone, "email": email, "password": password, "full_name": "Planted Canary" });
    assert_eq!(world.post("/api/auth/register", body).await.status, 201);
    let tokens = world
        .post("/api/auth/login", json!({ "phone": phone, "password": password }))
        .await
        .json();
    world
        .post("/auth/login/send-otp", json!({ "mobile_number": phone }))
        .await;
    with_token(&world, Method::GET, "/api/auth/sessions", &tokens["access_token"]).await;
    code(&world, phone, 1).await;
    world.message(email, "Welcome to Polyclinic").await;
    let token = tokens["access_token"].as_str().expect("a token");
    register_device(&world, token).await;
    let me = with_token(&world, Method::GET, "/api/auth/me", &tokens["access_token"])
        .await
        .json();
    let user = me["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let notice = Notice::TicketAnswered;
    world.note(Errand::Tell { user, notice }).await;
    let planted = [&phone[1..], email, password, "Planted Canary"];
    for error in refused(&world, token, phone, email, password).await {
        assert!(error.status.is_client_error(), "{error:?}");
        assert_eq!(leaked(&error.bytes, planted), None, "{error:?}");
    }
    let pushes = || {
        let messages = world.product.inbox.newest(1000).into_iter();
        let pushes: Vec<_> = messages.filter(|message| message.channel == Channel::Push).collect();
        (!pushes.is_empty()).then_some(pushes)
    };
    for push in eventually(pushes).await.expect("a push comes") {
        assert_eq!(leaked(format!("{push:?}").as_bytes(), planted), None, "{push:?}");
    }
    assert!(world.log().contains("log-in"));
    assert_eq!(leaked(world.log().as_bytes(), planted), None);
    world.product.stop().await;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        // The inbox stands for the people's own phones and mailboxes.
        if path.is_dir() || path.file_name().is_some_and(|name| name == "inbox.jsonl") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(leaked(&bytes, planted), None, "{}", path.display());
    }
}

fn leaked<'a>(bytes: &[u8], planted: [&'a str; 4]) -> Option<&'a str> {
    let is_there = |text: &&str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    planted.into_iter().find(is_there)
}

async fn register_device(world: &World, token: &str) {
    let device = json!({ "token": "canary-device", "platform": "android" });
    let request = world.request(Method::POST, "/api/notifications/devices");
    let answer = send(request.bearer_auth(token).json(&device)).await;
    assert!(answer.status.is_success(), "{answer:?}");
}

/// Answers that refuse a request which holds all of it.
async fn refused(world: &World, token: &str, phone: &str, email: &str, password: &str) -> Vec<Answer> {
    let changed = json!({ "currentPassword": password, "newPassword": password });
    let request = world
        .request(Method::POST, "/api/users/change-password")
        .bearer_auth(token);
    let same = send(request.json(&changed)).await;
    let taken = json!({ "phone": phone, "email": email, "password": password, "full_name": "Planted Canary" });
    let wrong = json!({ "phone": phone, "password": "Planted Canary" });
    let code = json!({ "mobile_number": phone, "otp_code": "000000" });
    let malformed = json!({ "phone": [phone], "email": { "is": email }, "password": password });
    let ticket = json!({ "name": "Planted Canary", "email": format!("{email} {phone}"), "message": password });
    vec![
        same,
        world.post("/api/auth/register", taken).await,
        world.post("/api/auth/login", wrong).await,
        world.post("/auth/login/verify-otp", code).await,
        world.post("/api/auth/register", malformed).await,
        world.post("/api/support/tickets", ticket).await,
    ]
}
