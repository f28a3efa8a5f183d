//! Who listens to what. A seat of a channel has one connection: whoever takes it later has it, and the connection that had
//! it is no longer known, so that nothing reaches it and nothing that it says counts.

use domain::id::{SessionId, SocketPlaceId, UserId};
use domain::socket::{Channel, ConnectionId, SocketRefused};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Connection, SocketError, unless_overtaken};
use crate::key::Key;
use crate::write::Write;
use crate::{Error, RefusedOr, Store, key, pause};

/// How often taking a seat is tried while others take the same.
const ATTEMPTS: u32 = 10;
/// Of one channel, and channels of one place: far more than there ever are.
const MOST: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub channel: Channel,
    /// Among all of the channel: a place, or whoever takes part.
    pub name: String,
    pub connection: ConnectionId,
    pub place: SocketPlaceId,
    pub user: UserId,
    pub session: SessionId,
    pub taken_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// That a place listens to a channel: whoever comes back to it takes the same seats.
#[derive(Serialize, Deserialize)]
struct Listens {
    channel: Channel,
    name: String,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// Sits down. Whoever sat there, if another, is to be hung up on. Refused when this connection is over itself: of two that
/// take one seat from each other, the later one has it.
pub async fn take(
    store: &Store,
    connection: &Connection,
    channel: Channel,
    name: &str,
    now: Timestamp,
) -> Result<Option<Seat>, SocketError> {
    let place = key::seat(&channel, name);
    for attempt in 0..ATTEMPTS {
        let before: Option<Seat> = store.get(&place).await?;
        if before.as_ref().is_some_and(|seat| seat.connection == connection.id) {
            return Ok(None);
        }
        let writes = writes(&place, connection, (channel, name), before.as_ref(), now)?;
        match store.transact(writes).await {
            Err(Error::ConditionFailed(1)) => return Err(RefusedOr::Refused(SocketRefused::ConnectionOver)),
            Err(Error::ConditionFailed(_)) => pause::before_trying_again(attempt).await,
            other => return Ok(other.map(|()| before)?),
        }
    }
    Err(Error::Unavailable("a seat kept changing hands".to_owned()).into())
}

fn writes(
    place: &Key,
    connection: &Connection,
    (channel, name): (Channel, &str),
    before: Option<&Seat>,
    now: Timestamp,
) -> Result<Vec<Write>, Error> {
    let seat = Seat {
        channel,
        name: name.to_owned(),
        connection: connection.id.clone(),
        place: connection.place,
        user: connection.user,
        session: connection.session,
        taken_at: now,
        expires_at: connection.expires_at,
    };
    let listens = Listens {
        channel,
        name: name.to_owned(),
        expires_at: connection.expires_at,
    };
    let put = Write::put(place.clone(), &seat)?;
    let put = match before {
        Some(before) => put.if_equals("connection", &before.connection)?,
        None => put.if_absent(),
    };
    let mut writes = vec![
        put,
        Write::check(key::connection(&connection.id)).if_present(),
        Write::put(key::listens(connection.place, &channel), &listens)?,
    ];
    if let Some(before) = before {
        writes.push(Write::delete(key::connection(&before.connection)));
        // Or it would come back to its place and take the seat again, and so would this one, without end.
        if before.place != connection.place {
            writes.push(Write::delete(key::listens(before.place, &channel)));
        }
    }
    Ok(writes)
}

/// Sits down wherever this place listened before. Gives the channels, and whom to hang up on.
pub async fn take_again(
    store: &Store,
    connection: &Connection,
    now: Timestamp,
) -> Result<(Vec<Channel>, Vec<Seat>), SocketError> {
    let (mut channels, mut replaced) = (Vec::new(), Vec::new());
    for Listens { channel, name, .. } in listened(store, connection.place).await? {
        replaced.extend(take(store, connection, channel, &name, now).await?);
        channels.push(channel);
    }
    Ok((channels, replaced))
}

/// All who listen to a channel.
pub async fn all(store: &Store, channel: &Channel, now: Timestamp) -> Result<Vec<Seat>, Error> {
    let items = store.query_all(&key::seats(channel), MOST).await?;
    let seats: Vec<Seat> = serde_dynamo::from_items(items)?;
    Ok(seats.into_iter().filter(|seat| now < seat.expires_at).collect())
}

pub async fn at(store: &Store, channel: &Channel, name: &str, now: Timestamp) -> Result<Option<Seat>, Error> {
    let seat: Option<Seat> = store.get(&key::seat(channel, name)).await?;
    Ok(seat.filter(|seat| now < seat.expires_at))
}

/// That a connection has a seat, as part of a transaction.
pub(crate) fn is_held(connection: &Connection, channel: &Channel, name: &str) -> Result<Write, Error> {
    Write::check(key::seat(channel, name)).if_equals("connection", &connection.id)
}

/// Listens no more, and does not when its client comes back either. Nothing happens where somebody newer sits there.
pub async fn leave(store: &Store, connection: &Connection, channel: &Channel, name: &str) -> Result<(), Error> {
    let_go(store, connection.place, channel, name, &connection.id).await
}

/// The same for whoever sits there: there is nothing more to listen to.
pub async fn take_away(store: &Store, seat: &Seat) -> Result<(), Error> {
    let_go(store, seat.place, &seat.channel, &seat.name, &seat.connection).await
}

async fn let_go(
    store: &Store,
    place: SocketPlaceId,
    channel: &Channel,
    name: &str,
    connection: &ConnectionId,
) -> Result<(), Error> {
    let writes = vec![
        Write::delete(key::seat(channel, name)).if_equals("connection", connection)?,
        Write::delete(key::listens(place, channel)),
    ];
    unless_overtaken(store.transact(writes).await)
}

/// Frees all seats of a connection that is over. Whoever comes back to its place takes them again.
pub(super) async fn leave_all(store: &Store, place: SocketPlaceId, connection: &ConnectionId) -> Result<(), Error> {
    for Listens { channel, name, .. } in listened(store, place).await? {
        free(store, &channel, &name, connection).await?;
    }
    Ok(())
}

async fn free(store: &Store, channel: &Channel, name: &str, connection: &ConnectionId) -> Result<(), Error> {
    let freed = Write::delete(key::seat(channel, name)).if_equals("connection", connection)?;
    unless_overtaken(store.write(freed).await)
}

async fn listened(store: &Store, place: SocketPlaceId) -> Result<Vec<Listens>, Error> {
    let items = store.query_all(&key::all_that_listens(place), MOST).await?;
    Ok(serde_dynamo::from_items(items)?)
}
