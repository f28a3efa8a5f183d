//! Changing the keys of personal fields, through the product: the table is looked at as a thief of it would, with the
//! real SDKs and the documented form of sealed items.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::primitives::Blob;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use domain::key_rotation::{KeyRotation, SETTLED_AFTER};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use runtime::Clock;
use serde_json::{Value, json};
use store::Store;
use store::rotation::{self, SUBJECTS, Step, Subjects};
use store::table::Table;
use tests::photos;
use tests::world::{Person, World, send};

type Item = std::collections::HashMap<String, AttributeValue>;

const ROTATIONS: &str = "/api/admin/keys/rotations";
const CURRENT: &str = "/api/admin/keys/rotations/current";

struct Vault {
    world: World,
    db: aws_sdk_dynamodb::Client,
    kms: aws_sdk_kms::Client,
}

impl Vault {
    async fn new() -> Self {
        let world = World::new().await;
        let connection = &world.product.platform.settings.connection;
        Self {
            db: connection.dynamodb(),
            kms: connection.kms(),
            world,
        }
    }

    async fn admin(&self) -> Person {
        let sign_in = self.world.product.sign_ins.iter().find(|each| each.username == "admin");
        let sign_in = sign_in.unwrap().clone();
        self.world.log_in(&sign_in.email, &sign_in.password).await
    }

    fn store(&self) -> Store {
        let settings = &self.world.product.platform.settings;
        Store::new(settings.connection.clone(), settings.names.clone())
    }

    fn clock(&self) -> &Clock {
        &self.world.product.clock
    }

    fn table(&self, table: Table) -> String {
        self.world.product.platform.settings.names.table(table)
    }

    async fn get(&self, table: Table, pk: &str, sk: &str) -> Option<Item> {
        let get = self.db.get_item().table_name(self.table(table)).consistent_read(true);
        get.key("pk", s(pk)).key("sk", s(sk)).send().await.unwrap().item
    }

    async fn put(&self, table: Table, pk: &str, sk: &str, more: &[(&str, AttributeValue)]) {
        let put = self.db.put_item().table_name(self.table(table));
        let put = put.item("pk", s(pk)).item("sk", s(sk));
        let put = more
            .iter()
            .fold(put, |put, (name, value)| put.item(*name, value.clone()));
        put.send().await.unwrap();
    }

    async fn ring(&self) -> Item {
        self.get(Table::Platform, "KEYRING", "RING").await.unwrap()
    }

    async fn current(&self) -> String {
        text(&self.ring().await, "current")
    }

    async fn cipher(&self, id: &str) -> LessSafeKey {
        let ring = self.ring().await;
        let keys = ring["keys"].as_l().unwrap().iter().map(|key| key.as_m().unwrap());
        let key = keys.into_iter().find(|key| text(key, "id") == id).unwrap();
        let wrapped = BASE64.decode(text(key, "wrapped").as_bytes()).unwrap();
        let decrypt = self.kms.decrypt().ciphertext_blob(Blob::new(wrapped));
        let decrypt = decrypt.encryption_context("polyclinic-key", id);
        let plaintext = decrypt.send().await.unwrap().plaintext.unwrap();
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, plaintext.as_ref()).unwrap())
    }

    /// A member of the directory with some items.
    async fn add_member(&self, id: &str, items: &[&str]) {
        self.put(Table::Identity, "DIRECTORY#ALL", &format!("USER#{id}"), &[])
            .await;
        let key = self.current().await;
        for sort in items {
            self.add(Table::Identity, &format!("USER#{id}"), sort, &key).await;
        }
    }

    /// Sealed with the key of this id, with its own place as content.
    async fn add(&self, table: Table, pk: &str, sk: &str, key: &str) {
        let mut bytes = json!({ "name": format!("{pk} {sk}") }).to_string().into_bytes();
        let nonce: [u8; 12] = std::array::from_fn(|place| (place + pk.len() * 7 + sk.len()) as u8);
        let place = Aad::from(place(table, pk, sk));
        let cipher = self.cipher(key).await;
        let sealing = cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), place, &mut bytes);
        sealing.unwrap();
        let sealed = format!("{key}.{}", BASE64URL_NOPAD.encode(&[nonce.as_slice(), &bytes].concat()));
        let open = [("sealed", s(&sealed)), ("version", AttributeValue::N("3".to_owned()))];
        self.put(table, pk, sk, &open).await;
    }

    /// Whether an item holds what [`Vault::add`] put there, and under which key.
    async fn key_of(&self, table: Table, pk: &str, sk: &str) -> String {
        let item = self.get(table, pk, sk).await.unwrap();
        assert_eq!(item["version"].as_n().unwrap(), "3");
        assert_eq!(self.open(table, &item).await, json!({ "name": format!("{pk} {sk}") }));
        let sealed = text(&item, "sealed");
        sealed.split_once('.').unwrap().0.to_owned()
    }

    async fn open(&self, table: Table, item: &Item) -> Value {
        let sealed = text(item, "sealed");
        let (id, bytes) = sealed.split_once('.').unwrap();
        let bytes = BASE64URL_NOPAD.decode(bytes.as_bytes()).unwrap();
        let (nonce, rest) = bytes.split_first_chunk::<12>().unwrap();
        let (nonce, mut rest) = (Nonce::assume_unique_for_key(*nonce), rest.to_vec());
        let place = Aad::from(place(table, &text(item, "pk"), &text(item, "sk")));
        let cipher = self.cipher(id).await;
        let opened = cipher.open_in_place(nonce, place, &mut rest);
        serde_json::from_slice(opened.unwrap()).unwrap()
    }

    async fn skin_records(&self, partition: &str) -> Vec<Item> {
        let query = self.db.query().table_name(self.table(Table::Diagnosis));
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :sk)");
        let query = query.expression_attribute_values(":pk", s(partition));
        let found = query.expression_attribute_values(":sk", s("SKIN#")).send().await;
        found.unwrap().items.unwrap_or_default()
    }

    async fn rotation(&self) -> KeyRotation {
        rotation::current(&self.store()).await.unwrap().unwrap()
    }

    /// Each step by a process of its own, which dies after it.
    async fn step(&self, subjects: &Subjects) -> Step {
        let now = self.clock().now();
        rotation::step(&self.store(), subjects, now).await.unwrap()
    }

    async fn walk(&self, subjects: &Subjects) {
        while self.step(subjects).await == Step::Went {}
    }

    fn let_it_settle(&self) {
        self.clock().set_forward(SETTLED_AFTER.as_secs());
    }

    async fn retired(&self) -> BTreeSet<String> {
        let ring = self.ring().await;
        let keys = ring["keys"].as_l().unwrap().iter().map(|key| key.as_m().unwrap());
        let retired = keys.filter(|key| key.contains_key("retired_at"));
        retired.map(|key| text(key, "id")).collect()
    }
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn text(item: &Item, name: &str) -> String {
    item[name].as_s().unwrap().clone()
}

fn place(table: Table, pk: &str, sk: &str) -> Vec<u8> {
    let parts = [table.name(), pk, sk].map(|part| format!("{}:{part}", part.len()));
    parts.concat().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_admin_changes_keys() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    ana.post(ROTATIONS, json!({}))
        .await
        .problem(403, "Admin access required");
    ana.get(CURRENT).await.problem(403, "Admin access required");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_starts_one_change_at_a_time_and_sees_how_far_it_is() {
    let vault = Vault::new().await;
    let admin = vault.admin().await;
    admin
        .get(CURRENT)
        .await
        .problem(404, "No key rotation has been started");
    let started = admin.post(ROTATIONS, json!({})).await;
    assert_eq!(
        (started.status.as_u16(), &started.json()["state"]),
        (201, &json!("running"))
    );
    let again = admin.post(ROTATIONS, json!({})).await;
    again.problem(409, "A key rotation is running already");
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    let current = admin.get(CURRENT).await.json();
    assert_eq!(
        (&current["state"], &current["id"]),
        (&json!("finished"), &started.json()["id"])
    );
    assert!(!current.to_string().contains("USER#"), "{current}");
    assert_eq!(admin.post(ROTATIONS, json!({})).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_starts_at_once_one_wins() {
    let vault = Vault::new().await;
    let admin = Arc::new(vault.admin().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let admin = admin.clone();
        calls.spawn(async move { admin.post(ROTATIONS, json!({})).await.status.as_u16() });
    }
    let mut statuses = calls.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    assert_eq!(vault.rotation().await.new_key, vault.current().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_that_dies_at_every_step_ends_with_everything_under_the_new_key() {
    const DESK: Subjects = Subjects {
        partitions: &[(Table::Platform, "DESK#1"), (Table::Platform, "DESK#empty")],
        ..SUBJECTS
    };
    let vault = Vault::new().await;
    let admin = vault.admin().await;
    // The first makes the ring.
    admin.post(ROTATIONS, json!({})).await;
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    let old = vault.current().await;
    let sorts: Vec<String> = (0..30).map(|number| format!("SESSION#{number:02}")).collect();
    let sorts: Vec<&str> = sorts.iter().map(String::as_str).collect();
    vault.add_member("m1", &["ACCOUNT"]).await;
    vault.add_member("m2", &sorts).await;
    vault.add_member("m3", &[]).await;
    vault.add(Table::Platform, "DESK#1", "TICKET#1", &old).await;
    for patient in ["PATIENT#m1", "PATIENT#m3"] {
        vault.add(Table::Diagnosis, patient, "OPINION#1", &old).await;
    }
    vault.add(Table::Records, "AUTHOR#m3", "DRAFT#1", &old).await;

    assert_eq!(admin.post(ROTATIONS, json!({})).await.status, 201);
    let new = vault.current().await;
    assert_ne!(old, new);
    assert_eq!(vault.key_of(Table::Identity, "USER#m1", "ACCOUNT").await, old);
    let mut steps = 0;
    while vault.step(&DESK).await == Step::Went {
        steps += 1;
    }
    assert!(steps >= 5, "{steps}");
    // A process that has not heard of the new key yet writes behind the walk.
    vault.add(Table::Identity, "USER#m1", "LATE", &old).await;
    assert!(!vault.rotation().await.is_finished());
    assert_eq!(vault.step(&DESK).await, Step::Rests);
    vault.let_it_settle();
    vault.walk(&DESK).await;

    assert!(vault.rotation().await.is_finished());
    assert!(vault.retired().await.contains(&old) && !vault.retired().await.contains(&new));
    assert_eq!(vault.key_of(Table::Platform, "DESK#1", "TICKET#1").await, new);
    for sort in ["ACCOUNT", "LATE"] {
        assert_eq!(vault.key_of(Table::Identity, "USER#m1", sort).await, new);
    }
    for sort in sorts {
        assert_eq!(vault.key_of(Table::Identity, "USER#m2", sort).await, new);
    }
    for patient in ["PATIENT#m1", "PATIENT#m3"] {
        assert_eq!(vault.key_of(Table::Diagnosis, patient, "OPINION#1").await, new);
    }
    assert_eq!(vault.key_of(Table::Records, "AUTHOR#m3", "DRAFT#1").await, new);
}

#[tokio::test(flavor = "multi_thread")]
async fn walkers_at_once_do_no_harm() {
    let vault = Arc::new(Vault::new().await);
    let admin = vault.admin().await;
    admin.post(ROTATIONS, json!({})).await;
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    vault.add_member("m1", &["A", "B", "C", "D"]).await;
    vault.add_member("m2", &["A", "B"]).await;
    let old = vault.current().await;
    vault.add(Table::Identity, "EMERGENCIES", "ACCESS#1", &old).await;
    admin.post(ROTATIONS, json!({})).await;
    vault.let_it_settle();
    let mut walkers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let vault = vault.clone();
        walkers.spawn(async move { vault.walk(&SUBJECTS).await });
    }
    walkers.join_all().await;
    vault.walk(&SUBJECTS).await;
    assert!(vault.rotation().await.is_finished());
    let new = vault.current().await;
    for (pk, sk) in [
        ("USER#m1", "A"),
        ("USER#m1", "D"),
        ("USER#m2", "B"),
        ("EMERGENCIES", "ACCESS#1"),
    ] {
        assert_eq!(vault.key_of(Table::Identity, pk, sk).await, new);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_moved_is_left_alone_and_keeps_the_old_keys() {
    let vault = Vault::new().await;
    let admin = vault.admin().await;
    admin.post(ROTATIONS, json!({})).await;
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    let retired_before = vault.retired().await;
    vault.add_member("m1", &["ACCOUNT"]).await;
    let stolen = vault.get(Table::Identity, "USER#m1", "ACCOUNT").await.unwrap();
    vault.add_member("m2", &[]).await;
    vault
        .put(
            Table::Identity,
            "USER#m2",
            "ACCOUNT",
            &[("sealed", stolen["sealed"].clone())],
        )
        .await;
    admin.post(ROTATIONS, json!({})).await;
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    let current = admin.get(CURRENT).await.json();
    assert_eq!(
        (&current["state"], &current["items_unreadable"]),
        (&json!("finished"), &json!(1))
    );
    let moved = vault.get(Table::Identity, "USER#m2", "ACCOUNT").await.unwrap();
    assert_eq!(moved["sealed"], stolen["sealed"]);
    assert_eq!(vault.retired().await, retired_before);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_on_skin_records_come_under_the_new_key() {
    const NOTES: &str = "It itches at night.";
    let vault = Vault::new().await;
    let (admin, ana) = (vault.admin().await, vault.world.patient("ana").await);
    let photo = Part::bytes(photos::face()).file_name("skin.jpg");
    let form = Form::new().part("image", photo).text("notes", NOTES);
    let answer = send(ana.request(Method::POST, "/infections/diagnose").multipart(form)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let partition = format!("PATIENT#{}", ana.id);
    let old = vault.current().await;
    assert_eq!(key_of_the_only(&vault.skin_records(&partition).await), old);

    admin.post(ROTATIONS, json!({})).await;
    vault.walk(&SUBJECTS).await;
    vault.let_it_settle();
    vault.walk(&SUBJECTS).await;
    assert!(vault.rotation().await.is_finished());
    let (new, records) = (vault.current().await, vault.skin_records(&partition).await);
    assert_ne!(new, old);
    assert_eq!(key_of_the_only(&records), new);
    let content = vault.open(Table::Diagnosis, &records[0]).await;
    assert_eq!(content, json!({ "notes": NOTES }));
    let record = format!("/infections/{}", answer.json()["id"]);
    assert_eq!(ana.get(&record).await.status, 200);
    // Nobody is free, which is not what is asked here: the record can be read and written.
    assert_eq!(ana.post(&format!("{record}/consult"), Value::Null).await.status, 404);
}

fn key_of_the_only(items: &[Item]) -> String {
    assert_eq!(items.len(), 1);
    text(&items[0], "sealed").split_once('.').unwrap().0.to_owned()
}
