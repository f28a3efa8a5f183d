//! Signing up and in.

use serde_json::{Value, json};
use tests::world::World;

fn sign_up(username: &str) -> Value {
    json!({
        "role": "patient",
        "username": username,
        "email": format!("{username}@example.org"),
        "password": "correct horse battery",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_signs_up_can_sign_in_by_address_or_name_in_any_case() {
    let world = World::new().await;
    let answer = world.post("/api/auth/signup", sign_up("Ana")).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json(), json!({ "message": "User registered successfully" }));

    for name in ["ana@example.org", "ANA@Example.org", "Ana", "ana"] {
        let person = world.log_in(name, "correct horse battery").await;
        assert_eq!(person.username, "Ana");
        assert_eq!(person.email, "ana@example.org");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_answers_what_the_apps_read() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = json!({ "emailOrUsername": "ana", "password": ana.password, "role": "patient" });
    let body = world.post("/api/auth/login", body).await.json();
    assert_eq!(
        body["user"],
        json!({
            "id": ana.id,
            "username": "ana",
            "email": "ana@example.org",
            "role": "patient",
            "name": null,
            "isSuspended": false,
        })
    );
    assert!(ana.id.len() == 24 && ana.id.bytes().all(|byte| byte.is_ascii_hexdigit()));

    let token = body["token"].as_str().unwrap();
    assert!(token.len() < 512, "{}", token.len());
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(token.split('.').nth(1).unwrap().as_bytes())
        .unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(
        (&claims["sub"], &claims["id"]),
        (&body["user"]["id"], &body["user"]["id"])
    );
    assert_eq!(
        (&claims["type"], &claims["role"]),
        (&json!("access"), &json!("patient"))
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        24 * 3600
    );
    assert!(claims["jti"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_sign_ups_with_one_address_at_once_one_succeeds() {
    let world = World::new().await;
    let attempts = (0..100).map(|number| {
        let mut body = sign_up(&format!("user{number}"));
        body["email"] = json!("one@example.org");
        world.post("/api/auth/signup", body)
    });
    let answers = futures_util::future::join_all(attempts).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.status == 400);
    assert_eq!(created, 1);
    assert_eq!(refused.clone().count(), 99);
    for answer in refused {
        assert_eq!(
            answer.problem(400, "Email or username already exists")["code"],
            "email_taken"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_is_refused_in_any_case() {
    let world = World::new().await;
    world.patient("ana").await;
    let mut body = sign_up("ANA");
    body["email"] = json!("other@example.org");
    let answer = world.post("/api/auth/signup", body).await;
    assert_eq!(
        answer.problem(400, "Email or username already exists")["code"],
        "username_taken"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_that_lacks_something_says_so_and_makes_no_account() {
    let world = World::new().await;
    for field in ["role", "username", "email", "password"] {
        for missing in [Value::Null, json!("")] {
            let mut body = sign_up("ana");
            body[field] = missing;
            world
                .post("/api/auth/signup", body)
                .await
                .problem(400, "All fields are required");
        }
    }
    let cases = [
        ("role", json!("admin"), 403, "Administrators are not made by sign-up"),
        ("role", json!("root"), 400, "Role must be patient or dermatologist"),
        ("email", json!("nonsense"), 400, "A valid email is required"),
        ("username", json!("a b"), 400, "Username cannot contain spaces"),
        (
            "password",
            json!("short"),
            400,
            "Password must have at least 8 characters",
        ),
        (
            "experience",
            json!(-1),
            400,
            "Experience must be a whole number of years from 0 to 100",
        ),
    ];
    for (field, value, status, sentence) in cases {
        let mut body = sign_up("ana");
        body[field] = value;
        world.post("/api/auth/signup", body).await.problem(status, sentence);
    }
    let body = json!({ "emailOrUsername": "ana", "password": "correct horse battery" });
    world.post("/api/auth/login", body).await.problem(401, "User Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_is_refused_in_the_words_the_apps_read() {
    let world = World::new().await;
    world.person("derm", "dermatologist").await;
    let log_in = |body: Value| world.post("/api/auth/login", body);

    let answer = log_in(json!({ "emailOrUsername": "nobody", "password": "password of nobody" })).await;
    answer.problem(401, "User Not Found");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    log_in(json!({ "emailOrUsername": "derm", "password": "wrong password" }))
        .await
        .problem(401, "Invalid Password");
    log_in(json!({ "emailOrUsername": "", "password": "x" }))
        .await
        .problem(400, "All fields are required");
    log_in(json!({ "emailOrUsername": "derm", "password": "" }))
        .await
        .problem(400, "All fields are required");
    let body = json!({ "emailOrUsername": "derm", "password": "password of derm", "role": "patient" });
    log_in(body)
        .await
        .problem(403, "Role mismatch. You are registered as a dermatologist.");

    let answer = log_in(json!({ "password": "x" })).await;
    assert_eq!(answer.json()["errors"][0]["loc"], json!(["body", "phone"]));
    assert_eq!(answer.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_up_and_in_is_told_by_mail() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let welcome = world.message(&ana.email, "Welcome to Polyclinic").await;
    assert!(welcome.body.contains("Your account is ready"));
    let notice = world.message(&ana.email, "New sign-in to your account").await;
    assert!(notice.body.contains("127.0.0.1"), "{}", notice.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_served_keys_check_the_tokens() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let keys: jsonwebtoken::jwk::JwkSet =
        serde_json::from_value(world.get("/.well-known/jwks.json").await.json()).unwrap();
    let header = jsonwebtoken::decode_header(&ana.token).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    let token = jsonwebtoken::decode::<Value>(&ana.token, &key, &validation).unwrap();
    assert_eq!(token.claims["sub"], ana.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_dies_after_its_day() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(ana.get("/api/users/me").await.status, 200);
    world.product.clock.set_forward(24 * 3600);
    ana.get("/api/users/me").await.problem(401, "Token is not valid");
}
