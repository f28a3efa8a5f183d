//! Treatment suggestions: read by everybody, changed by admins.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World};

const SUGGESTIONS: &str = "/api/treatment/suggestions";

fn form(name: &str) -> Value {
    json!({ "name": name, "treatments": ["Balm"], "prevention": ["Water"] })
}

async fn names(world: &World) -> Vec<String> {
    let answer = world.get(SUGGESTIONS).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let all = answer.json();
    let all = all.as_array().expect("a bare array");
    all.iter()
        .map(|each| each["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn put(admin: &Person, name: &str, body: Value) -> tests::world::Answer {
    admin.put(&format!("{SUGGESTIONS}/{name}"), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_has_a_suggestion_however_an_app_spells_it() {
    let world = World::new().await;
    let all = names(&world).await;
    for label in ["Acne", "Melanoma", "Normal", "Perioral Dermatitis", "Rosacea", "Warts"] {
        assert!(all.iter().any(|name| name == label), "{label}");
    }
    let found = world.get(&format!("{SUGGESTIONS}/Perioral%20Dermatitis")).await.json();
    let strings = |value: &Value| value.as_array().unwrap().iter().all(Value::is_string);
    assert_eq!(found["id"].as_str().unwrap().len(), 24);
    assert!(strings(&found["treatments"]) && strings(&found["prevention"]) && strings(&found["resources"]));
    assert!(found["created_at"].as_str().unwrap().ends_with('Z'));
    assert!(found["updated_at"].as_str().unwrap().ends_with('Z'));
    for name in [
        "perioral%20dermatitis",
        "perioral_dermatitis",
        "Perioral_Dermatitis",
        "PERIORAL_dermatitis",
    ] {
        let same = world.get(&format!("{SUGGESTIONS}/{name}")).await;
        assert_eq!(same.json()["id"], found["id"], "{name}");
    }
    for name in [
        "Eczema",
        "melasma",
        "normal",
        "Seborrheic_Dermatitis",
        "wart",
        "Atopic%20dermatitis",
        "Inconclusive",
        "Basal%20cell%20carcinoma",
        "Squamous%20cell%20carcinoma",
        "Mole",
        "Keratosis",
        "Fungal%20infection%20(tinea)",
        "No%20visible%20condition",
    ] {
        assert_eq!(world.get(&format!("{SUGGESTIONS}/{name}")).await.status, 200, "{name}");
    }
    let unknown = world.get(&format!("{SUGGESTIONS}/plague")).await;
    unknown.problem(404, "Treatment suggestion not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_adds_changes_and_removes_a_suggestion() {
    let world = World::new().await;
    let admin = world.admin().await;
    let added = admin.post(SUGGESTIONS, form("Chapped lips")).await;
    assert_eq!(added.status, 200, "{added:?}");
    let added = added.json();
    assert_eq!(
        (&added["name"], &added["resources"]),
        (&json!("Chapped lips"), &json!([]))
    );
    let taken = "A treatment suggestion with this name already exists";
    // What people know one by is its name too.
    for name in ["chapped_LIPS", "acne", "Perioral_dermatitis", "Wart", "tinea"] {
        admin.post(SUGGESTIONS, form(name)).await.problem(400, taken);
    }
    let changed = put(
        &admin,
        "chapped_lips",
        json!({ "prevention": ["Balm"], "resources": null }),
    )
    .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = changed.json();
    assert_eq!(
        (&changed["treatments"], &changed["prevention"]),
        (&json!(["Balm"]), &json!(["Balm"]))
    );
    // By its id, too.
    let id = added["id"].as_str().unwrap();
    put(&admin, id, json!({ "name": "Acne" })).await.problem(400, taken);
    assert_eq!(put(&admin, id, json!({ "name": "Dry lips" })).await.json()["id"], id);
    assert_eq!(world.get(&format!("{SUGGESTIONS}/chapped_lips")).await.status, 404);
    // The old name is free again.
    assert_eq!(admin.post(SUGGESTIONS, form("Chapped lips")).await.status, 200);
    let removed = admin.delete(&format!("{SUGGESTIONS}/dry_lips")).await;
    assert_eq!(
        removed.json(),
        json!({ "message": "Treatment suggestion deleted successfully" })
    );
    let gone = admin.delete(&format!("{SUGGESTIONS}/dry_lips")).await;
    gone.problem(404, "Treatment suggestion not found");
    put(&admin, "dry_lips", json!({}))
        .await
        .problem(404, "Treatment suggestion not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_read_who_changed_what_everybody_reads() {
    let world = World::new().await;
    let admin = world.admin().await;
    assert_eq!(admin.post(SUGGESTIONS, form("Chapped lips")).await.status, 200);
    assert_eq!(
        put(&admin, "acne", json!({ "prevention": ["Water"] })).await.status,
        200
    );
    assert_eq!(admin.delete(&format!("{SUGGESTIONS}/Chapped%20lips")).await.status, 200);
    let log = admin.get("/api/admin/activity-logs").await.json();
    let lines = log.as_array().unwrap().iter();
    let lines = lines.filter(|line| line["action"].as_str().unwrap().starts_with("treatment_"));
    let actions: Vec<&str> = lines
        .map(|line| {
            assert_eq!(line["userType"], "Admin");
            line["action"].as_str().unwrap()
        })
        .collect();
    assert_eq!(actions, ["treatment_removed", "treatment_changed", "treatment_added"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_are_read_are_not_added() {
    let world = World::new().await;
    let admin = world.admin().await;
    assert_eq!(admin.post(SUGGESTIONS, form("Chapped lips")).await.status, 200);
    let settings = &world.product.platform.settings;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = settings.connection.dynamodb().update_item();
    let update = update.table_name(settings.names.table(Table::Platform));
    let update = update.key("pk", text("TREATMENTS")).key("sk", text("COUNT"));
    let update = update.update_expression("ADD added :more");
    let update = update.expression_attribute_values(":more", AttributeValue::N("399".to_owned()));
    update.send().await.expect("as if there were more");
    let refused = admin.post(SUGGESTIONS, form("Sunburn")).await;
    assert_eq!(refused.json()["code"], "treatments_too_many", "{refused:?}");
    let removed = admin.delete(&format!("{SUGGESTIONS}/Chapped%20lips")).await;
    assert_eq!(removed.status, 200, "{removed:?}");
    assert_eq!(admin.post(SUGGESTIONS, form("Sunburn")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_with_the_product_can_be_changed_and_taken_away() {
    let world = World::new().await;
    let admin = world.admin().await;
    let before = world.get(&format!("{SUGGESTIONS}/acne")).await.json();
    let changed = put(&admin, "acne", json!({ "treatments": ["Ask a doctor."] }))
        .await
        .json();
    assert_eq!(
        (&changed["id"], &changed["prevention"]),
        (&before["id"], &before["prevention"])
    );
    let read = world.get(&format!("{SUGGESTIONS}/Acne")).await.json();
    assert_eq!(read["treatments"], json!(["Ask a doctor."]));
    assert_eq!(names(&world).await.iter().filter(|name| *name == "Acne").count(), 1);

    assert_eq!(put(&admin, "acne", json!({ "name": "Blemishes" })).await.status, 200);
    assert_eq!(admin.post(SUGGESTIONS, form("Acne")).await.status, 200);
    // Its own name is taken now.
    let taken = put(&admin, "blemishes", json!({ "name": "ACNE" })).await;
    taken.problem(400, "A treatment suggestion with this name already exists");
    assert_eq!(admin.delete(&format!("{SUGGESTIONS}/acne")).await.status, 200);
    assert_eq!(
        put(&admin, "blemishes", json!({ "name": "Acne" })).await.json()["id"],
        before["id"]
    );

    assert_eq!(admin.delete(&format!("{SUGGESTIONS}/warts")).await.status, 200);
    assert_eq!(world.get(&format!("{SUGGESTIONS}/warts")).await.status, 404);
    assert!(!names(&world).await.contains(&"Warts".to_owned()));
    assert_eq!(admin.post(SUGGESTIONS, form("Warts")).await.status, 200);
    assert_eq!(
        world.get(&format!("{SUGGESTIONS}/wart")).await.json()["treatments"],
        json!(["Balm"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_name_at_once_one_is_added() {
    let world = World::new().await;
    let admin = world.admin().await;
    let answers = join_all((0..20).map(|_| admin.post(SUGGESTIONS, form("Chapped lips")))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(200), count(400)), (1, 19), "{answers:?}");
    assert_eq!(
        names(&world)
            .await
            .iter()
            .filter(|name| *name == "Chapped lips")
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn others_only_read_and_nonsense_is_refused() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    ana.post(SUGGESTIONS, form("Mine"))
        .await
        .problem(403, "Admin access required");
    put(&ana, "acne", json!({})).await.problem(403, "Admin access required");
    let path = format!("{SUGGESTIONS}/acne");
    ana.delete(&path).await.problem(403, "Admin access required");
    let unknown = world.post(SUGGESTIONS, form("Mine")).await;
    unknown.problem(401, "No token, authorization denied");
    for (field, value) in [
        ("name", json!(" _ ")),
        ("name", json!("x".repeat(101))),
        ("treatments", json!(["x".repeat(501)])),
        ("prevention", json!(vec!["x"; 31])),
        ("treatments", Value::Null),
    ] {
        let mut body = form("Mine");
        body[field] = value;
        assert_eq!(admin.post(SUGGESTIONS, body).await.status, 422, "{field}");
    }
}
