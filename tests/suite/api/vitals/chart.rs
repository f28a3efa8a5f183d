//! The chart: for people, whatever they can see.

use serde_json::json;
use tests::world::{Person, World};

use super::{Device, minutes, past};

const CHART: &str = "/api/vitals/chart";

/// Five hours, a reading each five minutes.
async fn five_hours(world: &World, ana: &Person) {
    let sensor = Device::of(ana, "Sensor").await;
    let begin = past(world, 300);
    let points = (0..60).map(|place| {
        let at = begin + minutes(place * 5);
        json!({ "timestamp": at, "systolic_bp": 118 + place, "diastolic_bp": 78, "glucose": 90 + place })
    });
    let points: Vec<_> = points.collect();
    assert_eq!(sensor.send(world, json!(points)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_a_drawing_that_says_what_it_shows() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    five_hours(&world, &ana).await;
    let chart = ana.get(&format!("{CHART}?metric=bp")).await;
    assert_eq!(
        (chart.status.as_u16(), chart.header("content-type")),
        (200, "image/svg+xml")
    );
    assert!(
        chart
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let svg = chart.text();
    for said in [
        "role=\"img\"",
        "aria-labelledby=\"chart-title chart-text\"",
        "Systolic blood pressure and Diastolic blood pressure (mmHg)</title>",
        "Systolic blood pressure: 60 readings, lowest 118, highest 177",
        "Diastolic blood pressure: 60 readings, lowest 78, highest 78",
        "prefers-color-scheme:dark",
        "warning above",
        "</svg>",
    ] {
        assert!(svg.contains(said), "{said}: {svg}");
    }
    for forbidden in ["<script", "href", "http://127", "NaN", "@import", "url("] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    assert_eq!(svg.matches('<').count(), svg.matches('>').count());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_of_any_range_in_either_unit_for_whoever_may_see_it() {
    let world = World::new().await;
    let (ana, ben, cora) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("cora").await,
    );
    five_hours(&world, &ana).await;
    let in_mmol = ana.get(&format!("{CHART}?metric=glucose&unit=mmol/L")).await.text();
    assert!(
        in_mmol.contains("Glucose (mmol/L)") && in_mmol.contains("lowest 5, highest 8.27"),
        "{in_mmol}"
    );
    // Over other ranges too, and of nothing.
    for from in [2, 40, 900] {
        let from = past(&world, from * 24 * 60);
        let chart = ana.get(&format!("{CHART}?metric=glucose&from={from}")).await;
        assert!(chart.status == 200 && chart.text().contains("60 readings"), "{chart:?}");
    }
    assert!(
        ana.get(&format!("{CHART}?metric=weight"))
            .await
            .text()
            .contains("No readings")
    );
    for wrong in ["", "?metric=pulse", "?metric=bp&unit=kg", "?metric=bp&from=2001-01-01"] {
        assert_eq!(ana.get(&format!("{CHART}{wrong}")).await.status, 422, "{wrong}");
    }
    ana.let_see(&ben, &["vitals"]).await;
    let of = format!("{CHART}?metric=bp&patient_id={}", ana.id);
    assert!(ben.get(&of).await.text().contains("60 readings"));
    cora.get(&of).await.problem(404, "Patient not found");
}
