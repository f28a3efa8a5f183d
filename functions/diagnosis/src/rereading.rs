//! A kept picture, read again by the present model.
//!
//! What is read is the picture as it is kept: encoded anew (JPEG), and at most 1,600 pixels wide and high. A newer
//! reading may therefore differ a little from an older one, which saw what was sent, for that reason alone.

use bytes::Bytes;
use domain::prediction::ModelIdentity;
use domain::readings::Reading;
use domain::session::Session;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use store::bucket::{Bucket, ObjectAction};
use store::pictures;
use store::results::{self, Kept};
use store::table::{ItemAction, Table};

use crate::result_access::Found;

pub const NEEDS: [Need; 6] = [
    Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
    Need::Items(
        Table::Diagnosis,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Update],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::Objects(Bucket::Images, &[ObjectAction::Get]),
    Need::FieldKeys,
    Need::Secret(Secret::LinkSigningKey),
];

/// Gives the result as it is then, unchanged if this model has read it already; none if it is gone.
pub async fn read_again<R: Kept>(
    context: &Context,
    session: &Session,
    id: R::Id,
    found: Found<R>,
    model: &ModelIdentity,
    read: impl FnOnce(Bytes) -> Result<Reading<R::Class>, Problem> + Send + 'static,
) -> Result<Option<R>, Problem> {
    let result = &found.result;
    if result.readings().include(model) {
        return Ok(Some(found.result));
    }
    let jpeg = pictures::get_own(&context.store, result.patient(), result.picture()).await?;
    let Some(jpeg) = jpeg else { return Ok(None) };
    let reading = context.busy(move || read(jpeg)).await??;
    let audit = found.change(context, session)?;
    Ok(results::add_reading(&context.store, id, result, &reading, &audit).await?)
}
