//! Checking a one-time code, ours or an outside service's.

use clients::twilio::{Check, TwilioClient, TwilioSettings};
use domain::one_time_code::{CodeRefused, OneTimeCode, Purpose};
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use store::codes::{self, Guess, Proof};

/// The right code gives a proof, which is still to be used.
pub async fn check(context: &Context, purpose: Purpose, to: &str, code: &OneTimeCode) -> Result<Proof, Problem> {
    let network = context.network();
    match codes::guess(&context.store, purpose, to, &network, code, context.now).await? {
        Guess::Right(proof) => Ok(proof),
        Guess::Outside(proof) => {
            if ask_outside(context, to, code).await? {
                Ok(proof)
            } else {
                Err(CodeRefused::Wrong.into())
            }
        }
        Guess::Wrong | Guess::NonePending => Err(CodeRefused::Wrong.into()),
        Guess::Burnt => Err(CodeRefused::Burnt.into()),
    }
}

/// Once: a second call about a code that was right finds it used.
async fn ask_outside(context: &Context, to: &str, code: &OneTimeCode) -> Result<bool, Problem> {
    let messaging = &context.platform.settings.messaging;
    let settings = TwilioSettings {
        base_url: messaging.twilio_base_url.clone(),
        account_sid: messaging.twilio_account_sid.clone().unwrap_or_default(),
        auth_token: context.secret(Secret::TwilioAuthToken).await?.to_string(),
        service_sid: messaging.twilio_service_sid.clone().unwrap_or_default(),
    };
    let client = context
        .platform
        .shared(|| TwilioClient::new(&settings))
        .map_err(unavailable)?;
    Ok(client.check(to, code.as_str()).await.map_err(unavailable)? == Check::Approved)
}

fn unavailable(error: clients::twilio::TwilioError) -> Problem {
    Problem::unavailable(error.to_string())
}
