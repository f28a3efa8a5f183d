//! Every function has a sample event, which is what the function would get.

use local::areas::AREAS;
use runtime::{Trigger, Work};
use serde_json::Value;
use tests::made::events;
use tests::made::samples;
use tests::world::World;

use super::{assert_fresh, assert_none, functions};

#[test]
fn every_function_has_a_fresh_event() {
    assert_fresh(&events::files(AREAS));
}

#[test]
fn events_name_what_sets_the_function_off() {
    let wrong = functions().filter_map(|(_, function)| {
        let event = events::event(function);
        let names_it = match function.work {
            Work::Requests { routes: [], .. } => event["routeKey"] == "$default",
            Work::Requests { routes, .. } => {
                event["routeKey"] == format!("{} {}", routes[0].method, routes[0].path)
                    && event["requestContext"]["http"]["method"] == routes[0].method.as_str()
            }
            Work::Sockets { routes, .. } => event["requestContext"]["routeKey"] == routes[0],
            Work::Events { trigger, .. } => {
                let record = &event["Records"][0]["eventSource"];
                match trigger {
                    Trigger::NewItems(_) => record == "aws:dynamodb",
                    Trigger::NewObjects(_) => record == "aws:s3",
                    Trigger::Schedule { .. } => event["source"] == "aws.events",
                }
            }
        };
        (!names_it).then(|| {
            format!(
                "{}: its event is another function's; see tests/src/made/events",
                function.name
            )
        })
    });
    assert_none(wrong.collect());
}

#[test]
fn a_sample_has_all_that_the_documentation_requires() {
    let document = serde_json::to_value(runtime::openapi::document(AREAS)).unwrap();
    let wrong = functions().flat_map(|(_, function)| {
        let Work::Requests {
            routes: [route, ..], ..
        } = function.work
        else {
            return Vec::new();
        };
        let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
        missing(function.name, operation)
    });
    assert_none(wrong.collect());
}

/// As Lambda would hand them over, to the functions of a running product.
#[tokio::test(flavor = "multi_thread")]
async fn every_function_understands_its_event() {
    let world = World::new().await;
    let mut token = format!("Bearer {}", world.patient("ana").await.token);
    let mut wrong = Vec::new();
    for (place, (_, function)) in functions().enumerate() {
        let mut event = events::event(function);
        if let Some(header) = event.pointer_mut("/headers/authorization") {
            *header = Value::from(token.as_str());
        }
        match runtime::invoke(function, world.product.platform.clone(), &event.to_string()).await {
            Ok(answer) if is_understood(&serde_json::from_str(&answer).unwrap()) => {}
            other => wrong.push(format!(
                "{}: correct tests/src/made/samples.rs, since it answers {other:?}",
                function.name
            )),
        }
        if super::access::ENDS_ITS_CALLER.contains(&function.name) {
            token = format!("Bearer {}", world.patient(&format!("ana-{place}")).await.token);
        }
    }
    assert_none(wrong);
}

/// A batch without failures, or anything but a complaint about the form of the request.
fn is_understood(answer: &Value) -> bool {
    let Some(status) = answer["statusCode"].as_u64() else {
        return answer["batchItemFailures"].as_array().is_some_and(Vec::is_empty);
    };
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default()).unwrap_or_default();
    // What is said over a connection is answered with a problem in its own words.
    if body["type"] == "problem" && body["status"].as_u64().is_none_or(|status| status >= 500) {
        return false;
    }
    let complaints = [
        "message_malformed",
        "message_type_unknown",
        "protocol_unsupported",
        "token_missing",
        "token_invalid",
        "malformed_json",
        "malformed_multipart",
        "multipart_expected",
        "validation_error",
    ];
    status < 500 && !complaints.iter().any(|code| body["code"] == *code)
}

fn missing(function: &str, operation: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    if operation["requestBody"]["required"] == true && samples::body(function).is_none() {
        missing.push(format!(
            "{function} has no sample body: add it to `body` in tests/src/made/samples.rs"
        ));
    }
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let is_given = samples::query(function).iter().any(|(given, _)| *given == name);
        if parameter["in"] == "query" && parameter["required"] == true && !is_given {
            missing.push(format!(
                "{function} has no sample of {name}: add it to `query` in tests/src/made/samples.rs"
            ));
        }
    }
    missing
}
