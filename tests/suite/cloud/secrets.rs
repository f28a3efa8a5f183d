//! Secrets Manager, through the real client, against a stand-in that checks what it is sent.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use store::aws::Connection;

type Secrets = Arc<HashMap<&'static str, &'static str>>;

/// Speaks AWS JSON 1.1, as far as `GetSecretValue` goes.
async fn get_secret_value(State(secrets): State<Secrets>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let refused = |kind: &str| {
        (
            StatusCode::BAD_REQUEST,
            json!({ "__type": kind, "message": "refused" }).to_string(),
        )
    };
    if header("x-amz-target") != "secretsmanager.GetSecretValue"
        || header("content-type") != "application/x-amz-json-1.1"
    {
        return refused("UnknownOperationException");
    }
    if !header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=key/") {
        return refused("MissingAuthenticationTokenException");
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = request["SecretId"].as_str().unwrap_or_default();
    match secrets.get(id) {
        Some(value) => (
            StatusCode::OK,
            json!({ "ARN": id, "Name": id, "SecretString": value }).to_string(),
        ),
        None => refused("ResourceNotFoundException"),
    }
}

async fn connection() -> Connection {
    let secrets: Secrets = Arc::new(HashMap::from([("arn:one", "the value")]));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(get_secret_value)).with_state(secrets);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Connection {
        region: "eu-central-1".to_owned(),
        access_key_id: "key".to_owned(),
        secret_access_key: "secret".to_owned(),
        session_token: None,
        dynamodb_endpoint: None,
        s3_endpoint: None,
        secrets_endpoint: Some(endpoint),
        kms_endpoint: None,
    }
}

#[tokio::test]
async fn a_secret_is_read_by_its_arn() {
    let value = clients::secrets::read(&connection().await, "arn:one").await.unwrap();
    assert_eq!(value, "the value");
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_an_error_that_names_it() {
    let error = clients::secrets::read(&connection().await, "arn:other")
        .await
        .unwrap_err();
    assert_eq!(error.id, "arn:other");
    assert!(error.reason.contains("ResourceNotFoundException"), "{error}");
}
