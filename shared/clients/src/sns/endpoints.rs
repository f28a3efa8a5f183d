//! Registers the apps on people's phones, each of which is an endpoint of the platform application.

use aws_sdk_sns::error::ProvideErrorMetadata;

use super::{SnsClient, SnsError, error};

impl SnsClient {
    /// The endpoint's ARN, new or not; afterwards it is enabled and has this token. `user_data` is an opaque id of ours.
    pub async fn register(&self, application_arn: &str, token: &str, user_data: &str) -> Result<String, SnsError> {
        let create = self
            .client
            .create_platform_endpoint()
            .platform_application_arn(application_arn)
            .token(token)
            .custom_user_data(user_data);
        match create.send().await {
            Ok(created) => {
                let arn = created.endpoint_arn.ok_or(SnsError::Unavailable)?;
                if !self.is_ready(&arn, token).await? {
                    self.revive(&arn, token, user_data).await?;
                }
                Ok(arn)
            }
            Err(error) => {
                let existing = error.message().and_then(existing_endpoint).map(str::to_owned);
                let arn = existing.ok_or_else(|| error::read(&error))?;
                self.revive(&arn, token, user_data).await?;
                Ok(arn)
            }
        }
    }

    /// One that is gone already is fine.
    pub async fn remove(&self, endpoint_arn: &str) -> Result<(), SnsError> {
        let delete = self.client.delete_endpoint().endpoint_arn(endpoint_arn);
        delete.send().await.map(|_| ()).map_err(|error| error::read(&error))
    }

    /// An endpoint that was there before may have been disabled meanwhile.
    async fn is_ready(&self, arn: &str, token: &str) -> Result<bool, SnsError> {
        let get = self.client.get_endpoint_attributes().endpoint_arn(arn);
        let answer = get.send().await.map_err(|error| error::read(&error))?;
        let is = |name: &str, wanted: &str| {
            let value = answer.attributes.as_ref().and_then(|attributes| attributes.get(name));
            value.is_some_and(|value| value == wanted)
        };
        Ok(is("Enabled", "true") && is("Token", token))
    }

    async fn revive(&self, arn: &str, token: &str, user_data: &str) -> Result<(), SnsError> {
        let set = self
            .client
            .set_endpoint_attributes()
            .endpoint_arn(arn)
            .attributes("Token", token)
            .attributes("Enabled", "true")
            .attributes("CustomUserData", user_data);
        set.send().await.map(|_| ()).map_err(|error| error::read(&error))
    }
}

/// AWS documents that the ARN is to be read from the message: `Endpoint arn:… already exists with the same Token`.
pub(super) fn existing_endpoint(message: &str) -> Option<&str> {
    let (before, _) = message.split_once(" already exists with the same ")?;
    let (_, arn) = before.rsplit_once("Endpoint ")?;
    (arn.starts_with("arn:aws") && !arn.contains(' ')).then_some(arn)
}
