//! Skin clinics near a point, with the map there, slow, wrong or away.

use clients::overpass::MapEntry;
use clients::stand_in::Fault;
use serde_json::{Value, json};
use tests::world::{Answer, World};

const A_DAY_SECONDS: i64 = 25 * 60 * 60;
const THIRTY_DAYS_SECONDS: i64 = 31 * 24 * 60 * 60;
const AWAY: Fault = Fault::Unavailable {
    retry_after_seconds: None,
};

async fn near(world: &World, query: &str) -> Answer {
    world.get(&format!("/api/map/nearest-dermatology?{query}")).await
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let results = body["results"].as_array().expect("a list");
    results
        .iter()
        .map(|each| each["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Three along a meridian, not in order, and one too far.
fn show(world: &World) {
    world.product.cloud.overpass.show(vec![
        MapEntry::dermatologist("Second", 52.530, 13.405),
        MapEntry::dermatologist("Far", 52.700, 13.405),
        MapEntry::dermatologist("First", 52.521, 13.405),
        MapEntry {
            is_building: true,
            ..MapEntry::dermatologist("Third", 52.550, 13.405)
        },
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn clinics_come_nearest_first_from_where_one_is() {
    let world = World::new().await;
    show(&world);
    let answer = near(&world, "lat=52.5200&lng=13.4050&radius=5000").await;
    assert_eq!(names(&answer), ["First", "Second", "Third"]);
    let first = &answer.json()["results"][0];
    let expected = json!({
        "name": "First", "lat": 52.521, "lng": 13.405, "address": "Lake Road 5, 10115 Berlin", "rating": null,
    });
    assert_eq!(first, &expected);
    // From the other end of the same cell, and not from its middle.
    let answer = near(&world, "lat=52.5399&lng=13.4050&radius=5000").await;
    assert_eq!(names(&answer), ["Second", "Third", "First"]);
    assert_eq!(
        names(&near(&world, "lat=52.5200&lng=13.4050&radius=300").await),
        ["First"]
    );
    // Ten kilometres without a word, and twenty and more if asked.
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    assert_eq!(
        names(&near(&world, "lat=52.52&lng=13.405&radius=25000.5").await).len(),
        4
    );
    assert_eq!(names(&near(&world, "lat=-80&lng=0").await), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_remembered_by_cell_and_a_position_is_told_to_nobody() {
    let world = World::new().await;
    show(&world);
    let overpass = &world.product.cloud.overpass;
    for query in [
        "lat=52.52171&lng=13.40573",
        "lat=52.52391&lng=13.41117",
        "lat=52.52171&lng=13.40573",
    ] {
        assert_eq!(names(&near(&world, query).await).len(), 3);
    }
    assert_eq!(overpass.asked(), 1);
    let questions = overpass.questions().join(" ");
    let log = world.log();
    assert!(log.contains("find-skin-clinics"));
    for secret in ["52.5217", "13.4057"] {
        assert!(!questions.contains(secret) && !log.contains(secret), "{secret}");
    }
    world.product.clock.set_forward(A_DAY_SECONDS);
    near(&world, "lat=52.52171&lng=13.40573").await;
    assert_eq!(overpass.asked(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_map_is_away_old_answers_serve_and_without_one_it_says_so() {
    let world = World::new().await;
    show(&world);
    let overpass = &world.product.cloud.overpass;
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    world.product.clock.set_forward(A_DAY_SECONDS);
    overpass.faults().begin(AWAY);
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    let away = near(&world, "lat=48.85&lng=2.35").await;
    assert_eq!((away.status.as_u16(), away.header("retry-after")), (503, "30"));
    assert_eq!(away.json()["code"], "unavailable");
    overpass.faults().end();
    assert_eq!(names(&near(&world, "lat=48.85&lng=2.35").await), Vec::<String>::new());
    overpass.faults().begin(AWAY);
    world.product.clock.set_forward(A_DAY_SECONDS + THIRTY_DAYS_SECONDS);
    assert_eq!(near(&world, "lat=52.52&lng=13.405").await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_map_and_half_an_answer_are_no_answer() {
    let world = World::new().await;
    show(&world);
    let overpass = &world.product.cloud.overpass;
    let query = "lat=52.52&lng=13.405";
    overpass.trouble(Some((429, Some(17))));
    let busy = near(&world, query).await;
    assert_eq!((busy.status.as_u16(), busy.header("retry-after")), (503, "17"));
    overpass.trouble(Some((504, None)));
    assert_eq!(near(&world, query).await.status, 503);
    overpass.trouble(None);
    overpass.cut_off(true);
    assert_eq!(near(&world, query).await.status, 503);
    overpass.cut_off(false);
    overpass.faults().next(1, Fault::Dropped);
    assert_eq!(near(&world, query).await.status, 503);
    // None of it was remembered.
    assert_eq!(names(&near(&world, query).await).len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nowhere_and_too_far_are_refused() {
    let world = World::new().await;
    for (query, field) in [
        ("lng=13.4", "lat"),
        ("lat=91&lng=0", "lat"),
        ("lat=NaN&lng=0", "lat"),
        ("lat=0&lng=-180.1", "lng"),
        ("lat=north&lng=0", "lat"),
        ("lat=0&lng=0&radius=0", "radius"),
        ("lat=0&lng=0&radius=50001", "radius"),
        ("lat=0&lng=0&radius=inf", "radius"),
    ] {
        let answer = near(&world, query).await;
        assert_eq!(answer.status, 422, "{query}: {answer:?}");
        let body: Value = answer.json();
        assert!(body["errors"][0]["loc"].to_string().contains("query"), "{body}");
        assert!(body.to_string().contains(field), "{query}: {body}");
    }
    assert_eq!(world.product.cloud.overpass.asked(), 0);
}
