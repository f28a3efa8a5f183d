use std::collections::BTreeMap;
use std::io::Read;

use data_encoding::{BASE64, HEXLOWER};
use flate2::read::ZlibDecoder;
use serde_json::Value;

use super::legacy::Legacy;
use super::*;

/// Tokens of the official builders.
fn vectors() -> Value {
    serde_json::from_str(include_str!("fixtures/agora.json")).unwrap()
}

fn list<'a>(vectors: &'a Value, name: &str) -> &'a [Value] {
    vectors[name].as_array().unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn number(value: &Value, name: &str) -> u32 {
    u32::try_from(value[name].as_u64().unwrap()).unwrap()
}

fn hex(value: &Value, name: &str) -> Vec<u8> {
    HEXLOWER.decode(text(value, name).as_bytes()).unwrap()
}

fn app(inputs: &Value) -> App {
    App::new(text(inputs, "app_id"), text(inputs, "app_certificate")).unwrap()
}

fn uid(value: &Value) -> Uid {
    match value.as_u64() {
        Some(number) => Uid::Number(u32::try_from(number).unwrap()),
        None => Uid::Account(value.as_str().unwrap().to_owned()),
    }
}

fn privileges(value: &Value) -> BTreeMap<u16, u32> {
    let members = value.as_object().unwrap().iter();
    members
        .map(|(key, value)| (key.parse().unwrap(), u32::try_from(value.as_u64().unwrap()).unwrap()))
        .collect()
}

fn service(value: &Value) -> Service {
    let (user, seconds) = (value["user_id"].as_str().unwrap_or_default(), &value["privileges"]);
    let made = match (text(value, "kind"), seconds["1"].as_u64()) {
        ("rtc", _) => {
            let rtc = Rtc::new(text(value, "channel"), uid(&value["uid"])).unwrap();
            rtc.with(privileges(seconds))
        }
        ("rtm", Some(seconds)) => Service::rtm(user, u32::try_from(seconds).unwrap()),
        ("chat", Some(seconds)) => Service::chat_user(user, u32::try_from(seconds).unwrap()),
        ("chat", None) => Service::chat_app(number(seconds, "2")),
        ("rtm2", Some(seconds)) => {
            let permissions: Vec<_> = list(value, "permissions").iter().map(permission).collect();
            Service::rtm_with(user, u32::try_from(seconds).unwrap(), &permissions)
        }
        other => panic!("{other:?}"),
    };
    made.unwrap()
}

fn permission(value: &Value) -> Permission {
    let resources = list(value, "resources").iter();
    Permission {
        resource_type: u16::try_from(number(value, "resource_type")).unwrap(),
        permission_type: u16::try_from(number(value, "permission_type")).unwrap(),
        resources: resources.map(|name| name.as_str().unwrap().to_owned()).collect(),
    }
}

fn inflated(token: &str) -> Vec<u8> {
    let deflated = BASE64.decode(token.strip_prefix("007").unwrap().as_bytes()).unwrap();
    let mut content = Vec::new();
    ZlibDecoder::new(deflated.as_slice()).read_to_end(&mut content).unwrap();
    content
}

#[test]
fn tokens_are_those_of_the_official_builders() {
    let vectors = vectors();
    let all = list(&vectors, "access_token_2");
    assert_eq!(all.len(), 17);
    for vector in all {
        let (name, inputs) = (text(vector, "name"), &vector["inputs"]);
        let issue = Issue {
            at: number(inputs, "issue_ts"),
            expire_seconds: number(inputs, "expire_seconds"),
            salt: number(inputs, "salt"),
        };
        let services: Vec<_> = list(inputs, "services").iter().map(service).collect();
        let app = app(inputs);
        assert_eq!(app.signing_key(issue), hex(vector, "signing_key_hex"), "{name}");
        let info = app.signing_info(issue, &services).unwrap();
        assert_eq!(info, hex(vector, "signing_info_hex"), "{name}");
        let token = app.token(issue, &services).unwrap();
        // Other libraries deflate to other bytes.
        assert_eq!(inflated(&token), hex(vector, "inflated_content_hex"), "{name}");
        assert_eq!(inflated(&token), inflated(text(vector, "token")), "{name}");
    }
}

#[test]
fn a_publisher_and_a_subscriber_get_what_the_official_builders_give_them() {
    let vectors = vectors();
    let rtc = Rtc::new("visit-7f3a", Uid::Number(12345)).unwrap();
    for (place, service) in [(0, rtc.publisher(3600)), (1, rtc.subscriber(3600))] {
        let vector = &list(&vectors, "access_token_2")[place];
        let issue = Issue {
            at: 1_700_000_000,
            expire_seconds: 3600,
            salt: 12_345_678,
        };
        let token = app(&vector["inputs"]).token(issue, &[service.unwrap()]).unwrap();
        assert_eq!(inflated(&token), hex(vector, "inflated_content_hex"));
    }
}

#[test]
fn older_tokens_are_those_of_the_official_builder() {
    let vectors = vectors();
    let all = list(&vectors, "access_token_006");
    assert_eq!(all.len(), 5);
    for vector in all {
        let (name, inputs) = (text(vector, "name"), &vector["inputs"]);
        let token = Legacy {
            channel: text(inputs, "channel"),
            uid: uid(&inputs["uid"]),
            salt: number(inputs, "salt"),
            ts: number(inputs, "ts"),
            privileges: privileges(&inputs["privileges"]),
        };
        let app = app(inputs);
        assert_eq!(
            app.legacy_content(&token).unwrap(),
            hex(vector, "content_hex"),
            "{name}"
        );
        assert_eq!(app.legacy_token(&token).unwrap(), text(vector, "token"), "{name}");
    }
}

#[test]
fn whatever_the_official_builders_refuse_is_refused() {
    let vectors = vectors();
    for vector in list(&vectors, "invalid") {
        let made = App::new(text(vector, "app_id"), text(vector, "app_certificate"));
        let issue = Issue::new(1_700_000_000, 3600, [0; 4]).unwrap();
        let token = made.and_then(|app| app.token(issue, &[]));
        assert!(token.is_err(), "{}", text(vector, "name"));
    }
}

#[test]
fn a_token_lives_a_day_at_most_and_its_salt_is_in_range() {
    let longer = Issue::new(1_700_000_000, 7 * LONGEST_LIFE_SECONDS, [255; 4]).unwrap();
    assert_eq!(longer.expire_seconds, LONGEST_LIFE_SECONDS);
    for random in [[0; 4], [255; 4], [5, 245, 224, 254], [5, 245, 224, 255]] {
        let salt = Issue::new(0, 1, random).unwrap().salt;
        assert!((1..=99_999_999).contains(&salt), "{salt}");
    }
    assert_eq!(Issue::new(-1, 1, [0; 4]).err(), Some(AgoraError::Clock));
}

#[test]
fn a_channel_has_a_name_that_agora_takes() {
    let long = "a".repeat(65);
    for name in ["", "a/b", "ä", "a\"b", long.as_str()] {
        assert_eq!(
            Rtc::new(name, Uid::Number(1)).err(),
            Some(AgoraError::Channel),
            "{name}"
        );
    }
    assert!(Rtc::new(&"a".repeat(64), Uid::Number(1)).is_ok());
}

#[test]
fn the_certificate_is_not_shown() {
    let app = App::new(&"a".repeat(32), &"b".repeat(32)).unwrap();
    assert!(!format!("{app:?}").contains("bbbb"));
}
