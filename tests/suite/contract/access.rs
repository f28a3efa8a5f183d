//! Who may call what: every route, with every kind of caller, over HTTP on the running product.

use data_encoding::BASE64URL_NOPAD;
use domain::id::SessionId;
use domain::notice::Notice;
use domain::role::Role;
use domain::session::{Product, Session};
use jiff::Timestamp;
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use runtime::callers::Access;
use runtime::tokens::TokenSigner;
use runtime::{Function, Route, Work};
use serde_json::{Value, json};
use tests::made::events::filled;
use tests::made::samples::{self, Body};
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async, send};

use super::{assert_none, routes};

const A_DAY_AND_A_BIT_IN_SECONDS: i64 = 25 * 60 * 60;

fn access(function: &Function) -> Access {
    match function.work {
        Work::Requests { access, .. } => access,
        Work::Events { .. } => unreachable!("workers have no routes"),
    }
}

/// These name people: others get 403 whether there is such a person or not (held by tests/suite/api/users.rs).
const BY_NAME: [&str; 2] = ["get-user", "set-user-password"];

/// After these the one who called is signed out or gone.
pub const ENDS_ITS_CALLER: [&str; 3] = ["log-out", "end-all-sessions", "delete-own-account"];

/// The route with its sample parameters, query and body.
fn sample(world: &World, function: &Function, route: &Route) -> RequestBuilder {
    request(world, function, route, &filled(route.path))
}

fn request(world: &World, function: &Function, route: &Route, path: &str) -> RequestBuilder {
    let request = world.request(route.method.clone(), path);
    with_sample(request, function)
}

/// With the sample of the function's query and body.
pub fn with_sample(request: RequestBuilder, function: &Function) -> RequestBuilder {
    let request = request.query(samples::query(function.name));
    match samples::body(function.name) {
        None => request,
        Some(Body::Json(body)) => request.json(&body),
        Some(Body::Form { field, file, bytes, .. }) => {
            request.multipart(Form::new().part(field, Part::bytes(bytes).file_name(file)))
        }
    }
}

fn is_refused_as_unknown(answer: &Answer) -> bool {
    let code = serde_json::from_slice::<Value>(&answer.bytes).unwrap_or_default()["code"].clone();
    answer.status == 401
        && answer.header("www-authenticate").starts_with("Bearer")
        // The answer to a HEAD has no body.
        && (answer.bytes.is_empty() || code == "token_missing" || code == "token_invalid")
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_what_is_for_anyone_answers() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (function, route) in routes() {
        let answer = send(sample(&world, function, route)).await;
        let is_right = match access(function) {
            Access::Anyone | Access::MaybeSignedIn => !is_refused_as_unknown(&answer) && answer.status.as_u16() < 500,
            _ => is_refused_as_unknown(&answer),
        };
        if !is_right {
            wrong.push(format!(
                "{} without a token: look at its Caller, since it answers {answer:?}",
                function.name
            ));
        }
    }
    assert_none(wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_opens_nothing() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let mut wrong = Vec::new();
    for (kind, token) in bad_tokens(&ana, &ben) {
        for (function, route) in routes() {
            let answer = send(sample(&world, function, route).bearer_auth(&token)).await;
            if is_refused_as_unknown(&answer) != (access(function) != Access::Anyone) {
                wrong.push(format!(
                    "{} with {kind}: look at its Caller, since it answers {answer:?}",
                    function.name
                ));
            }
        }
    }
    assert_none(wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_time() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    world.product.clock.set_forward(A_DAY_AND_A_BIT_IN_SECONDS);
    let mut wrong = Vec::new();
    for (function, route) in routes().filter(|(function, _)| access(function).needs_token()) {
        let answer = send(sample(&world, function, route).bearer_auth(&ana.token)).await;
        if !is_refused_as_unknown(&answer) {
            wrong.push(format!("{} with an expired token answers {answer:?}", function.name));
        }
    }
    assert_none(wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_token_opens_what_is_for_those_who_signed_in() {
    let world = World::new().await;
    let mut ana = world.patient("ana").await;
    let mut wrong = Vec::new();
    for (place, (function, route)) in routes().enumerate() {
        let answer = send(sample(&world, function, route).bearer_auth(&ana.token)).await;
        if is_refused_as_unknown(&answer) || answer.status.as_u16() >= 500 {
            wrong.push(format!("{} with a good token answers {answer:?}", function.name));
        }
        if ENDS_ITS_CALLER.contains(&function.name) {
            ana = world.patient(&format!("ana-{place}")).await;
        }
    }
    assert_none(wrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_one_role_is_refused_to_the_others() {
    let world = World::new().await;
    let people = [
        (Role::Patient, world.patient("ana").await),
        (Role::Doctor, world.person("derm", "dermatologist").await),
        (Role::Admin, world.admin().await),
    ];
    let mut wrong = Vec::new();
    for (function, route) in routes() {
        for (role, person) in people.iter().filter(|(role, _)| !access(function).admits(*role)) {
            let answer = send(sample(&world, function, route).bearer_auth(&person.token)).await;
            if answer.status != 403 {
                wrong.push(format!(
                    "{} answers {} to a {}",
                    function.name,
                    answer.status,
                    role.word()
                ));
            }
        }
    }
    assert_none(wrong);
}

/// 404, whoever else asks; and there it is, for its owner.
#[tokio::test(flavor = "multi_thread")]
async fn another_persons_things_do_not_exist() {
    let world = World::new().await;
    let patients = (world.patient("ana").await, world.patient("ben").await);
    let doctors = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let mut wrong = Vec::new();
    let personal = |route: &Route, function: &Function| {
        let is_about_people = BY_NAME.contains(&function.name);
        route.path.contains('{') && !is_about_people && !matches!(access(function), Access::Anyone | Access::Admin)
    };
    for (function, route) in routes().filter(|(function, route)| personal(route, function)) {
        let (owner, other) = match access(function) {
            Access::Doctor | Access::VerifiedDoctor => &doctors,
            _ => &patients,
        };
        let Some(path) = thing(&world, function.name, owner).await else {
            wrong.push(format!(
                "{} shows somebody's thing: make one in `thing` of tests/suite/contract/access.rs",
                function.name
            ));
            continue;
        };
        let of_another = send(bare(&world, function, route, &path).bearer_auth(&other.token)).await;
        let own = send(bare(&world, function, route, &path).bearer_auth(&owner.token)).await;
        if of_another.status != 404 || !own.status.is_success() {
            wrong.push(format!(
                "{}: another got {of_another:?}, the owner {}",
                function.name, own.status
            ));
        }
    }
    assert_none(wrong);
}

/// Without the sample query: what it holds is no real signature.
fn bare(world: &World, function: &Function, route: &Route, path: &str) -> RequestBuilder {
    let request = world.request(route.method.clone(), path);
    match samples::body(function.name) {
        Some(Body::Json(body)) => request.json(&body),
        _ => request,
    }
}

/// The path to something of a person's own that the endpoint shows or changes.
pub async fn thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    Some(match function {
        "get-upload" => {
            let upload = owner.post("/api/uploads", json!({ "size_bytes": 9 })).await.json();
            format!("/api/uploads/{}", text(&upload["upload_id"]))
        }
        "mark-notification-read" | "delete-notification" => {
            let id = notification(world, owner).await;
            let action = if function == "delete-notification" { "" } else { "/read" };
            format!("/api/notifications/{id}{action}")
        }
        "remove-device" => {
            let body = json!({ "token": "a-token", "platform": "android" });
            let device = owner.post("/api/notifications/devices", body).await.json();
            format!("/api/notifications/devices/{}", text(&device["id"]))
        }
        "end-session" => {
            let other = world.log_in(&owner.username, &owner.password).await;
            let sessions = other.get("/api/auth/sessions").await.json();
            let sessions = sessions["sessions"].as_array().expect("a list");
            let current = sessions.iter().find(|session| session["is_current"] == true);
            format!("/api/auth/sessions/{}", text(&current.expect("the current one")["id"]))
        }
        "accept-family-link" | "end-family-link" | "grant-access" | "revoke-grant" | "get-family-profile" => {
            family_link(world, function, owner).await
        }
        "get-own-picture" => {
            let body = json!({ "image": data_encoding::BASE64.encode(&photos::face()) });
            let answer = owner.post("/api/auth/profile/upload-image", body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            format!("/api/auth/profile/image/{}", owner.id)
        }
        "ask-for-consultation" => {
            let record = owner.send_photo("/infections/diagnose", "image", photos::face()).await;
            format!("/infections/{}/consult", record.json()["id"])
        }
        "delete-prediction" => {
            let prediction = owner.predict(photos::face()).await.json();
            format!("/api/predictions/{}", text(&prediction["prediction_id"]))
        }
        "get-picture" => {
            let prediction = owner.predict(photos::face()).await.json();
            let link = text(&prediction["image_url"]);
            let path = link.split_once("/uploads/").expect("a picture's address").1;
            format!("/uploads/{}", path.split('?').next().expect("a path"))
        }
        _ => return reviewed_thing(world, function, owner).await,
    })
}

/// The same of review requests: a patient's own, or one that a doctor was asked.
async fn reviewed_thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    Some(match function {
        "get-review-request" | "delete-review-request" => {
            let doctor = world.verified_doctor(&format!("doctor-for-{function}")).await;
            format!("/api/review-requests/{}", review_request(owner, &doctor).await)
        }
        "submit-review" | "reject-review-request" => {
            let patient = world.patient(&format!("patient-for-{function}")).await;
            let action = if function == "submit-review" {
                "review"
            } else {
                "reject"
            };
            format!(
                "/api/review-requests/{}/{action}",
                review_request(&patient, owner).await
            )
        }
        _ => return None,
    })
}

/// The id of a request about a new prediction.
pub async fn review_request(patient: &Person, doctor: &Person) -> String {
    let prediction = patient.predict(photos::face()).await.json();
    let body = json!({ "predictionId": prediction["prediction_id"], "dermatologistId": doctor.id });
    let request = patient.post("/api/review-requests", body).await;
    assert_eq!(request.status, 201, "{request:?}");
    request.json()["id"].as_str().expect("an id").to_owned()
}

async fn notification(world: &World, owner: &Person) -> String {
    world.tell(owner, Notice::PasswordChanged).await;
    let list = eventually_async(|| async {
        let list = owner.get("/api/notifications").await.json();
        list["notifications"].get(0).cloned()
    });
    let note = list.await.expect("the notification arrives");
    note["id"].as_str().expect("an id").to_owned()
}

/// Tokens that look more or less like one of `owner`'s.
fn bad_tokens(owner: &Person, other: &Person) -> Vec<(&'static str, String)> {
    let [header, claims, signature] = parts(&owner.token);
    let [_, claims_of_other, _] = parts(&other.token);
    let unsigned = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
    let symmetric = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let mut broken: String = signature.chars().rev().collect();
    if broken == signature {
        broken.insert(0, 'A');
    }
    vec![
        ("nonsense", "nonsense".to_owned()),
        ("a broken signature", format!("{header}.{claims}.{broken}")),
        ("no signature", format!("{header}.{claims}.")),
        (
            "another person's claims",
            format!("{header}.{claims_of_other}.{signature}"),
        ),
        ("no algorithm", format!("{unsigned}.{claims}.")),
        ("another algorithm", format!("{symmetric}.{claims}.{signature}")),
        ("another key", by_another_key(owner)),
    ]
}

fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().expect("a token has three parts")
}

/// Perfect, but for who signed it.
fn by_another_key(owner: &Person) -> String {
    let now = Timestamp::now();
    let product = Product::FacialDerma;
    let session = Session {
        id: SessionId::new(now, [5; 6]),
        user_id: owner.id.parse().expect("an id"),
        role: Role::Patient,
        is_suspended: false,
        is_verified: true,
        product,
        created_at: now,
        expires_at: now + product.access_token_life(),
    };
    TokenSigner::new(&[5; 32])
        .access_token(&session, now, [5; 9])
        .expect("a token")
}

/// The path of an action on a link that somebody else has asked the owner for.
async fn family_link(world: &World, function: &str, owner: &Person) -> String {
    let mia = world.patient(&format!("mia-for-{function}")).await;
    let body = json!({ "family_member_email": owner.email, "relationship": "child" });
    let link = mia.post("/api/users/family/link", body).await.json();
    let path = format!("/api/users/family/{}", link["link_id"].as_str().expect("an id"));
    if matches!(function, "accept-family-link" | "end-family-link") {
        let action = if function == "accept-family-link" {
            "/accept"
        } else {
            ""
        };
        return format!("{path}{action}");
    }
    assert_eq!(owner.post(&format!("{path}/accept"), json!({})).await.status, 200);
    if function != "get-family-profile" {
        return format!("{path}/grant");
    }
    let request = mia.request(reqwest::Method::PUT, &format!("{path}/grant"));
    assert_eq!(send(request.json(&json!({ "scopes": ["profile"] }))).await.status, 200);
    format!("{path}/profile")
}
