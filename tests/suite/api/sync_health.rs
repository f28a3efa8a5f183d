//! How devices get on with syncing, as their people and supervisors see it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::world::{Person, World, eventually_async};

const CHANGES: &str = "/api/records/sync/changes";
const HEALTH: &str = "/api/records/sync/health";
const TROUBLED: &str = "/api/admin/sync-health";
const AN_HOUR: i64 = 3600;

fn change(name: &str, number: usize, base: u64) -> Value {
    json!({
        "change_id": name, "record_id": format!("01d{number:021x}"), "record_type": "treatment", "base_version": base,
        "data": { "text": name },
    })
}

async fn push(person: &Person, said: Value, changes: Vec<Value>) {
    let mut body = said;
    body["changes"] = changes.into();
    let answer = person.post(CHANGES, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn pull(person: &Person, query: &str) -> Value {
    let answer = person.get(&format!("{CHANGES}?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn health(person: &Person) -> Value {
    person.get(HEALTH).await.json()["devices"].clone()
}

async fn troubled(admin: &Person, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = admin.get(&format!("{TROUBLED}?limit=2{query}{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        all.extend(page["devices"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_pulled_and_pushed_shows() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(health(&ana).await, json!([]));
    let said =
        json!({ "device_id": "Ana's phone", "app_version": "2.4.1", "queue_length": 2, "last_error": "timeout" });
    let changes = vec![
        change("1", 1, 0),
        change("2", 2, 0),
        change("3", 1, 7),
        change("4", 9, 7),
    ];
    push(&ana, said, changes.clone()).await;
    let device = health(&ana).await[0].clone();
    for (member, value) in [
        ("device_id", json!("Ana's phone")),
        ("app_version", json!("2.4.1")),
        ("queue_length", json!(2)),
        ("trouble", json!("timeout")),
        ("accepted", json!(2)),
        ("conflicts", json!(1)),
        ("rejected", json!(1)),
        ("last_pull_at", Value::Null),
    ] {
        assert_eq!(device[member], value, "{member}: {device}");
    }
    assert!(device["last_push_at"].is_string() && device["first_seen_at"] == device["last_seen_at"]);
    // Sent again, nothing is counted again but what is refused each time.
    push(&ana, json!({ "device_id": "Ana's phone" }), changes).await;
    let device = health(&ana).await[0].clone();
    let counts = ["accepted", "conflicts", "rejected", "queue_length", "trouble"].map(|name| device[name].clone());
    assert_eq!(
        counts,
        [json!(2), json!(1), json!(2), json!(0), json!("changes_refused")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_behind_a_device_is_shows_to_those_who_look_after_it() {
    let world = World::new().await;
    let (ana, ben, eve) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("eve").await,
    );
    push(
        &ana,
        json!({ "device_id": "phone" }),
        vec![change("1", 1, 0), change("2", 2, 0)],
    )
    .await;
    let page = pull(
        &ana,
        "limit=1&device_id=tablet&app_version=2.5&queue_length=&last_error=",
    )
    .await;
    assert!(
        page["remaining"].as_u64().unwrap() >= 1 && page["has_more"] == true,
        "{page}"
    );
    let devices = health(&ana).await;
    let tablet = devices
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["device_id"] == "tablet")
        .unwrap();
    assert_eq!(
        (&tablet["cursor"], &tablet["behind_by"], &tablet["trouble"]),
        (&page["after"], &page["remaining"], &Value::Null)
    );
    let last = pull(&ana, &format!("device_id=tablet&after={}", page["after"])).await;
    assert_eq!((&last["remaining"], &last["has_more"]), (&json!(0), &json!(false)));
    assert!(!health(&ana).await.to_string().contains("\"behind_by\":1"));

    ana.let_see(&ben, &["records"]).await;
    let of_ana = format!("{HEALTH}?patient_id={}", ana.id);
    assert_eq!(ben.get(&of_ana).await.json()["devices"].as_array().unwrap().len(), 2);
    assert_eq!(eve.get(&of_ana).await.status, 404);
    // Whose device it is not is not noted.
    ben.get(&format!("{CHANGES}?patient_id={}&device_id=bens", ana.id))
        .await;
    assert_eq!(
        (health(&ana).await.as_array().unwrap().len(), health(&ben).await),
        (2, json!([]))
    );
    let long = "x".repeat(101);
    assert_eq!(ana.get(&format!("{CHANGES}?device_id={long}")).await.status, 422);
    for nonsense in ["app_version=for%20Ana", "last_error=she%20has%20HIV", "queue_length=-4"] {
        pull(&ana, &format!("device_id=odd&{nonsense}")).await;
    }
    let shown = ana.get(HEALTH).await.text();
    assert!(!shown.contains("for Ana") && !shown.contains("HIV"), "{shown}");
}

const SAYS: [&str; 5] = [
    "queue_length=4&app_version=1.0",
    "last_error=storage_full&app_version=1.0",
    "queue_length=1&app_version=1.1",
    "last_error=storage_full",
    "app_version=1.0",
];

/// Five people whose devices say so, two hours apart.
async fn five(world: &World) -> Vec<Person> {
    let mut people = Vec::new();
    for (name, said) in ["ana", "ben", "cleo", "dan", "emil"].into_iter().zip(SAYS) {
        let person = world.patient(name).await;
        pull(&person, &format!("device_id=phone&{said}")).await;
        world.product.clock.set_forward(2 * AN_HOUR);
        people.push(person);
    }
    people
}

/// By their places.
fn whose(people: &[Person], devices: &[Value]) -> Vec<usize> {
    let place = |device: &Value| {
        let is_owner = |person: &Person| person.id == device["patient_id"];
        people.iter().position(is_owner).unwrap()
    };
    devices.iter().map(place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_see_who_needs_attention_silent_for_longest_first() {
    let world = World::new().await;
    let (people, admin) = (five(&world).await, world.admin().await);
    for (query, wanted) in [
        ("", vec![0, 1, 2, 3]),
        ("&trouble=storage_full", vec![1, 3]),
        ("&trouble=changes_waiting", vec![0, 2]),
        ("&app_version=1.0", vec![0, 1]),
        ("&app_version=1.0&trouble=changes_waiting", vec![0]),
        ("&app_version=9", vec![]),
        ("&app_version=not%20one", vec![]),
        ("&trouble=timeout", vec![]),
    ] {
        assert_eq!(whose(&people, &troubled(&admin, query).await), wanted, "{query}");
    }
    assert_eq!(admin.get(&format!("{TROUBLED}?trouble=boredom")).await.status, 422);
    let text = admin.get(TROUBLED).await.text();
    assert!(
        !text.contains("phone") && !text.contains("ana") && !text.contains("example.org"),
        "{text}"
    );
}

/// Also of those whom nothing was wrong with when they were last heard of.
#[tokio::test(flavor = "multi_thread")]
async fn admins_see_who_has_not_been_heard_of() {
    let world = World::new().await;
    let people = five(&world).await;
    world.product.clock.set_forward(40 * 24 * AN_HOUR);
    let is_back = async |person: &Person| {
        let person = world.log_in(&person.email, &person.password).await;
        pull(&person, "device_id=phone").await;
    };
    is_back(&people[2]).await;
    is_back(&people[3]).await;
    world.product.clock.set_forward(20 * 24 * AN_HOUR);
    let admin = world.admin().await;
    for (query, wanted) in [
        ("&silent_days=60", vec![0, 1, 4]),
        ("&silent_days=20", vec![0, 1, 4, 2, 3]),
        ("&silent_days=61", vec![]),
        ("&silent_days=30&app_version=1.0", vec![0, 1, 4]),
        ("&silent_days=30&trouble=storage_full", vec![1]),
    ] {
        let found = whose(&people, &troubled(&admin, query).await);
        assert_eq!(
            found.iter().collect::<BTreeSet<_>>(),
            wanted.iter().collect(),
            "{query}"
        );
        assert_eq!(found.len(), wanted.len(), "each once");
    }
    is_back(&people[2]).await;
    assert_eq!(troubled(&admin, "&silent_days=20").await.len(), 4);
    for nonsense in ["0", "366", "-1", "many"] {
        let refused = admin.get(&format!("{TROUBLED}?silent_days={nonsense}")).await;
        assert_eq!(refused.status, 422, "{nonsense}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_heard_of_moves_back_and_whoever_is_well_or_gone_is_off_the_list() {
    let world = World::new().await;
    let (people, admin) = (five(&world).await, world.admin().await);
    pull(&people[0], "device_id=phone&queue_length=3&app_version=1.2").await;
    pull(&people[1], "device_id=phone").await;
    let listed = |query: &'static str| {
        let (people, admin) = (&people, &admin);
        async move { whose(people, &troubled(admin, query).await) }
    };
    assert_eq!(listed("").await, [2, 3, 0]);
    assert_eq!(listed("&app_version=1.0").await, [] as [usize; 0]);
    assert_eq!(listed("&app_version=1.2").await, [0]);
    let changes = vec![change("1", 1, 0), change("2", 2, 0)];
    push(&people[0], json!({ "device_id": "phone" }), changes).await;
    assert_eq!(troubled(&admin, "&app_version=1.2").await[0]["queue_length"], 1);
    assert_eq!(admin.delete("/users/cleo").await.status, 200);
    let gone = eventually_async(|| async { (listed("").await == [3, 0]).then_some(()) });
    assert!(gone.await.is_some());
    world.product.clock.set_forward(366 * 24 * AN_HOUR);
    assert_eq!(troubled(&world.admin().await, "").await, [] as [Value; 0]);
}

/// What is noted of devices costs little, and less the less there is to say.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_written_seldom_and_a_page_of_the_troubled_costs_the_same() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for batch in 0..2 {
        let changes = (0..30).map(|number| change(&format!("{batch}-{number}"), batch * 30 + number, 0));
        push(&ana, json!({ "device_id": "other" }), changes.collect()).await;
    }
    let mut written = Vec::new();
    let plain = {
        pull(&ana, "limit=3").await;
        world.last_usage("pull-record-changes")
    };
    let (mut after, mut has_more) = (0, true);
    while has_more {
        let page = pull(&ana, &format!("limit=3&after={after}&device_id=phone&app_version=1.0")).await;
        written.push(world.last_usage("pull-record-changes").write_units - plain.write_units);
        after = page["after"].as_u64().unwrap();
        has_more = page["has_more"] == true;
    }
    assert_eq!(written.len(), 20);
    let noted = written.iter().filter(|units| **units > 0.0).count();
    assert_eq!(noted, 2, "at its ends: {written:?}");
    pull(&ana, &format!("after={after}&device_id=phone&app_version=1.0")).await;
    let idle = world.last_usage("pull-record-changes");
    pull(
        &ana,
        &format!("after={after}&device_id=phone&app_version=1.0&queue_length=2"),
    )
    .await;
    let troubled_at = world.last_usage("pull-record-changes");
    println!(
        "write units of a pull: {} without a device, {} idle, {} where it falls into trouble; read units {}, {}",
        plain.write_units, idle.write_units, troubled_at.write_units, plain.read_units, idle.read_units
    );
    assert_eq!(idle.write_units, plain.write_units);

    let admin = world.admin().await;
    let cost = || async {
        assert_eq!(admin.get(&format!("{TROUBLED}?limit=5")).await.status, 200);
        world.last_usage("list-sync-health").read_units
    };
    // The first reads the session too.
    cost().await;
    let devices = |from: usize, to: usize| {
        let ana = &ana;
        async move {
            for number in from..to {
                pull(ana, &format!("limit=1&device_id=d{number}&queue_length=1")).await;
            }
        }
    };
    devices(0, 20).await;
    let few = cost().await;
    devices(20, 120).await;
    let many = cost().await;
    println!("read units of five devices that need attention: {few} of 20, {many} of 120");
    assert!(many <= few + 2.0, "{few} {many}");
}
