use proptest::prelude::*;
use serde::Deserialize;

use super::blind_index::IndexKey;
use super::envelope::DataKey;
use super::*;
use crate::table::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Person {
    role: String,
    version: u32,
    weight: f64,
    name: String,
    allergies: Vec<String>,
    email: Option<String>,
}

impl Sealed for Person {
    const SEALED: &'static [&'static str] = &["name", "allergies", "email"];
}

fn at(table: Table, partition: &str, sort: &str) -> Key {
    Key {
        table,
        partition: partition.to_owned(),
        sort: sort.to_owned(),
    }
}

fn home() -> Key {
    at(Table::Identity, "USER#1", "ACCOUNT")
}

fn data_key() -> DataKey {
    DataKey::new("k1", &[7; 32]).unwrap()
}

prop_compose! {
    fn people()(
        role in ".*", version: u32, weight in -1e12..1e12f64, name in ".*",
        allergies in prop::collection::vec(".*", 0..4), email in prop::option::of(".*"),
    ) -> Person {
        Person { role, version, weight, name, allergies, email }
    }
}

proptest! {
    #[test]
    fn an_item_comes_back_as_it_was(person in people()) {
        let Parts { open, sealed } = split(&person).unwrap();
        let item: Item = serde_dynamo::to_item(&open).unwrap();
        for name in Person::SEALED {
            prop_assert!(!item.contains_key(*name));
        }
        let text = data_key().seal(&place(&home()), serde_json::to_vec(&sealed).unwrap()).unwrap();
        let plaintext = data_key().open(&place(&home()), &text).unwrap();
        let back: Person = join(item, &plaintext).unwrap();
        // DynamoDB's numbers are decimal.
        prop_assert!((back.weight - person.weight).abs() <= 1e-9 * person.weight.abs());
        prop_assert_eq!(Person { weight: 0.0, ..back }, Person { weight: 0.0, ..person });
    }

    #[test]
    fn a_flipped_bit_opens_nothing(plaintext: Vec<u8>, place: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
        let sealed = data_key().seal(&place, plaintext).unwrap();
        let (id, text) = sealed.split_once('.').unwrap();
        let mut bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let changed = format!("{id}.{}", data_encoding::BASE64URL_NOPAD.encode(&bytes));
        prop_assert!(matches!(data_key().open(&place, &changed), Err(Error::Sealed(_))));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*", place: Vec<u8>) {
        prop_assert!(matches!(data_key().open(&place, &text), Err(Error::Sealed(_))));
    }

    #[test]
    fn what_is_cut_short_opens_nothing(plaintext: Vec<u8>, kept: prop::sample::Index) {
        let sealed = data_key().seal(b"here", plaintext).unwrap();
        let short = &sealed[..kept.index(sealed.len())];
        prop_assert!(data_key().open(b"here", short).is_err());
    }

    #[test]
    fn two_places_are_never_one(one in places(), other in places()) {
        prop_assert_eq!(one == other, place(&one) == place(&other));
    }
}

fn places() -> impl Strategy<Value = Key> {
    let tables = prop::sample::select(vec![Table::Identity, Table::Platform]);
    (tables, "[0-9:#a]{0,4}", "[0-9:#a]{0,4}").prop_map(|(table, partition, sort)| at(table, &partition, &sort))
}

#[test]
fn what_was_moved_or_sealed_by_another_key_does_not_open() {
    let sealed = data_key().seal(&place(&home()), b"{}".to_vec()).unwrap();
    assert_eq!(data_key().open(&place(&home()), &sealed).unwrap(), b"{}");
    for elsewhere in [
        at(Table::Diagnosis, "USER#1", "ACCOUNT"),
        at(Table::Identity, "USER#2", "ACCOUNT"),
        at(Table::Identity, "USER#1", "SESSION#1"),
    ] {
        assert!(matches!(
            data_key().open(&place(&elsewhere), &sealed),
            Err(Error::Sealed(_))
        ));
    }
    let other = DataKey::new("k1", &[8; 32]).unwrap();
    assert!(matches!(other.open(&place(&home()), &sealed), Err(Error::Sealed(_))));
}

/// Sealing the same twice shows nothing of it.
#[test]
fn no_two_seals_are_alike() {
    let seal = || data_key().seal(b"here", b"{}".to_vec()).unwrap();
    assert_ne!(seal(), seal());
}

/// A thief of the table could otherwise put values of their own in place of sealed ones.
#[test]
fn a_member_that_stands_open_is_refused() {
    let item: Item = serde_dynamo::to_item(serde_json::json!({ "role": "admin", "name": "Eve" })).unwrap();
    assert!(matches!(join::<Person>(item, b"{}"), Err(Error::Sealed(_))));
}

#[test]
fn an_error_does_not_tell_what_was_sealed() {
    let item: Item = serde_dynamo::to_item(serde_json::json!({ "role": "patient" })).unwrap();
    let error = join::<Person>(item, br#"{"name": 5, "allergies": "penicillin"}"#).unwrap_err();
    assert!(!error.to_string().contains("penicillin"), "{error}");
}

/// So that others can compute it too, and hashes of one purpose say nothing of another.
#[test]
fn a_keyed_hash_is_hmac_of_purpose_zero_and_text() {
    let key = IndexKey::new(b"Jefe");
    let mut whole = ring::hmac::Context::with_key(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"Jefe"));
    whole.update(b"email\0ana@example.org");
    assert_eq!(key.hash("email", b"ana@example.org"), whole.sign().as_ref());
    assert_ne!(
        key.hash("email", b"ana@example.org"),
        key.hash("phone", b"ana@example.org")
    );
    assert_ne!(key.hash("email", b"x"), IndexKey::new(b"other").hash("email", b"x"));
}
