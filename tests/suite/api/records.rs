//! Health records as the first clients use them: versions that clients choose, conflicts, lists.

use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, eventually_async, send};

/// So that a busy machine is done with it in time.
const IN_A_PUSH: usize = 25;
const HISTORY: &str = "/api/records/medical-history";

async fn history(person: &Person, title: &str) -> Value {
    let answer = person.post(HISTORY, json!({ "title": title })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn update(person: &Person, record: &Value, version: u64, body: Value) -> Answer {
    let path = format!(
        "/api/records/{}?client_version={version}",
        record["id"].as_str().unwrap()
    );
    person.put(&path, body).await
}

fn path(record: &Value) -> String {
    format!("/api/records/{}", record["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_three_kinds_are_made_listed_and_read() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let asthma = history(&ana, "Asthma").await;
    for (member, value) in [
        ("user_id", json!(ana.id)),
        ("created_by", json!(ana.id)),
        ("record_type", json!("medical_history")),
        ("version", json!(1)),
        ("is_deleted", json!(false)),
        ("sync_status", json!("synced")),
    ] {
        assert_eq!(asthma[member], value, "{member}");
    }
    let expected = json!({
        "title": "Asthma", "description": null, "condition": null, "diagnosis_date": null, "doctor_name": null,
        "hospital_name": null, "attachments": [], "metadata": {},
    });
    assert_eq!(asthma["data"], expected);
    let prescription = json!({
        "doctor_name": "Dora", "medications": [{ "name": "Salbutamol" }], "valid_until": "2027-01-01T00:00:00",
        "attachments": ["a.jpg"], "metadata": { "clinic": "north" },
    });
    let prescription = ana.post("/api/records/prescription", prescription).await.json();
    assert_eq!(prescription["data"]["valid_until"], "2027-01-01T00:00:00Z");
    assert!(prescription["data"]["prescribed_date"].is_string());
    let report = json!({ "test_name": "Hb", "test_type": "blood", "results": { "hb": 13.5 } });
    let report = ana.post("/api/records/lab-report", report).await.json();
    assert_eq!(report["data"]["normal_ranges"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_pages_by_the_latest_change() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let asthma = history(&ana, "Asthma").await;
    let prescription = json!({ "doctor_name": "Dora", "medications": [] });
    let prescription = ana.post("/api/records/prescription", prescription).await.json();
    let report = json!({ "test_name": "Hb", "test_type": "blood", "results": {} });
    assert_eq!(ana.post("/api/records/lab-report", report).await.status, 201);
    update(&ana, &asthma, 2, json!({ "condition": "J45" })).await;
    let list = ana.get("/api/records/").await.json();
    let types: Vec<_> = list["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| &each["record_type"])
        .collect();
    assert_eq!(
        types,
        ["medical_history", "lab_report", "prescription"],
        "latest change first"
    );
    assert_eq!(
        (&list["total"], &list["has_more"], &list["page_size"]),
        (&json!(3), &json!(false), &json!(20))
    );
    let one = ana
        .get("/api/records?record_type=prescription&page_size=1")
        .await
        .json();
    assert_eq!(
        (&one["total"], &one["records"][0]["id"]),
        (&json!(1), &prescription["id"])
    );
    let second = ana.get("/api/records?page=2&page_size=2").await.json();
    assert_eq!(
        (second["records"].as_array().unwrap().len(), &second["has_more"]),
        (1, &json!(false))
    );
    for query in ["record_type=poem", "page=0", "page_size=0", "page_size=101"] {
        assert_eq!(ana.get(&format!("/api/records?{query}")).await.status, 422, "{query}");
    }
    assert_eq!(ana.get(&path(&asthma)).await.json()["data"]["condition"], "J45");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_record_is_refused() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for body in [
        json!({}),
        json!({ "title": " " }),
        json!({ "title": 7 }),
        json!({ "title": "a", "diagnosis_date": "last May" }),
        json!({ "title": "a", "client_version": 0 }),
        json!({ "title": "a", "client_version": 2_000_000_000 }),
        json!({ "title": "a", "id": "mine" }),
        json!({ "title": "a", "attachments": vec!["a"; 21] }),
        json!({ "title": "a", "description": "x".repeat(100_001) }),
    ] {
        assert_eq!(
            ana.post(HISTORY, body.clone()).await.status,
            422,
            "{:.100}",
            body.to_string()
        );
    }
    let doctor = world.verified_doctor("dora").await;
    assert_eq!(doctor.post(HISTORY, json!({ "title": "a" })).await.status, 403);
    for id in ["nonsense", "01a0000000000123456789ab"] {
        let answer = ana.get(&format!("/api/records/{id}")).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["detail"]),
            (404, &json!("Record not found"))
        );
    }
}

/// Numbers and truth as text, null for what is not sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_clients_say_in_other_ways_is_taken() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let nothing = json!({
        "title": "Asthma", "client_version": null, "attachments": null, "metadata": null, "files": null, "id": null,
    });
    let record = ana.post(HISTORY, nothing).await;
    assert_eq!(record.status, 201, "{}", record.text());
    let record = record.json();
    assert_eq!(
        (
            &record["version"],
            &record["data"]["attachments"],
            &record["data"]["metadata"]
        ),
        (&json!(1), &json!([]), &json!({}))
    );
    let third = ana
        .post(HISTORY, json!({ "title": "Hay fever", "client_version": "3" }))
        .await;
    assert_eq!(third.json()["version"], 3, "{}", third.text());
    for (query, body, version) in [
        ("?client_version=2.0", json!({}), 2),
        ("?client_version=", json!({ "client_version": "3" }), 3),
        ("", json!({ "client_version": 4.0 }), 4),
    ] {
        let updated = ana.put(&format!("{}{query}", path(&record)), body).await;
        assert_eq!(updated.json()["version"], version, "{query}: {}", updated.text());
        assert!(updated.json()["data"].get("client_version").is_none());
    }
    let resolve = |chosen: Value| {
        let body = json!({ "record_id": record["id"], "chosen_version": chosen, "resolved_data": {} });
        ana.post("/api/records/resolve-conflict", body)
    };
    assert_eq!(resolve(json!("4")).await.json()["version"], 5);
    assert_eq!(resolve(Value::Null).await.status, 422);
    for (query, is_erased) in [("1", false), ("True", false), ("", false), ("0", true)] {
        let gone = ana.delete(&format!("{}?soft_delete={query}", path(&record))).await;
        assert_eq!(gone.status, 200, "{query}: {}", gone.text());
        assert_eq!(ana.get(&path(&record)).await.status == 404, is_erased, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_conflicts_and_both_sides_are_shown() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let record = history(&ana, "Asthma").await;
    assert_eq!(
        update(&ana, &record, 5, json!({ "title": "Asthma, mild" }))
            .await
            .json()["version"],
        5
    );
    let conflict = update(&ana, &record, 5, json!({ "title": "Other" })).await;
    let body = conflict.json();
    assert_eq!(conflict.status, 409);
    for (member, value) in [
        ("message", json!("Version conflict")),
        ("detail", json!("Version conflict")),
        ("server_version", json!(5)),
        ("client_version", json!(5)),
        ("record_id", record["id"].clone()),
    ] {
        assert_eq!(body[member], value, "{member}: {body}");
    }
    assert_eq!(body["server_data"]["title"], "Asthma, mild");
    assert_eq!(
        ana.put(&path(&record), json!({ "title": "a" })).await.status,
        422,
        "no version"
    );
    let resolve = |chosen: u64| {
        let body = json!({ "record_id": record["id"], "chosen_version": chosen, "resolved_data": { "title": "Both" } });
        ana.post("/api/records/resolve-conflict", body)
    };
    assert_eq!(resolve(4).await.status, 409);
    let resolved = resolve(5).await.json();
    assert_eq!(
        (&resolved["version"], &resolved["data"]),
        (&json!(6), &json!({ "title": "Both" }))
    );
    let versions = ana.get(&format!("{}/versions", path(&record))).await.json();
    let versions: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (&each["version"], &each["parent_version"]))
        .collect();
    assert_eq!(
        versions,
        [(&json!(6), &json!(5)), (&json!(5), &json!(1)), (&json!(1), &json!(0))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_record_twice_makes_one() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = |title: &str, version: u64| json!({ "id": "01a0000000000123456789ab", "title": title, "client_version": version });
    let make = |title: &'static str, version| ana.post(HISTORY, body(title, version));
    let answers = futures_util::future::join_all((0..10).map(|_| make("Asthma", 1))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert_eq!(ana.get("/api/records").await.json()["total"], 1);
    assert_eq!(make("Another", 1).await.status, 409);
    assert_eq!(make("Another", 2).await.json()["version"], 2);
    // Without a name it is held against the highest of its type.
    let unnamed = |version: u64| ana.post(HISTORY, json!({ "title": "b", "client_version": version }));
    let conflict = unnamed(2).await;
    assert_eq!(
        (conflict.status.as_u16(), &conflict.json()["server_version"]),
        (409, &json!(2))
    );
    assert_eq!(unnamed(1).await.status, 201);
    assert_eq!(unnamed(3).await.status, 201);
    let ben = world.patient("ben").await;
    assert_eq!(ben.post(HISTORY, body("Ben's own", 1)).await.status, 201);
    assert_eq!(
        ana.get("/api/records/01a0000000000123456789ab").await.json()["data"]["title"],
        "Another"
    );
}

/// Some of which are read otherwise than they were printed where reading is not exact.
pub(super) fn long_numbers() -> Vec<f64> {
    (1..400).map(|number| 1e-7 / f64::from(number)).collect()
}

/// A date that is left to us is the one that the record has got.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_record_sent_later_makes_one_whatever_its_kind() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let numbers = long_numbers();
    for (number, (kind, mut body)) in [
        ("medical-history", json!({ "title": "Asthma" })),
        (
            "prescription",
            json!({ "doctor_name": "Dora", "medications": [{ "name": "Salbutamol" }] }),
        ),
        (
            "lab-report",
            json!({ "test_name": "Hb", "test_type": "blood", "results": {} }),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        body["id"] = format!("01a{number:021x}").into();
        body["metadata"] = json!({ "curve": numbers });
        let path = format!("/api/records/{kind}");
        let first = ana.post(&path, body.clone()).await;
        assert_eq!(first.status, 201, "{}", first.text());
        world.product.clock.set_forward(2);
        let again = ana.post(&path, body.clone()).await;
        assert_eq!((again.status.as_u16(), again.json()), (201, first.json()), "{kind}");
        body["metadata"] = json!({});
        assert_eq!(ana.post(&path, body.clone()).await.status, 409, "{kind}");
        body["client_version"] = json!(2);
        let changed = ana.post(&path, body).await.json();
        for date in ["prescribed_date", "test_date"] {
            assert_eq!(changed["data"][date], first.json()["data"][date], "{kind}");
        }
    }
    assert_eq!(ana.get("/api/records").await.json()["total"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_unnamed_records_of_a_version_at_once_one_is_made() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    history(&ana, "Asthma").await;
    let ten = (0..10).map(|_| ana.post(HISTORY, json!({ "title": "b", "client_version": 2 })));
    let answers = futures_util::future::join_all(ten).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (1, 9));
    for answer in refused {
        let told = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &told["server_version"]),
            (409, &json!(2)),
            "{told}"
        );
        assert_eq!(
            (&told["record_id"], &told["server_data"]["title"]),
            (&made[0].json()["id"], &json!("b"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_record_leaves_the_list_and_an_erased_one_is_gone() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (soft, hard) = (history(&ana, "soft").await, history(&ana, "hard").await);
    for _ in 0..2 {
        assert_eq!(ana.delete(&path(&soft)).await.status, 200);
    }
    let read = ana.get(&path(&soft)).await.json();
    assert_eq!(
        (&read["is_deleted"], &read["data"]["title"]),
        (&json!(true), &json!("soft"))
    );
    assert_eq!(
        ana.delete(&format!("{}?soft_delete=false", path(&hard))).await.status,
        200
    );
    assert_eq!(
        ana.delete(&format!("{}?soft_delete=false", path(&hard))).await.status,
        404
    );
    assert_eq!(ana.get(&path(&hard)).await.status, 404);
    assert_eq!(ana.get(&format!("{}/versions", path(&hard))).await.status, 404);
    assert_eq!(ana.get("/api/records").await.json()["total"], 0);
    // Devices that have it must hear of it.
    let changes = ana.get("/api/records/sync/changes").await.json();
    let last = changes["records"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["id"], &last["is_erased"], &last["data"]),
        (&hard["id"], &json!(true), &json!({}))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_four_hundred_updates_at_once_each_version_is_written_once() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let record = history(&ana, "Asthma").await;
    let updates = (0..400).map(|number| update(&ana, &record, 2 + number % 50, json!({ "title": number.to_string() })));
    let answers: Vec<Answer> = futures_util::future::join_all(updates).await;
    let mut written: Vec<u64> = Vec::new();
    for answer in &answers {
        match answer.status.as_u16() {
            200 => written.push(answer.json()["version"].as_u64().unwrap()),
            409 => {}
            other => panic!("{other}: {}", answer.text()),
        }
    }
    written.sort_unstable();
    println!("{} of 400 written, all others 409", written.len());
    assert!(
        !written.is_empty() && written.windows(2).all(|pair| pair[0] < pair[1]),
        "{written:?}"
    );
    let versions = ana.get(&format!("{}/versions?limit=100", path(&record))).await.json();
    assert_eq!(versions.as_array().unwrap().len(), written.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn caregivers_see_records_while_they_may_and_whoever_tries_is_noted() {
    let world = World::new().await;
    let (ana, ben, eve) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("eve").await,
    );
    let dora = world.verified_doctor("dora").await;
    let record = history(&ana, "Asthma").await;
    ana.let_see(&ben, &["records"]).await;
    let of_ana = |path: &str| format!("{path}?patient_id={}", ana.id);
    for path in [
        path(&record),
        "/api/records".to_owned(),
        "/api/records/sync/changes".to_owned(),
        "/api/records/conflicts".to_owned(),
    ] {
        assert_eq!(ben.get(&of_ana(&path)).await.status, 200, "{path}");
        for other in [&eve, &dora] {
            assert_eq!(other.get(&of_ana(&path)).await.status, 404, "{path}");
        }
    }
    assert_eq!(eve.get(&path(&record)).await.status, 404);
    assert_eq!(eve.delete(&path(&record)).await.status, 404);
    let noted = || async {
        let log = ana.get("/api/audit/me?limit=100").await.json();
        let text = log.to_string();
        (text.contains("refused") && text.contains(&eve.id) && text.contains(&dora.id)).then_some(())
    };
    assert!(
        eventually_async(noted).await.is_some(),
        "{}",
        ana.get("/api/audit/me?limit=100").await.text()
    );
    world.product.clock.set_forward(366 * 24 * 3600);
    let ana = world.log_in(&ana.email, &ana.password).await;
    let ben = world.log_in(&ben.email, &ben.password).await;
    assert_eq!(ben.get(&of_ana(&path(&record))).await.status, 404);
    assert_eq!(ana.get(&path(&record)).await.status, 200);
}

/// `STORED=100000` compares with so many.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_the_same_however_much_there_is() {
    let stored: usize = std::env::var("STORED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1000);
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for number in 0..10 {
        history(&ana, &number.to_string()).await;
    }
    let cost = || async {
        ana.get("/api/records?page_size=10").await;
        let list = world.last_usage("list-records");
        ana.get("/api/records/sync/changes?limit=10").await;
        (list.read_units, world.last_usage("pull-record-changes").read_units)
    };
    let before = cost().await;
    for batch in 0..stored / IN_A_PUSH {
        let change = |number: usize| {
            json!({
                "change_id": format!("{batch}-{number}"), "record_id": format!("01b{:021x}", batch * IN_A_PUSH + number),
                "record_type": "medical_history", "base_version": 0, "data": { "title": number.to_string() },
            })
        };
        let changes: Vec<Value> = (0..IN_A_PUSH).map(change).collect();
        let body = json!({ "device_id": "a", "changes": changes });
        assert_eq!(ana.post("/api/records/sync/changes", body).await.status, 200);
    }
    assert_eq!(ana.get("/api/records").await.json()["total"], stored + 10);
    let after = cost().await;
    println!(
        "read units of a page of 10 (list, pull): {before:?} of 10 records, {after:?} of {}",
        stored + 10
    );
    assert!(
        after.0 <= before.0 * 1.2 + 1.0 && after.1 <= before.1 * 1.2 + 1.0,
        "{before:?} {after:?}"
    );
    let unsigned = send(world.request(Method::GET, "/api/records")).await;
    assert_eq!(unsigned.status, 401);
}
