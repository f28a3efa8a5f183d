//! The dermatology clinic's diagnoses and consultations.

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::photos;
use tests::world::{Person, World, send};

use super::scheduling::open_doctor;

const DIAGNOSE: &str = "/infections/diagnose";

async fn diagnose(person: &Person, photo: Vec<u8>) -> Value {
    let answer = person.send_photo(DIAGNOSE, "image", photo).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_skin_gets_an_answer_with_advice_in_a_text() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = diagnose(&ana, photos::face()).await;
    assert!(answer["id"].is_u64() && answer["diagnosis"].is_string());
    let confidence = answer["confidence"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&confidence));
    let told: Value = serde_json::from_str(answer["ai_response"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&told["diagnosis"], &told["confidence"]),
        (&answer["diagnosis"], &answer["confidence"])
    );
    assert!(told["advice"].as_str().unwrap().contains("not a medical diagnosis"));
    if confidence < 0.9 || answer["outcome"] != "named" {
        assert_eq!(answer["recommended_consultation"], true);
    }
    assert_eq!(answer["model"]["version"], "2.0.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_skin_is_said_to_be_none() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = diagnose(&ana, photos::fixture("nonface_brick")).await;
    assert_eq!(
        (&answer["diagnosis"], &answer["outcome"]),
        (&json!("Inconclusive"), &json!("not_skin"))
    );
    assert_eq!(answer["recommended_consultation"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_is_asked_for_once_and_by_the_owner() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let record = diagnose(&ana, photos::face()).await;
    let path = format!("/infections/{}/consult", record["id"]);
    let ask = async |person: &Person| person.post(&path, Value::Null).await;
    ask(&ana).await.problem(404, "No available slots to book");
    let asked = ana.get(&format!("/infections/{}", record["id"])).await.json()["consultation_asked_at"].clone();
    assert!(asked.is_string(), "that it was asked for is kept");
    let dora = open_doctor(&world, "dora").await;
    let shown = format!("/infections/{}?patient_id={}", record["id"], ana.id);
    assert_eq!(dora.get(&shown).await.status, 404);
    let first = ask(&ana).await;
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
    let visit = &first["appointment"];
    assert_eq!(
        (
            &visit["status"],
            &visit["infection_record_id"],
            &first["consultation_asked_at"]
        ),
        (&json!("scheduled"), &record["id"], &asked)
    );
    assert_eq!(first["appointment_id"], visit["id"]);
    assert_eq!(dora.get(&shown).await.status, 200, "the visit names its doctor");
    assert_eq!(&ask(&ana).await.json()["appointment"], visit, "it is booked once");
    assert_eq!(
        (&first["id"], &first["recommended_consultation"]),
        (&record["id"], &json!(true))
    );
    assert_eq!(
        ask(&ana).await.json()["consultation_asked_at"],
        first["consultation_asked_at"]
    );
    ask(&ben).await.problem(404, "Record not found or not yours");
    for id in ["0", "nonsense", "99999999999999999999"] {
        let unknown = ana.post(&format!("/infections/{id}/consult"), Value::Null).await;
        unknown.problem(404, "Record not found or not yours");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_patients_send_pictures_and_only_pictures_are_taken() {
    let world = World::new().await;
    let (ana, doctor) = (world.patient("ana").await, world.person("dora", "dermatologist").await);
    assert_eq!(doctor.send_photo(DIAGNOSE, "image", photos::face()).await.status, 403);
    assert_eq!(ana.send_photo(DIAGNOSE, "picture", photos::face()).await.status, 422);
    assert_eq!(
        ana.send_photo(DIAGNOSE, "image", b"no picture".to_vec()).await.status,
        415
    );
    assert_eq!(world.stored_pictures().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_kept_whole_or_refused() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let with_notes = async |characters: usize| {
        let photo = Part::bytes(photos::face()).file_name("skin.jpg");
        let form = Form::new().part("image", photo).text("notes", "ñ".repeat(characters));
        send(ana.request(Method::POST, DIAGNOSE).multipart(form)).await
    };
    let too_long = "notes must have at most 5000 characters";
    let problem = with_notes(5_001).await.problem(422, too_long);
    assert_eq!(problem["errors"][0]["loc"], json!(["body", "notes"]));
    let uploaded = json!({ "upload_id": "0186a1f2c3d4e5f601234567", "notes": "n".repeat(5_001) });
    ana.post(DIAGNOSE, uploaded).await.problem(422, too_long);
    assert_eq!(world.stored_pictures().await, 0);
    assert_eq!(with_notes(5_000).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_reads_the_own_records_page_by_page_newest_first() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let mut numbers = Vec::new();
    for _ in 0..3 {
        world.product.clock.set_forward(1);
        numbers.insert(0, diagnose(&ana, photos::face()).await["id"].clone());
    }
    let page = ana.get("/infections?limit=2").await;
    assert_eq!(page.status, 200, "{page:?}");
    let shown = page.json();
    let ids = |page: &Value| -> Vec<Value> {
        let records = page.as_array().expect("a bare array").iter();
        records.map(|record| record["id"].clone()).collect()
    };
    assert_eq!(ids(&shown), numbers[..2]);
    let picture = world.follow(shown[0]["image_url"].as_str().unwrap()).await;
    assert_eq!(picture.status, 200);
    assert!(shown[0]["diagnosis"].is_string() && shown[0]["readings"].is_array());
    let next = page.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    assert_eq!(ids(&ana.get(&next).await.json()), numbers[2..]);
    assert_eq!(ben.get("/infections").await.json(), json!([]));
    assert_eq!(
        ana.audit_entry(page.header("x-request-id")).await.expect("a trace")["action"],
        "list"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_for_a_consultation_at_once_the_first_counts_for_all() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let record = diagnose(&ana, photos::face()).await;
    open_doctor(&world, "dora").await;
    let path = format!("/infections/{}", record["id"]);
    let ask = (0..8).map(async |_| ana.post(&format!("{path}/consult"), Value::Null).await.json());
    let answers = join_all(ask).await;
    let kept = ana.get(&path).await.json()["consultation_asked_at"].clone();
    assert!(kept.is_string());
    for answer in &answers {
        assert_eq!(answer["consultation_asked_at"], kept, "{answers:?}");
        assert_eq!(
            answer["appointment"]["id"], answers[0]["appointment"]["id"],
            "{answers:?}"
        );
    }
    assert_eq!(ana.get("/appointments").await.json()["counts"]["scheduled"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_nobody_settled_keeps_nobody_from_the_next() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let record = diagnose(&ana, photos::face()).await;
    open_doctor(&world, "dora").await;
    let path = format!("/infections/{}/consult", record["id"]);
    let first = ana.post(&path, Value::Null).await.json()["appointment"].clone();
    let end: jiff::Timestamp = first["ends_at"].as_str().unwrap().parse().unwrap();
    let left = end.duration_since(world.product.clock.now()).as_secs();
    world.product.clock.set_forward(left - 60);
    assert_eq!(
        ana.post(&path, Value::Null).await.json()["appointment"]["id"],
        first["id"]
    );
    world.product.clock.set_forward(120);
    let next = ana.post(&path, Value::Null).await.json()["appointment"].clone();
    assert!(next["id"] != first["id"] && next["status"] == "scheduled", "{next}");
}
