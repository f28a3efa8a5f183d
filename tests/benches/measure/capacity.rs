//! What each endpoint uses of DynamoDB and S3 for one request, as `ReturnConsumedCapacity` says.

use serde_json::json;
use tests::photos;

use crate::product::SignedIn;
use crate::table::Table;

const HEAD: &[&str] = &[
    "function",
    "session",
    "DynamoDB round trips",
    "read units",
    "write units",
    "S3 calls",
];
/// Longer than a process remembers a session.
const FORGOTTEN_AFTER_SECONDS: i64 = 6;

pub async fn table(product: &SignedIn) -> Table {
    let SignedIn { world, person } = product;
    let mut table = Table::new(
        "Consumed capacity: one request each, on the embedded DynamoDB".to_owned(),
        HEAD,
    );
    let mut row = |function: &str, session: &str| {
        let usage = world.last_usage(function);
        table.row(vec![
            function.to_owned(),
            session.to_owned(),
            usage.round_trips.to_string(),
            format!("{:.1}", usage.read_units),
            format!("{:.1}", usage.write_units),
            usage.object_calls.to_string(),
        ]);
    };
    row("sign-up", "none");
    row("log-in", "none");
    world.get("/health").await;
    row("check-health", "none");
    for session in ["cold", "warm"] {
        if session == "cold" {
            world.product.clock.set_forward(FORGOTTEN_AFTER_SECONDS);
        }
        person.get("/api/users/me").await;
        row("get-own-profile", session);
    }
    let predicted = person.predict(photos::face()).await.json();
    row("predict-skin-condition", "warm");
    world.follow(predicted["image_url"].as_str().unwrap_or_default()).await;
    row("get-picture", "none");
    let list = person.predictions().await;
    row("list-predictions", "warm");
    let id = list[0]["id"].as_str().unwrap_or_default();
    person.delete(&format!("/api/predictions/{id}")).await;
    row("delete-prediction", "warm");
    let upload = person.post("/api/uploads", json!({ "size_bytes": 1000 })).await.json();
    row("start-upload", "warm");
    person
        .get(&format!(
            "/api/uploads/{}",
            upload["upload_id"].as_str().unwrap_or_default()
        ))
        .await;
    row("get-upload", "warm");
    table
}
