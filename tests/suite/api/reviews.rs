//! A patient asks a dermatologist about a prediction, and gets an opinion or is declined.

use futures_util::future::join_all;
use serde_json::{Value, json};
use store::reviews;
use store::table::Table;
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async};

const REQUESTS: &str = "/api/review-requests";
const STRANGER: &str = "0186a1f2c3d4e5f601234567";
/// Words that no notice may hold.
const HEALTH: [&str; 4] = ["rash", "harmless", "Acne", "Rosacea"];

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

async fn predict(patient: &Person) -> String {
    let answer = patient.predict(photos::face()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    text(&answer.json()["prediction_id"])
}

fn form(prediction: &str, doctor: &str) -> Value {
    json!({ "predictionId": prediction, "dermatologistId": doctor, "message": "Is this rash bad?" })
}

async fn ask(patient: &Person, prediction: &str, doctor: &Person) -> Value {
    let answer = patient.post(REQUESTS, form(prediction, &doctor.id)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

async fn review(doctor: &Person, id: &str, comment: &str) -> Answer {
    doctor
        .post(&format!("{REQUESTS}/{id}/review"), json!({ "comment": comment }))
        .await
}

async fn reject(doctor: &Person, id: &str, body: Value) -> Answer {
    doctor.post(&format!("{REQUESTS}/{id}/reject"), body).await
}

async fn list(person: &Person, query: &str) -> (Vec<Value>, u64) {
    let answer = person.get(&format!("{REQUESTS}{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let requests = body["requests"].as_array().expect("a list").clone();
    (requests, body["total"].as_u64().expect("a number"))
}

/// The notification of a type, once it is there.
async fn notified(person: &Person, kind: &str) -> Value {
    let look = || async {
        let list = person.get("/api/notifications").await.json();
        let lines = list["notifications"].as_array().cloned().unwrap_or_default();
        lines.into_iter().find(|line| line["type"] == kind)
    };
    eventually_async(look).await.unwrap_or_else(|| panic!("no {kind} came"))
}

fn assert_says_nothing_of_health(text: &str) {
    for word in HEALTH {
        assert!(!text.contains(word), "{text}");
    }
}

/// The doctor sees the patient, the prediction and its picture, in the list and alone.
async fn assert_shown(world: &World, ana: &Person, derm: &Person, id: &str) {
    let (received, total) = list(derm, "").await;
    assert_eq!((received.len(), total), (1, 1));
    let shown = derm.get(&format!("{REQUESTS}/{id}")).await.json();
    for seen in [&received[0], &shown] {
        assert_eq!(
            (&seen["id"], &seen["patientInfo"]["email"]),
            (&json!(id), &json!(ana.email))
        );
        assert_eq!(seen["patient"]["username"], "ana");
        assert_eq!(
            seen["dermatologistInfo"],
            json!({ "name": "Dr derm", "username": "derm", "email": derm.email })
        );
        assert_eq!(seen["prediction"]["userId"], ana.id.as_str());
        assert!(seen["prediction"]["result"]["predicted_label"].is_string());
        let picture = world.follow(seen["prediction"]["imageUrl"].as_str().unwrap()).await;
        assert_eq!(picture.status, 200);
    }
}

/// What a note of a review refers to.
fn about(request: &str, prediction: &str) -> Value {
    json!({ "requestId": request, "predictionId": prediction, "appointmentId": null, "patientId": null })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_goes_to_a_doctor_and_an_opinion_comes_back() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    let request = ask(&ana, &prediction, &derm).await;
    let id = text(&request["id"]);
    assert_eq!(id.len(), 24);
    assert_eq!(
        (&request["status"], &request["comment"]),
        (&json!("pending"), &Value::Null)
    );
    assert_eq!(request["message"], "Is this rash bad?");
    assert_eq!(
        (&request["patientId"], &request["predictionId"]),
        (&json!(ana.id), &json!(prediction))
    );
    assert_eq!(request["dermatologistId"], derm.id.as_str());
    assert_eq!(
        (&request["patientUsername"], &request["dermatologistUsername"]),
        (&json!("ana"), &json!("derm"))
    );
    assert!(text(&request["createdAt"]).ends_with('Z') && request["reviewedAt"].is_null());

    let note = notified(&derm, "review_requested").await;
    assert_eq!(note["ref"], about(&id, &prediction));
    assert_says_nothing_of_health(&note["message"].to_string());
    assert_says_nothing_of_health(&world.message(&derm.email, "A new review request").await.body);

    assert_shown(&world, &ana, &derm, &id).await;

    let reviewed = review(&derm, &id, "  It is harmless.  ").await;
    assert_eq!(reviewed.status, 200, "{reviewed:?}");
    let reviewed = reviewed.json();
    assert_eq!(
        (&reviewed["status"], &reviewed["comment"]),
        (&json!("reviewed"), &json!("It is harmless."))
    );
    assert!(text(&reviewed["reviewedAt"]).ends_with('Z'));
    assert_eq!(reviewed["judgedModel"], reviewed["prediction"]["result"]["model"]);
    let note = notified(&ana, "review_submitted").await;
    assert_eq!(note["ref"], about(&id, &prediction));
    assert_says_nothing_of_health(&note["message"].to_string());
    assert_says_nothing_of_health(&world.message(&ana.email, "Your review is ready").await.body);
    let own = ana.get(&format!("{REQUESTS}/{id}")).await.json();
    assert_eq!(
        (&own["comment"], &own["patientName"]),
        (&json!("It is harmless."), &json!("ana"))
    );
    // A licence number could be used to sign up in its holder's place.
    assert!(!own.to_string().contains("LIC-derm"));
    let again = review(&derm, &id, "Once more").await;
    again.problem(400, "Review request already reviewed");
    reject(&derm, &id, json!({}))
        .await
        .problem(400, "Review request already reviewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_can_be_declined_in_either_apps_words_or_none() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let bodies = [json!({ "comment": "Away" }), json!({ "reason": "Away" }), json!({})];
    for (body, comment) in bodies.into_iter().zip([json!("Away"), json!("Away"), Value::Null]) {
        let request = ask(&ana, &predict(&ana).await, &derm).await;
        let rejected = reject(&derm, &text(&request["id"]), body).await;
        assert_eq!(rejected.status, 200, "{rejected:?}");
        let rejected = rejected.json();
        assert_eq!(
            (&rejected["status"], &rejected["comment"]),
            (&json!("rejected"), &comment)
        );
    }
    notified(&ana, "review_rejected").await;
    assert_eq!(list(&ana, "?status_filter=rejected").await.1, 3);
    assert_eq!(list(&ana, "?status=pending").await, (vec![], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_approved_dermatologists_can_be_asked_and_only_about_what_is_ones_own() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    let (derm, unapproved) = (world.verified_doctor("derm").await, world.licensed_doctor("new").await);
    let prediction = predict(&ana).await;
    let refused = |who: &Person, prediction: &str, doctor: &str| {
        let (who, body) = (who.clone(), form(prediction, doctor));
        async move { who.post(REQUESTS, body).await }
    };
    let not_found = refused(&ben, &prediction, &derm.id).await;
    not_found.problem(404, "Prediction not found");
    refused(&ana, STRANGER, &derm.id)
        .await
        .problem(404, "Prediction not found");
    let not_found = "Dermatologist not found";
    refused(&ana, &prediction, STRANGER).await.problem(404, not_found);
    refused(&ana, &prediction, &unapproved.id).await.problem(404, not_found);
    let no_doctor = "The selected user is not a dermatologist";
    refused(&ana, &prediction, &ben.id).await.problem(400, no_doctor);
    refused(&ana, &prediction, &admin.id).await.problem(400, no_doctor);
    assert_eq!(refused(&derm, &prediction, &derm.id).await.status, 403);
    for id in ["x", "0186a1f2c3d4e5f60123456g"] {
        assert_eq!(refused(&ana, id, &derm.id).await.status, 422);
        assert_eq!(refused(&ana, &prediction, id).await.status, 422);
    }
    let mut long = form(&prediction, &derm.id);
    long["message"] = "x".repeat(1_001).into();
    assert_eq!(ana.post(REQUESTS, long).await.status, 422);
    let suspended = admin
        .post(&format!("/api/admin/users/{}/suspend", derm.id), json!({}))
        .await;
    assert_eq!(suspended.status, 200, "{suspended:?}");
    refused(&ana, &prediction, &derm.id).await.problem(404, not_found);
    assert_eq!(list(&ana, "").await, (vec![], 0));
    // Without an approval a doctor sees no patient.
    assert_eq!(unapproved.get(REQUESTS).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn for_all_others_a_request_does_not_exist() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let (derm, other) = (
        world.verified_doctor("derm").await,
        world.verified_doctor("other").await,
    );
    let request = ask(&ana, &predict(&ana).await, &derm).await;
    let id = text(&request["id"]);
    let path = format!("{REQUESTS}/{id}");
    let not_found = "Review request not found";
    for stranger in [&ben, &other] {
        stranger.get(&path).await.problem(404, not_found);
        stranger.delete(&path).await.problem(404, not_found);
        assert_eq!(list(stranger, "").await, (vec![], 0));
    }
    review(&other, &id, "Mine now").await.problem(404, not_found);
    reject(&other, &id, json!({})).await.problem(404, not_found);
    review(&derm, STRANGER, "Nobody's").await.problem(404, not_found);
    assert_eq!(review(&ana, &id, "My own").await.status, 403);
    derm.get(&format!("{REQUESTS}/x"))
        .await
        .problem(400, "Invalid review request id");
    assert_eq!(review(&derm, &id, " ").await.status, 422);
    assert_eq!(review(&derm, &id, &"x".repeat(2_001)).await.status, 422);
    assert_eq!(list(&ana, "?status=pending").await.1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_requests_at_once_one_is_made() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    let answers = join_all((0..50).map(|_| ana.post(REQUESTS, form(&prediction, &derm.id)))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(409)), (1, 49), "{answers:?}");
    let refused = answers.iter().find(|answer| answer.status == 409).unwrap();
    refused.problem(
        409,
        "A review request for this prediction and dermatologist already exists",
    );
    for person in [&ana, &derm] {
        let (requests, total) = list(person, "").await;
        assert_eq!((requests.len(), total), (1, 1));
    }
    let stats = world.admin().await.get("/api/admin/dashboard/stats").await.json();
    assert_eq!(stats["totalReviewRequests"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_review_and_a_rejection_at_once_one_stands() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    for _ in 0..4 {
        let request = ask(&ana, &predict(&ana).await, &derm).await;
        let id = text(&request["id"]);
        let reviews = join_all((0..5).map(|_| review(&derm, &id, "It is harmless.")));
        let rejections = join_all((0..5).map(|_| reject(&derm, &id, json!({}))));
        let (reviews, rejections) = tokio::join!(reviews, rejections);
        let all: Vec<&Answer> = reviews.iter().chain(&rejections).collect();
        let won: Vec<&&Answer> = all.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1, "{all:?}");
        let status = won[0].json()["status"].clone();
        for lost in all.iter().filter(|answer| answer.status != 200) {
            lost.problem(400, &format!("Review request already {}", text(&status)));
        }
        assert_eq!(ana.get(&format!("{REQUESTS}/{id}")).await.json()["status"], status);
    }
    let settled = list(&ana, "?status=reviewed").await.1 + list(&ana, "?status=rejected").await.1;
    assert_eq!((settled, list(&derm, "?status=pending").await.1), (4, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged_newest_first_with_exact_totals() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let mut ids = Vec::new();
    for _ in 0..5 {
        let request = ask(&ana, &predict(&ana).await, &derm).await;
        ids.insert(0, text(&request["id"]));
    }
    assert_eq!(review(&derm, &ids[4], "It is harmless.").await.status, 200);
    for person in [&ana, &derm] {
        let page = person.get(&format!("{REQUESTS}?limit=2&offset=1")).await.json();
        let shown: Vec<String> = page["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| text(&each["id"]))
            .collect();
        assert_eq!(shown, ids[1..3]);
        assert_eq!(
            (&page["total"], &page["limit"], &page["offset"]),
            (&json!(5), &json!(2), &json!(1))
        );
        let (pending, total) = list(person, "?status_filter=pending&limit=3").await;
        assert_eq!((pending.len(), total), (3, 4));
        let (reviewed, total) = list(person, "?status=reviewed").await;
        assert_eq!((text(&reviewed[0]["id"]), total), (ids[4].clone(), 1));
    }
    for query in [
        "?status_filter=lost",
        "?limit=0",
        "?limit=101",
        "?offset=2001",
        "?offset=-1",
    ] {
        assert_eq!(ana.get(&format!("{REQUESTS}{query}")).await.status, 422, "{query}");
    }
    assert_eq!(list(&world.admin().await, "").await, (vec![], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_of_the_two_deletes_a_request_once() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    for person in [&ana, &derm] {
        let id = text(&ask(&ana, &prediction, &derm).await["id"]);
        let path = format!("{REQUESTS}/{id}");
        let answers = join_all((0..4).map(|_| person.delete(&path))).await;
        let gone: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(gone.len(), 1, "{answers:?}");
        assert_eq!(
            gone[0].json(),
            json!({ "message": "Review request deleted successfully", "id": id })
        );
        assert!(
            answers
                .iter()
                .all(|answer| answer.status == 200 || answer.status == 404)
        );
        for person in [&ana, &derm] {
            assert_eq!(list(person, "").await, (vec![], 0));
            person.get(&path).await.problem(404, "Review request not found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_prediction_takes_its_open_requests_along_and_leaves_opinions() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (derm, other) = (
        world.verified_doctor("derm").await,
        world.verified_doctor("other").await,
    );
    let prediction = predict(&ana).await;
    let reviewed = text(&ask(&ana, &prediction, &derm).await["id"]);
    assert_eq!(review(&derm, &reviewed, "It is harmless.").await.status, 200);
    ask(&ana, &prediction, &other).await;
    let deleted = ana.delete(&format!("/api/predictions/{prediction}")).await;
    assert_eq!(deleted.status, 200, "{deleted:?}");
    assert_eq!(list(&other, "").await, (vec![], 0));
    let (left, total) = list(&ana, "").await;
    assert_eq!(
        (total, &left[0]["id"], &left[0]["prediction"]),
        (1, &json!(reviewed), &Value::Null)
    );
    assert_eq!(left[0]["comment"], "It is harmless.");
    let again = ana.post(REQUESTS, form(&prediction, &other.id)).await;
    again.problem(404, "Prediction not found");
}

/// However a request and the end of its prediction meet, no open request is left without its prediction.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_outlives_a_prediction_that_goes_at_the_same_moment() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (derm, other) = (
        world.verified_doctor("derm").await,
        world.verified_doctor("other").await,
    );
    for _ in 0..5 {
        let prediction = predict(&ana).await;
        let path = format!("/api/predictions/{prediction}");
        let (one, two, deleted) = tokio::join!(
            ana.post(REQUESTS, form(&prediction, &derm.id)),
            ana.post(REQUESTS, form(&prediction, &other.id)),
            ana.delete(&path),
        );
        assert_eq!(deleted.status, 200, "{deleted:?}");
        for asked in [one, two] {
            assert!(asked.status == 201 || asked.status == 404, "{asked:?}");
        }
        assert_eq!(list(&ana, "").await, (vec![], 0));
    }
    assert_eq!(list(&derm, "").await, (vec![], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_names_its_reviewer_their_licence_and_what_it_judged_and_lies_sealed() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    let id = text(&ask(&ana, &prediction, &derm).await["id"]);
    assert_eq!(review(&derm, &id, "It is harmless.").await.status, 200);
    let store = world.product.platform.store();
    let (patient, request) = (ana.id.parse().unwrap(), id.parse().unwrap());
    let mut request = reviews::find(&store, patient, request).await.unwrap();
    assert!(reviews::is_authentic(&store, &request).await.unwrap());
    let opinion = request.opinion.as_mut().unwrap();
    assert_eq!(
        (opinion.reviewer.to_string(), opinion.license.as_deref()),
        (derm.id.clone(), Some("LIC-derm"))
    );
    assert_eq!(opinion.judged.prediction.to_string(), prediction);
    assert_eq!(opinion.judged.model.weights_sha256.len(), 64);
    opinion.comment = Some("It is bad.".to_owned());
    assert!(!reviews::is_authentic(&store, &request).await.unwrap());

    let settings = &world.product.platform.settings;
    let table = settings.names.table(Table::Diagnosis);
    let scan = settings.connection.dynamodb().scan().table_name(table).send().await;
    let text = format!("{:?}", scan.unwrap().items());
    assert!(text.contains(&id));
    for secret in ["harmless", "Is this rash bad?", "LIC-derm"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_doctor_does_with_a_request_stands_in_the_patients_log() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let id = text(&ask(&ana, &predict(&ana).await, &derm).await["id"]);
    let other = text(&ask(&ana, &predict(&ana).await, &derm).await["id"]);
    let answers = [
        derm.get(REQUESTS).await,
        derm.get(&format!("{REQUESTS}/{id}")).await,
        review(&derm, &id, "It is harmless.").await,
        reject(&derm, &other, json!({})).await,
        derm.delete(&format!("{REQUESTS}/{other}")).await,
    ];
    for (answer, action) in answers.iter().zip(["list", "read", "update", "update", "delete"]) {
        assert_eq!(answer.status, 200, "{answer:?}");
        let entry = ana.audit_entry(answer.header("x-request-id")).await;
        let entry = entry.unwrap_or_else(|| panic!("{action} left no trace"));
        assert!(
            entry.to_string().contains(&derm.id) && entry["action"] == action,
            "{entry}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_goes_takes_its_requests_from_both_sides() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    let (derm, other) = (
        world.verified_doctor("derm").await,
        world.verified_doctor("other").await,
    );
    ask(&ana, &predict(&ana).await, &derm).await;
    let kept = predict(&ben).await;
    ask(&ben, &kept, &derm).await;
    ask(&ben, &kept, &other).await;
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    assert!(becomes(&derm, 1).await && becomes(&ben, 2).await);
    assert_eq!(admin.delete("/users/other").await.status, 200);
    assert!(becomes(&ben, 1).await);
    let stats = admin.get("/api/admin/dashboard/stats").await.json();
    assert_eq!(stats["totalReviewRequests"], 1);
}

/// Whether a person's list gets to have so many, in its pages and its total.
async fn becomes(person: &Person, wanted: u64) -> bool {
    let look = || async {
        let (requests, total) = list(person, "").await;
        (requests.len() as u64 == wanted && total == wanted).then_some(())
    };
    eventually_async(look).await.is_some()
}
