//! `POST /api/admin/dermatologists/{id}/verify`: approve or reject a doctor (contract #49, #56; clash C12).

use domain::id::UserId;
use domain::notice::Notice;
use domain::role::Role;
use domain::session::Product;
use domain::verification::{Review, ReviewRefused, Verification, VerificationStatus};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::{OptionalJson, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts;

use crate::needs;
use crate::views::Message;

pub static FUNCTION: Function = Function::endpoint::<VerifyDoctor>();

pub struct VerifyDoctor;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    /// The doctor's user id.
    id: UserId,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Body {
    /// `approved` or `rejected`. The telemedicine product sends no body, which approves.
    status: Option<String>,
    /// What the doctor is told.
    review_comments: Option<String>,
    /// When the approval ends; a year from now if not said.
    #[schemars(with = "Option<String>")]
    valid_until: Option<Timestamp>,
}

impl Endpoint for VerifyDoctor {
    const NAME: &'static str = "verify-doctor";
    const SUMMARY: &'static str = "Approve or reject a doctor";
    const ROUTES: &'static [Route] = &[
        Route::post("/api/admin/dermatologists/{id}/verify").of(Product::FacialDerma),
        Route::post("/api/users/doctor/{id}/verify").of(Product::Telemedicine),
    ];
    const NEEDS: &'static [Need] = &needs::LIST;

    type Caller = Admin;
    type Input = (Path<Target>, OptionalJson<Body>);
    type Output = Json<Message>;

    async fn handle(
        context: &Context,
        caller: Admin,
        (Path(target), OptionalJson(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let approve = match (body.status.as_deref(), context.product) {
            (Some("approved"), _) | (None, Some(Product::Telemedicine)) => true,
            (Some("rejected"), _) => false,
            _ => return Err(ReviewRefused::UnknownStatus.into()),
        };
        let review = Review {
            approve,
            reason: body.review_comments.filter(|text| !text.trim().is_empty()),
            valid_until: body.valid_until,
            reviewer: caller.user_id(),
        };
        let notice = match approve {
            true => Notice::DoctorApproved,
            false => Notice::doctor_rejected(review.reason.as_deref()),
        };
        let account = accounts::get(&context.store, target.id).await?;
        account
            .filter(|account| account.role == Role::Doctor)
            .ok_or(ReviewRefused::NotADoctor)?;
        let message = context.tell(target.id, notice)?;
        accounts::change_as_admin::<Problem>(&context.store, caller.user_id(), target.id, &[message], |stored| {
            let account = &mut stored.account;
            let has_license = account.practice.license.is_some();
            let check = account
                .verification
                .get_or_insert_with(|| Verification::asked_for(context.now));
            check.review(review.clone(), has_license, context.now)?;
            account.updated_at = context.now;
            Ok(())
        })
        .await?;
        context.platform.forget_user(target.id);
        let word = match approve {
            true => VerificationStatus::Approved,
            false => VerificationStatus::Rejected,
        };
        let message = match (context.product, word) {
            (Some(Product::Telemedicine), _) => "Doctor verified successfully".to_owned(),
            (_, VerificationStatus::Approved) => "Dermatologist approved".to_owned(),
            _ => "Dermatologist rejected".to_owned(),
        };
        Ok(Json(Message { message }))
    }
}
