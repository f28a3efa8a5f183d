//! Sends over connections and ends them.

use std::time::Duration;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::config::BehaviorVersion;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use store::aws::{Connection, http_client};

use super::PushError;

/// Cheap to clone.
#[derive(Clone)]
pub struct SocketClient {
    client: Client,
}

impl SocketClient {
    /// `endpoint`: of the API's stage, such as `https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/live`.
    pub fn new(connection: &Connection, endpoint: &str) -> Self {
        let config = aws_sdk_apigatewaymanagement::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(connection.aws_region())
            .credentials_provider(connection.credentials())
            .timeout_config(timeouts())
            .http_client(http_client(Some(endpoint)))
            .endpoint_url(endpoint)
            .build();
        Self {
            client: Client::from_conf(config),
        }
    }

    pub async fn send(&self, connection: &str, text: &str) -> Result<(), PushError> {
        let post = self.client.post_to_connection().connection_id(connection);
        let sent = post.data(Blob::new(text.as_bytes())).send().await;
        sent.map(|_| ()).map_err(|error| PushError::read(&error))
    }

    /// One that is gone already is fine.
    pub async fn hang_up(&self, connection: &str) -> Result<(), PushError> {
        let delete = self.client.delete_connection().connection_id(connection);
        match delete.send().await.map_err(|error| PushError::read(&error)) {
            Err(PushError::Gone) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Somebody waits for the answer of whoever sends, and what is not sent is read later.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(4))
        .build()
}
