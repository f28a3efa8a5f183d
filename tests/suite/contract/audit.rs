//! Whoever touches health data leaves a trace that nobody may change.

use domain::audit::Action;
use runtime::need::Need;
use runtime::{Function, Route, Work};
use serde_json::json;
use store::table::{ItemAction, Table};
use tests::made::events::filled;
use tests::photos;
use tests::world::{Answer, Person, World, send};

use super::access::{thing, with_sample};
use super::{assert_none, calls, functions, measuring, routes, stock, visits};

const ADMINS: &str = "/api/admin/";

/// These show another person's data, in whose log tests/suite/api/family.rs, reviews.rs, opinions.rs, signed_records.rs
/// emergency_access.rs, scheduling, consultations and pharmacies look.
const OF_OTHERS: [&str; 17] = [
    "admit-to-consultation",
    "get-family-profile",
    "submit-review",
    "reject-review-request",
    "give-opinion-on-prediction",
    "give-opinion-on-skin-record",
    "create-record-draft",
    "list-record-drafts",
    "get-record-draft",
    "update-record-draft",
    "delete-record-draft",
    "sign-record-draft",
    "amend-record",
    "open-emergency-access",
    "list-doctor-appointments",
    "move-stock",
    "recall-lot",
];

#[test]
fn the_log_is_only_added_to_and_read() {
    let allowed = [ItemAction::Put, ItemAction::Get, ItemAction::Query];
    let wrong = functions().flat_map(|(_, function)| {
        let actions = function.all_needs().flat_map(|need| match need {
            Need::Items(Table::Audit, actions) => actions.to_vec(),
            _ => Vec::new(),
        });
        let actions = actions.filter(|action| !allowed.contains(action));
        actions.map(|action| format!("{} may do {action:?} with the audit log", function.name))
    });
    assert_none(wrong.collect());
    let adds = functions().filter(|(_, function)| {
        let adds =
            |need: &Need| matches!(need, Need::Items(Table::Audit, actions) if actions.contains(&ItemAction::Put));
        function.all_needs().any(adds)
    });
    let names: Vec<_> = adds.map(|(_, function)| function.name).collect();
    assert!(
        !names.is_empty() && names.len() <= 2,
        "only workers add to the log, not {names:?}"
    );
}

/// Calls each endpoint that is marked, and looks for the request in its subject's log.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_touches_health_data_is_in_its_owners_log() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let mut wrong = Vec::new();
    // What admins do to their own is the same function.
    let marked = routes().filter(|(function, route)| {
        touches_health_data(function) && !route.path.starts_with(ADMINS) && !OF_OTHERS.contains(&function.name)
    });
    for (function, route) in marked {
        let answer = call(&world, function, route, &ana).await;
        assert!(answer.status.is_success(), "{}: {answer:?}", function.name);
        let request = answer.header("x-request-id").to_owned();
        if ana.audit_entry(&request).await.is_none() {
            wrong.push(format!(
                "{} leaves no trace: take `context.audit` into its write, or `context.audited` around its read",
                function.name
            ));
        }
    }
    assert_none(wrong);
}

#[test]
fn actions_have_the_words_that_are_stored() {
    let words = [
        Action::Read,
        Action::List,
        Action::Create,
        Action::Update,
        Action::Delete,
        Action::Export,
    ]
    .map(|action| serde_json::to_string(&action).unwrap());
    assert_eq!(words.join(" "), r#""read" "list" "create" "update" "delete" "export""#);
}

fn touches_health_data(function: &Function) -> bool {
    matches!(function.work, Work::Requests { health_data: true, .. })
}

/// As the owner of the data, so that it succeeds.
async fn call(world: &World, function: &Function, route: &Route, owner: &Person) -> Answer {
    // A pixel is no photo of a face.
    if function.name == "predict-skin-condition" {
        return owner.predict(photos::face()).await;
    }
    if function.name == "request-review" {
        let doctor = world.verified_doctor("doctor-for-request-review").await;
        let prediction = owner.predict(photos::face()).await.json();
        let body = json!({ "predictionId": prediction["prediction_id"], "dermatologistId": doctor.id });
        return owner.post("/api/review-requests", body).await;
    }
    if let Some(body) = visits::body(world, function.name).await {
        return owner.post(route.path, body).await;
    }
    if let Some(body) = stock::body(world, function.name, owner).await {
        return owner.post(route.path, body).await;
    }
    if let Some(request) = measuring::request(world, function.name, owner).await {
        return send(request).await;
    }
    if let Some(request) = calls::request(world, function, route, owner).await {
        return send(request).await;
    }
    let path = thing(world, function.name, owner)
        .await
        .unwrap_or_else(|| filled(route.path));
    send(with_sample(owner.request(route.method.clone(), &path), function)).await
}
