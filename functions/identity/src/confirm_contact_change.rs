//! `POST /api/auth/contact/confirm`: finish a change of e-mail address or phone with the codes that were sent.

use domain::account::AccountGone;
use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::notice::{Destination, Notice};
use domain::one_time_code::{CodeRefused, OneTimeCode, Purpose};
use domain::phone_number::PhoneNumber;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;
use store::codes::{self, Proof};
use store::outbox::Errand;

use crate::start_contact_change::{new_contact, proved_contact};
use crate::{codes_checked, registration, sending};

pub static FUNCTION: Function = Function::endpoint::<ConfirmContactChange>();

pub struct ConfirmContactChange;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// As when the change was begun.
    email: Option<EmailAddress>,
    phone: Option<PhoneNumber>,
    /// From the new address or number.
    code: String,
    /// From the present one, if it was proved.
    old_code: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for ConfirmContactChange {
    const NAME: &'static str = "confirm-contact-change";
    const SUMMARY: &'static str = "Finish a change of the own e-mail address or phone";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/contact/confirm")];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("each guess at a code counts, and a right one is spent");
    const NEEDS: &'static [Need] = &[
        registration::NEEDS[0],
        sending::NEEDS[0],
        registration::NEEDS[1],
        registration::NEEDS[2],
        Need::Secret(Secret::TwilioAuthToken),
    ];

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let new = new_contact(body.email, body.phone)?;
        let user = caller.user_id();
        let stored = accounts::get_stored(&context.store, user).await?.ok_or(AccountGone)?;
        let old = proved_contact(&stored, &new);
        let mut proofs = vec![proof(context, user, Purpose::EnterContact, &new, Some(body.code)).await?];
        if let Some(old) = &old {
            proofs.push(proof(context, user, Purpose::LeaveContact, old, body.old_code).await?);
        }
        for proof in &proofs {
            if !codes::spend(&context.store, proof).await? {
                return Err(CodeRefused::Wrong.into());
            }
        }
        let mut entries = vec![context.tell(user, Notice::ContactChanged)?];
        if let Some(Destination::Email(email)) = &old {
            let errand = Errand::mail(email.clone(), Notice::ContactChanged, stored.account.personal.language);
            entries.push(context.entry(errand)?);
        }
        accounts::change::<Problem>(&context.store, user, &entries, |stored| {
            if proved_contact(stored, &new) != old {
                return Err(CodeRefused::Wrong.into());
            }
            let account = &mut stored.account;
            match &new {
                Destination::Email(email) => {
                    account.email = Some(email.clone());
                    account.email_is_proved = true;
                }
                Destination::Phone(phone) => {
                    account.phone = Some(phone.clone());
                    account.phone_is_proved = true;
                }
            }
            account.updated_at = context.now;
            Ok(())
        })
        .await?;
        let message = "The change is done";
        Ok(JsonAnswer(Answer { message }))
    }
}

/// Codes are bound to who asked for them, too.
async fn proof(
    context: &Context,
    user: UserId,
    purpose: Purpose,
    to: &Destination,
    code: Option<String>,
) -> Result<Proof, Problem> {
    let code: OneTimeCode = code.unwrap_or_default().parse().map_err(|_| CodeRefused::Wrong)?;
    let proof = codes_checked::check(context, purpose, sending::text(to), &code).await?;
    let asker = proof.registration.as_ref().and_then(|registration| registration.user);
    if asker != Some(user) {
        return Err(CodeRefused::Wrong.into());
    }
    Ok(proof)
}
