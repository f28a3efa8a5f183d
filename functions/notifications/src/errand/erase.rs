//! Removes what belonged to somebody whose account is gone, after what they were expected at is called off: in goes that each
//! fit into a worker's time, and once more when all requests are over that had begun before.

use domain::id::UserId;
use domain::picture_link::PictureName;
use jiff::SignedDuration;
use runtime::Context;
use store::erasure::{self, MOST_AT_ONCE, Walk};
use store::outbox::{self, Entry, Errand};
use store::records::{self, Erased};

use super::{Failure, Outcome, visits};

/// Longer than a request takes with a session that was read before the account went.
const SECOND_LOOK: SignedDuration = SignedDuration::from_mins(10);

pub async fn go_on(
    context: &Context,
    entry: &Entry,
    user: UserId,
    pictures: &[PictureName],
    again: bool,
) -> Result<Outcome, Failure> {
    let next = |part, again| {
        let pictures = Vec::new();
        entry.child(part, Errand::Erase { user, pictures, again }, context.now)
    };
    visits::call_off(context, entry, user).await?;
    context.end_sockets(user).await?;
    match erasure::erase(&context.store, user, pictures, MOST_AT_ONCE, context.now).await? {
        Walk::Paused => outbox::replace(&context.store, entry, &[next("rest", again)]).await?,
        Walk::Finished if again => return Ok(Outcome::Done),
        Walk::Finished => {
            let due_at = context.now + SECOND_LOOK;
            outbox::replace_later(&context.store, entry, next("second look", true), due_at).await?;
        }
    }
    Ok(Outcome::Removed)
}

/// In goes as well: a record may have thousands of versions.
pub async fn forget_record(context: &Context, entry: &Entry, erased: &Erased) -> Result<Outcome, Failure> {
    match records::forget(&context.store, erased, MOST_AT_ONCE).await? {
        Walk::Finished => Ok(Outcome::Done),
        Walk::Paused => {
            let rest = entry.child("rest", Errand::ForgetRecord(erased.clone()), context.now);
            outbox::replace(&context.store, entry, &[rest]).await?;
            Ok(Outcome::Removed)
        }
    }
}
