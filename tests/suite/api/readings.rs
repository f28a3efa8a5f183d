//! Pictures read again by a newer model, while the older reading stays.
//!
//! The product has one set of weights, so what a patient has is rewritten as an older model would have left it.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::table::Table;
use tests::photos;
use tests::world::{Answer, Person, World};

const OLDER: &str = "1.0.0";
const NOW: &str = "2.0.0";

/// A result of either product: what it is called at its own product's endpoints and in the table.
struct Thing {
    path: String,
    sort: String,
}

async fn prediction(ana: &Person) -> Thing {
    let answer = ana.predict(photos::face()).await.json();
    let id = answer["prediction_id"].as_str().unwrap();
    Thing {
        path: format!("/api/predictions/{id}"),
        sort: format!("PREDICTION#{id}"),
    }
}

async fn skin_record(ana: &Person) -> Thing {
    let answer = ana.send_photo("/infections/diagnose", "image", photos::face()).await;
    let number = answer.json()["id"].as_u64().unwrap();
    Thing {
        path: format!("/infections/{number}"),
        sort: format!("SKIN#{number:016}"),
    }
}

/// Rewrites an item in the table.
async fn rewrite(world: &World, owner: &Person, thing: &Thing, expression: &str, values: &[(&str, AttributeValue)]) {
    let settings = &world.product.platform.settings;
    let update = settings.connection.dynamodb().update_item();
    let update = update.table_name(settings.names.table(Table::Diagnosis));
    let update = update.key("pk", AttributeValue::S(format!("PATIENT#{}", owner.id)));
    let update = update.key("sk", AttributeValue::S(thing.sort.clone()));
    let add = |update: UpdateItemFluentBuilder, (name, value): &(&str, AttributeValue)| {
        update.expression_attribute_values(*name, value.clone())
    };
    let update = values.iter().fold(update.update_expression(expression), add);
    update.send().await.expect("the item is rewritten");
}

/// As if an older model had read it, which could not tell and had a suspicion.
async fn age(world: &World, owner: &Person, thing: &Thing) {
    let expression =
        "SET model.version = :older, outcome = :inconclusive, confidence = :confidence, is_referred = :yes";
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let values = [
        (":older", text(OLDER)),
        (":inconclusive", text("inconclusive")),
        (":confidence", AttributeValue::N("0.987".to_owned())),
        (":yes", AttributeValue::Bool(true)),
    ];
    rewrite(world, owner, thing, expression, &values).await;
}

async fn rerun(person: &Person, thing: &Thing) -> Answer {
    person.post(&format!("{}/rerun", thing.path), Value::Null).await
}

async fn ran(person: &Person, thing: &Thing) -> Value {
    let answer = rerun(person, thing).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn versions(readings: &Value) -> Vec<&str> {
    let readings = readings.as_array().expect("a list of readings").iter();
    readings
        .map(|reading| reading["model"]["version"].as_str().unwrap())
        .collect()
}

/// Both readings name what they came from, and the older one is as it was.
fn assert_both_are_kept(readings: &Value) {
    assert_eq!(versions(readings), [OLDER, NOW]);
    let [old, new] = [&readings[0], &readings[1]];
    assert_eq!(
        (&old["number"], &old["label"], &old["confidence"], &old["referral"]),
        (&json!(1), &json!("Inconclusive"), &json!(0.987), &json!(true))
    );
    for reading in [old, new] {
        assert!(reading["thresholds"]["skin"].is_number() && reading["probabilities"].is_object());
        assert_eq!(reading["model"]["weights_sha256"].as_str().unwrap().len(), 64);
        assert!(reading["read_at"].as_str().unwrap().ends_with('Z'));
    }
    assert_ne!(new["confidence"], old["confidence"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_model_reads_the_kept_picture_of_a_prediction_and_the_first_answer_stays() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let thing = prediction(&ana).await;
    let sent = ana.get(&thing.path).await.json()["result"]["readings"].clone();
    assert_eq!(versions(&sent), [NOW]);
    age(&world, &ana, &thing).await;
    world.product.clock.set_forward(60);
    let answer = ran(&ana, &thing).await;
    assert_both_are_kept(&answer["result"]["readings"]);
    let kept = &answer["result"]["readings"][1];
    assert!(kept["read_at"].as_str() > answer["createdAt"].as_str());
    // One model read what was sent and what is kept, which was encoded anew.
    assert_eq!(kept["label"], sent[0]["label"]);
    let difference = kept["confidence"].as_f64().unwrap() - sent[0]["confidence"].as_f64().unwrap();
    assert!(difference.abs() < 0.05, "{difference}");
    // What old clients read is what the patient was given; that it is referred, no newer reading takes back.
    for shown in [&answer, &ana.predictions().await[0], &ana.get(&thing.path).await.json()] {
        let result = &shown["result"];
        assert_eq!(
            (&result["predicted_label"], &result["confidence_score"]),
            (&json!("Inconclusive"), &json!(0.987))
        );
        assert_eq!(result["referral"], true);
        assert_both_are_kept(&result["readings"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_model_reads_the_kept_picture_of_a_skin_record() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let thing = skin_record(&ana).await;
    age(&world, &ana, &thing).await;
    let answer = ran(&ana, &thing).await;
    for shown in [&answer, &ana.get(&thing.path).await.json()] {
        assert_both_are_kept(&shown["readings"]);
        assert_eq!(
            (&shown["diagnosis"], &shown["confidence"], &shown["referral"]),
            (&json!("Inconclusive"), &json!(0.987), &json!(true))
        );
        assert_eq!(shown["recommended_consultation"], true);
        let picture = world.follow(shown["image_url"].as_str().unwrap()).await;
        assert_eq!(picture.status, 200);
    }
}

/// The photo is harmless, so what the newer model suspects is rewritten too.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_a_newer_model_suspects_sends_the_patient_to_a_doctor() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let thing = prediction(&ana).await;
    age(&world, &ana, &thing).await;
    ran(&ana, &thing).await;
    let referral = async |of: [bool; 2]| {
        let values = [(":first", of[0]), (":later", of[1])].map(|(name, yes)| (name, AttributeValue::Bool(yes)));
        let expression = "SET is_referred = :first, later[0].is_referred = :later";
        rewrite(&world, &ana, &thing, expression, &values).await;
        ana.predictions().await[0]["result"]["referral"].clone()
    };
    assert_eq!(referral([false, false]).await, false);
    assert_eq!(referral([false, true]).await, true);
    assert_eq!(referral([true, false]).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_on_the_older_reading_takes_no_referral_of_the_newer_back() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let doctors = [world.verified_doctor("one").await, world.verified_doctor("two").await];
    let thing = prediction(&ana).await;
    age(&world, &ana, &thing).await;
    ran(&ana, &thing).await;
    let id = thing.path.rsplit('/').next().unwrap();
    for doctor in &doctors {
        ana.ask_about(id, doctor).await;
    }
    let says = async |doctor: &Person, referral: bool, reading: u32| {
        let body = json!({ "verdict": "cannot_tell", "referral": referral, "reading": reading });
        let path = format!("{}/opinions?patient_id={}", thing.path, ana.id);
        let answer = doctor.post(&path, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["result"]["referral"].clone()
    };
    let [one, two] = &doctors;
    assert_eq!(says(one, true, 2).await, true);
    assert_eq!(says(two, false, 1).await, true);
    assert_eq!(says(two, false, 2).await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_and_at_once_it_is_asked_for_a_model_reads_a_picture_once() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for thing in [prediction(&ana).await, skin_record(&ana).await] {
        ran(&ana, &thing).await;
        let untouched = ran(&ana, &thing).await;
        let readings = |shown: &Value| match shown["result"].is_null() {
            true => shown["readings"].clone(),
            false => shown["result"]["readings"].clone(),
        };
        assert_eq!(versions(&readings(&untouched)), [NOW]);
        age(&world, &ana, &thing).await;
        for answer in join_all((0..6).map(|_| ran(&ana, &thing))).await {
            assert_eq!(versions(&readings(&answer)), [OLDER, NOW]);
        }
        assert_eq!(versions(&readings(&ana.get(&thing.path).await.json())), [OLDER, NOW]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_in_the_patients_log_as_a_change_and_none_as_a_look() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let thing = prediction(&ana).await;
    age(&world, &ana, &thing).await;
    let (changed, unchanged) = (rerun(&ana, &thing).await, rerun(&ana, &thing).await);
    let log = ana.audit_length(4).await;
    let actions = |answer: &Answer| -> Vec<&str> {
        let entries = log
            .iter()
            .filter(|entry| entry["request_id"] == answer.header("x-request-id"));
        let mut actions: Vec<&str> = entries.map(|entry| entry["action"].as_str().unwrap()).collect();
        actions.sort_unstable();
        actions
    };
    assert_eq!(actions(&changed), ["read", "update"]);
    assert_eq!(actions(&unchanged), ["read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_patient_and_a_doctor_who_was_let_in_have_it_read_again() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let (derm, other) = (
        world.verified_doctor("derm").await,
        world.verified_doctor("other").await,
    );
    let unapproved = world.licensed_doctor("new").await;
    let thing = prediction(&ana).await;
    age(&world, &ana, &thing).await;
    let of_ana = |path: &str| format!("{path}?patient_id={}", ana.id);
    let (look, rerun) = (of_ana(&thing.path), of_ana(&format!("{}/rerun", thing.path)));
    ana.ask_about(thing.path.rsplit('/').next().unwrap(), &derm).await;
    for stranger in [&ben, &other] {
        for answer in [
            stranger.get(&look).await,
            stranger.get(&thing.path).await,
            stranger.post(&rerun, Value::Null).await,
        ] {
            answer.problem(404, "Prediction not found");
        }
    }
    assert_eq!(unapproved.get(&look).await.status, 403);
    let nonsense = ana.post("/api/predictions/nonsense/rerun", Value::Null).await;
    nonsense.problem(400, "Invalid prediction id");
    let unknown = ana.post("/infections/1/rerun", Value::Null).await;
    unknown.problem(404, "Record not found or not yours");

    let seen = derm.get(&look).await;
    assert_eq!((seen.status.as_u16(), &seen.json()["userId"]), (200, &json!(ana.id)));
    let answer = derm.post(&rerun, Value::Null).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_both_are_kept(&answer.json()["result"]["readings"]);
    let entry = ana.audit_entry(answer.header("x-request-id")).await.expect("a trace");
    assert!(
        entry.to_string().contains(&derm.id) && entry["why"]["right"] == "care",
        "{entry}"
    );
}
