//! Hands text messages and pushes to SNS.

use aws_sdk_sns::Client;
use aws_sdk_sns::config::BehaviorVersion;
use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::json;
use store::aws::{Connection, http_client, timeouts};

use super::{SnsError, error};
use crate::push::PushMessage;

/// For the platform's part of a message.
const MAX_PUSH_BYTES: usize = 4_096;
/// SNS splits longer texts into several messages, up to this many characters.
const MAX_SMS_CHARACTERS: usize = 1_600;

/// Cheap to clone.
#[derive(Clone)]
pub struct SnsClient {
    pub(super) client: Client,
}

impl SnsClient {
    pub fn new(connection: &Connection) -> Self {
        let mut config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(connection.aws_region())
            .credentials_provider(connection.credentials())
            .timeout_config(timeouts())
            .http_client(http_client(connection.sns_endpoint.as_deref()));
        config.set_endpoint_url(connection.sns_endpoint.clone());
        Self {
            client: Client::from_conf(config.build()),
        }
    }

    /// To a number in E.164 form, by the route for messages that must arrive.
    pub async fn send_sms(&self, number: &str, text: &str) -> Result<(), SnsError> {
        if text.is_empty() || text.chars().count() > MAX_SMS_CHARACTERS {
            return Err(SnsError::Invalid);
        }
        let publish = self.client.publish().phone_number(number).message(text);
        let publish = publish.message_attributes("AWS.SNS.SMS.SMSType", attribute("Transactional")?);
        publish.send().await.map(|_| ()).map_err(|error| error::read(&error))
    }

    /// To an endpoint that [`SnsClient::register`] gave.
    pub async fn push(&self, endpoint_arn: &str, message: &PushMessage) -> Result<(), SnsError> {
        message.check(MAX_PUSH_BYTES)?;
        let publish = self
            .client
            .publish()
            .target_arn(endpoint_arn)
            .message_structure("json")
            .message(for_firebase(message));
        publish.send().await.map(|_| ()).map_err(|error| read_push(&error))
    }
}

/// JSON whose member `GCM` is a text that holds JSON. SNS fills in the token.
pub(super) fn for_firebase(message: &PushMessage) -> String {
    let platform = json!({ "fcmV1Message": { "message": message.members() } });
    json!({ "default": message.body, "GCM": platform.to_string() }).to_string()
}

/// A deleted endpoint is an invalid parameter to SNS; it is the only one that this program does not write itself.
fn read_push(error: &SdkError<PublishError>) -> SnsError {
    let about_target = error.message().is_some_and(|message| message.contains("target arn"));
    match (error.code(), error::read(error)) {
        (Some("NotFound"), _) => SnsError::TokenGone,
        (_, SnsError::Invalid) if about_target => SnsError::TokenGone,
        (_, other) => other,
    }
}

fn attribute(value: &str) -> Result<MessageAttributeValue, SnsError> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .map_err(|_| SnsError::Invalid)
}
