//! A cursor that nobody was given is the caller's mistake, whatever list it is for.

use runtime::{Method, Route};
use serde_json::Value;
use tests::made::events::filled;
use tests::made::samples::{Body, body};
use tests::world::World;

use super::access::thing;
use super::openapi::document;
use super::{assert_none, routes};

/// A place in no list.
const MADE_UP: &str = "WA";

/// Of a list that is asked for by POST.
fn sample(function: &str) -> Value {
    match body(function) {
        Some(Body::Json(body)) => body,
        _ => panic!("{function} has no sample"),
    }
}

/// Of these, one has a list of that kind.
#[tokio::test(flavor = "multi_thread")]
async fn every_list_refuses_a_made_up_cursor() {
    let world = World::new().await;
    let people = [
        world.patient("ana").await,
        world.verified_doctor("dora").await,
        world.admin().await,
    ];
    let document = document();
    let takes_cursors = |route: &Route| {
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().any(|parameter| parameter["name"] == "cursor")
    };
    let (mut wrong, mut lists) = (Vec::new(), 0);
    for (function, route) in routes().filter(|(_, route)| takes_cursors(route)) {
        lists += 1;
        let path = thing(&world, function.name, &people[0]).await;
        let path = path.unwrap_or_else(|| filled(route.path));
        let mut statuses = Vec::new();
        for person in &people {
            let and = if path.contains('?') { '&' } else { '?' };
            let at = format!("{path}{and}cursor={MADE_UP}");
            let answer = match route.method {
                Method::POST => person.post(&at, sample(function.name)).await,
                _ => person.get(&at).await,
            };
            statuses.push(answer.status.as_u16());
        }
        if !statuses.contains(&422) || statuses.iter().any(|status| *status >= 500) {
            wrong.push(format!("{} answers {statuses:?} to a made-up cursor", function.name));
        }
    }
    assert_none(wrong);
    assert!(lists >= 20, "{lists}");
}
