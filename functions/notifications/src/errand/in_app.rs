//! Puts a notice into the list that the app shows, and tells apps that are connected.

use domain::id::{NotificationId, UserId};
use domain::notice::Notice;
use domain::notification::Notification;
use domain::socket::Channel;
use domain::wording;
use runtime::Context;
use serde::Serialize;
use store::notifications;
use store::outbox::Entry;

use super::{Failure, Outcome, recipient};
use crate::notification::Item;

/// To clients that are connected, at once. What is not there in time is in the list.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Told {
    Notification { notification: Item },
}

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
        message: wording::sentence(notice, &recipient.reader),
        reference: notice.reference(),
        is_read: false,
        created_at: entry.created_at,
    };
    notifications::add(&context.store, &note, entry, context.now).await?;
    let message = Told::Notification {
        notification: note.into(),
    };
    context.push(Channel::User(user), &message).await;
    Ok(Outcome::Removed)
}
