//! Puts a notice into the list that the app shows.

use domain::id::{NotificationId, UserId};
use domain::notice::Notice;
use domain::notification::Notification;
use domain::wording;
use runtime::Context;
use store::notifications;
use store::outbox::Entry;

use super::{Failure, Outcome, recipient};

pub async fn add(
    context: &Context,
    entry: &Entry,
    (user, id): (UserId, NotificationId),
    notice: &Notice,
) -> Result<Outcome, Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(Outcome::Done);
    };
    let note = Notification {
        id,
        user,
        kind: notice.kind().to_owned(),
        message: wording::sentence(notice, recipient.language),
        reference: notice.reference(),
        is_read: false,
        created_at: entry.created_at,
    };
    notifications::add(&context.store, &note, entry, context.now).await?;
    Ok(Outcome::Removed)
}
