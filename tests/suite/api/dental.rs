//! Photos of teeth: analyses, reports, history; who judges them, and an answer whatever befalls an outer engine.

use std::time::Duration;

use clients::gemini::Trouble;
use clients::stand_in::Fault;
use data_encoding::BASE64;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use runtime::engines::DentalEngine;
use runtime::secrets::Secret;
use serde_json::{Value, json};
use tests::photos;
use tests::world::{Answer, Person, World, send};

const ANALYZE: &str = "/analysis/analyze-images";
const NEWER: &str = "/api/analysis/analysis";

async fn analyze(person: &Person, path: &str, files: &[(&'static str, Vec<u8>)]) -> Answer {
    let mut form = Form::new();
    for (field, bytes) in files {
        let part = Part::bytes(bytes.clone()).file_name(format!("{field}.jpg"));
        form = form.part(*field, part);
    }
    send(person.request(Method::POST, path).multipart(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_without_teeth_gets_no_findings_and_asks_for_another() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = analyze(&ana, ANALYZE, &[("file1", photos::fixture("nonface_brick"))]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(
        (&body["success"], &body["data"]["message"]),
        (&json!(true), &json!("Analysis completed"))
    );
    let result = &body["data"]["results"][0];
    assert_eq!(
        (&result["filename"], &result["ml_detections"]),
        (&json!("file1.jpg"), &json!([]))
    );
    assert!(result["analysis"].as_str().unwrap().contains("send another one"));
    assert_eq!(
        (&result["doctor_name"], &result["status"]),
        (&json!("Dr. AI Assistant"), &json!("completed"))
    );
    let picture = world.follow(result["image_url"].as_str().unwrap()).await;
    assert_eq!(picture.header("content-type"), "image/jpeg");
    let thumbnail = world.follow(result["thumbnail_url"].as_str().unwrap()).await;
    let (width, height) = photos::size(&thumbnail.bytes);
    assert!(width <= 150 && height <= 150);
}

/// As browsers send a form that has room for three.
#[tokio::test(flavor = "multi_thread")]
async fn choices_that_were_left_open_are_no_photos() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let files = [("file1", photos::face()), ("file2", vec![]), ("file3", vec![])];
    let answer = analyze(&ana, ANALYZE, &files).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["data"]["results"].as_array().unwrap().len(), 1);
    let none = [("file1", vec![]), ("file2", photos::face())];
    assert!(analyze(&ana, ANALYZE, &none).await.status.is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn three_photos_make_three_entries_newest_first_and_for_their_owner_only() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let files = ["file1", "file2", "file3"].map(|field| (field, photos::face()));
    for path in ["analyze-images", "quick-assessment", "detailed-analysis"] {
        let answer = analyze(&ana, &format!("{NEWER}/{path}"), &files).await;
        assert_eq!(answer.json()["data"]["results"].as_array().unwrap().len(), 3, "{path}");
    }
    // Each is in the log by itself.
    let log = ana.audit_length(9).await;
    let made = log.iter().filter(|entry| entry["action"] == "create");
    let named: std::collections::BTreeSet<String> = made.map(|entry| entry["what"]["id"].to_string()).collect();
    assert_eq!(named.len(), 9, "{log:?}");
    for path in ["/analysis/history", "/api/analysis/analysis/history"] {
        let history = ana.get(path).await.json();
        let entries = history["data"].as_array().unwrap();
        assert_eq!((history["success"].clone(), entries.len()), (json!(true), 9));
        let total = ana.get("/api/health/health/summary").await.json()["data"]["total_analyses"].clone();
        assert_eq!(total, 9);
        let ids: Vec<u64> = entries.iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
        assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
        for member in [
            "analysis",
            "image_url",
            "thumbnail_url",
            "doctor_name",
            "status",
            "timestamp",
            "date",
        ] {
            assert!(entries[0][member].is_string(), "{member}");
        }
        assert!(entries[0]["detected_issues"].is_array() && entries[0]["images"].is_array());
        assert!(entries[0]["thresholds"]["findings"]["Caries"].is_number());
        assert_eq!(ben.get(path).await.json()["data"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_keeps_every_list_a_list() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let path = format!("{NEWER}/dental-health-report");
    let answer = analyze(&ana, &path, &[("file1", photos::fixture("nonface_brick"))]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert!(body["analysis_id"].is_u64() && body["timestamp"].is_string());
    let data = &body["data"];
    assert_eq!(
        (&data["health_score"], &data["assessed"], &data["risk_level"]),
        (&json!(0.0), &json!(false), &json!("high"))
    );
    assert!(data["model"]["weights_sha256"].is_string() && data["thresholds"]["teeth"].is_number());
    for member in [
        "detected_issues",
        "positive_aspects",
        "recommendations",
        "ml_detections",
        "images",
    ] {
        assert!(data[member].is_array(), "{member}");
    }
    assert!(data["summary"].as_str().unwrap().contains("send another one"));
    let ben = world
        .patient("ben")
        .await
        .get("/api/health/health/summary")
        .await
        .json();
    assert_eq!(
        (&ben["data"]["total_analyses"], &ben["data"]["assessed"]),
        (&json!(0), &json!(false))
    );
    assert!(
        ben["data"]["recommendations"][0]
            .as_str()
            .unwrap()
            .starts_with("There is no photo")
    );
    let summary = ana.get("/api/health/health/summary").await.json();
    assert!(
        summary["data"]["recommendations"][0]
            .as_str()
            .unwrap()
            .contains("send another one")
    );
    assert_eq!(
        (&summary["data"]["total_analyses"], &summary["data"]["health_score"]),
        (&json!(1), &json!(0))
    );
    let days = |member: &str| -> jiff::Timestamp { summary["data"][member].as_str().unwrap().parse().unwrap() };
    let apart = days("next_checkup_date").duration_since(days("last_analysis_date"));
    assert_eq!(apart.as_hours(), 180 * 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_photo_is_refused_and_nothing_is_kept() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(analyze(&ana, ANALYZE, &[("file2", photos::face())]).await.status, 422);
    let mixed = [("file1", photos::face()), ("file2", b"no picture".to_vec())];
    assert_eq!(analyze(&ana, ANALYZE, &mixed).await.status, 415);
    let large = [("file1", vec![0; 5_000_000])];
    assert_eq!(analyze(&ana, ANALYZE, &large).await.status, 413);
    let none: Value = ana.get("/analysis/history").await.json();
    assert_eq!((&none["data"], world.stored_pictures().await), (&json!([]), 0));
    let empty = ana.get("/api/health/health/summary").await.json();
    assert_eq!(empty["data"]["last_analysis_date"], Value::Null);
}

/// With Gemini, which nobody waits long for.
async fn with_gemini() -> World {
    World::set_up(|settings| {
        settings.web.rate_limits = false;
        settings.engines.dental = Some(DentalEngine::Gemini);
        settings.engines.gemini_time_limit = Duration::from_secs(2);
    })
    .await
}

/// One entry for each photo, in their order.
async fn results(person: &Person, photos: &[Vec<u8>]) -> Vec<Value> {
    let fields = ["file1", "file2", "file3"];
    let files: Vec<_> = fields.into_iter().zip(photos.iter().cloned()).collect();
    let answer = analyze(person, ANALYZE, &files).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["data"]["results"].as_array().unwrap().clone()
}

async fn history(person: &Person) -> Vec<Value> {
    let answer = person.get("/analysis/history").await.json();
    answer["data"].as_array().unwrap().clone()
}

fn judges(entries: &[Value]) -> Vec<(&str, bool)> {
    let judge = |entry: &Value| entry["fallback"].as_bool().unwrap();
    let entries = entries.iter();
    entries
        .map(|entry| (entry["engine"].as_str().unwrap(), judge(entry)))
        .collect()
}

/// What is said of a photo, without what is another each time.
fn said(entry: &Value) -> Value {
    let members = ["analysis", "ml_detections", "detected_issues", "engine", "model"];
    members
        .into_iter()
        .map(|member| (member, entry[member].clone()))
        .collect()
}

fn caries() -> Value {
    json!({
        "teeth_visible": true,
        "issues": [{ "issue": "Caries", "location": "upper_front_teeth", "severity": "moderate" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_model_judges_here_and_nothing_goes_out() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let entries = results(&ana, &[photos::teeth(), photos::teeth_with_a_red_spot()]).await;
    assert_eq!(judges(&entries), [("local", false); 2]);
    assert_eq!(entries[0]["detected_issues"], json!([]));
    assert!(
        entries[0]["analysis"]
            .as_str()
            .unwrap()
            .contains("does not mean that all is well")
    );
    assert_eq!(entries[1]["ml_detections"][0]["class_name"], "Ulcer");
    assert_eq!(
        entries[1]["detected_issues"],
        json!([{ "issue": "Ulcer", "location": "the marked area of the photo", "severity": "moderate" }])
    );
    assert_eq!(entries[1]["model"]["weights_sha256"].as_str().unwrap().len(), 64);
    assert!(world.product.cloud.gemini.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn gemini_judges_where_the_operator_chose_it() {
    let world = with_gemini().await;
    let ana = world.patient("ana").await;
    let gemini = &world.product.cloud.gemini;
    gemini.will_say(caries());
    let entry = results(&ana, &[photos::teeth_with_a_red_spot()]).await.remove(0);
    assert_eq!(judges(std::slice::from_ref(&entry)), [("gemini", false)]);
    let model = json!({ "provider": "google", "name": "gemini-3.5-flash", "version": "gemini-3.5-flash" });
    assert_eq!((&entry["model"], &entry["ml_detections"]), (&model, &json!([])));
    let issue = json!({ "issue": "Caries", "location": "upper front teeth", "severity": "moderate" });
    assert_eq!(entry["detected_issues"], json!([issue]));
    let text = entry["analysis"].as_str().unwrap();
    assert!(
        text.contains("tooth decay (upper front teeth)") && text.contains("Gemini"),
        "{text}"
    );

    // The very picture that is kept, and nothing that says whose it is.
    let mut asked = gemini.asked().remove(0);
    let kept = world.follow(entry["image_url"].as_str().unwrap()).await.bytes;
    let parts = &mut asked["contents"][0]["parts"];
    assert_eq!(parts[0]["inlineData"].take()["data"], BASE64.encode(&kept));
    for identifier in ["ana", "example.org", ana.id.as_str(), "file1"] {
        assert!(!asked.to_string().contains(identifier), "{identifier}");
    }

    let path = format!("{NEWER}/dental-health-report");
    let report = analyze(&ana, &path, &[("file1", photos::teeth())]).await.json();
    let data = &report["data"];
    assert_eq!((&data["engine"], &data["fallback"]), (&json!("gemini"), &json!(false)));
    assert_eq!(
        (&data["detected_issues"], &data["health_score"]),
        (&json!([issue]), &json!(3.5))
    );
    for entry in history(&ana).await {
        assert_eq!((&entry["engine"], &entry["model"]), (&json!("gemini"), &model));
        assert_eq!(
            (&entry["detected_issues"], &entry["fallback"]),
            (&json!(["Caries"]), &json!(false))
        );
    }
    assert_eq!(
        ana.get("/api/health/health/summary").await.json()["data"]["health_score"],
        70
    );
    assert!(!world.log().contains("outer_fault"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_without_teeth_is_sent_to_nobody() {
    let world = with_gemini().await;
    let ana = world.patient("ana").await;
    let gemini = &world.product.cloud.gemini;
    gemini.will_say(caries());
    let brick = photos::fixture("nonface_brick");
    for photo in [brick.clone(), photos::face()] {
        let entries = results(&ana, &[photo]).await;
        assert_eq!(judges(&entries), [("local", false)]);
    }
    assert!(gemini.asked().is_empty());
    let entries = results(&ana, &[brick, photos::teeth(), photos::teeth_with_a_red_spot()]).await;
    assert_eq!(
        judges(&entries),
        [("local", false), ("gemini", false), ("gemini", false)]
    );
    assert_eq!(gemini.asked().len(), 2);
    // Where the local model saw teeth and Gemini sees none, nothing is diagnosed either.
    gemini.will_say(json!({ "teeth_visible": false, "issues": [] }));
    let entries = results(&ana, &[photos::teeth_with_a_red_spot()]).await;
    assert_eq!(judges(&entries), [("gemini", false)]);
    assert!(entries[0]["analysis"].as_str().unwrap().contains("send another one"));
    assert_eq!(entries[0]["detected_issues"], json!([]));
}

fn hostile_texts() -> Vec<String> {
    let with = |member: &str, value: Value| {
        let mut said = caries();
        said["issues"][0][member] = value;
        said.to_string()
    };
    vec![
        "Sure, here is the JSON".to_owned(),
        String::new(),
        "null".to_owned(),
        "[".repeat(20_000),
        with("issue", json!("Healthy")),
        with("issue", json!("Call 555 123 4567 for a cure")),
        with("location", json!("<script>alert(1)</script>")),
        with("location", json!({ "deep": [] })),
        with("severity", json!(1e300)),
        with("advice", json!("Pull it yourself")),
        json!({ "teeth_visible": false, "issues": caries()["issues"] }).to_string(),
        json!({ "teeth_visible": true, "issues": vec![caries()["issues"][0].clone(); 500] }).to_string(),
    ]
}

/// What only Gemini does, and says.
fn troubles() -> Vec<Trouble> {
    let mut troubles = vec![
        Trouble::Quota {
            retry_seconds: Some(36),
        },
        Trouble::Quota { retry_seconds: None },
        Trouble::Internal,
        Trouble::Overloaded,
        Trouble::PromptBlocked("SAFETY"),
        Trouble::Finished("IMAGE_SAFETY"),
        Trouble::Finished("SOMETHING_NEW"),
        Trouble::Cut,
        Trouble::Huge { bytes: 2_000_000 },
    ];
    troubles.extend(hostile_texts().into_iter().map(Trouble::Text));
    troubles
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_befalls_gemini_the_local_model_stands_in_and_says_so() {
    let (local, world) = (World::new().await, with_gemini().await);
    let (here, ana) = (local.patient("ana").await, world.patient("ana").await);
    let gemini = &world.product.cloud.gemini;
    gemini.will_say(caries());
    let photo = [photos::teeth_with_a_red_spot()];
    let expected = said(&results(&here, &photo).await[0]);
    let stands_in = async |what: String| {
        let entries = results(&ana, &photo).await;
        assert_eq!(judges(&entries), [("local", true)], "{what}");
        assert_eq!(said(&entries[0]), expected, "{what}");
        let newest = history(&ana).await.remove(0);
        assert_eq!(
            (&newest["id"], &newest["model"]),
            (&entries[0]["history_id"], &expected["model"])
        );
        assert_eq!(
            (&newest["detected_issues"], &newest["fallback"]),
            (&json!(["Ulcer"]), &json!(true))
        );
    };
    for fault in [
        Fault::Unavailable {
            retry_after_seconds: Some(30),
        },
        Fault::Dropped,
        Fault::Silent,
    ] {
        gemini.faults().begin(fault);
        stands_in(format!("{fault:?}")).await;
        gemini.faults().end();
    }
    for trouble in troubles() {
        let what: String = format!("{trouble:?}").chars().take(120).collect();
        gemini.troubles().begin(trouble);
        stands_in(what).await;
        gemini.troubles().end();
    }
    let log = world.log();
    for fault in [
        "did not answer in time",
        "quota",
        "IMAGE_SAFETY",
        "shape that was asked for",
    ] {
        assert!(log.contains(fault), "{fault}");
    }
    // It is asked again as soon as it is well.
    assert_eq!(judges(&results(&ana, &photo).await), [("gemini", false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_engine_judges_all_photos_of_a_request() {
    let world = with_gemini().await;
    let ana = world.patient("ana").await;
    let gemini = &world.product.cloud.gemini;
    gemini.will_say(caries());
    let three = [photos::teeth(), photos::teeth_with_a_red_spot(), photos::teeth()];
    // What passes is tried again, and is no failure.
    gemini.troubles().next(1, Trouble::Internal);
    assert_eq!(judges(&results(&ana, &three).await), [("gemini", false); 3]);
    gemini.troubles().next(1, Trouble::PromptBlocked("OTHER"));
    assert_eq!(judges(&results(&ana, &three).await), [("local", true); 3]);
    gemini.troubles().next(1, Trouble::Cut);
    let path = format!("{NEWER}/dental-health-report");
    let files = ["file1", "file2"].map(|field| (field, photos::teeth_with_a_red_spot()));
    let data = analyze(&ana, &path, &files).await.json()["data"].take();
    assert_eq!((&data["engine"], &data["fallback"]), (&json!("local"), &json!(true)));
    assert_eq!(data["detected_issues"][0]["issue"], "Ulcer");
}

#[tokio::test(flavor = "multi_thread")]
async fn gemini_without_a_key_harms_nobody() {
    let world = World::set_up(|settings| {
        settings.engines.dental = Some(DentalEngine::Gemini);
        settings.secrets.remove(&Secret::GeminiApiKey);
    })
    .await;
    let ana = world.patient("ana").await;
    assert_eq!(judges(&results(&ana, &[photos::teeth()]).await), [("local", true)]);
    assert!(world.product.cloud.gemini.asked().is_empty());
    assert!(world.log().contains("GEMINI_API_KEY is not set"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_judges_teeth_before_an_operator_chose_who() {
    let world = World::set_up(|settings| settings.engines.dental = None).await;
    let ana = world.patient("ana").await;
    for path in [ANALYZE.to_owned(), format!("{NEWER}/dental-health-report")] {
        let answer = analyze(&ana, &path, &[("file1", photos::teeth())]).await;
        let sentence = "Photos of teeth are not judged here: the operator has chosen no engine for them";
        assert_eq!(answer.problem(503, sentence)["code"], "dental_engine_not_chosen");
    }
    assert_eq!((history(&ana).await.len(), world.stored_pictures().await), (0, 0));
    assert_eq!(ana.get("/api/health/health/summary").await.status, 200);
}
