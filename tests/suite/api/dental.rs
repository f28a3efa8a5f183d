//! Photos of teeth: analyses, reports, history.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
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

#[tokio::test(flavor = "multi_thread")]
async fn three_photos_make_three_entries_newest_first_and_for_their_owner_only() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let files = ["file1", "file2", "file3"].map(|field| (field, photos::face()));
    for path in ["analyze-images", "quick-assessment", "detailed-analysis"] {
        let answer = analyze(&ana, &format!("{NEWER}/{path}"), &files).await;
        assert_eq!(answer.json()["data"]["results"].as_array().unwrap().len(), 3, "{path}");
    }
    for path in ["/analysis/history", "/api/analysis/analysis/history"] {
        let history = ana.get(path).await.json();
        let entries = history["data"].as_array().unwrap();
        assert_eq!((history["success"].clone(), entries.len()), (json!(true), 9));
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
    assert_eq!(data["health_score"], 0.0);
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
    let summary = ana.get("/api/health/health/summary").await.json();
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
