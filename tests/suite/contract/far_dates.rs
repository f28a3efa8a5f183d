//! No moment that somebody may send, however far, ends in a fault: the arithmetic of time has an end.

use std::collections::BTreeSet;

use local::areas::AREAS;
use reqwest::RequestBuilder;
use runtime::{Function, Route};
use serde_json::{Map, Value, json};
use tests::made::openapi;
use tests::made::samples::{self, Body};
use tests::world::{World, send};

use super::idempotency::Cast;
use super::{assert_none, routes};

const FAR: [&str; 6] = [
    "9999-12-30T22:00:00Z",
    "9999-12-15T00:00:00Z",
    "9999-12-31T23:59:59",
    "9999-12-28",
    "-009999-01-02T02:00:00Z",
    "0001-01-01T00:00:00Z",
];

/// Words of the names that moments have.
const WORDS: [&str; 17] = [
    "after", "at", "before", "birth", "date", "datetime", "day", "dob", "end", "expires", "from", "since", "start",
    "time", "to", "until", "valid",
];

fn is_moment(name: &str) -> bool {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            spaced.push('_');
        }
        spaced.push(letter.to_ascii_lowercase());
    }
    spaced.split('_').any(|word| WORDS.contains(&word))
}

/// A member of a body, by its JSON pointer, or a parameter of the query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Body(String),
    Query(String),
}

fn of_schema(document: &Value, schema: &Value, place: &str, found: &mut BTreeSet<Field>) {
    let named = schema["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
    let schema = named.and_then(|place| document.pointer(place)).unwrap_or(schema);
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        of_schema(document, member, &place, found);
        of_schema(document, &member["items"], &format!("{place}/0"), found);
        if is_moment(name) {
            found.insert(Field::Body(place));
        }
    }
}

fn fields(document: &Value, route: &Route) -> BTreeSet<Field> {
    let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
    let mut found = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        if parameter["in"] == "query" && is_moment(name) {
            found.insert(Field::Query(name.to_owned()));
        }
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    of_schema(document, body, "", &mut found);
    found
}

/// The sample, about the doctor whom there is.
fn body(function: &Function, doctor: &str) -> Value {
    let mut body = match samples::body(function.name) {
        Some(Body::Json(body)) => body,
        _ => Value::Object(Map::new()),
    };
    if !body["doctor_id"].is_null() {
        body["doctor_id"] = json!(doctor);
    }
    body
}

fn with(request: RequestBuilder, mut body: Value, field: &Field, moment: &str) -> RequestBuilder {
    match field {
        Field::Query(name) => request.query(&[(name.as_str(), moment)]),
        Field::Body(place) => {
            if let Some(member) = body.pointer_mut(place) {
                *member = json!(moment);
            } else if let Some(name) = place.strip_prefix('/').filter(|name| !name.contains('/')) {
                body[name] = json!(moment);
            }
            request.json(&body)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_at_the_end_of_time_is_no_fault() {
    let world = World::new().await;
    let cast = Cast::gather(&world).await;
    let document: Value = serde_json::from_str(&openapi::file(AREAS).content).unwrap();
    let (mut wrong, mut sent, mut seen) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (function, route) in routes().filter(|(function, _)| seen.insert(function.name)) {
        let fields = fields(&document, route);
        if fields.is_empty() {
            continue;
        }
        let path = cast.path(&world, function, route).await;
        for (field, moment) in fields.iter().flat_map(|field| FAR.map(|moment| (field, moment))) {
            let request = cast.request(&world, function, route, &path);
            let answer = send(with(request, body(function, &cast.doctor.id), field, moment)).await;
            if answer.status.as_u16() >= 500 {
                wrong.push(format!(
                    "{} with {field:?} {moment} answers {}",
                    function.name, answer.status
                ));
            }
        }
        sent.extend(fields.into_iter().map(|field| (function.name, field)));
    }
    for (function, name) in [
        ("book-appointment", "/start"),
        ("reschedule-appointment", "/start"),
        ("join-waitlist", "/from"),
        ("set-own-availability", "/time_off/0/until"),
        ("create-consultation", "/scheduled_time"),
        ("create-prescription", "/valid_until"),
        ("grant-access", "/expires_at"),
        ("verify-doctor", "/validUntil"),
    ] {
        let field = Field::Body(name.to_owned());
        if !sent.contains(&(function, field)) {
            wrong.push(format!("{function} was not asked with {name}"));
        }
    }
    if !sent.contains(&("list-free-times", Field::Query("from".to_owned()))) {
        wrong.push("list-free-times was not asked with a `from`".to_owned());
    }
    assert_none(wrong);
}
