//! `GET /api/auth/verify-email`: the link from the mail that proves its address (contract #19).
//!
//! Mail scanners follow links before people do, so it may be followed again as long as it lives.

use domain::refusal::{Kind, Refusal};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;

use crate::{email_link, registration};

pub static FUNCTION: Function = Function::endpoint::<VerifyEmail>();

pub struct VerifyEmail;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    token: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    pub message: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefused {
    #[error("Invalid verification link")]
    Invalid,
    #[error("The verification link has expired")]
    Expired,
}

impl Refusal for LinkRefused {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        match self {
            LinkRefused::Invalid => "link_invalid",
            LinkRefused::Expired => "link_expired",
        }
    }
}

pub const VERIFIED: &str = "Email verified successfully";

impl Endpoint for VerifyEmail {
    const NAME: &'static str = "verify-email";
    const SUMMARY: &'static str = "Prove an e-mail address by the link that was sent to it";
    const ROUTES: &'static [Route] = &[Route::get("/api/auth/verify-email").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &registration::NEEDS;

    type Caller = Anyone;
    type Input = Query<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Anyone, Query(parameters): Self::Input) -> Result<Self::Output, Problem> {
        let link = email_link::read(&parameters.token).ok_or(LinkRefused::Invalid)?;
        let account = accounts::get(&context.store, link.user)
            .await?
            .ok_or(LinkRefused::Invalid)?;
        let email = account.email.clone().ok_or(LinkRefused::Invalid)?;
        if !link.is_ours(context, &email).await? {
            return Err(LinkRefused::Invalid.into());
        }
        if account.email_is_proved {
            let message = "Email is already verified";
            return Ok(Json(Answer { message }));
        }
        if link.is_over(context.now) {
            return Err(LinkRefused::Expired.into());
        }
        accounts::change::<Problem>(&context.store, link.user, &[], |stored| {
            if stored.account.email.as_ref() != Some(&email) {
                return Err(LinkRefused::Invalid.into());
            }
            stored.account.email_is_proved = true;
            Ok(())
        })
        .await?;
        Ok(Json(Answer { message: VERIFIED }))
    }
}
