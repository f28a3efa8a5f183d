use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::json;

use super::{MapEntry, OverpassClient, OverpassError, OverpassSettings, StandIn};
use crate::stand_in::{Fault, open, port};

async fn stand_in() -> (StandIn, OverpassClient) {
    let stand_in = StandIn::default();
    let (listener, base_url) = port().await;
    tokio::spawn(stand_in.clone().serve(listener));
    (stand_in, OverpassClient::new(&OverpassSettings { base_url }).unwrap())
}

/// A service with one answer to everything.
async fn scripted(status: StatusCode, body: serde_json::Value) -> OverpassClient {
    let base_url = open(move |_: &Request<Bytes>| Some(crate::stand_in::json(status, &body))).await;
    OverpassClient::new(&OverpassSettings { base_url }).unwrap()
}

#[tokio::test]
async fn what_lies_around_is_found_with_its_address() {
    let (stand_in, client) = stand_in().await;
    let mut nameless = MapEntry::dermatologist("", 52.52, 13.41);
    nameless.tags = vec![("healthcare:speciality", "dermatology;allergology".to_owned())];
    let mut baker = MapEntry::dermatologist("Baker", 52.52, 13.41);
    baker.tags = vec![("shop", "bakery".to_owned())];
    let mut building = MapEntry::dermatologist("Skin Centre", 52.521, 13.41);
    building.is_building = true;
    let far = MapEntry::dermatologist("Far away", 53.52, 13.41);
    stand_in.show(vec![nameless, baker, building, far]);
    let found = client.skin_clinics(52.52, 13.41, 5_000).await.unwrap();
    let names: Vec<&str> = found.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["Dermatology practice", "Skin Centre"]);
    assert_eq!(found[0].address, "");
    assert_eq!(found[1].address, "Lake Road 5, 10115 Berlin");
    assert_eq!((found[1].latitude, found[1].longitude), (52.521, 13.41));
}

#[tokio::test]
async fn trouble_is_named_after_what_to_do() {
    let (stand_in, client) = stand_in().await;
    let ask = || client.skin_clinics(52.52, 13.41, 5_000);
    stand_in.trouble(Some((429, Some(17))));
    let busy = ask().await.unwrap_err();
    assert_eq!((busy.retry_after_seconds(), busy.may_retry()), (Some(17), true));
    stand_in.trouble(Some((504, None)));
    assert_eq!(ask().await, Err(OverpassError::Unavailable));
    stand_in.trouble(Some((400, None)));
    assert_eq!(ask().await, Err(OverpassError::Refused(400)));
    stand_in.trouble(None);
    stand_in.cut_off(true);
    assert_eq!(ask().await, Err(OverpassError::Unavailable));
    stand_in.cut_off(false);
    stand_in.faults().next(1, Fault::Dropped);
    assert_eq!(ask().await, Err(OverpassError::Unavailable));
    assert!(!ask().await.unwrap().is_empty());
}

#[tokio::test]
async fn nonsense_is_no_map() {
    let client = scripted(StatusCode::OK, json!("busy")).await;
    let nonsense = client.skin_clinics(0.0, 0.0, 1).await;
    assert_eq!(nonsense, Err(OverpassError::Unexpected));
    let elements = json!([
        { "type": "relation", "tags": { "name": "Nowhere" } },
        { "type": "node", "lat": 91.0, "lon": 0.0 },
        { "type": "node", "lat": 1.0, "lon": 2.0, "tags": { "name": "a\nb" } },
    ]);
    let client = scripted(StatusCode::OK, json!({ "elements": elements })).await;
    let found = client.skin_clinics(0.0, 0.0, 1).await.unwrap();
    assert_eq!((found.len(), found[0].name.as_str()), (1, "ab"));
}

#[test]
fn a_base_url_is_needed() {
    let settings = OverpassSettings {
        base_url: "overpass".to_owned(),
    };
    assert!(OverpassClient::new(&settings).is_err());
}
