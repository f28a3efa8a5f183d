//! Who looked at one's data, and that the log of it cannot be changed unnoticed.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::table::Table;
use tests::photos;
use tests::world::{Person, World};

const LOG: &str = "/api/audit/me";
const VERIFY: &str = "/api/audit/me/verify";

async fn verdict(person: &Person) -> Value {
    let answer = person.get(VERIFY).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn intact(entries: u64) -> Value {
    json!({ "intact": true, "entries": entries, "first_broken": null })
}

fn broken(entries: u64, position: u64) -> Value {
    json!({ "intact": false, "entries": entries, "first_broken": position })
}

/// Somebody with direct access to the table.
struct Tamperer<'a> {
    world: &'a World,
    subject: String,
}

impl Tamperer<'_> {
    fn table(&self) -> String {
        self.world.product.platform.settings.names.table(Table::Audit)
    }

    fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.world.product.platform.settings.connection.dynamodb()
    }

    fn key(&self, sort: &str) -> std::collections::HashMap<String, AttributeValue> {
        [("pk", format!("SUBJECT#{}", self.subject)), ("sk", sort.to_owned())]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
            .into()
    }

    async fn get(&self, sort: &str) -> std::collections::HashMap<String, AttributeValue> {
        let call = self.dynamodb().get_item().table_name(self.table());
        let found = call.set_key(Some(self.key(sort))).consistent_read(true).send().await;
        found.unwrap().item.expect("the item is there")
    }

    async fn put(&self, item: std::collections::HashMap<String, AttributeValue>) {
        let call = self.dynamodb().put_item().table_name(self.table());
        call.set_item(Some(item)).send().await.unwrap();
    }

    async fn delete(&self, sort: &str) {
        let call = self.dynamodb().delete_item().table_name(self.table());
        call.set_key(Some(self.key(sort))).send().await.unwrap();
    }
}

fn entry(position: u64) -> String {
    format!("ENTRY#{position:012}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_grows_while_it_is_checked_is_intact() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for _ in 0..10 {
        let reads = (0..12).map(|_| ana.get("/api/predictions"));
        let checks = (0..6).map(|_| verdict(&ana));
        let (_, verdicts) = tokio::join!(join_all(reads), join_all(checks));
        for verdict in verdicts {
            assert_eq!(verdict["intact"], true, "{verdict}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_who_did_what_and_why() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let answer = ana.predict(photos::face()).await;
    assert!(ana.audit_entry(answer.header("x-request-id")).await.is_some());
    let listed = ana.get("/api/predictions").await;
    let read = ana.audit_entry(listed.header("x-request-id")).await.unwrap();
    assert_eq!(
        (&read["who"], &read["action"], &read["why"]),
        (
            &json!({ "id": ana.id, "role": "patient" }),
            &json!("list"),
            &json!({ "right": "self" })
        )
    );
    assert_eq!(read["what"], json!({ "kind": "prediction", "id": null }));
    assert_eq!(read["position"], 2);

    let page = ana.get(&format!("{LOG}?limit=1")).await.json();
    assert_eq!(page["entries"].as_array().unwrap().len(), 1);
    let next = page["next_cursor"].as_str().unwrap();
    let page = ana.get(&format!("{LOG}?limit=1&cursor={next}")).await.json();
    let created = &page["entries"][0];
    assert_eq!(created["action"], "create");
    assert_eq!(created["what"]["id"], answer.json()["prediction_id"]);

    assert_eq!(ben.get(LOG).await.json()["entries"], json!([]));
    assert_eq!(verdict(&ben).await, intact(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_reads_at_once_are_fifty_entries_of_one_chain() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answers = join_all((0..50).map(|_| ana.get("/api/predictions"))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    ana.audit_length(50).await;
    assert_eq!(verdict(&ana).await, intact(50));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_changed_in_storage_is_named() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for _ in 0..5 {
        ana.predictions().await;
    }
    ana.audit_length(5).await;
    let tamperer = Tamperer {
        world: &world,
        subject: ana.id.clone(),
    };

    let original = tamperer.get(&entry(3)).await;
    let mut changed = original.clone();
    let text = original["text"].as_s().unwrap().replace("\"list\"", "\"read\"");
    changed.insert("text".to_owned(), AttributeValue::S(text));
    tamperer.put(changed).await;
    assert_eq!(verdict(&ana).await, broken(5, 3));
    tamperer.put(original).await;
    assert_eq!(verdict(&ana).await, intact(5));

    let second = tamperer.get(&entry(2)).await;
    tamperer.delete(&entry(2)).await;
    assert_eq!(verdict(&ana).await, broken(4, 2));
    tamperer.put(second).await;
    tamperer.delete(&entry(5)).await;
    assert_eq!(verdict(&ana).await, broken(4, 5));
    let mut head = tamperer.get("HEAD").await;
    head.insert("length".to_owned(), AttributeValue::N("4".to_owned()));
    tamperer.put(head).await;
    assert_eq!(verdict(&ana).await, broken(4, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_finds_entries_by_day_and_by_person() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let admin = world.admin().await;
    for person in [&ana, &ben] {
        person.predictions().await;
        person.predictions().await;
        person.audit_length(2).await;
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut path = format!("/api/admin/audit?day={day}&limit=3");
    let mut found = Vec::new();
    loop {
        let page = admin.get(&path).await.json();
        found.extend(page["entries"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/admin/audit?day={day}&limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0]["at"].as_str() >= pair[1]["at"].as_str())
    );
    assert_eq!(found[0]["from"], "127.0.0.0/24");

    let of_ana = admin.get(&format!("/api/admin/audit?subject={}", ana.id)).await.json();
    assert_eq!(of_ana["entries"].as_array().unwrap().len(), 2);
    assert_eq!(of_ana["entries"][0]["subject"], ana.id.as_str());
    let earlier = admin.get("/api/admin/audit?day=2020-02-29").await.json();
    assert_eq!(earlier, json!({ "entries": [], "next_cursor": null }));
    assert_eq!(admin.get("/api/admin/audit?day=yesterday").await.status, 422);

    let verify = format!("/api/admin/audit/{}/verify", ana.id);
    assert_eq!(admin.get(&verify).await.json(), intact(2));
    for path in [verify.as_str(), "/api/admin/audit"] {
        ana.get(path).await.problem(403, "Admin access required");
    }
}
