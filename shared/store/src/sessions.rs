//! Sessions: one item for each signed-in device, read with every request together with its account.

use domain::account::Standing;
use domain::id::{SessionId, UserId};
use domain::session::{Product, RefreshTurn, Session, refresh_turn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::Proof;
use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, activity, homes, key};

#[derive(Clone, Serialize, Deserialize)]
pub struct StoredSession {
    pub id: SessionId,
    pub user_id: UserId,
    pub product: Product,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// That of the account when it was opened.
    pub epoch: u32,
    /// Refreshes since the sign-in.
    pub generation: u32,
    /// When the last refresh was.
    pub moved_at: Timestamp,
    pub device: Device,
}

/// What a person recognises a device by.
#[derive(Clone, Serialize, Deserialize)]
pub struct Device {
    pub address: String,
    pub user_agent: String,
}

impl Sealed for StoredSession {
    const SEALED: &'static [&'static str] = &["device"];
}

/// How a session comes about.
pub struct Opening<'a> {
    pub session: &'a StoredSession,
    /// The network it is opened from is known from now on, under these names of the person.
    pub at_home: &'a [String],
    pub network: &'a str,
    /// A code that this uses up.
    pub proof: Option<&'a Proof>,
    pub message: &'a Entry,
    pub now: Timestamp,
}

/// Opens a session. Fails as `ConditionFailed` when the account went or ended its sessions meanwhile, or the code was
/// used: of six with one code, one succeeds.
pub async fn open(store: &Store, opening: &Opening<'_>) -> Result<(), Error> {
    let session = opening.session;
    let mut writes = vec![
        Write::check(key::account(session.user_id)).if_equals("epoch", &session.epoch)?,
        store
            .sealed_put(key::session(session.user_id, session.id), session)
            .await?
            .if_absent(),
        opening.message.write(store).await?,
        activity::of_sign_in(session)?,
    ];
    writes.extend(opening.proof.map(Proof::spend).transpose()?);
    for whose in opening.at_home {
        writes.push(homes::remember(store, whose, opening.network, opening.now).await?);
    }
    store.transact(writes).await
}

/// A session that is still open, with the person's rights as they are now. Expired items linger until DynamoDB sweeps
/// them, so time is checked here.
pub async fn find_open(
    store: &Store,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let keys = [key::session(user, session), key::account(user)];
    let [session, account] = store.batch_get(&keys).await?.try_into().unwrap_or([None, None]);
    let (Some(session), Some(account)) = (session, account) else {
        return Ok(None);
    };
    let session: Stamp = serde_dynamo::from_item(session)?;
    let standing: Standing = serde_dynamo::from_item(account)?;
    let is_open = now < session.expires_at && session.epoch == standing.epoch;
    Ok(is_open.then(|| session.with(&standing, now)))
}

/// The open part of a session item.
#[derive(Deserialize)]
struct Stamp {
    id: SessionId,
    user_id: UserId,
    product: Product,
    created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
    epoch: u32,
    generation: u32,
    moved_at: Timestamp,
}

impl Stamp {
    fn with(&self, standing: &Standing, now: Timestamp) -> Session {
        Session {
            id: self.id,
            user_id: self.user_id,
            role: standing.role,
            is_suspended: standing.is_suspended,
            is_verified: standing.is_verified(now),
            product: self.product,
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

/// What came of a refresh.
pub enum Refreshed {
    /// The session, and the number of its refresh token now.
    Moved { session: Session, generation: u32 },
    /// Not open, or not there.
    Over,
    /// Somebody presented an old token: the session is gone and its owner is told.
    Ended,
}

/// Moves a session's chain of refresh tokens on. Of many calls with one token at once, one moves it and the others get
/// the same; a call with an older token ends this session and no other.
pub async fn refresh(
    store: &Store,
    user: UserId,
    session: SessionId,
    presented: u32,
    warning: &Entry,
    now: Timestamp,
) -> Result<Refreshed, Error> {
    // A loser of the race finds its token to be the previous one at the second look.
    for _ in 0..4 {
        let keys = [key::session(user, session), key::account(user)];
        let [item, account] = store.batch_get(&keys).await?.try_into().unwrap_or([None, None]);
        let (Some(item), Some(account)) = (item, account) else {
            return Ok(Refreshed::Over);
        };
        let stamp: Stamp = serde_dynamo::from_item(item)?;
        let standing: Standing = serde_dynamo::from_item(account)?;
        if now >= stamp.expires_at || stamp.epoch != standing.epoch {
            return Ok(Refreshed::Over);
        }
        match refresh_turn(presented, stamp.generation, stamp.moved_at, now) {
            RefreshTurn::Again => {
                let generation = stamp.generation;
                let session = stamp.with(&standing, now);
                return Ok(Refreshed::Moved { session, generation });
            }
            RefreshTurn::Next => {
                let next = stamp.generation.saturating_add(1);
                let moved = Write::update(key::session(user, session))
                    .set("generation", &next)?
                    .set("moved_at", &now)?
                    .if_equals("generation", &presented)?;
                match store.write(moved).await {
                    Err(Error::ConditionFailed(_)) => {}
                    Err(error) => return Err(error),
                    Ok(()) => {
                        let session = stamp.with(&standing, now);
                        return Ok(Refreshed::Moved {
                            session,
                            generation: next,
                        });
                    }
                }
            }
            RefreshTurn::Reused => {
                let gone = Write::delete(key::session(user, session)).if_present();
                let ended = store.transact(vec![gone, warning.write(store).await?]).await;
                return ended
                    .or_else(|error| match error {
                        Error::ConditionFailed(_) => Ok(()),
                        other => Err(other),
                    })
                    .map(|()| Refreshed::Ended);
            }
        }
    }
    Err(Error::Unavailable("a session kept moving on".to_owned()))
}

/// Ends one session of a person, with what follows from it. `false` when there was none.
pub async fn end(store: &Store, user: UserId, session: SessionId, follows: &Entry) -> Result<bool, Error> {
    let gone = Write::delete(key::session(user, session)).if_present();
    match store.transact(vec![gone, follows.write(store).await?]).await {
        Err(Error::ConditionFailed(_)) => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(true),
    }
}

/// More devices than anybody has; older ones are not shown.
const MOST_LISTED: usize = 100;

/// A person's open sessions, newest first.
pub async fn list(store: &Store, user: UserId, epoch: u32, now: Timestamp) -> Result<Vec<StoredSession>, Error> {
    let items = store.query_all_backwards(&key::sessions(user), MOST_LISTED).await?;
    let mut sessions = Vec::new();
    for item in items {
        let stamp: Stamp = serde_dynamo::from_item(item.clone())?;
        if now < stamp.expires_at && stamp.epoch == epoch {
            sessions.push(store.open_item(&key::session(user, stamp.id), item).await?);
        }
    }
    Ok(sessions)
}
