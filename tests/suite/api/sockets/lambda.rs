//! The deployed binaries take the events that API Gateway makes.

use serde_json::{Value, json};
use tests::lambda::{Binary, LambdaFunction, build_for_tests, environment};
use tests::made::events;
use tests::world::World;

use super::client::{PROTOCOL, ticket};

const BINARIES: [Binary; 2] = [
    Binary {
        package: "sockets",
        name: "open-socket",
    },
    Binary {
        package: "sockets",
        name: "answer-socket-message",
    },
];

/// The sample event of a function.
fn sample(name: &str) -> Value {
    let functions = local::areas::AREAS.iter().flat_map(|area| area.functions);
    let mut functions = functions.map(|listing| listing.function);
    events::event(functions.find(|function| function.name == name).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn deployed_binaries_hold_a_conversation() {
    let folder = tokio::task::spawn_blocking(|| build_for_tests(&BINARIES))
        .await
        .unwrap();
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let environment = environment(&world.product.platform.settings);
    let invoke = |name: &'static str, event: Value| {
        let (bootstrap, environment) = (folder.join(name), environment.clone());
        tokio::task::spawn_blocking(move || {
            let mut function = LambdaFunction::start(&bootstrap, &environment);
            function.invoke(&event).unwrap_or_else(|error| panic!("{error}"))
        })
    };
    let mut connect = sample("open-socket");
    connect["queryStringParameters"]["ticket"] = ticket(&ana).await.into();
    let connected = invoke("open-socket", connect.clone()).await.unwrap();
    let expected = json!({ "statusCode": 200, "headers": { "Sec-WebSocket-Protocol": PROTOCOL } });
    assert_eq!(connected, expected);
    let again = invoke("open-socket", connect).await.unwrap();
    assert_eq!(again["statusCode"], 401);

    let answer = invoke("answer-socket-message", sample("answer-socket-message"))
        .await
        .unwrap();
    assert_eq!(answer["statusCode"], 200);
    let hello: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert_eq!((&hello["type"], &hello["reply_to"]), (&json!("hello"), &json!("1")));
}
