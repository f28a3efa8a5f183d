//! Sessions: one small item, read with every request.

use domain::id::{SessionId, UserId};
use domain::session::Session;
use jiff::Timestamp;

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

/// Opens a session and notes the message about it. Fails as `ConditionFailed` when the account went meanwhile.
pub async fn open(store: &Store, session: &Session, message: &Entry) -> Result<(), Error> {
    store
        .transact(vec![
            Write::check(key::account(session.user_id)).if_present(),
            Write::put(key::session(session.user_id, session.id), session)?.if_absent(),
            message.write(store).await?,
        ])
        .await
}

/// A session that is still open. Expired items linger until DynamoDB sweeps them, so time is checked here.
pub async fn find_open(
    store: &Store,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let session: Option<Session> = store.get(&key::session(user, session)).await?;
    Ok(session.filter(|session| !session.is_over(now)))
}
