use std::collections::BTreeMap;

use serde_json::Value;

use super::client::for_firebase;
use super::endpoints::existing_endpoint;
use crate::push::PushMessage;

#[test]
fn a_push_is_json_in_json_as_sns_wants_it() {
    let vectors: Value = serde_json::from_str(include_str!("../fcm/fixtures/fcm.json")).unwrap();
    let vector = &vectors["sns"][0];
    assert_eq!(vector["name"], "sns_v1_notification");
    let message = PushMessage {
        title: "Appointment".to_owned(),
        body: "Your visit starts in 10 minutes".to_owned(),
        data: BTreeMap::from([
            ("type".to_owned(), "visit".to_owned()),
            ("id".to_owned(), "7".to_owned()),
        ]),
    };
    let inner = |text: &str| -> Value {
        let outer: Value = serde_json::from_str(text).unwrap();
        assert!(outer["default"].is_string());
        serde_json::from_str(outer["GCM"].as_str().unwrap()).unwrap()
    };
    assert_eq!(
        inner(&for_firebase(&message)),
        inner(vector["Message"].as_str().unwrap())
    );
}

#[test]
fn the_existing_endpoint_is_read_from_the_message() {
    let arn = "arn:aws:sns:us-east-1:123456789012:endpoint/GCM/app/5e3e9847";
    let message = format!(
        "Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
    );
    assert_eq!(existing_endpoint(&message), Some(arn));
    assert_eq!(existing_endpoint("Invalid parameter: Token"), None);
    assert_eq!(existing_endpoint("Endpoint x already exists with the same Token"), None);
}
