//! Banner, health, documentation, and what holds for all answers.

use reqwest::Method;
use serde_json::json;
use tests::world::{World, send};

const BANNER: &str = "FacialDerma AI Backend Running!";

#[tokio::test(flavor = "multi_thread")]
async fn the_banner_is_text_for_who_wants_text_and_json_for_all_others() {
    let world = World::new().await;
    let text = send(world.request(Method::GET, "/").header("Accept", "text/plain, */*")).await;
    assert_eq!(text.text(), BANNER);
    assert!(text.header("content-type").starts_with("text/plain"));
    for accept in ["*/*", "application/json, text/plain, */*"] {
        let answer = send(world.request(Method::GET, "/").header("Accept", accept)).await;
        assert_eq!(answer.json()["banner"], BANNER);
        assert_eq!(
            (&answer.json()["docs"], &answer.json()["health"]),
            (&json!("/docs"), &json!("/health"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_health_check_costs_no_database_call() {
    let world = World::new().await;
    for path in ["/health", "/health/"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 200);
        let body = answer.json();
        assert_eq!(
            (&body["status"], &body["version"]),
            (&json!("healthy"), &json!("1.0.0"))
        );
        assert_eq!(body["environment"], "local");
        assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
        assert!(body["app_name"].is_string() && body["service"].is_string());
    }
    assert_eq!(world.last_usage("check-health"), store::Usage::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_say_so() {
    let world = World::new().await;
    world.get("/nowhere").await.problem(404, "Not Found");
    world.get("/%ff%fe").await.problem(404, "Not Found");
    let answer = send(world.request(Method::PUT, "/api/auth/login")).await;
    answer.problem(405, "Method Not Allowed");
    assert_eq!(answer.header("allow"), "POST");
    let answer = send(world.request(Method::PATCH, "/api/predictions/0123/")).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "DELETE, GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let world = World::new().await;
    for path in ["/", "/health", "/nowhere", "/api/users/me", "/docs"] {
        let answer = world.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer.header("strict-transport-security").starts_with("max-age="),
            "{path}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(answer.header("x-process-time").parse::<f64>().is_ok(), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_configured_origins_may_call() {
    let world = World::new().await;
    let preflight = |origin: &str| {
        let request = world.request(Method::OPTIONS, "/api/users/me").header("Origin", origin);
        send(
            request
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization"),
        )
    };
    let answer = preflight("http://localhost:3000").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("Idempotency-Key")
    );
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    assert_eq!(
        preflight("https://evil.example")
            .await
            .header("access-control-allow-origin"),
        ""
    );

    let request = world
        .request(Method::GET, "/health")
        .header("Origin", "http://localhost:3000");
    let answer = send(request).await;
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert!(
        answer
            .header("access-control-expose-headers")
            .contains("X-Process-Time")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn long_json_is_compressed_for_who_asks() {
    let world = World::new().await;
    let plain = world.get("/openapi.json").await;
    let packed = send(
        world
            .request(Method::GET, "/openapi.json")
            .header("Accept-Encoding", "gzip"),
    )
    .await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() * 3 < plain.bytes.len());
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed.bytes[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.bytes);
    let short = send(world.request(Method::GET, "/health").header("Accept-Encoding", "gzip")).await;
    assert_eq!(short.header("content-encoding"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_needs_nothing_from_elsewhere() {
    let world = World::new().await;
    let page = world.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    let text = page.text();
    for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
        assert!(!text.contains(outside), "{outside}");
    }
    assert!(text.contains("/openapi.json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_or_too_large_gets_a_readable_refusal() {
    let world = World::new().await;
    let json = |body: &'static str| {
        world
            .request(Method::POST, "/api/auth/login")
            .header("Content-Type", "application/json")
            .body(body)
    };
    send(json("{")).await.problem(400, "The body is not valid JSON.");
    assert_eq!(send(json("")).await.status, 422);
    assert_eq!(send(json("[]")).await.status, 422);
    let huge = world
        .request(Method::POST, "/api/auth/login")
        .body(vec![b' '; 11 * 1024 * 1024]);
    assert_eq!(send(huge).await.status, 413);
    let head = world
        .request(Method::GET, "/health")
        .header("X-Long", "x".repeat(11_000));
    assert_eq!(send(head).await.status, 431);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_is_json_for_programs_and_a_page_for_people() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    world.message(&ana.email, "Welcome to Polyclinic").await;
    let messages = world.get("/_local/inbox").await.json();
    let message = messages
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["to"] == "ana@example.org")
        .unwrap()
        .clone();
    assert_eq!(message["channel"], "email");
    assert!(message["sent_at"].is_string() && message["subject"].is_string() && message["body"].is_string());
    let page = send(
        world
            .request(Method::GET, "/_local/inbox")
            .header("Accept", "text/html"),
    )
    .await;
    assert!(page.text().contains("<!doctype html>") && page.text().contains("Welcome to Polyclinic"));
}
