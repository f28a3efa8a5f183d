//! A dermatologist's answer to a review request, given or declined.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::notice::Notice;
use domain::review::{ReviewRequestRefused, Verdict};
use runtime::callers::VerifiedDoctor;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use store::reviews;
use store::table::{ItemAction, Table};

use crate::review_answer::{Parameters, ReviewAnswer, one};

pub const NEEDS: [Need; 5] = [
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Check],
    ),
    Need::Items(
        Table::Diagnosis,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::LinkSigningKey),
];

/// For the doctor who was asked; for all others there is no such request.
pub async fn settle(
    context: &Context,
    doctor: &VerifiedDoctor,
    path: &Parameters,
    verdict: &Verdict,
) -> Result<ReviewAnswer, Problem> {
    let request = reviews::find(&context.store, doctor.session.user_id, path.request()?).await?;
    if request.doctor != doctor.session.user_id {
        return Err(ReviewRequestRefused::NotFound.into());
    }
    let notice = match verdict {
        Verdict::Review(_) => Notice::ReviewSubmitted(request.reference()),
        Verdict::Reject(_) => Notice::ReviewRejected(request.reference()),
    };
    let told = context.tell(request.patient, notice)?;
    let resource = Resource::one(ResourceKind::ReviewRequest, request.id);
    let audit = context.audit(&doctor.session, request.patient, Action::Update, resource, Why::Care)?;
    let settled = reviews::settle(&context.store, &request, verdict, &[told, audit], context.now).await;
    one(context, settled?, doctor.session.user_id).await
}
