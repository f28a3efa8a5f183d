use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

use super::*;

#[tokio::test]
async fn a_wrong_secret_or_no_signature_is_refused() {
    let (cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let stranger = client_with_secret(&cloud, "another-secret");
    let answer = stranger.get_object().bucket(BUCKET).key("a").send().await;
    assert_eq!(refusal(answer), (403, "SignatureDoesNotMatch".to_owned()));
    let anonymous = reqwest::get(format!("{}/{BUCKET}/a", cloud.s3_url)).await.unwrap();
    assert_eq!(anonymous.status(), 403);
}

#[tokio::test]
async fn browsers_of_other_origins_get_in_only_by_a_rule_of_the_bucket() {
    let (cloud, s3) = bucket().await;
    let preflight = |origin: &str| {
        reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, format!("{}/{BUCKET}/a", cloud.s3_url))
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "content-type")
            .send()
    };
    assert_eq!(preflight("https://clinic.example").await.unwrap().status(), 403);
    let rule = CorsRule::builder()
        .allowed_origins("https://*.example")
        .allowed_methods("PUT")
        .allowed_headers("*");
    let rule = rule.expose_headers("ETag").build().unwrap();
    let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    s3.put_bucket_cors()
        .bucket(BUCKET)
        .cors_configuration(rules)
        .send()
        .await
        .unwrap();
    let allowed = preflight("https://clinic.example").await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(
        allowed.headers()["access-control-allow-origin"],
        "https://clinic.example"
    );
    assert_eq!(allowed.headers()["access-control-allow-headers"], "content-type");
    assert_eq!(preflight("https://clinic.test").await.unwrap().status(), 403);
}
