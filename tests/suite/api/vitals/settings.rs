//! Who sets limits, and who is told when.

use serde_json::{Value, json};
use tests::calls::consult;
use tests::world::{Person, World};

use super::{ALERTS, Device, list};

const SETTINGS: &str = "/api/vitals/settings";

fn limit(settings: &Value, kind: &str) -> Value {
    let limits = settings["limits"].as_array().unwrap();
    limits.iter().find(|limit| limit["kind"] == kind).unwrap().clone()
}

async fn set(person: &Person, of: &str, body: Value) -> tests::world::Answer {
    person.put(&format!("{SETTINGS}{of}"), body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_a_doctor_who_treats_override_the_defaults_and_are_the_doctors() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let stranger = world.verified_doctor("dave").await;
    let of = format!("?patient_id={}", ana.id);
    let usual = ana.get(SETTINGS).await.json();
    assert_eq!(
        (&usual["version"], &limit(&usual, "glucose")["critical_high"]),
        (&json!(0), &json!(300))
    );
    let glucose = json!({ "version": 0, "limits": [
        { "kind": "glucose", "unit": "mmol/L", "warning_low": 4.5, "warning_high": 12 },
    ]});
    set(&dora, &of, glucose.clone()).await.problem(404, "Patient not found");
    consult(&ana, &dora, json!({})).await;
    let said = set(&dora, &of, glucose.clone()).await;
    assert_eq!(said.status, 200, "{said:?}");
    let said = limit(&said.json(), "glucose");
    assert_eq!(
        (&said["warning_low"], &said["critical_low"]),
        (&json!(81.07), &json!(54))
    );
    assert_eq!(
        (&said["set_by"], &said["by_clinician"]),
        (&json!(dora.id), &json!(true))
    );
    assert_eq!(set(&stranger, &of, glucose.clone()).await.status, 404);
    // The scale is a clinician's to choose, and so are limits that one has set.
    let scale = json!({ "version": 1, "spo2_scale": 2 });
    set(&ana, "", scale.clone())
        .await
        .problem(403, "Only a doctor who treats the patient can change this");
    let own = json!({ "version": 1, "limits": [{ "kind": "glucose", "unit": "mg/dL", "warning_low": 60 }] });
    set(&ana, "", own)
        .await
        .problem(403, "A doctor has set the limits of glucose");
    let stale = set(&dora, &of, glucose).await.problem(409, "The settings have changed");
    assert_eq!(stale["version"], 1);
    assert_eq!(set(&dora, &of, scale).await.status, 200);
    let night = json!({ "version": 2, "night": { "from": "22:00", "until": "07:00" } });
    set(&dora, &of, night.clone())
        .await
        .problem(403, "Only the patient can change this");
    assert_eq!(set(&ana, "", night).await.status, 200);

    let sensor = Device::of(&ana, "Sensor").await;
    // Usual for scale 2, and low for the doctor's limit.
    sensor.reads(&world, json!({ "spo2": 90, "glucose": 80 })).await;
    let open = list(&ana.get(ALERTS).await);
    let rules: Vec<&Value> = open.iter().map(|alert| &alert["rule"]).collect();
    assert_eq!(rules, [&json!("glucose_low_warning")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sets_what_is_theirs_and_keeps_what_is_not_sent() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    ana.let_see(&ben, &["vitals"]).await;
    let first = json!({
        "version": 0, "time_zone": "asia/kolkata", "night": { "from": "22:00", "until": "06:30" },
        "limits": [{ "kind": "heart_rate", "unit": "/min", "warning_high": 150, "critical_high": 180 }],
        "escalate_after_minutes": null, "weight_gain": true,
    });
    let said = set(&ana, "", first).await;
    assert_eq!(said.status, 200, "{said:?}");
    let said = set(&ana, "", json!({ "version": 1, "off": ["weight", "weight"] }))
        .await
        .json();
    assert_eq!(
        (&said["time_zone"], &said["off"]),
        (&json!("Asia/Kolkata"), &json!(["weight"]))
    );
    assert_eq!(
        (&said["night"]["from"], &said["escalate_after_minutes"]),
        (&json!("22:00"), &Value::Null)
    );
    assert_eq!(limit(&said, "heart_rate")["by_clinician"], false);
    assert_eq!(
        set(&ana, "", json!({ "version": 2, "night": null })).await.json()["night"],
        Value::Null
    );
    // Who may see may look, and change nothing.
    let of = format!("?patient_id={}", ana.id);
    assert_eq!(ben.get(&format!("{SETTINGS}{of}")).await.json()["version"], 3);
    set(&ben, &of, json!({ "version": 3, "off": [] }))
        .await
        .problem(403, "Only the patient can change this");
    for wrong in [
        json!({ "off": [] }),
        json!({ "version": 3, "time_zone": "Mars/Olympus" }),
        json!({ "version": 3, "warning": { "sustained_minutes": 0, "repeat_minutes": 1 } }),
        json!({ "version": 3, "no_data": [{ "kind": "glucose", "after_minutes": 1 }] }),
        json!({ "version": 3, "night": { "from": "07:00", "until": "07:00" } }),
        json!({ "version": 3, "night": { "from": "00:00", "until": "24:00" } }),
        json!({ "version": 3, "limits": [{ "kind": "glucose", "unit": "kg", "warning_low": 60 }] }),
        json!({ "version": 3, "limits": [{ "kind": "glucose", "unit": "mg/dL", "warning_low": 5.5 }] }),
        json!({ "version": 3, "limits": [
            { "kind": "glucose", "unit": "mg/dL", "warning_low": 90, "warning_high": 80 },
        ]}),
    ] {
        assert_eq!(set(&ana, "", wrong.clone()).await.status, 422, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_limits_leaves_those_that_others_have_set() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (dora, dave) = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let of = format!("?patient_id={}", ana.id);
    for doctor in [&dora, &dave] {
        consult(&ana, doctor, json!({})).await;
    }
    let own = json!([
        { "kind": "heart_rate", "unit": "/min", "warning_high": 150 },
        { "kind": "spo2", "unit": "%", "warning_low": 92 },
    ]);
    let glucose = |low: u32| json!([{ "kind": "glucose", "unit": "mg/dL", "warning_low": low }]);
    let weight = json!([
        { "kind": "weight", "unit": "kg", "warning_high": 90 },
        { "kind": "spo2", "unit": "%", "warning_low": 88 },
    ]);
    let steps = [
        (&ana, "", own),
        (&dora, &*of, glucose(80)),
        (&dave, &of, weight),
        (&dora, &of, json!([])),
    ];
    let mut after = Vec::new();
    for (version, (person, of, limits)) in steps.into_iter().enumerate() {
        let said = set(person, of, json!({ "version": version, "limits": limits })).await;
        assert_eq!(said.status, 200, "{said:?}");
        after.push(said.json());
    }
    let setter = |settings: &Value, kind: &str| limit(settings, kind)["set_by"].clone();
    assert_eq!(setter(&after[1], "heart_rate"), json!(ana.id));
    assert_eq!(
        ["glucose", "weight", "spo2", "heart_rate"].map(|kind| setter(&after[2], kind)),
        [json!(dora.id), json!(dave.id), json!(dave.id), json!(ana.id)]
    );
    // Who takes back what is theirs takes back nothing else.
    assert_eq!(
        ["glucose", "weight", "spo2", "heart_rate"].map(|kind| setter(&after[3], kind)),
        [Value::Null, json!(dave.id), json!(dave.id), json!(ana.id)]
    );
    // A limit of weight is one that alarms.
    let sensor = Device::of(&ana, "Scale").await;
    sensor.reads(&world, json!({ "weight": 91 })).await;
    assert_eq!(list(&ana.get(ALERTS).await)[0]["rule"], "weight_high_warning");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relative_is_no_clinician_here_even_if_they_are_one_elsewhere() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    ana.let_see(&dora, &["vitals"]).await;
    let of = format!("?patient_id={}", ana.id);
    assert_eq!(dora.get(&format!("{SETTINGS}{of}")).await.status, 200);
    let scale = json!({ "version": 0, "spo2_scale": 2 });
    set(&dora, &of, scale.clone())
        .await
        .problem(403, "Only the patient can change this");
    // Who treats them too is one.
    consult(&ana, &dora, json!({})).await;
    assert_eq!(set(&dora, &of, scale).await.status, 200);
}
