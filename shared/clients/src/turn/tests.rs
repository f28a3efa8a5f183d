use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use serde_json::Value;

use super::*;

/// Made and refused as coturn 4.6.1 does.
fn vectors() -> Value {
    serde_json::from_str(include_str!("fixtures/turn.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

const BEFORE_ALL: u64 = 1_699_999_999;
const SECRET: &str = "north-sea-2041-shared-secret";

#[test]
fn credentials_are_those_that_the_server_takes() {
    let vectors = vectors();
    let all = vectors["valid"].as_array().unwrap();
    assert_eq!(all.len(), 8);
    for vector in all {
        let name = text(vector, "name");
        let secrets: Secrets = text(vector, "shared_secret").parse().unwrap();
        let expires = vector["expiry_unix"].as_i64().unwrap();
        let credential = match vector["user_id"].as_str() {
            Some(identifier) => secrets.credential(expires, identifier),
            // A bare expiry, which we never send.
            None => secrets.sign(expires.to_string()),
        };
        assert_eq!(credential.username, text(vector, "username"), "{name}");
        assert_eq!(credential.password, text(vector, "password"), "{name}");
        assert!(secrets.accepts(&credential, BEFORE_ALL), "{name}");
        let parts = [&credential.username, text(vector, "realm"), &credential.password];
        let key = Md5::digest(parts.join(":"));
        assert_eq!(HEXLOWER.encode(&key), text(vector, "long_term_key_md5_hex"), "{name}");
    }
}

#[test]
fn what_the_server_refuses_is_none_of_ours() {
    let vectors = vectors();
    let secrets: Secrets = SECRET.parse().unwrap();
    for vector in vectors["rejected_by_coturn"].as_array().unwrap() {
        let credential = Credential {
            username: text(vector, "username").to_owned(),
            password: text(vector, "password").to_owned(),
        };
        assert!(!secrets.accepts(&credential, BEFORE_ALL), "{}", text(vector, "name"));
    }
}

#[test]
fn one_secret_replaces_another_without_a_gap() {
    let (old, both): (Secrets, Secrets) = (SECRET.parse().unwrap(), format!("new-secret,{SECRET}").parse().unwrap());
    let new: Secrets = "new-secret".parse().unwrap();
    let (before, after) = (old.credential(1_700_000_600, "a"), both.credential(1_700_000_600, "a"));
    assert!(both.accepts(&before, BEFORE_ALL) && both.accepts(&after, BEFORE_ALL));
    assert!(new.accepts(&after, BEFORE_ALL) && !new.accepts(&before, BEFORE_ALL));
    assert!(!new.accepts(&after, 1_700_000_600));
    assert!(" , ".parse::<Secrets>().is_err());
}
