//! AWS Secrets Manager: one call, made at the first use of a secret.

use aws_sdk_secretsmanager::config::BehaviorVersion;
use store::aws::{Connection, http_client, timeouts};

/// The secret could not be had. Holds why, for the log; never the value.
#[derive(Debug, thiserror::Error)]
#[error("the secret {id} cannot be read: {reason}")]
pub struct SecretError {
    pub id: String,
    pub reason: String,
}

/// The text of a secret, by its ARN or name.
pub async fn read(connection: &Connection, id: &str) -> Result<String, SecretError> {
    let mut config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(connection.aws_region())
        .credentials_provider(connection.credentials())
        .timeout_config(timeouts())
        .http_client(http_client(connection.secrets_endpoint.as_deref()));
    config.set_endpoint_url(connection.secrets_endpoint.clone());
    let client = aws_sdk_secretsmanager::Client::from_conf(config.build());

    let failed = |reason: String| SecretError {
        id: id.to_owned(),
        reason,
    };
    let answer = client
        .get_secret_value()
        .secret_id(id)
        .send()
        .await
        .map_err(|error| failed(aws_sdk_secretsmanager::error::DisplayErrorContext(&error).to_string()))?;
    answer.secret_string.ok_or_else(|| failed("it is binary".to_owned()))
}
