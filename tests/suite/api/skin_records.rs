//! The dermatology clinic's diagnoses and consultations.

use serde_json::{Value, json};
use tests::photos;
use tests::world::{Person, World};

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
    let first = ask(&ana).await;
    assert_eq!(first.status, 200, "{first:?}");
    let first = first.json();
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
