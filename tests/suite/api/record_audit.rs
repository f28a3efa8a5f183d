//! The trail of a record: every change with what it made of what, and who else looked.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::{Person, World, eventually_async};

const HISTORY: &str = "/api/records/medical-history";
const CHANGES: &str = "/api/records/sync/changes";
const OPERATIONS: u64 = 30;

async fn whole(person: &Person, first: &str) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), first.to_owned());
    loop {
        let answer = person.get(&next).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        all.extend(answer.json().as_array().unwrap().iter().cloned());
        match answer
            .header("link")
            .strip_prefix('<')
            .and_then(|link| link.split_once('>'))
        {
            Some((link, _)) => next = link.to_owned(),
            None => return all,
        }
    }
}

async fn trail(person: &Person, id: &str) -> Vec<Value> {
    whole(person, &format!("/api/records/{id}/audit?limit=7")).await
}

/// What was made of what, in the order of the versions.
fn steps(trail: &[Value]) -> Vec<(u64, u64)> {
    let step = |entry: &Value| Some((entry["from_version"].as_u64()?, entry["to_version"].as_u64()?));
    let mut steps: Vec<_> = trail.iter().filter_map(step).filter(|(from, to)| from != to).collect();
    steps.sort_unstable();
    steps
}

async fn make(person: &Person, id: &str) {
    let made = person.post(HISTORY, json!({ "id": id, "title": "Asthma" })).await;
    assert_eq!(made.status, 201, "{made:?}");
}

/// One random thing that is done to a record, perhaps in vain.
async fn act(person: &Person, id: &str, number: u64, dice: &mut Dice) {
    let record = person.get(&format!("/api/records/{id}")).await.json();
    let version = record["version"].as_u64().unwrap();
    // Often the version that is there, at times an older one.
    let seen = version.saturating_sub(dice.roll(3) / 2);
    let path = format!("/api/records/{id}");
    let data = json!({ "title": number.to_string() });
    let answer = match dice.roll(8) {
        0 | 1 => {
            let chosen = seen + 1 + dice.roll(3);
            person.put(&format!("{path}?client_version={chosen}"), data).await
        }
        2..=4 => {
            let data = if dice.roll(4) == 0 { Value::Null } else { data };
            let change = json!({
                "change_id": number.to_string(), "record_id": id, "record_type": "medical_history",
                "base_version": seen, "data": data,
            });
            let push = || person.post(CHANGES, json!({ "device_id": "phone", "changes": [change] }));
            let (one, other) = tokio::join!(push(), push());
            assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
            one
        }
        5 => person.delete(&path).await,
        6 => {
            let body = json!({ "record_id": id, "chosen_version": seen, "resolved_data": data });
            person.post("/api/records/resolve-conflict", body).await
        }
        _ => {
            let open = person.get("/api/records/conflicts").await.json();
            let Some(conflict) = open[0]["id"].as_str() else { return };
            let keep = ["server", "client"][dice.roll(2) as usize];
            let body = json!({ "keep": keep, "version": version });
            person.post(&format!("{path}/conflicts/{conflict}"), body).await
        }
    };
    assert!(matches!(answer.status.as_u16(), 200 | 409), "{answer:?}");
}

/// `TRAIL_SEEDS=100` runs a hundred.
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_the_versions_one_after_another_whatever_is_done() {
    let seeds = std::env::var("TRAIL_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for seed in 1..=seeds {
        let (id, mut dice) = (format!("01c{seed:021x}"), Dice((seed * 0x9e37_79b9) | 1));
        make(&ana, &id).await;
        for number in 0..OPERATIONS {
            act(&ana, &id, seed * 1000 + number, &mut dice).await;
        }
        let versions = whole(&ana, &format!("/api/records/{id}/versions?limit=9")).await;
        let step = |version: &Value| {
            let part = |name: &str| version[name].as_u64().unwrap();
            (part("parent_version"), part("version"))
        };
        let mut made: Vec<_> = versions.iter().map(step).collect();
        made.sort_unstable();
        let noted = || async { (steps(&trail(&ana, &id).await) == made).then_some(()) };
        let found = eventually_async(noted).await;
        assert!(
            found.is_some(),
            "seed {seed}: {made:?} and {:?}",
            steps(&trail(&ana, &id).await)
        );
        assert_eq!(made[0].0, 0);
        assert!(
            made.windows(2).all(|pair| pair[0].1 == pair[1].0),
            "seed {seed}: {made:?}"
        );
    }
    assert_eq!(ana.get("/api/audit/me/verify").await.json()["intact"], true);
}

/// Ana, Ben whom she lets in, and Eve.
struct Three {
    ana: Person,
    ben: Person,
    eve: Person,
}

impl Three {
    /// An entry in a line.
    fn told(&self, entry: &Value) -> String {
        let people = [&self.ana, &self.ben, &self.eve];
        let who = people
            .into_iter()
            .find(|person| person.id == entry["who"]["id"])
            .unwrap();
        assert_eq!(entry["who"]["role"], "patient");
        assert!(entry["at"].is_string() && entry["request_id"].is_string());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let versions = match (entry["from_version"].as_u64(), entry["to_version"].as_u64()) {
            (Some(from), Some(to)) => format!("{from}-{to}"),
            _ => "-".to_owned(),
        };
        let (action, what, why) = (
            text(&entry["action"]),
            text(&entry["what"]),
            text(&entry["why"]["right"]),
        );
        format!("{} {action} {what} {why} {versions}", who.username)
    }

    /// What they do to and with a record of Ana's, which is erased in the end.
    async fn act(&self, id: &str) {
        let Self { ana, ben, eve } = self;
        make(ana, id).await;
        make(ana, id).await;
        ana.let_see(ben, &["records"]).await;
        let (one, list) = (format!("/api/records/{id}"), "/api/records".to_owned());
        for (person, path) in [(ben, &one), (ben, &list), (eve, &one), (ana, &list)] {
            person.get(&format!("{path}?patient_id={}", ana.id)).await;
        }
        assert_eq!(ana.delete(&format!("{one}?soft_delete=false")).await.status, 200);
        assert_eq!(ana.get(&format!("{one}/versions")).await.status, 404);
        let audit = format!("{one}/audit?patient_id={}", ana.id);
        assert_eq!(ben.get(&audit).await.status, 200);
        assert_eq!(eve.get(&audit).await.status, 404);
        let her_own = eve.get(&format!("{one}/audit")).await;
        assert_eq!(her_own.status, 404, "she has none of that name");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_says_who_did_and_saw_what_and_stays_when_the_record_is_erased() {
    let world = World::new().await;
    let three = Three {
        ana: world.patient("ana").await,
        ben: world.patient("ben").await,
        eve: world.patient("eve").await,
    };
    let (ana, id) = (&three.ana, "01c000000000000000000001");
    make(ana, "01c0000000000000000000ff").await;
    three.act(id).await;
    let wanted: BTreeSet<String> = [
        "ana create record self 0-1",
        "ana create record self 1-1",
        "ben read record grant -",
        "ben list record grant -",
        "eve read record refused -",
        "ana delete record self 1-2",
        "ana read record self -",
        "ben read audit_log grant -",
        "eve read audit_log refused -",
        "ana read audit_log self -",
    ]
    .map(str::to_owned)
    .into();
    let lines = || async {
        let trail = trail(ana, id).await;
        let position = |entry: &Value| entry["position"].as_u64().unwrap();
        let is_newest_first = trail.windows(2).all(|pair| position(&pair[0]) > position(&pair[1]));
        assert!(is_newest_first, "{trail:?}");
        trail.iter().map(|entry| three.told(entry)).collect::<BTreeSet<_>>()
    };
    let found = eventually_async(|| async { (lines().await == wanted).then_some(()) }).await;
    assert!(found.is_some(), "{:#?}", lines().await);
    // By the links of its pages, another's too.
    let first = format!("/api/records/{id}/audit?limit=3&patient_id={}", ana.id);
    assert!(whole(&three.ben, &first).await.len() > 6);
    let own = ana.get("/api/audit/me?limit=100").await.json();
    let is_deletion = |entry: &&Value| entry["action"] == "delete";
    let deleted = own["entries"].as_array().unwrap().iter().find(is_deletion);
    assert_eq!(deleted.unwrap()["versions"], json!({ "from": 1, "to": 2 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_trail_costs_the_same_however_long_it_is() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let id = "01c000000000000000000001";
    make(&ana, id).await;
    let cost = |edits: usize| {
        let (world, ana) = (&world, &ana);
        async move {
            let all = || async { (steps(&trail(ana, id).await).len() > edits).then_some(()) };
            eventually_async(all).await.expect("all are noted");
            // Now and then the session is read as well.
            let mut least = f64::INFINITY;
            for _ in 0..5 {
                ana.get(&format!("/api/records/{id}/audit?limit=5")).await;
                least = least.min(world.last_usage("list-record-audit").read_units);
            }
            least
        }
    };
    let edit = |from: u64, to: u64| {
        let ana = &ana;
        async move {
            for version in from..to {
                let path = format!("/api/records/{id}?client_version={version}");
                assert_eq!(ana.put(&path, json!({ "n": version })).await.status, 200);
            }
        }
    };
    edit(2, 7).await;
    let short = cost(5).await;
    edit(7, 67).await;
    let long = cost(65).await;
    println!("read units of five entries of a trail: {short} of 6 changes, {long} of 66");
    assert!(long <= short + 1.0, "{short} {long}");
}
