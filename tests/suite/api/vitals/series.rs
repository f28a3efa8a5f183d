//! Series: rolled up or not, they are the same as reckoned by hand, and cost the same however much there is.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::{Answer, Person, World};

use super::{Device, RECENT, list, minutes, past};

const SERIES: &str = "/api/vitals/series";
const QUERY: &str = "/api/iot/data/timeseries";

/// All pages, with what each used.
async fn pages(world: &World, person: &Person, query: &str) -> Vec<(Vec<Value>, store::Usage)> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = person.get(&format!("{SERIES}?{query}{cursor}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let answer = answer.json();
        let points = answer["points"].as_array().unwrap().clone();
        pages.push((points, world.last_usage("get-vital-series")));
        match answer["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
        assert!(pages.len() < 1_000, "it goes on for ever");
    }
}

async fn points(world: &World, person: &Person, query: &str) -> Vec<Value> {
    pages(world, person, query)
        .await
        .into_iter()
        .flat_map(|(points, _)| points)
        .collect()
}

/// A reading each quarter of an hour.
fn a_year(world: &World) -> Vec<(Timestamp, i64)> {
    let (begin, mut dice) = (past(world, 365 * 24 * 60), Dice(7));
    let mut glucose = 120;
    (0..365 * 96)
        .map(|place| {
            glucose = (glucose + dice.roll(21) as i64 - 10).clamp(72, 240);
            (begin + minutes(place * 15), glucose)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_one_device_is_read_in_one_page_for_each_thousand_points() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let year = a_year(&world);
    for part in year.chunks(1_000) {
        let points: Vec<Value> = part
            .iter()
            .map(|(at, glucose)| json!({ "timestamp": at, "glucose": glucose }))
            .collect();
        let kept = sensor.send(&world, json!(points)).await;
        assert_eq!(
            (kept.status.as_u16(), &kept.json()["stored_count"]),
            (201, &json!(part.len()))
        );
    }
    let (from, until) = (year[0].0, year[year.len() - 1].0 + minutes(1));
    let query = format!("kind=glucose&from={from}&until={until}");
    // The session is remembered; then come the page and the note of it.
    let warm = ana.get(&format!("{SERIES}?kind=glucose")).await;
    assert_eq!(warm.status, 200, "{warm:?}");

    let of_device = format!("{query}&bucket=raw&device_id={}", sensor.id);
    let raw = pages(&world, &ana, &of_device).await;
    let found: Vec<(Timestamp, i64)> = raw
        .iter()
        .flat_map(|(points, _)| points)
        .map(|point| {
            (
                point["at"].as_str().unwrap().parse().unwrap(),
                point["value"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, year);
    let full = raw.iter().filter(|(points, _)| points.len() == 1_000).count();
    assert_eq!((full, raw.len()), (year.len() / 1_000, year.len().div_ceil(1_000)));
    let most = raw.iter().map(|(_, usage)| usage.round_trips).max().unwrap();
    let units: Vec<f64> = raw.iter().map(|(_, usage)| usage.read_units).collect();
    println!("a page of 1,000 single readings: at most {most} round trips, {units:?} read units");
    // The session once in five seconds, the page, and the note.
    assert!(most <= 3, "{most} round trips");
    // The first page does not know yet how densely they lie.
    assert!(units[0] < 110.0, "{units:?}");
    assert!(units[1..].iter().all(|units| *units < 10.0), "{units:?}");

    let hours = pages(&world, &ana, &format!("{query}&bucket=1h")).await;
    let days = pages(&world, &ana, &format!("{query}&bucket=1d")).await;
    assert!(days.len() == 1 && hours.len() <= 10, "{} {}", days.len(), hours.len());
    for (points, usage) in hours.iter().chain(&days) {
        assert!(
            usage.round_trips <= 3 && usage.read_units < 110.0,
            "{usage:?} of {}",
            points.len()
        );
    }
    compare(&year, hours.iter().flat_map(|(points, _)| points), 3_600);
    compare(&year, days.iter().flat_map(|(points, _)| points), 86_400);
}

/// Sums as they are told are those that one reckons oneself.
fn compare<'a>(readings: &[(Timestamp, i64)], points: impl Iterator<Item = &'a Value>, seconds: i64) {
    let mut expected: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (at, number) in readings {
        expected
            .entry(at.as_second().div_euclid(seconds) * seconds)
            .or_default()
            .push(*number);
    }
    let mut count = 0;
    for (point, (begin, numbers)) in points.zip(&expected) {
        let at: Timestamp = point["at"].as_str().unwrap().parse().unwrap();
        let mean = numbers.iter().sum::<i64>() as f64 / numbers.len() as f64;
        assert_eq!(at.as_second(), *begin);
        assert_eq!(point["count"], numbers.len());
        assert_eq!(
            (&point["min"], &point["max"]),
            (&json!(numbers.iter().min()), &json!(numbers.iter().max()))
        );
        assert!(
            // Rounded once, to hundredths.
            (point["mean"].as_f64().unwrap() - mean).abs() <= 0.005 + 1e-9,
            "{point} {mean}"
        );
        count += 1;
    }
    assert_eq!(count, expected.len());
}

/// A second apart, so that hours lie by themselves; in two parts that overlap, the later one first.
#[tokio::test(flavor = "multi_thread")]
async fn readings_of_each_second_are_summed_up_as_they_come_and_are_corrected() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let begin = past(&world, 180);
    let readings: Vec<(Timestamp, i64)> = (0..1_800)
        .map(|second| (begin + SignedDuration::from_secs(second * 4), 60 + second % 40))
        .collect();
    for part in [&readings[900..], &readings[..1_000]] {
        let points: Vec<Value> = part
            .iter()
            .map(|(at, pulse)| json!({ "timestamp": at, "heart_rate": pulse }))
            .collect();
        assert_eq!(sensor.send(&world, json!(points)).await.status, 201);
    }
    let until = world.product.clock.now();
    for (bucket, seconds) in [("1m", 60), ("5m", 300), ("15m", 900), ("1h", 3_600), ("1d", 86_400)] {
        let query = format!("kind=heart_rate&bucket={bucket}&from={begin}&until={until}");
        let points = points(&world, &ana, &query).await;
        compare(&readings, points.iter(), seconds);
    }
    assert_eq!(list(&ana.get(&format!("{RECENT}?limit=100")).await).len(), 100);
    // Corrected, the sums follow.
    let (at, _) = readings[7];
    let corrected = json!([{ "timestamp": at, "heart_rate": 200 }]);
    assert_eq!(
        sensor.send(&world, corrected).await.json()["results"][0]["outcome"],
        "replaced"
    );
    let query = format!("kind=heart_rate&bucket=1h&from={begin}&until={until}");
    assert_eq!(points(&world, &ana, &query).await[0]["max"], 200);
    // In pages, and each reading once.
    let raw = points(&world, &ana, &format!("kind=heart_rate&from={begin}&until={until}")).await;
    assert_eq!(raw.len(), 1_800);
    assert!(
        raw.windows(2)
            .all(|pair| pair[0]["at"].as_str() < pair[1]["at"].as_str())
    );
    for wrong in [
        "kind=pulse",
        "kind=glucose&unit=kg",
        "kind=glucose&cursor=x",
        "kind=glucose&from=2030-01-01",
    ] {
        assert_eq!(ana.get(&format!("{SERIES}?{wrong}")).await.status, 422, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_at_the_edges_are_whole_whichever_way_they_are_summed_up() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let begin = past(&world, 72 * 60);
    let hour = Timestamp::from_second(begin.as_second().div_euclid(3_600) * 3_600).unwrap();
    let points_of = |place: i64| json!({ "timestamp": hour + minutes(place * 10), "heart_rate": 60 + place % 30 });
    let sent: Vec<Value> = (0..150).map(points_of).collect();
    assert_eq!(sensor.send(&world, json!(sent)).await.status, 201);
    for bucket in ["15m", "1h", "1d"] {
        for (from, until) in [(25, 145), (0, 120), (61, 62), (100, 1_439)] {
            let (from, until) = (hour + minutes(from), hour + minutes(until));
            let query = format!("kind=heart_rate&bucket={bucket}&from={from}&until={until}");
            let rolled_up = points(&world, &ana, &query).await;
            let of_device = points(&world, &ana, &format!("{query}&device_id={}", sensor.id)).await;
            assert_eq!(rolled_up, of_device, "{query}");
            assert!(!rolled_up.is_empty(), "{query}");
        }
    }
    let query = format!(
        "kind=heart_rate&bucket=1h&from={}&until={}",
        hour + minutes(25),
        hour + minutes(85)
    );
    let counts: Vec<Value> = points(&world, &ana, &query)
        .await
        .iter()
        .map(|point| point["count"].clone())
        .collect();
    assert_eq!(counts, [6, 6]);
    // Years that nobody means are no failure.
    for path in [
        "/api/vitals/series?kind=heart_rate&",
        "/api/vitals/chart?metric=heart_rate&",
    ] {
        for times in [
            "until=-009999-01-02T02:00:00Z",
            "until=-009999-01-02T02:00:00Z&from=-009999-01-02T01:00:00Z",
            "from=-009999-01-02T02:00:00Z",
            "until=9999-12-30T22:00:00Z&bucket=1d",
        ] {
            let status = ana.get(&format!("{path}{times}")).await.status.as_u16();
            assert!([200, 422].contains(&status), "{path}{times} {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_vital_signs_come_together_as_the_contract_says() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let begin = past(&world, 48 * 60);
    let point = |place: i64| {
        json!({
            "timestamp": begin + minutes(place), "heart_rate": 60 + place % 30, "systolic_bp": 120, "diastolic_bp": 80,
            "temperature": 36.6,
        })
    };
    for part in [0..1_000, 1_000..1_440] {
        let points: Vec<Value> = part.map(point).collect();
        assert_eq!(sensor.send(&world, json!(points)).await.status, 201);
    }
    let (start, end) = (begin, begin + minutes(1_440));
    let ask = |body: Value| {
        let ana = &ana;
        let mut whole = json!({ "start_time": start, "end_time": end });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        async move { ana.post(QUERY, whole).await }
    };
    let first = ask(json!({})).await;
    let rows = list(&first);
    assert_eq!((rows.len(), &rows[0]["timestamp"]), (1_000, &json!(begin)));
    assert_eq!(
        (&rows[0]["systolic_bp"], &rows[0]["heart_rate"]),
        (&json!(120), &json!(60))
    );
    assert_eq!((&rows[0]["spo2"], rows[0].get("temperature")), (&Value::Null, None));
    let link = first.header("link").to_owned();
    let path = link
        .split(['<', '>'])
        .nth(1)
        .unwrap_or_else(|| panic!("no next page: {link}"));
    let rest = ana.post(path, json!({ "start_time": start, "end_time": end })).await;
    assert_eq!((list(&rest).len(), rest.header("link")), (440, ""));

    let usual = ask(json!({ "metrics": null })).await;
    assert_eq!((usual.status.as_u16(), list(&usual).len()), (200, 1_000));

    means_by_hour_and_day(&ask).await;
    for wrong in [
        json!({ "metrics": ["pulse"] }),
        json!({ "metrics": [] }),
        json!({ "end_time": begin }),
        json!({ "start_time": null }),
        json!({ "aggregation": "weekly" }),
    ] {
        assert_eq!(ask(wrong.clone()).await.status, 422, "{wrong}");
    }
}

async fn means_by_hour_and_day<F: Future<Output = Answer>>(ask: impl Fn(Value) -> F) {
    let hourly = list(&ask(json!({ "metrics": ["heart_rate", "temperature"], "aggregation": "hourly" })).await);
    assert!((24..=25).contains(&hourly.len()));
    assert_eq!(
        (&hourly[3]["heart_rate"], &hourly[3]["temperature"]),
        (&json!(74.5), &json!(36.6))
    );
    assert_eq!(
        (&hourly[3]["units"]["temperature"], hourly[3].get("id")),
        (&json!("°C"), None)
    );
    let daily = list(&ask(json!({ "metrics": ["bp"], "aggregation": "daily" })).await);
    assert_eq!(
        (&daily[0]["systolic_bp"], &daily[0]["diastolic_bp"]),
        (&json!(120), &json!(80))
    );
}
