//! Doctors agree with what a model said of a patient's picture, or correct it.

use domain::readings::ResultId;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::opinions;
use store::table::Table;
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async};

async fn predict(patient: &Person) -> String {
    let answer = patient.predict(photos::face()).await.json();
    answer["prediction_id"].as_str().expect("an id").to_owned()
}

async fn diagnose(patient: &Person) -> u64 {
    let answer = patient
        .send_photo("/infections/diagnose", "image", photos::face())
        .await;
    answer.json()["id"].as_u64().expect("a number")
}

fn of(patient: &Person, path: &str) -> String {
    format!("{path}?patient_id={}", patient.id)
}

async fn give(doctor: &Person, patient: &Person, prediction: &str, body: Value) -> Answer {
    let path = of(patient, &format!("/api/predictions/{prediction}/opinions"));
    doctor.post(&path, body).await
}

async fn given(doctor: &Person, patient: &Person, prediction: &str, body: Value) -> Value {
    let answer = give(doctor, patient, prediction, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// A patient with a prediction that a doctor was asked about.
async fn asked(world: &World) -> (Person, Person, String) {
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    ana.ask_about(&prediction, &derm).await;
    (ana, derm, prediction)
}

/// All that lies in the table of results.
async fn table(world: &World) -> String {
    let settings = &world.product.platform.settings;
    let table = settings.names.table(Table::Diagnosis);
    let scan = settings.connection.dynamodb().scan().table_name(table).send().await;
    format!("{:?}", scan.expect("the items").items())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_agrees_and_the_patient_sees_who() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let body = json!({ "verdict": "agree", "note": "  Clear as day.  " });
    let answer = given(&derm, &ana, &prediction, body).await;
    let path = format!("/api/predictions/{prediction}");
    let own = ana.get(&path).await.json();
    let doctors = derm.get(&of(&ana, &path)).await.json();
    for shown in [&answer, &own, &doctors] {
        assert_eq!((&shown["id"], &shown["opinionCount"]), (&json!(prediction), &json!(1)));
        let opinion = &shown["opinions"][0];
        assert_eq!(
            (&opinion["verdict"], &opinion["condition"], &opinion["note"]),
            (&json!("agree"), &Value::Null, &json!("Clear as day."))
        );
        assert_eq!(opinion["doctor"], json!({ "id": derm.id, "name": "Dr derm" }));
        assert_eq!(
            (&opinion["reading"], &opinion["version"], &opinion["holds"]),
            (&json!(1), &json!(1), &json!(true))
        );
        assert_eq!(opinion["model"], shown["result"]["readings"][0]["model"]);
        assert!(opinion["given_at"].as_str().unwrap().ends_with('Z'));
        // It could be used to sign up in its holder's place.
        assert!(!shown.to_string().contains("LIC-derm"));
    }
    assert_eq!(ana.predictions().await[0]["opinionCount"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_names_what_it_is_instead_and_a_newer_opinion_takes_the_place_of_an_older() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let bodies = [
        json!({ "verdict": "cannot_tell" }),
        json!({ "verdict": "correct", "condition": "rosacea", "reading": 1 }),
        json!({ "verdict": "correct", "condition": "Granuloma faciale" }),
    ];
    for body in &bodies {
        // The second time nothing happens.
        for _ in 0..2 {
            given(&derm, &ana, &prediction, body.clone()).await;
        }
    }
    let shown = ana.get(&format!("/api/predictions/{prediction}")).await.json();
    let opinions = shown["opinions"].as_array().unwrap();
    let seen: Vec<Value> = opinions
        .iter()
        .map(|opinion| {
            json!([
                opinion["version"],
                opinion["verdict"],
                opinion["condition"],
                opinion["holds"]
            ])
        })
        .collect();
    assert_eq!(
        json!(seen),
        json!([
            [1, "cannot_tell", null, false],
            [2, "correct", "Rosacea", false],
            [3, "correct", "Granuloma faciale", true],
        ])
    );
    assert_eq!(shown["opinionCount"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_opinion_is_refused() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let cases = [
        (json!({ "verdict": "perhaps" }), "verdict"),
        (json!({}), "verdict"),
        (json!({ "verdict": "correct" }), "condition"),
        (json!({ "verdict": "correct", "condition": " " }), "condition"),
        (
            json!({ "verdict": "correct", "condition": "x".repeat(101) }),
            "condition",
        ),
        (json!({ "verdict": "agree", "condition": "Acne" }), "condition"),
        (json!({ "verdict": "agree", "note": "x".repeat(1_001) }), "note"),
        (json!({ "verdict": "agree", "reading": 0 }), "reading"),
        (json!({ "verdict": "agree", "reading": 2 }), "reading"),
        // The newest may be one that the doctor has not seen.
        (json!({ "verdict": "agree", "referral": false }), "reading"),
    ];
    for (body, field) in cases {
        let answer = give(&derm, &ana, &prediction, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
        assert_eq!(answer.json()["errors"][0]["loc"], json!(["body", field]), "{body}");
    }
    assert_eq!(ana.predictions().await[0]["opinionCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_approved_doctor_who_was_let_in_gives_one() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let other = world.verified_doctor("other").await;
    let unapproved = world.licensed_doctor("new").await;
    let agree = || json!({ "verdict": "agree" });
    give(&other, &ana, &prediction, agree())
        .await
        .problem(404, "Prediction not found");
    let unknown = give(&derm, &ana, "0186a1f2c3d4e5f601234567", agree()).await;
    unknown.problem(404, "Prediction not found");
    for refused in [&unapproved, &ana] {
        assert_eq!(give(refused, &ana, &prediction, agree()).await.status, 403);
    }
    // Not even on what is one's own.
    let own = predict(&derm).await;
    assert_eq!(
        give(&derm, &derm, &own, agree()).await.json()["code"],
        "opinion_on_own_result"
    );
    let nobodys = derm
        .post(&format!("/api/predictions/{prediction}/opinions"), agree())
        .await;
    nobodys.problem(404, "Prediction not found");
    assert_eq!(ana.predictions().await[0]["opinionCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skin_record_is_judged_by_whom_its_patient_lets_see_it() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let number = diagnose(&ana).await;
    let path = of(&ana, &format!("/infections/{number}/opinions"));
    let body = || json!({ "verdict": "correct", "condition": "mole", "referral": true });
    derm.post(&path, body())
        .await
        .problem(404, "Record not found or not yours");
    let link = ana.let_see(&derm, &["predictions"]).await;
    let answer = derm.post(&path, body()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let own = ana.get(&format!("/infections/{number}")).await.json();
    for shown in [&answer.json(), &own] {
        assert_eq!(
            (&shown["opinions"][0]["condition"], &shown["opinion_count"]),
            (&json!("Mole"), &json!(1))
        );
        // A doctor's word sends the patient to a doctor as a model's does.
        assert_eq!(
            (&shown["referral"], &shown["recommended_consultation"]),
            (&json!(true), &json!(true))
        );
    }
    let entry = ana.audit_entry(answer.header("x-request-id")).await.expect("a trace");
    assert_eq!(entry["why"]["right"], "grant");
    let revoked = ana.delete(&format!("/api/users/family/{link}/grant")).await;
    assert!(revoked.status.is_success(), "{revoked:?}");
    let refused = derm.get(&of(&ana, &format!("/infections/{number}"))).await;
    refused.problem(404, "Record not found or not yours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_stands_until_a_doctor_says_otherwise() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let referral = async || ana.predictions().await[0]["result"]["referral"].clone();
    let model_says = referral().await;
    given(
        &derm,
        &ana,
        &prediction,
        json!({ "verdict": "agree", "referral": "true", "reading": "1" }),
    )
    .await;
    assert_eq!(referral().await, true);
    given(&derm, &ana, &prediction, json!({ "verdict": "cannot_tell" })).await;
    assert_eq!(referral().await, true);
    let answer = given(
        &derm,
        &ana,
        &prediction,
        json!({ "verdict": "agree", "referral": false, "reading": 1 }),
    )
    .await;
    assert_eq!(
        (referral().await, &answer["result"]["referral"]),
        (json!(false), &json!(false))
    );
    // What the model said stays beside it.
    assert_eq!(answer["result"]["readings"][0]["referral"], model_says);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_of_something_malignant_is_sent_to_a_doctor_and_hears_of_it() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let correction = |name: &str| json!({ "verdict": "correct", "condition": name, "reading": 1 });
    let mut benign = correction("Rosacea");
    benign["referral"] = json!(false);
    given(&derm, &ana, &prediction, benign).await;
    assert_eq!(ana.predictions().await[0]["result"]["referral"], false);
    let answer = given(&derm, &ana, &prediction, correction("melanoma")).await;
    assert_eq!(answer["result"]["referral"], true);
    assert_eq!(answer["opinions"][1]["referral"], true);
    let note = eventually_async(|| async {
        let inbox = ana.get("/api/notifications").await.json();
        let notes = inbox["notifications"].as_array().cloned().unwrap_or_default();
        notes.into_iter().find(|note| note["type"] == "doctor_refers")
    });
    let note = note.await.expect("a notice");
    assert_eq!(note["ref"]["predictionId"], json!(prediction));
    assert!(!note.to_string().to_lowercase().contains("melanoma"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_doctor_cannot_keep_others_from_sending_a_patient_to_a_doctor() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let other = world.verified_doctor("other").await;
    ana.ask_about(&prediction, &other).await;
    let note = |number: usize| json!({ "verdict": "agree", "note": number.to_string() });
    for number in 0..5 {
        given(&derm, &ana, &prediction, note(number)).await;
    }
    let refused = give(&derm, &ana, &prediction, note(5)).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::BAD_REQUEST, &json!("opinions_too_many"))
    );
    given(&other, &ana, &prediction, note(6)).await;
    // Nor themselves.
    let answer = given(
        &derm,
        &ana,
        &prediction,
        json!({ "verdict": "correct", "condition": "SCC" }),
    )
    .await;
    assert_eq!(answer["result"]["referral"], true);
    let deleted = ana.delete(&format!("/api/predictions/{prediction}")).await;
    assert_eq!(deleted.status, 200, "{deleted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_declines_sees_the_picture_no_more() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    let prediction = predict(&ana).await;
    let request = ana.ask_about(&prediction, &derm).await;
    let path = of(&ana, &format!("/api/predictions/{prediction}"));
    assert_eq!(derm.get(&path).await.status, 200);
    let request = format!("/api/review-requests/{request}");
    let declined = derm.post(&format!("{request}/reject"), json!({})).await;
    assert_eq!(
        (declined.status, &declined.json()["prediction"]),
        (StatusCode::OK, &Value::Null)
    );
    derm.get(&path).await.problem(404, "Prediction not found");
    let opinion = give(&derm, &ana, &prediction, json!({ "verdict": "agree" })).await;
    opinion.problem(404, "Prediction not found");
    assert_eq!(derm.get(&request).await.json()["prediction"], Value::Null);
    assert_eq!(ana.get(&request).await.json()["prediction"]["id"], json!(prediction));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_equal_ones_are_one_and_none_is_lost() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let other = world.verified_doctor("other").await;
    ana.ask_about(&prediction, &other).await;
    join_all((0..6).map(|_| given(&derm, &ana, &prediction, json!({ "verdict": "agree" })))).await;
    assert_eq!(ana.predictions().await[0]["opinionCount"], 1);
    let notes = ["one", "two", "three"].map(|note| json!({ "verdict": "agree", "note": note }));
    join_all(notes.map(|body| given(&other, &ana, &prediction, body))).await;
    let shown = ana.get(&format!("/api/predictions/{prediction}")).await.json();
    let opinions = shown["opinions"].as_array().unwrap();
    let of_other = opinions
        .iter()
        .filter(|opinion| opinion["doctor"]["id"] == other.id.as_str());
    let versions: Vec<&Value> = of_other.map(|opinion| &opinion["version"]).collect();
    assert_eq!(versions, [1, 2, 3]);
    let holding = opinions.iter().filter(|opinion| opinion["holds"] == true);
    assert_eq!((holding.count(), &shown["opinionCount"]), (2, &json!(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_is_signed_sealed_and_in_the_patients_log() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let body = json!({ "verdict": "correct", "condition": "Chilblains", "note": "Look at the cold" });
    let answer = give(&derm, &ana, &prediction, body).await;
    let entry = ana.audit_length(4).await;
    let of_request = |entry: &&Value| entry["request_id"] == answer.header("x-request-id");
    let entries: Vec<&Value> = entry.iter().filter(of_request).collect();
    let is_change = |entry: &&&Value| entry["action"] == "update" && entry["why"]["right"] == "care";
    assert!(entries.iter().any(|entry| is_change(&entry)), "{entries:?}");
    assert!(entries.iter().all(|entry| entry.to_string().contains(&derm.id)));

    let store = world.product.platform.store();
    let result = ResultId::Prediction(prediction.parse().unwrap());
    let mut found = opinions::list(&store, ana.id.parse().unwrap(), result).await.unwrap();
    let mut opinion = found.pop().unwrap();
    assert_eq!(opinion.signer.license.as_deref(), Some("LIC-derm"));
    assert!(opinions::is_authentic(&store, &opinion).await.unwrap());
    opinion.said.condition = Some("Acne".to_owned());
    assert!(!opinions::is_authentic(&store, &opinion).await.unwrap());

    let table = table(&world).await;
    assert!(table.contains("OPINION#"));
    for secret in ["Chilblains", "Look at the cold", "LIC-derm", "Dr derm"] {
        assert!(!table.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opinions_go_with_the_result_and_with_the_patient_but_not_with_the_doctor() {
    let world = World::new().await;
    let (ana, derm, prediction) = asked(&world).await;
    let admin = world.admin().await;
    let agree = || json!({ "verdict": "agree" });
    given(&derm, &ana, &prediction, agree()).await;
    let deleted = ana.delete(&format!("/api/predictions/{prediction}")).await;
    assert_eq!(deleted.status, 200, "{deleted:?}");
    assert!(!table(&world).await.contains("OPINION#"));

    let kept = predict(&ana).await;
    ana.ask_about(&kept, &derm).await;
    given(&derm, &ana, &kept, agree()).await;
    assert_eq!(admin.delete("/users/derm").await.status, 200);
    let lists = format!("REVIEWER#{}", derm.id);
    let gone = || async { (!table(&world).await.contains(&lists)).then_some(()) };
    eventually_async(gone).await.expect("the doctor's requests go");
    let shown = ana.get(&format!("/api/predictions/{kept}")).await.json();
    assert_eq!(shown["opinions"][0]["doctor"]["name"], "Dr derm");

    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let gone = || async { (!table(&world).await.contains(&ana.id)).then_some(()) };
    eventually_async(gone).await.expect("all of the patient's goes");
    assert!(!table(&world).await.contains("OPINION#"));
}
