//! What can be true and what cannot; units; the same reading again, and a corrected one.

use jiff::Timestamp;
use serde_json::{Value, json};
use tests::world::{Person, World};

use super::{ALERTS, BY_HAND, Device, RECENT, list, minutes, past, text};

async fn quarantined(person: &Person) -> Vec<Value> {
    let answer = person.get("/api/vitals/quarantine").await;
    answer.json()["readings"].as_array().cloned().unwrap()
}

fn outcomes(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|result| text(&result["outcome"])).collect()
}

fn some_are_absurd(begin: Timestamp, place: i64) -> Value {
    let at = begin + minutes(place);
    match place % 20 {
        3 => json!({ "timestamp": "2103-01-01T00:00:00Z", "temperature": 36.9 }),
        7 => json!({ "timestamp": "1970-01-01T00:00:00Z", "temperature": 36.9 }),
        11 => json!({ "timestamp": at, "temperature": -3 }),
        15 => json!({ "timestamp": at, "temperature": 400 }),
        9 | 19 => json!({ "timestamp": at - minutes(1), "temperature": 36.6 }),
        _ => json!({ "timestamp": at, "temperature": 36.6 }),
    }
}

/// Five hundred: every fifth is absurd in one way or another, and every tenth comes twice.
#[tokio::test(flavor = "multi_thread")]
async fn absurd_readings_are_set_apart_one_by_one_and_are_never_the_latest() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let begin = past(&world, 600);
    let points: Vec<Value> = (0..500).map(|place| some_are_absurd(begin, place)).collect();
    let answer = sensor.send(&world, json!(points)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let taken = answer.json();
    for (place, outcome) in outcomes(&taken).iter().enumerate() {
        let expected = match place % 20 {
            3 | 7 | 11 | 15 => "quarantined",
            9 | 19 => "duplicate",
            _ => "stored",
        };
        assert_eq!(outcome, expected, "{place}");
    }
    assert_eq!(
        (
            &taken["stored_count"],
            &taken["duplicate_count"],
            &taken["quarantined_count"]
        ),
        (&json!(350), &json!(50), &json!(100))
    );
    assert_eq!(taken["message"], "Stored 350 data points");
    let codes = [3, 7, 11, 15].map(|place| taken["results"][place]["faults"][0]["code"].clone());
    assert_eq!(codes, ["time_in_future", "time_too_old", "implausible", "implausible"]);
    // What is set apart is a fact of its own: each moment once, as the 2103 and 1970 ones are all of one.
    assert_eq!(quarantined(&ana).await.len(), 52);
    let newest = list(&ana.get(RECENT).await);
    assert_eq!(newest[0]["timestamp"], json!(begin + minutes(498)));
    assert!(
        newest
            .iter()
            .all(|row| row["temperature"] == 36.6 && row["units"]["temperature"] == "°C")
    );
    // Nobody is alarmed by 400 °C.
    assert!(list(&ana.get(ALERTS).await).is_empty());

    // Sent again as it was, nothing is new; corrected, it takes its place.
    let again = sensor.send(&world, json!(points)).await.json();
    assert_eq!(
        (&again["stored_count"], &again["duplicate_count"]),
        (&json!(0), &json!(400))
    );
    let corrected = json!([
        { "timestamp": begin + minutes(11), "temperature": 36.7 },
        { "timestamp": begin + minutes(498), "temperature": 36.8 },
    ]);
    let corrected = sensor.send(&world, corrected).await.json();
    assert_eq!(outcomes(&corrected), ["stored", "replaced"]);
    assert_eq!(quarantined(&ana).await.len(), 51);
    assert_eq!(list(&ana.get(RECENT).await)[0]["temperature"], 36.8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_without_its_unit_or_in_the_wrong_one_is_refused() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let at = past(&world, 10);
    let one = |value: Value, unit: &str| json!({ "readings": [{ "kind": "glucose", "value": value, "unit": unit, "measured_at": at }] });
    let refused = ana.post(BY_HAND, one(json!(5.5), "mg/dL")).await;
    let refused = refused.problem(
        422,
        "Glucose is out of plausible range: check the unit and measure again",
    );
    assert_eq!(refused["code"], "readings_quarantined");
    assert_eq!(refused["results"][0]["faults"][0]["code"], "implausible");
    let apart = quarantined(&ana).await;
    assert_eq!((&apart[0]["value"], &apart[0]["unit"]), (&json!(5.5), &json!("mg/dL")));
    assert!(list(&ana.get(RECENT).await).is_empty());
    let bare = json!({ "readings": [{ "kind": "glucose", "value": 99, "measured_at": at }] });
    assert_eq!(ana.post(BY_HAND, bare).await.status, 422);
    assert_eq!(ana.post(BY_HAND, one(json!(99), "kg")).await.status, 422);
    assert_eq!(ana.post(BY_HAND, one(json!(99), "stone")).await.status, 422);
    assert_eq!(ana.post(BY_HAND, one(Value::Null, "mg/dL")).await.status, 422);
    // By a device too, whose field names its unit.
    let sensor = Device::of(&ana, "Sensor").await;
    let answer = sensor.send(&world, json!([{ "timestamp": at, "glucose": 5.5 }])).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    assert_eq!(
        answer.json()["error"],
        "Glucose is out of plausible range: check the unit and measure again"
    );

    // The right unit corrects it.
    let kept = ana.post(BY_HAND, one(json!(5.5), "mmol/L")).await;
    assert_eq!(kept.status, 201, "{kept:?}");
    let rows = list(&ana.get(RECENT).await);
    assert_eq!(
        (&rows[0]["glucose"], &rows[0]["units"]["glucose"]),
        (&json!(99.09), &json!("mg/dL"))
    );
    let series = ana.get("/api/vitals/series?kind=glucose&unit=mmol/L").await.json();
    assert_eq!(
        (&series["points"][0]["value"], &series["unit"]),
        (&json!(5.5), &json!("mmol/L"))
    );
    assert_eq!(quarantined(&ana).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn units_may_be_mixed_in_a_batch() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let at = |place: i64| past(&world, 60 - place);
    let reading = |place: i64, kind: &str, value: f64, unit: &str| json!({ "kind": kind, "value": value, "unit": unit, "measured_at": at(place) });
    let body = json!({ "readings": [
        reading(0, "temperature", 98.6, "°F"), reading(1, "temperature", 37.0, "C"),
        reading(2, "weight", 150.0, "lb"), reading(3, "weight", 68.04, "kg"),
        reading(4, "glucose", 5.5, "mmol/L"), reading(5, "glucose", 99.0, "mg/dL"),
        reading(6, "heart_rate", 72.0, "bpm"),
    ]});
    let kept = ana.post(BY_HAND, body).await;
    assert_eq!((kept.status.as_u16(), &kept.json()["stored_count"]), (201, &json!(7)));
    let rows = list(&ana.get(RECENT).await);
    let shown: Vec<(Value, Value, Value)> = rows
        .iter()
        .rev()
        .map(|row| {
            (
                row["temperature"].clone(),
                row["weight"].clone(),
                row["glucose"].clone(),
            )
        })
        .collect();
    assert_eq!((&shown[0].0, &shown[1].0), (&json!(37), &json!(37)));
    assert_eq!((&shown[2].1, &shown[3].1), (&json!(68.04), &json!(68.04)));
    assert_eq!((&shown[4].2, &shown[5].2), (&json!(99.09), &json!(99)));
    // A device that measures in others says so once.
    let sensor = Device::of(&ana, "Sensor").await;
    let units = json!({ "units": { "temperature": "F", "glucose": "mmol/L", "weight": "lb" } });
    let point = json!([{ "timestamp": at(10), "temperature": 99.5, "glucose": "7.2", "weight": 149.9 }]);
    assert_eq!(sensor.send_with(&world, point, units).await.status, 201);
    let row = list(&ana.get(RECENT).await).remove(0);
    assert_eq!((&row["temperature"], &row["glucose"]), (&json!(37.5), &json!(129.71)));
}

/// As its document says it, for the first clients.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_as_the_contract_says() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let at = past(&world, 5);
    let point = json!({
        "timestamp": at, "heart_rate": 128, "systolic_bp": 152, "diastolic_bp": 95, "spo2": 97.5, "temperature": null,
        "metadata": { "battery": 80 },
    });
    let answer = sensor.send(&world, json!([point])).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(
        (&answer.json()["message"], &answer.json()["stored_count"]),
        (&json!("Stored 1 data points"), &json!(1))
    );
    let again = sensor.send(&world, json!([point])).await;
    assert_eq!((again.status.as_u16(), &again.json()["stored_count"]), (201, &json!(0)));
    let rows = list(&ana.get(&format!("{RECENT}?limit=5")).await);
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (&row["user_id"], &row["device_id"]),
        (&json!(ana.id), &json!(sensor.id))
    );
    assert_eq!((&row["heart_rate"], &row["spo2"]), (&json!(128), &json!(97.5)));
    assert_eq!((&row["temperature"], &row["weight"]), (&Value::Null, &Value::Null));
    assert_eq!(row["alerts"], json!(["Heart rate is high", "Blood pressure is high"]));
    assert!(row["created_at"].is_string() && row["id"].is_string());
    let alerts = list(&ana.get(ALERTS).await);
    assert_eq!(alerts.len(), 2);
    for alert in &alerts {
        assert_eq!(
            (&alert["alert_level"], &alert["resolved"]),
            (&json!("warning"), &json!(false))
        );
        assert_eq!(
            (&alert["device_id"], &alert["vital_data_id"]),
            (&row["device_id"], &row["id"])
        );
        assert_eq!(
            (&alert["resolved_at"], &alert["user_id"]),
            (&Value::Null, &row["user_id"])
        );
    }
    for points in [json!([]), json!(vec![json!({}); 1001])] {
        assert_eq!(sensor.send(&world, points).await.status, 422);
    }
    let swapped = json!([{ "timestamp": at + minutes(1), "systolic_bp": 80, "diastolic_bp": 120, "heart_rate": 70 }]);
    let part = sensor.send(&world, swapped).await.json();
    assert_eq!(
        (&part["results"][0]["status"], &part["results"][0]["outcome"]),
        (&json!(207), &json!("stored"))
    );
    assert_eq!(part["results"][0]["faults"][1]["code"], "pressures_swapped");
    for query in ["?limit=0", "?limit=101", "?limit=x"] {
        assert_eq!(ana.get(&format!("{RECENT}{query}")).await.status, 422, "{query}");
    }
}
