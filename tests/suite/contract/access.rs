//! Who may call what: every route, with every kind of caller, over HTTP on the running product.

use domain::notice::Notice;
use domain::role::Role;
use domain::upload::{ADDRESS_LIFE, FileKind, Upload, UploadState};
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use runtime::callers::Access;
use runtime::{Function, Route, Work};
use serde_json::{Value, json};
use store::uploads;
use tests::clinic;
use tests::made::events::filled;
use tests::made::samples::{self, Body};
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async, send};

use super::bad_tokens::bad_tokens;
use super::{assert_none, calls, measuring, routes, stock, visits};

const A_DAY_AND_A_BIT_IN_SECONDS: i64 = 25 * 60 * 60;

pub fn access(function: &Function) -> Access {
    match function.work {
        Work::Requests { access, .. } => access,
        Work::Events { .. } | Work::Sockets { .. } => unreachable!("only endpoints have routes"),
    }
}

/// These name people: others get 403, or the same answer, whether there is such a person or not (held by
/// tests/suite/api/users.rs and emergency_access.rs).
const BY_NAME: [&str; 3] = ["get-user", "set-user-password", "open-emergency-access"];

/// Shown to everybody who signed in: whose times they are is no secret.
const OF_EVERYBODY: [&str; 1] = ["list-free-times"];

/// The documents of their products have another answer for what is somebody else's, as for what is not there.
const REFUSED_WITH: [(&str, u16); 1] = [("join-consultation", 400)];

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
        Some(Body::Form {
            field,
            file,
            bytes,
            texts,
            ..
        }) => {
            let form = texts
                .iter()
                .fold(Form::new(), |form, (name, value)| form.text(*name, *value));
            request.multipart(form.part(field, Part::bytes(bytes).file_name(file)))
        }
    }
}

fn is_refused_as_unknown(answer: &Answer) -> bool {
    let code = serde_json::from_slice::<Value>(&answer.bytes).unwrap_or_default()["code"].clone();
    let is_challenged = match answer.header("www-authenticate") {
        "Bearer" => code == "token_missing" || code == "token_invalid",
        "Basic realm=\"polyclinic\"" => code == "credentials_missing" || code == "credentials_wrong",
        _ => return false,
    };
    // The answer to a HEAD has no body.
    answer.status == 401 && (answer.bytes.is_empty() || is_challenged)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_only_what_is_for_anyone_answers() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for (function, route) in routes() {
        let answer = send(sample(&world, function, route)).await;
        let is_right = match access(function) {
            Access::Anyone | Access::MaybeSignedIn | Access::MaybeDevice => {
                !is_refused_as_unknown(&answer) && answer.status.as_u16() < 500
            }
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
            let is_for_anyone = matches!(access(function), Access::Anyone | Access::MaybeDevice);
            if is_refused_as_unknown(&answer) == is_for_anyone {
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

/// 404, or what their product's document says, whoever else asks; and there it is, for its owner.
#[tokio::test(flavor = "multi_thread")]
async fn another_persons_things_do_not_exist() {
    let world = World::new().await;
    let patients = (world.patient("ana").await, world.patient("ben").await);
    let doctors = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let mut wrong = Vec::new();
    let personal = |route: &Route, function: &Function| {
        let is_about_people = BY_NAME.contains(&function.name);
        let is_for_all_alike = matches!(
            access(function),
            Access::Anyone | Access::MaybeDevice | Access::Admin | Access::Operator
        );
        let is_shown_to_all = OF_EVERYBODY.contains(&function.name);
        route.path.contains('{') && !is_about_people && !is_for_all_alike && !is_shown_to_all
    };
    for (function, route) in routes().filter(|(function, route)| personal(route, function)) {
        let (owner, other) = match access(function) {
            Access::Doctor | Access::VerifiedDoctor | Access::DoctorOrAdmin => &doctors,
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
        let refusal = REFUSED_WITH.iter().find(|(name, _)| *name == function.name);
        let refusal = refusal.map_or(404, |(_, status)| *status);
        if of_another.status != refusal || !own.status.is_success() {
            wrong.push(format!(
                "{}: another got {of_another:?}, the owner {}",
                function.name, own.status
            ));
        }
    }
    assert_none(wrong);
}

/// Of health records.
async fn record_thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    Some(match function {
        "get-record" | "update-record" | "delete-record" => format!("/api/records/{}", record(owner).await),
        "list-record-files" => format!("/api/records/{}/files", record(owner).await),
        "attach-record-file" => record_that_waits(world, owner).await,
        "list-record-versions" => format!("/api/records/{}/versions", record(owner).await),
        "list-record-audit" => format!("/api/records/{}/audit", record(owner).await),
        "settle-record-conflict" => {
            let id = record(owner).await;
            let change = |name: &str| {
                json!({
                    "device_id": name,
                    "changes": [{
                        "change_id": name, "record_id": id, "record_type": "medical_history", "base_version": 1,
                        "data": { "title": name },
                    }],
                })
            };
            owner.post("/api/records/sync/changes", change("a")).await;
            let pushed = owner.post("/api/records/sync/changes", change("b")).await.json();
            format!(
                "/api/records/{id}/conflicts/{}",
                text(&pushed["results"][0]["conflict_id"])
            )
        }
        _ => return None,
    })
}

/// For the file of the samples, which has come by the upload of the samples.
async fn record_that_waits(world: &World, owner: &Person) -> String {
    let store = world.product.platform.store();
    let (now, file) = (world.product.clock.now(), photos::face());
    let upload = Upload {
        id: samples::RECORD_FILE_UPLOAD.parse().expect("an id"),
        owner: owner.id.parse().expect("an id"),
        state: UploadState::Received,
        kind: FileKind::Picture,
        parts: None,
        created_at: now,
        expires_at: now + ADDRESS_LIFE,
    };
    uploads::expect(&store, &upload).await.expect("an upload");
    let address = uploads::address(&store, &upload, file.len() as u64).await;
    let put = owner.put_file(&address.expect("an address"), file).await;
    assert_eq!(put.status, 200, "{put:?}");
    let body = json!({ "title": "Asthma", "files": [{ "id": samples::RECORD_FILE, "name": "Spirometry" }] });
    let made = owner.post("/api/records/medical-history", body).await.json();
    format!("/api/records/{}/files", text(&made["id"]))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

async fn record(owner: &Person) -> String {
    let body = json!({ "title": "Asthma" });
    let made = owner.post("/api/records/medical-history", body).await.json();
    made["id"].as_str().expect("a record").to_owned()
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
    Some(match function {
        "get-upload" => {
            let upload = owner.post("/api/uploads", json!({ "size_bytes": 9 })).await.json();
            format!("/api/uploads/{}", text(&upload["upload_id"]))
        }
        "complete-upload" => {
            let body = json!({ "size_bytes": 9, "part_bytes": 262_144 });
            let upload = owner.post("/api/uploads", body).await.json();
            let part = text(&upload["parts"][0]["url"]);
            assert_eq!(owner.put_file(&part, samples::UPLOADED_PART.to_vec()).await.status, 200);
            format!("/api/uploads/{}/complete", text(&upload["upload_id"]))
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
        "get-skin-record" => skin_record(owner).await,
        "rerun-skin-record" => format!("{}/rerun", skin_record(owner).await),
        "ask-for-consultation" => consultation(world, owner).await,
        "get-prediction" | "delete-prediction" => prediction(owner).await,
        "rerun-prediction" => format!("{}/rerun", prediction(owner).await),
        "get-picture" => {
            let prediction = owner.predict(photos::face()).await.json();
            let link = text(&prediction["image_url"]);
            let path = link.split_once("/uploads/").expect("a picture's address").1;
            format!("/uploads/{}", path.split('?').next().expect("a path"))
        }
        "get-export" | "delete-export" => export(world, function, owner).await,
        _ => return other_thing(world, function, owner).await,
    })
}

async fn other_thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    if let Some(path) = record_thing(world, function, owner).await {
        return Some(path);
    }
    if let Some(path) = visits::thing(world, function, owner).await {
        return Some(path);
    }
    if let Some(path) = calls::thing(world, function, owner).await {
        return Some(path);
    }
    if let Some(path) = stock::thing(world, function, owner).await {
        return Some(path);
    }
    if let Some(path) = measuring::thing(world, function, owner).await {
        return Some(path);
    }
    reviewed_thing(world, function, owner).await
}

/// About a new record, with a doctor who is free.
async fn consultation(world: &World, owner: &Person) -> String {
    visits::open_doctor(world, &format!("doctor-for-{}", owner.username)).await;
    format!("{}/consult", skin_record(owner).await)
}

/// With its archive, for whoever wants to see it.
async fn export(world: &World, function: &str, owner: &Person) -> String {
    // One at a time.
    world.run_scheduled("build-exports").await;
    let export = owner.post("/api/exports", Value::Null).await.json();
    if function == "get-export" {
        world.run_scheduled("build-exports").await;
    }
    format!("/api/exports/{}", text(&export["id"]))
}

async fn prediction(owner: &Person) -> String {
    let prediction = owner.predict(photos::face()).await.json();
    format!(
        "/api/predictions/{}",
        prediction["prediction_id"].as_str().expect("an id")
    )
}

async fn skin_record(owner: &Person) -> String {
    let record = owner.send_photo("/infections/diagnose", "image", photos::face()).await;
    format!("/infections/{}", record.json()["id"])
}

/// The same of what doctors look at: a patient's own review request, or what a doctor was let see.
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
        "give-opinion-on-prediction" | "give-opinion-on-skin-record" => {
            let patient = world.patient(&format!("patient-for-{function}")).await;
            patient.let_see(owner, &["predictions"]).await;
            let path = match function {
                "give-opinion-on-prediction" => prediction(&patient).await,
                _ => skin_record(&patient).await,
            };
            format!("{path}/opinions?patient_id={}", patient.id)
        }
        "get-record-draft" | "update-record-draft" | "delete-record-draft" | "sign-record-draft" => {
            let patient = world.patient(&format!("patient-for-{function}")).await;
            patient.let_see(owner, &["records"]).await;
            let action = if function == "sign-record-draft" { "/sign" } else { "" };
            format!("/api/records/drafts/{}{action}", clinic::draft(owner, &patient).await)
        }
        "amend-record" => {
            let patient = world.patient(&format!("patient-for-{function}")).await;
            patient.let_see(owner, &["records"]).await;
            let record = clinic::sign(owner, &clinic::draft(owner, &patient).await).await;
            format!("/api/records/{record}/amend?patient_id={}", patient.id)
        }
        _ => return None,
    })
}

/// The id of a request about a new prediction.
pub async fn review_request(patient: &Person, doctor: &Person) -> String {
    let prediction = patient.predict(photos::face()).await.json();
    let prediction = prediction["prediction_id"].as_str().expect("an id");
    patient.ask_about(prediction, doctor).await
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
