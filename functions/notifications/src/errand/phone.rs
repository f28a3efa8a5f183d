//! By text message: codes of ours over SNS, or codes that Twilio makes.

use clients::sns::SnsClient;
use clients::twilio::{Channel, TwilioClient, TwilioError, TwilioSettings};
use domain::language::Language;
use domain::notice::Notice;
use domain::phone_number::PhoneNumber;
use domain::wording;
use runtime::Context;
use runtime::secrets::Secret;
use store::outbox::Reason;

use super::Failure;

/// Codes only: what else there is to say is not said on a screen that others see.
pub async fn text(context: &Context, to: &PhoneNumber, notice: &Notice, language: Language) -> Result<(), Failure> {
    let code = notice.code().ok_or(Failure::lasting(Reason::TextMessageRefused))?;
    let text = wording::text_message(code.as_str(), language);
    let sent = sns(context).send_sms(to.as_str(), &text).await;
    sent.map_err(|error| Failure::of_text_message(&error))
}

pub async fn start_verification(context: &Context, to: &PhoneNumber, language: Language) -> Result<(), Failure> {
    let client = twilio(context).await?;
    client.start(to.as_str(), Channel::Sms, Some(language.tag())).await?;
    Ok(())
}

pub fn sns(context: &Context) -> std::sync::Arc<SnsClient> {
    let connection = &context.platform.settings.connection;
    let client = context
        .platform
        .shared(|| Ok::<_, std::convert::Infallible>(SnsClient::new(connection)));
    client.unwrap_or_else(|never| match never {})
}

async fn twilio(context: &Context) -> Result<std::sync::Arc<TwilioClient>, Failure> {
    let messaging = &context.platform.settings.messaging;
    let missing = Failure::passing(Reason::NotSetUp);
    let settings = TwilioSettings {
        base_url: messaging.twilio_base_url.clone(),
        account_sid: messaging.twilio_account_sid.clone().ok_or(missing)?,
        auth_token: context.secret(Secret::TwilioAuthToken).await?.to_string(),
        service_sid: messaging.twilio_service_sid.clone().ok_or(missing)?,
    };
    let client = context.platform.shared(|| TwilioClient::new(&settings));
    client.map_err(|error: TwilioError| error.into())
}
