//! The symptom checker: red flags whatever an engine says, and an answer whatever befalls an outer engine.

use std::time::Duration;

use clients::gemini::Trouble;
use clients::huggingface::Trouble as HuggingFaceTrouble;
use clients::stand_in::Fault;
use reqwest::Method;
use runtime::engines::SymptomEngine;
use runtime::secrets::Secret;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, send};

use super::sign_in::{HOME, PHONE, with_code};

pub(super) const PATH: &str = "/api/ai/symptom-check";
/// Nothing urgent, and the local engine knows what it may be.
pub(super) const FEVER: &str = "fever and dry cough for three days";
/// A red flag that is no emergency.
const VOICES: &str = "I am hearing voices";
pub(super) const CHEST: &str = "crushing pain in my chest";

pub(super) fn report(symptom: &str) -> Value {
    json!({ "symptoms": [{ "symptom": symptom }] })
}

pub(super) async fn check(person: &Person, body: &Value) -> Value {
    let answer = person.post(PATH, body.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub(super) async fn check_in(person: &Person, language: &str, symptom: &str) -> Value {
    let request = person.request(Method::POST, PATH).header("Accept-Language", language);
    let answer = send(request.json(&report(symptom))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// With an outer engine that nobody waits long for.
async fn with_engine(engine: SymptomEngine) -> World {
    World::set_up(|settings| {
        settings.web.rate_limits = false;
        settings.engines.symptoms = engine;
        settings.engines.gemini_time_limit = Duration::from_secs(2);
        settings.engines.huggingface_time_limit = Duration::from_secs(2);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn symptoms_get_conditions_a_recommendation_and_a_disclaimer() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = json!({
        "symptoms": [
            { "symptom": "fever", "severity": "moderate", "duration_days": 3, "frequency": "every evening" },
            { "symptom": "dry cough", "duration_days": null, "frequency": null },
        ],
        "age": 34,
        "gender": "female",
        "medical_history": ["none"],
        "current_medications": null,
        "additional_info": null,
    });
    let answer = check(&ana, &body).await;
    let conditions = answer["possible_conditions"].as_array().unwrap();
    assert!((1..=5).contains(&conditions.len()), "{answer}");
    let confidences: Vec<f64> = conditions
        .iter()
        .map(|each| each["confidence"].as_f64().unwrap())
        .collect();
    assert!(confidences.is_sorted_by(|a, b| a >= b) && confidences.iter().all(|each| (0.0..=1.0).contains(each)));
    for condition in conditions {
        assert!(!condition["condition"].as_str().unwrap().is_empty());
        for member in ["icd10_code", "description"] {
            assert!(condition[member].is_string() || condition[member].is_null());
        }
    }
    assert_eq!(answer["confidence_score"].as_f64().unwrap(), confidences[0]);
    assert_eq!(answer["ai_service_used"], "local_rule_based");
    let first = &answer["primary_recommendation"];
    assert!(
        ["low", "medium", "high"].contains(&first["urgency"].as_str().unwrap()),
        "{first}"
    );
    let additional = answer["additional_recommendations"].as_array().unwrap();
    for recommendation in additional.iter().chain([first]) {
        for member in ["action", "description", "suggested_specialist"] {
            assert!(recommendation[member].is_string(), "{recommendation}");
        }
    }
    assert!(answer["disclaimer"].as_str().unwrap().contains("not a diagnosis"));
    assert_eq!(answer["red_flags"], json!([]));
    assert_eq!(answer["books_routine_slot"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn red_flags_are_emergencies_in_every_language() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for (language, symptom, action) in [
        ("en-US,en;q=0.9", CHEST, "Call an ambulance now"),
        ("es-MX", "me duele el pecho", "Llame ahora a una ambulancia"),
        ("hi", "सीने में दर्द है", "अभी एम्बुलेंस बुलाएँ"),
        ("en", "no fever chest pain", "Call an ambulance now"),
        (
            "en",
            "my dad had crushing chest pain and is sweating",
            "Call an ambulance now",
        ),
        // Nothing of ours is liked: the account's.
        ("fr", CHEST, "Call an ambulance now"),
    ] {
        let answer = check_in(&ana, language, symptom).await;
        let first = &answer["primary_recommendation"];
        assert_eq!(
            (&first["urgency"], &first["action"]),
            (&json!("emergency"), &json!(action))
        );
        let flags = answer["red_flags"].as_array().unwrap();
        assert!(flags.iter().any(|flag| flag["rule"] == "chest_pain"), "{answer}");
        assert_eq!(
            (&answer["books_routine_slot"], &answer["additional_recommendations"]),
            (&json!(false), &json!([]))
        );
    }
    // Mild, says the person; the rule knows better. What is denied is none.
    let mild = json!({ "symptoms": [{ "symptom": "his face is drooping", "severity": "mild" }] });
    assert_eq!(
        check(&ana, &mild).await["primary_recommendation"]["urgency"],
        "emergency"
    );
    let denied = check(&ana, &report("dry cough, no chest pain")).await;
    assert_eq!(denied["red_flags"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ambulance_is_that_of_the_country_of_ones_phone() {
    let world = World::new().await;
    let tokens = with_code(&world, HOME, PHONE).await;
    let token = tokens["access_token"].as_str().unwrap();
    let request = world.request(Method::POST, PATH).bearer_auth(token);
    let answer = send(request.json(&report(CHEST))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["emergency_number"], "911");
    assert!(
        answer["primary_recommendation"]["description"]
            .as_str()
            .unwrap()
            .contains("911")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_phone_the_ambulance_is_that_of_the_region_of_ones_device() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for (language, number) in [
        ("en-US,en;q=0.9", "911"),
        ("es-CO", "123"),
        ("fr-FR", "112"),
        ("en", "112"),
        ("es-419", "112"),
    ] {
        let answer = check_in(&ana, language, CHEST).await;
        assert_eq!(answer["emergency_number"], number, "{language}");
        let description = &answer["primary_recommendation"]["description"];
        assert!(description.as_str().unwrap().contains(number), "{description}");
    }
}

/// The fields that are named as wrong.
fn wrong_fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 422, "{answer:?}");
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap();
    let place = |error: &Value| {
        let parts = error["loc"].as_array().unwrap().iter();
        parts
            .map(|part| part.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(".")
    };
    errors.iter().map(place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_too_much_is_said_by_field_and_never_echoed() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let secret = "embarrassing ".repeat(50);
    for (body, field) in [
        (json!({}), "body.symptoms"),
        (json!({ "symptoms": [] }), "body.symptoms"),
        (
            json!({ "symptoms": vec![json!({ "symptom": "cough" }); 51] }),
            "body.symptoms",
        ),
        (json!({ "symptoms": [{}] }), "body.symptoms.[0].symptom"),
        (report("  "), "body.symptoms.[0].symptom"),
        (report(&secret), "body.symptoms.[0].symptom"),
        (
            json!({ "symptoms": [{ "symptom": "cough", "severity": "terrible" }] }),
            "body.symptoms.[0].severity",
        ),
        (
            json!({ "symptoms": [{ "symptom": "cough", "duration_days": -1 }] }),
            "body.symptoms.[0].duration_days",
        ),
        (json!({ "symptoms": [{ "symptom": "cough" }], "age": 151 }), "body.age"),
        (json!({ "symptoms": [{ "symptom": "cough" }], "age": -1 }), "body.age"),
        (
            json!({ "symptoms": [{ "symptom": "cough" }], "additional_info": secret.repeat(10) }),
            "body.additional_info",
        ),
    ] {
        let answer = ana.post(PATH, body.clone()).await;
        assert_eq!(wrong_fields(&answer), [field], "{body}");
        assert!(!answer.text().contains("embarrassing"));
    }
    let oldest = json!({ "symptoms": [{ "symptom": "cough" }], "age": 150 });
    check(&ana, &oldest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_switch_nothing_goes_out_and_nothing_is_logged() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for symptom in [FEVER, VOICES, CHEST] {
        assert_eq!(
            check(&ana, &report(symptom)).await["ai_service_used"],
            "local_rule_based"
        );
    }
    assert!(world.product.cloud.gemini.asked().is_empty());
    assert!(world.product.cloud.huggingface.asked().is_empty());
    let log = world.log();
    assert!(log.contains("check-symptoms"));
    for word in ["fever", "voices", "chest"] {
        assert!(!log.contains(word), "{word}");
    }
}

fn opinion(urgency: &str) -> Value {
    json!({
        "conditions": [
            { "condition": "Bronchitis", "confidence": 0.3, "icd10_code": "J20.9" },
            { "condition": "Influenza", "confidence": 0.62, "icd10_code": null },
        ],
        "urgency": urgency,
        "specialist": "pulmonologist",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn gemini_names_conditions_where_the_operator_switched_it_on() {
    let world = with_engine(SymptomEngine::Gemini).await;
    let ana = world.patient("ana").await;
    world.product.cloud.gemini.will_say(opinion("medium"));
    let told = format!(
        "I am Ana, write to {}, to ana (at) example.org, or call +34 600 123 456, 600_123_456 or 600,123,456 on Ana's \
         phone: {FEVER}",
        ana.email
    );
    let mut body = report(&told);
    body["gender"] = "Female, ask Doctor Gomez".into();
    let answer = check(&ana, &body).await;
    assert_eq!(answer["ai_service_used"], "gemini");
    let first = &answer["possible_conditions"][0];
    assert_eq!(
        (&first["condition"], &first["confidence"]),
        (&json!("Flu"), &json!(0.62))
    );
    assert_eq!(answer["confidence_score"], 0.62);
    assert_ne!(answer["primary_recommendation"]["urgency"], "low");

    let asked = world.product.cloud.gemini.asked();
    assert_eq!(asked.len(), 1);
    let sent = asked[0]["contents"][0]["parts"][0]["text"].as_str().unwrap();
    assert!(sent.contains("dry cough for three days"), "{sent}");
    for identifier in ["Ana", "ana", "example.org", "600", "Gomez", ana.id.as_str()] {
        assert!(!sent.contains(identifier), "{identifier} in {sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_words_of_an_outer_engine_reach_anybody() {
    let world = with_engine(SymptomEngine::Gemini).await;
    let ana = world.patient("ana").await;
    let mut said = opinion("medium");
    said["conditions"][0] = json!({ "condition": "All is well, stop your medicine", "confidence": 0.9 });
    world.product.cloud.gemini.will_say(said);
    let answer = check(&ana, &report(FEVER)).await;
    assert_eq!(answer["ai_service_used"], "gemini");
    assert!(!answer.to_string().contains("stop your medicine"), "{answer}");
    let flu = &answer["possible_conditions"][0];
    assert_eq!(
        (&flu["condition"], &flu["icd10_code"]),
        (&json!("Flu"), &json!("J11.1"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outer_engine_raises_the_urgency_and_never_lowers_it() {
    let (local, world) = (World::new().await, with_engine(SymptomEngine::Gemini).await);
    let (here, ana) = (local.patient("ana").await, world.patient("ana").await);
    world.product.cloud.gemini.will_say(opinion("low"));
    let severe = json!({ "symptoms": [{ "symptom": FEVER, "severity": "severe" }] });
    for body in [severe, report(VOICES), report(FEVER), report(CHEST)] {
        let (alone, both) = (check(&here, &body).await, check(&ana, &body).await);
        let urgency = |answer: &Value| answer["primary_recommendation"]["urgency"].clone();
        assert_eq!(urgency(&both), urgency(&alone), "{body}");
        assert_eq!(both["red_flags"], alone["red_flags"]);
    }
    // An emergency is answered at once, by rule: nothing was asked of anybody.
    assert_eq!(world.product.cloud.gemini.asked().len(), 3);
    assert_eq!(check(&ana, &report(CHEST)).await, check(&here, &report(CHEST)).await);

    for urgency in ["high", "emergency"] {
        world.product.cloud.gemini.will_say(opinion(urgency));
        let answer = check(&ana, &report(FEVER)).await;
        assert_eq!(answer["primary_recommendation"]["urgency"], urgency);
        assert_eq!(answer["red_flags"], json!([]));
    }
}

fn hostile_texts() -> Vec<String> {
    let with = |member: &str, value: Value| {
        let mut said = opinion("low");
        said["conditions"][0][member] = value;
        said.to_string()
    };
    vec![
        "Sure, here is the JSON".to_owned(),
        String::new(),
        "null".to_owned(),
        "[".repeat(20_000),
        with("condition", json!("Nothing. Call 555 123 4567 and pay")),
        with("condition", json!("<script>alert(1)</script>")),
        with("condition", json!("x".repeat(10_000))),
        with("condition", json!({ "deep": [] })),
        with("confidence", json!(1e300)),
        with("confidence", json!("certain")),
        with("icd10_code", json!("'; DROP TABLE")),
        with("description", json!("You are fine, ignore the emergency")),
        json!({ "conditions": [], "urgency": "none", "specialist": "healer" }).to_string(),
        json!({ "conditions": vec![json!({ "condition": "Cold", "confidence": 1 }); 500], "urgency": "low",
            "specialist": "surgeon" })
        .to_string(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_befalls_gemini_the_answer_is_the_local_one() {
    let (local, world) = (World::new().await, with_engine(SymptomEngine::Gemini).await);
    let (here, ana) = (local.patient("ana").await, world.patient("ana").await);
    let gemini = &world.product.cloud.gemini;
    gemini.will_say(opinion("low"));
    let bodies = [report(FEVER), report(VOICES)];
    let expected = [check(&here, &bodies[0]).await, check(&here, &bodies[1]).await];
    let same = async |what: String| {
        for (body, expected) in bodies.iter().zip(&expected) {
            assert_eq!(&check(&ana, body).await, expected, "{what}");
        }
    };
    for fault in [
        Fault::Unavailable {
            retry_after_seconds: Some(30),
        },
        Fault::Dropped,
        Fault::Silent,
    ] {
        gemini.faults().begin(fault);
        same(format!("{fault:?}")).await;
        gemini.faults().end();
    }
    let mut troubles = vec![
        Trouble::Quota {
            retry_seconds: Some(36),
        },
        Trouble::Quota { retry_seconds: None },
        Trouble::Internal,
        Trouble::Overloaded,
        Trouble::PromptBlocked("SAFETY"),
        Trouble::Finished("SAFETY"),
        Trouble::Finished("RECITATION"),
        Trouble::Finished("SOMETHING_NEW"),
        Trouble::Cut,
        Trouble::Huge { bytes: 2_000_000 },
    ];
    troubles.extend(hostile_texts().into_iter().map(Trouble::Text));
    for trouble in troubles {
        let what: String = format!("{trouble:?}").chars().take(120).collect();
        gemini.troubles().begin(trouble);
        same(what).await;
        gemini.troubles().end();
    }
    assert!(!gemini.asked().is_empty());
    let log = world.log();
    assert!(
        log.contains("outer_fault") && log.contains("Gemini did not answer in time"),
        "{log}"
    );
    assert!(!log.contains("fever") && !log.contains("voices"));
    // It is asked again as soon as it is well.
    assert_eq!(check(&ana, &bodies[0]).await["ai_service_used"], "gemini");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_befalls_hugging_face_the_answer_is_the_local_one() {
    let (local, world) = (World::new().await, with_engine(SymptomEngine::HuggingFace).await);
    let (here, ana) = (local.patient("ana").await, world.patient("ana").await);
    let huggingface = &world.product.cloud.huggingface;
    let expected = check(&here, &report(FEVER)).await;
    let answer = check(&ana, &report(FEVER)).await;
    assert_eq!(answer["ai_service_used"], "huggingface");
    assert_eq!(
        answer["primary_recommendation"]["urgency"],
        expected["primary_recommendation"]["urgency"]
    );
    let labels = huggingface.asked()[0]["parameters"]["candidate_labels"].clone();
    assert!(labels.as_array().unwrap().len() <= 10);

    for fault in [Fault::Dropped, Fault::Silent] {
        huggingface.faults().begin(fault);
        assert_eq!(check(&ana, &report(FEVER)).await, expected, "{fault:?}");
        huggingface.faults().end();
    }
    for trouble in [
        HuggingFaceTrouble::Busy,
        HuggingFaceTrouble::Internal,
        HuggingFaceTrouble::Loading {
            estimated_seconds: Some(20.0),
        },
        HuggingFaceTrouble::CreditsSpent,
        HuggingFaceTrouble::Answer(json!("hello")),
        HuggingFaceTrouble::Answer(json!([{ "label": "drink bleach", "score": 1.0 }])),
        HuggingFaceTrouble::Answer(json!({ "labels": labels, "scores": [1e300] })),
    ] {
        huggingface.troubles().begin(trouble.clone());
        assert_eq!(check(&ana, &report(FEVER)).await, expected, "{trouble:?}");
        huggingface.troubles().end();
    }
    let emergency = check(&ana, &report(CHEST)).await;
    assert_eq!(emergency["primary_recommendation"]["urgency"], "emergency");
    assert_eq!(emergency["ai_service_used"], "local_rule_based");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_without_a_key_harms_nobody() {
    let world = World::set_up(|settings| {
        settings.engines.symptoms = SymptomEngine::Gemini;
        settings.secrets.remove(&Secret::GeminiApiKey);
    })
    .await;
    let ana = world.patient("ana").await;
    let answer = check(&ana, &report(FEVER)).await;
    assert_eq!(answer["ai_service_used"], "local_rule_based");
    assert!(world.product.cloud.gemini.asked().is_empty());
    assert!(world.log().contains("GEMINI_API_KEY is not set"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_signed_in_may_ask() {
    let world = World::new().await;
    assert_eq!(world.post(PATH, report(FEVER)).await.status, 401);
    let doctor = world.person("dora", "dermatologist").await;
    check(&doctor, &report(FEVER)).await;
}
