//! Skin clinics near a point, with the map there, slow, wrong or away.

use clients::overpass::MapEntry;
use clients::stand_in::Fault;
use serde_json::{Value, json};
use store::table::Table;
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

/// What operators read of failures outside, oldest first.
fn outer_faults(world: &World) -> Vec<String> {
    let log = world.log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter_map(|line| line["outer_fault"].as_str().map(str::to_owned))
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
async fn a_memory_that_fails_costs_nobody_the_answer() {
    let world = World::new().await;
    show(&world);
    let settings = &world.product.platform.settings;
    let table = settings.names.table(Table::Platform);
    let dropped = settings.connection.dynamodb().delete_table().table_name(table).send();
    dropped.await.expect("no memory");
    let answer = near(&world, "lat=52.5200&lng=13.4050&radius=5000").await;
    assert_eq!(names(&answer), ["First", "Second", "Third"]);
    assert_eq!(outer_faults(&world).len(), 1);
}

/// Of a city with many clinics that have long names, as many are remembered as an item holds.
#[tokio::test(flavor = "multi_thread")]
async fn a_city_that_is_too_large_for_an_item_is_answered() {
    let world = World::new().await;
    let clinic = |number: u32| {
        let name = format!("{number} {}", "क".repeat(400));
        MapEntry::dermatologist(&name, 52.5 + f64::from(number) / 10_000.0, 13.405)
    };
    world.product.cloud.overpass.show((0..500).map(clinic).collect());
    for _ in 0..2 {
        let answer = near(&world, "lat=52.5200&lng=13.4050&radius=20000").await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 50));
    }
    assert_eq!(world.product.cloud.overpass.asked(), 1);
    assert_eq!(outer_faults(&world), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_map_is_away_old_answers_serve_and_without_one_the_list_is_empty() {
    let world = World::new().await;
    show(&world);
    let overpass = &world.product.cloud.overpass;
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    world.product.clock.set_forward(A_DAY_SECONDS);
    overpass.faults().begin(AWAY);
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    let away = near(&world, "lat=52.53&lng=13.425").await;
    assert_eq!(names(&away), Vec::<String>::new());
    assert_eq!(away.json()["attribution"], "© OpenStreetMap contributors");
    // Nobody is told, but operators are.
    assert_eq!(outer_faults(&world), ["Overpass is unavailable"; 2]);
    // An empty list for want of a map is not remembered.
    overpass.faults().end();
    assert_eq!(names(&near(&world, "lat=52.53&lng=13.425").await).len(), 3);
    overpass.faults().begin(AWAY);
    world.product.clock.set_forward(A_DAY_SECONDS + THIRTY_DAYS_SECONDS);
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_map_and_half_an_answer_are_no_answer() {
    let world = World::new().await;
    show(&world);
    let overpass = &world.product.cloud.overpass;
    let none = async || {
        let answer = near(&world, "lat=52.52&lng=13.405").await;
        assert_eq!(names(&answer), Vec::<String>::new());
    };
    overpass.trouble(Some((429, Some(17))));
    none().await;
    overpass.trouble(Some((504, None)));
    none().await;
    overpass.trouble(None);
    overpass.cut_off(true);
    none().await;
    overpass.cut_off(false);
    overpass.faults().next(1, Fault::Dropped);
    none().await;
    let faults = outer_faults(&world);
    assert_eq!((faults.len(), faults[0].as_str()), (4, "Overpass is asked too often"));
    // None of it was remembered.
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405").await).len(), 3);
    assert_eq!(names(&near(&world, "lat=52.52&lng=13.405&radius=").await).len(), 3);
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
