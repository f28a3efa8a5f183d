//! `GET /api/users/me`: the own profile, in the view of each product (contract #27, #29, #45, #50).
//!
//! Leaves no trace in the log: people see it whenever an app starts, and learn nothing from having looked at themselves.

use domain::account::AccountGone;
use domain::session::{NotAllowed, Product};
use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::input::MethodAndPath;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::{accounts, families};

use crate::profile::FacialDermaProfile;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<GetOwnProfile>();

pub struct GetOwnProfile;

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Profile {
    FacialDerma(Box<FacialDermaProfile>),
    Dental(Box<views::DentalProfile>),
    DentalUser(Box<views::DentalUser>),
    Telemedicine(Box<views::TelemedicineProfile>),
}

const NEWER_DENTAL: &str = "/api/auth/profile/me";

impl Endpoint for GetOwnProfile {
    const NAME: &'static str = "get-own-profile";
    const SUMMARY: &'static str = "The own profile";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/users/me").of(Product::FacialDerma),
        Route::get("/profile").of(Product::Dental),
        Route::get(NEWER_DENTAL).of(Product::Dental),
        Route::get("/api/users/profile").of(Product::Telemedicine),
    ];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedInOrSuspended;
    type Input = MethodAndPath;
    type Output = Json<Profile>;

    async fn handle(
        context: &Context,
        caller: SignedInOrSuspended,
        target: MethodAndPath,
    ) -> Result<Self::Output, Problem> {
        // Only the facial-derma app shows people that they are suspended.
        if caller.session.is_suspended && context.product != Some(Product::FacialDerma) {
            return Err(NotAllowed::Suspended.into());
        }
        let user = caller.session.user_id;
        let account = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
        Ok(Json(match context.product {
            Some(Product::Telemedicine) => {
                let links = families::list(&context.store, user).await?;
                let members = views::family_members(context, user, links).await?;
                Profile::Telemedicine(Box::new(views::telemedicine(context, account, members)))
            }
            Some(Product::Dental) if target.path.trim_end_matches('/') == NEWER_DENTAL => {
                Profile::DentalUser(Box::new(views::dental_user(context, account).await?))
            }
            Some(Product::Dental) => Profile::Dental(Box::new(views::dental(context, account).await?)),
            _ => Profile::FacialDerma(Box::new(views::facial_derma(context, account).await?)),
        }))
    }
}
