//! By text message: codes and reminders of ours over SNS, or codes that Twilio makes.

use clients::sns::SnsClient;
use clients::twilio::{Channel, TwilioClient, TwilioError, TwilioSettings};
use domain::id::UserId;
use domain::language::Language;
use domain::notice::Notice;
use domain::phone_number::PhoneNumber;
use domain::wording::{self, Reader};
use runtime::Context;
use runtime::secrets::Secret;
use store::outbox::Reason;

use super::{Failure, recipient};

pub async fn to_user(context: &Context, user: UserId, notice: &Notice) -> Result<(), Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(());
    };
    match recipient.phone {
        Some(number) => text(context, &number, notice, &recipient.reader).await,
        None => Ok(()),
    }
}

pub async fn text(context: &Context, to: &PhoneNumber, notice: &Notice, reader: &Reader) -> Result<(), Failure> {
    let text = wording::text_message(notice, reader).ok_or(Failure::lasting(Reason::TextMessageRefused))?;
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
