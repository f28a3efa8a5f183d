//! The symptom checker: what people and clients send, as they send it.

use serde_json::json;
use tests::world::World;

use super::symptoms::{CHEST, FEVER, PATH, check, check_in, report};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_said_to_be_so() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for (language, action) in [
        ("en-IN", "We could not understand this"),
        ("es-ES", "No hemos podido entender esto"),
        ("hi-IN", "हम इसे समझ नहीं पाए"),
    ] {
        let answer = check_in(&ana, language, "blorp zzz").await;
        assert_eq!(
            (&answer["understood"], &answer["books_routine_slot"]),
            (&json!(false), &json!(false))
        );
        let first = &answer["primary_recommendation"];
        assert_eq!(first["action"], action);
        assert!(first["description"].as_str().unwrap().contains("112"), "{first}");
        assert_eq!(answer["possible_conditions"], json!([]));
    }
    // Known illnesses say nothing of what is wrong now; called severe, it is seen today whatever it is.
    let severe = json!({ "symptoms": [{ "symptom": "blorp", "severity": "severe" }], "medical_history": ["asthma"] });
    let answer = check(&ana, &severe).await;
    assert_eq!(
        (&answer["understood"], &answer["primary_recommendation"]["urgency"]),
        (&json!(false), &json!("high"))
    );
    // Written in a language that answers are not in, an emergency is one.
    for symptom in [
        "douleur à la poitrine",
        "Ich bekomme keine Luft",
        "胸痛",
        "боль в груди",
    ] {
        let answer = check(&ana, &report(symptom)).await;
        assert_eq!(
            (&answer["understood"], &answer["primary_recommendation"]["urgency"]),
            (&json!(true), &json!("emergency")),
            "{symptom}"
        );
    }
    assert_eq!(check(&ana, &report(FEVER)).await["understood"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_may_be_strings_and_null_is_the_same_as_not_sent() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let plain = json!({
        "symptoms": [{ "symptom": "fever", "severity": "moderate", "duration_days": 3 }],
        "age": 45,
    });
    let expected = check(&ana, &plain).await;
    for (severity, days, age) in [
        (json!(null), json!("3"), json!("45")),
        (json!("moderate"), json!(3.0), json!(45.0)),
        (json!(null), json!(null), json!("45.0")),
    ] {
        let body = json!({
            "symptoms": [{ "symptom": "fever", "severity": severity, "duration_days": days, "frequency": null }],
            "age": age,
            "gender": null,
            "unknown": {},
        });
        assert_eq!(check(&ana, &body).await, expected, "{body}");
    }
    for (body, message) in [
        (json!({ "symptoms": ["cough"] }), "must be an object"),
        (json!({ "symptoms": "cough" }), "must be a list"),
        (
            json!({ "symptoms": [{ "symptom": "cough" }], "age": "old" }),
            "must be a number",
        ),
        (
            json!({ "symptoms": [{ "symptom": "cough" }], "age": 4.5 }),
            "must be a whole number",
        ),
    ] {
        let answer = ana.post(PATH, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json()["errors"][0]["msg"], message, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_word_that_may_be_sent_is_read() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let mut symptoms = vec![json!({ "symptom": "a ".repeat(250) }); 19];
    symptoms.push(json!({ "symptom": CHEST }));
    let answer = check(&ana, &json!({ "symptoms": symptoms })).await;
    assert_eq!(answer["primary_recommendation"]["urgency"], "emergency");
}
