//! By push, to one installed app. It says only that there is something: pushes pass others' servers and show on locked
//! screens.

use std::collections::BTreeMap;
use std::sync::Arc;

use clients::fcm::{FcmClient, FcmError, FcmSettings, Target};
use clients::push::PushMessage;
use clients::sns::SnsError;
use domain::firmware::FirmwareVersion;
use domain::id::{DeviceId, NotificationId, UserId};
use domain::wording;
use runtime::Context;
use runtime::messaging::PushProvider;
use runtime::secrets::Secret;
use store::devices::{self, StoredDevice};
use store::outbox::Reason;

use super::phone::sns;
use super::{Failure, recipient};

const TITLE: &str = "Polyclinic";
/// The topic of Firebase that all apps subscribe to.
const EVERYBODY: &str = "all-users";

pub async fn to_device(
    context: &Context,
    (user, device): (UserId, DeviceId),
    kind: &str,
    notification: NotificationId,
) -> Result<(), Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(());
    };
    let Some(stored) = devices::get(&context.store, user, device, context.now).await? else {
        return Ok(());
    };
    let message = PushMessage {
        title: TITLE.to_owned(),
        body: wording::push(recipient.reader.language).to_owned(),
        data: BTreeMap::from([
            ("type".to_owned(), kind.to_owned()),
            ("id".to_owned(), notification.to_string()),
        ]),
    };
    let is_gone = match context.platform.settings.messaging.push {
        PushProvider::Off => return Ok(()),
        PushProvider::Fcm => by_fcm(context, &stored, &message).await?,
        PushProvider::Sns => by_sns(context, &stored, &message).await?,
    };
    if is_gone {
        forget(context, user, device).await?;
    }
    Ok(())
}

/// To all apps at once. It names the firmware and nothing else.
pub async fn announce_firmware(context: &Context, version: &FirmwareVersion) -> Result<(), Failure> {
    let message = PushMessage {
        title: format!("Firmware v{version} Available"),
        body: "There is a new version for your device.".to_owned(),
        data: BTreeMap::from([
            ("type".to_owned(), "firmware_update".to_owned()),
            ("version".to_owned(), version.to_string()),
            ("action".to_owned(), "update_available".to_owned()),
        ]),
    };
    match context.platform.settings.messaging.push {
        PushProvider::Off => Ok(()),
        PushProvider::Fcm => Ok(fcm(context).await?.send(Target::Topic(EVERYBODY), &message).await?),
        // Apps subscribe to the topic with Firebase, which SNS does not reach.
        PushProvider::Sns => Err(Failure::lasting(Reason::NotSetUp)),
    }
}

async fn fcm(context: &Context) -> Result<Arc<FcmClient>, Failure> {
    let messaging = &context.platform.settings.messaging;
    let settings = FcmSettings {
        base_url: messaging.fcm_base_url.clone(),
        service_account_json: context.secret(Secret::FcmServiceAccount).await?.to_string(),
        token_url: messaging.fcm_token_url.clone(),
    };
    Ok(context.platform.shared(|| FcmClient::new(&settings))?)
}

/// Whether the app is gone.
async fn by_fcm(context: &Context, stored: &StoredDevice, message: &PushMessage) -> Result<bool, Failure> {
    let target = Target::Token(stored.device.token.as_str());
    match fcm(context).await?.send(target, message).await {
        Ok(()) => Ok(false),
        Err(FcmError::TokenGone) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Whether the app is gone. SNS learns that later and then disables the endpoint, so the endpoint is made once only:
/// making it again would enable it again.
async fn by_sns(context: &Context, stored: &StoredDevice, message: &PushMessage) -> Result<bool, Failure> {
    let client = sns(context);
    let device = &stored.device;
    let endpoint = match &stored.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => {
            let application = context.platform.settings.messaging.sns_platform_application.as_deref();
            let application = application.ok_or(Failure::passing(Reason::NotSetUp))?;
            let registered = client
                .register(application, device.token.as_str(), &device.id.to_string())
                .await;
            let endpoint = registered.map_err(|error| Failure::of_sns_push(&error))?;
            devices::note_endpoint(&context.store, device.user, device.id, &endpoint).await?;
            endpoint
        }
    };
    match client.push(&endpoint, message).await {
        Ok(()) => Ok(false),
        Err(SnsError::TokenGone) => Ok(true),
        Err(error) => Err(Failure::of_sns_push(&error)),
    }
}

async fn forget(context: &Context, user: UserId, device: DeviceId) -> Result<(), Failure> {
    match devices::remove(&context.store, user, device).await {
        Err(store::Error::ConditionFailed(_)) => Ok(()),
        other => Ok(other?),
    }
}
