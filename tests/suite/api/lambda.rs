//! Real `bootstrap` binaries behind the Lambda Runtime API answer as the local product does.

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};
use tests::lambda::{Binary, LambdaFunction, build_for_tests, environment};
use tests::photos;
use tests::world::{Answer, World};

const BINARIES: [Binary; 3] = [
    Binary {
        package: "identity",
        name: "log-in",
    },
    Binary {
        package: "platform",
        name: "check-health",
    },
    Binary {
        package: "diagnosis",
        name: "predict-skin-condition",
    },
];

/// An event as API Gateway makes it.
pub fn event(method: &str, path: &str, headers: &[(&str, &str)], body: Option<(String, bool)>) -> Value {
    let headers: BTreeMap<&str, &str> = headers
        .iter()
        .copied()
        .chain([("x-forwarded-proto", "https")])
        .collect();
    let (body, is_base64_encoded) = body.map_or((None, false), |(body, is_base64)| (Some(body), is_base64));
    json!({
        "version": "2.0",
        "routeKey": format!("{method} {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.org",
            "domainPrefix": "api",
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test" },
            "requestId": "request-1",
            "routeKey": format!("{method} {path}"),
            "stage": "$default",
            "time": "25/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_600_800_000_i64,
        },
        "body": body,
        "isBase64Encoded": is_base64_encoded,
    })
}

/// `invoke` blocks, and what the function calls is served by this very process.
async fn invoke(folder: &Path, name: &'static str, world: &World, event: Value) -> Value {
    let bootstrap = folder.join(name);
    let environment = environment(&world.product.platform.settings);
    let call = move || {
        let mut function = LambdaFunction::start(&bootstrap, &environment);
        function.invoke(&event).unwrap_or_else(|error| panic!("{error}"))
    };
    tokio::task::spawn_blocking(call).await.unwrap()
}

/// Headers that differ from call to call are left out.
fn stable(headers: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let varying = ["x-request-id", "x-process-time", "date", "content-length", "vary"];
    headers.filter(|(name, _)| !varying.contains(&name.as_str())).collect()
}

fn assert_same(from_lambda: &Value, local: &Answer, varying_members: &[&str]) {
    assert_eq!(from_lambda["statusCode"], local.status.as_u16(), "{from_lambda}");
    let headers = from_lambda["headers"].as_object().unwrap().iter();
    let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
    let local_headers = local
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    assert_eq!(stable(headers), stable(local_headers));
    let mut bodies = [
        serde_json::from_str(from_lambda["body"].as_str().unwrap()).unwrap(),
        local.json(),
    ];
    for body in &mut bodies {
        let body: &mut Value = body;
        for member in varying_members {
            let member = body.get_mut(*member).unwrap_or_else(|| panic!("{member} is missing"));
            *member = Value::Null;
        }
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn deployed_binaries_answer_as_the_local_product_does() {
    let folder = tokio::task::spawn_blocking(|| build_for_tests(&BINARIES))
        .await
        .unwrap();
    let world = World::new().await;
    let ana = world.patient("ana").await;

    let health = invoke(&folder, "check-health", &world, event("GET", "/health", &[], None)).await;
    assert_same(&health, &world.get("/health").await, &["timestamp"]);

    let credentials = json!({ "emailOrUsername": "ana", "password": ana.password });
    let json_type = ("content-type", "application/json");
    let body = Some((credentials.to_string(), false));
    let log_in = invoke(
        &folder,
        "log-in",
        &world,
        event("POST", "/api/auth/login", &[json_type], body),
    )
    .await;
    assert_same(&log_in, &world.post("/api/auth/login", credentials).await, &["token"]);

    let wrong = json!({ "emailOrUsername": "ana", "password": "wrong password" });
    let body = Some((wrong.to_string(), false));
    let refused = invoke(
        &folder,
        "log-in",
        &world,
        event("POST", "/api/auth/login", &[json_type], body),
    )
    .await;
    assert_same(&refused, &world.post("/api/auth/login", wrong).await, &["request_id"]);

    // The token that one process made is good in another.
    let token: Value = serde_json::from_str(log_in["body"].as_str().unwrap()).unwrap();
    let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
    let form = multipart(&photos::face());
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "multipart/form-data; boundary=frontier"),
    ];
    let body = Some((BASE64.encode(&form), true));
    let predicted = invoke(
        &folder,
        "predict-skin-condition",
        &world,
        event("POST", "/api/predictions/predict", &headers, body),
    )
    .await;
    let varying = ["image_url", "report_id", "prediction_id", "readings"];
    assert_same(&predicted, &ana.predict(photos::face()).await, &varying);
    assert_eq!(ana.predictions().await.len(), 2);
}

fn multipart(photo: &[u8]) -> Vec<u8> {
    let mut form =
        b"--frontier\r\ncontent-disposition: form-data; name=\"image\"; filename=\"photo.jpg\"\r\n\r\n".to_vec();
    form.extend(photo);
    form.extend(b"\r\n--frontier--\r\n");
    form
}
