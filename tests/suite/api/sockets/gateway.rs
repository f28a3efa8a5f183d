//! What API Gateway does with connections, here as there: limits, ends, and sending over them by the AWS SDK.

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client as Management;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Credentials};
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::SinkExt;
use local::gateway::sockets::SocketTimes;
use local::options::Options;
use serde_json::json;
use tests::world::World;
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, FRAME};

fn ping_of(length: usize) -> String {
    let empty = json!({ "type": "ping", "padding": "" }).to_string();
    let padding = "x".repeat(length - empty.len());
    json!({ "type": "ping", "padding": padding }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_at_most_128_kb_in_frames_of_32_kb_and_text() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    let largest = ping_of(128 * 1024);
    assert_eq!(largest.len(), 128 * 1024);
    client.send_in_frames(&largest, FRAME).await;
    assert_eq!(client.hear().await["type"], "pong");
    client.send_in_frames(&(largest + " "), FRAME).await;
    assert_eq!(client.closed().await.0, Some(1009));

    let (mut client, _) = Client::ready(&world, &ana).await;
    client.send_in_frames(&ping_of(FRAME + 1), FRAME + 1).await;
    assert_eq!(client.closed().await.0, Some(1009));

    let (mut client, _) = Client::ready(&world, &ana).await;
    client.socket.send(Message::Binary(vec![1, 2, 3].into())).await.unwrap();
    assert_eq!(client.closed().await.0, Some(1003));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_when_nothing_is_said_and_after_its_time() {
    let times = SocketTimes {
        idle: Duration::from_secs(3),
        longest: Duration::from_secs(6),
    };
    let options = Options {
        port: 0,
        data: None,
        rate_limits: false,
        socket_times: times,
        ..Options::default()
    };
    let world = World::with(options).await;
    let ana = world.patient("ana").await;
    let (mut idle, _) = Client::ready(&world, &ana).await;
    assert_eq!(idle.closed().await.0, Some(1001));
    let (mut busy, _) = Client::ready(&world, &ana).await;
    // What is asked when the time is up is not answered any more.
    let ended = async {
        loop {
            busy.say(&json!({ "type": "ping" })).await;
            match tokio::time::timeout(Duration::from_millis(100), busy.closed()).await {
                Ok((code, _)) => return code,
                Err(_) => continue,
            }
        }
    };
    assert_eq!(ended.await, Some(1001));
}

fn management(world: &World, secret: &str) -> Management {
    let settings = &world.product.platform.settings;
    let connection = &settings.connection;
    let config = aws_sdk_apigatewaymanagement::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(connection.aws_region())
        .credentials_provider(Credentials::new(&connection.access_key_id, secret, None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(store::aws::http_client(settings.sockets.endpoint.as_deref()))
        .endpoint_url(settings.sockets.endpoint.clone().unwrap());
    Management::from_conf(config.build())
}

fn status<E>(error: SdkError<E>) -> u16 {
    error.raw_response().expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_sent_to_looked_at_and_ended_by_the_sdk() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let (mut client, _) = Client::ready(&world, &ana).await;
    let [id] = world.product.cloud.connections.ids().try_into().unwrap();
    assert!(id.ends_with('='), "{id} needs escaping, as AWS's do");
    let sdk = management(&world, &world.product.platform.settings.connection.secret_access_key);
    let post = |id: &str, bytes: usize| {
        let text = format!("\"{}\"", "x".repeat(bytes - 2));
        sdk.post_to_connection().connection_id(id).data(Blob::new(text)).send()
    };
    post(&id, 128 * 1024).await.unwrap();
    assert_eq!(client.hear().await.as_str().map(str::len), Some(128 * 1024 - 2));
    let too_large = post(&id, 128 * 1024 + 1).await.unwrap_err();
    assert!(too_large.as_service_error().unwrap().is_payload_too_large_exception());
    let found = sdk.get_connection().connection_id(&id).send().await.unwrap();
    assert!(found.connected_at.is_some() && found.last_active_at >= found.connected_at);
    assert_eq!(found.identity.unwrap().source_ip.as_deref(), Some("127.0.0.1"));

    let stranger = management(&world, "another secret");
    let refused = stranger
        .delete_connection()
        .connection_id(&id)
        .send()
        .await
        .unwrap_err();
    assert_eq!(status(refused), 403);

    sdk.delete_connection().connection_id(&id).send().await.unwrap();
    assert_eq!(client.closed().await.0, Some(1000));
    let gone = post(&id, 10).await.unwrap_err();
    assert!(gone.as_service_error().unwrap().is_gone_exception());
    assert_eq!(
        status(sdk.get_connection().connection_id(&id).send().await.unwrap_err()),
        410
    );
    assert_eq!(
        status(sdk.delete_connection().connection_id(&id).send().await.unwrap_err()),
        410
    );
}
