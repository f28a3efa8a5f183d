//! Connections of the WebSocket API: what lets somebody connect, whose a connection is, and the place that a client
//! comes back to when its connection broke.
//!
//! Everything here ends by itself within hours. A connection is known from the moment it is accepted; it is sent
//! something once it sits somewhere ([`seats`]), which it does with its first message: before, API Gateway takes it for
//! gone. That somebody disconnects is not always told, so whatever is sent may find that nobody is there.

pub mod seats;

use domain::id::{SessionId, SocketPlaceId, UserId};
use domain::socket::{CONNECTION_LIFE, ConnectionId, RESUME_LIFE, SecretDigest, SocketRefused, TICKET_LIFE};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, RefusedOr, Store, key, pause};

pub type SocketError = RefusedOr<SocketRefused>;

/// Records of connections outlive them by this: clocks differ.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);
/// Secrets that one connection was given lately. Its client may have heard the answer with any of them last.
const MOST_ISSUED: usize = 8;
/// How often one is noted anew while others are.
const ATTEMPTS: u32 = 5;

/// Who may connect, once and soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub user: UserId,
    pub session: SessionId,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// One that was accepted and has not been told to be over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub id: ConnectionId,
    pub place: SocketPlaceId,
    pub user: UserId,
    pub session: SessionId,
    /// Whether it came back to a place that was there.
    pub is_resumed: bool,
    /// When API Gateway ends it.
    pub ends_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// What a client comes back to. The secret opens it that its connection was opened with, in case the client never got the
/// next, and so do those that it was given since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub id: SocketPlaceId,
    pub user: UserId,
    pub session: SessionId,
    /// The newest connection there.
    pub connection: ConnectionId,
    opened_with: Option<SecretDigest>,
    /// The newest last.
    issued: Vec<SecretDigest>,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl Place {
    pub fn is_opened_by(&self, secret: &SecretDigest) -> bool {
        self.opened_with.iter().chain(&self.issued).any(|known| known == secret)
    }
}

pub async fn issue_ticket(
    store: &Store,
    digest: &SecretDigest,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Ticket, Error> {
    let ticket = Ticket {
        user,
        session,
        expires_at: now + TICKET_LIFE,
    };
    let write = Write::put(key::socket_ticket(digest), &ticket)?.if_absent();
    store.write(write).await.map(|()| ticket)
}

/// A ticket that is not over. Expired items linger until DynamoDB sweeps them.
pub async fn find_ticket(store: &Store, digest: &SecretDigest, now: Timestamp) -> Result<Option<Ticket>, Error> {
    let ticket: Option<Ticket> = store.get(&key::socket_ticket(digest)).await?;
    Ok(ticket.filter(|ticket| now < ticket.expires_at))
}

/// A place that somebody can still come back to.
pub async fn find_place(store: &Store, id: SocketPlaceId, now: Timestamp) -> Result<Option<Place>, Error> {
    let place: Option<Place> = store.get(&key::place(id)).await?;
    Ok(place.filter(|place| now < place.expires_at))
}

/// A connection that is known.
pub async fn find(store: &Store, id: &ConnectionId, now: Timestamp) -> Result<Option<Connection>, Error> {
    let connection: Option<Connection> = store.get(&key::connection(id)).await?;
    Ok(connection.filter(|connection| now < connection.expires_at))
}

/// Uses a ticket up: of several that connect with one, one gets in.
pub async fn open(
    store: &Store,
    digest: &SecretDigest,
    ticket: &Ticket,
    (connection, place): (ConnectionId, SocketPlaceId),
    now: Timestamp,
) -> Result<Connection, SocketError> {
    let place = Place {
        id: place,
        user: ticket.user,
        session: ticket.session,
        connection: connection.clone(),
        opened_with: None,
        issued: Vec::new(),
        expires_at: now + CONNECTION_LIFE + RESUME_LIFE,
    };
    let connection = connected(connection, &place, false, now);
    let writes = vec![
        Write::delete(key::socket_ticket(digest)).if_present(),
        Write::put(key::connection(&connection.id), &connection)?.if_absent(),
        Write::put(key::place(place.id), &place)?.if_absent(),
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Err(RefusedOr::Refused(SocketRefused::TicketInvalid)),
        other => Ok(other.map(|()| connection)?),
    }
}

/// Comes back to a place with one of its secrets. Of several at once, one does; the others have seen another connection
/// there, and try anew.
pub async fn reopen(
    store: &Store,
    secret: &SecretDigest,
    place: &Place,
    connection: ConnectionId,
    now: Timestamp,
) -> Result<Connection, SocketError> {
    let connection = connected(connection, place, true, now);
    let moved = Write::update(key::place(place.id))
        .set("connection", &connection.id)?
        .set("opened_with", secret)?
        .set("issued", &Vec::<SecretDigest>::new())?
        .set("expires_at", &(now + CONNECTION_LIFE + RESUME_LIFE).as_second())?
        .if_equals("connection", &place.connection)?;
    let writes = vec![
        moved,
        Write::put(key::connection(&connection.id), &connection)?.if_absent(),
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Err(RefusedOr::Refused(SocketRefused::ResumeInvalid)),
        other => Ok(other.map(|()| connection)?),
    }
}

/// Notes the secret that its client may come back with. Refused when another connection has the place by now.
pub async fn note_secret(store: &Store, connection: &Connection, secret: &SecretDigest) -> Result<(), SocketError> {
    let key = key::place(connection.place);
    for attempt in 0..ATTEMPTS {
        let place: Option<Place> = store.get(&key).await?;
        let place = place.filter(|place| place.connection == connection.id);
        let place = place.ok_or(RefusedOr::Refused(SocketRefused::ConnectionOver))?;
        let mut issued = place.issued.clone();
        issued.push(secret.clone());
        issued.drain(..issued.len().saturating_sub(MOST_ISSUED));
        let noted = Write::update(key.clone())
            .set("issued", &issued)?
            .if_equals("issued", &place.issued)?
            .if_equals("connection", &connection.id)?;
        match store.write(noted).await {
            Err(Error::ConditionFailed(_)) => pause::before_trying_again(attempt).await,
            other => return Ok(other?),
        }
    }
    Err(Error::Contended.into())
}

/// A connection is over: its seats are free, and its place can be come back to for a while. Once more does no harm.
pub async fn close(store: &Store, id: &ConnectionId, now: Timestamp) -> Result<(), Error> {
    match store.get::<Connection>(&key::connection(id)).await? {
        Some(connection) => vacate(store, connection.place, id, now).await,
        None => Ok(()),
    }
}

/// The same for one whose place is known.
pub async fn vacate(store: &Store, place: SocketPlaceId, id: &ConnectionId, now: Timestamp) -> Result<(), Error> {
    seats::leave_all(store, place, id).await?;
    let left = Write::update(key::place(place))
        .set("expires_at", &(now + RESUME_LIFE).as_second())?
        .if_equals("connection", id)?;
    unless_overtaken(store.write(left).await)?;
    store.write(Write::delete(key::connection(id))).await
}

fn connected(id: ConnectionId, place: &Place, is_resumed: bool, now: Timestamp) -> Connection {
    Connection {
        id,
        place: place.id,
        user: place.user,
        session: place.session,
        is_resumed,
        ends_at: now + CONNECTION_LIFE,
        expires_at: now + CONNECTION_LIFE + MARGIN,
    }
}

/// Somebody newer is there, whose it is now.
fn unless_overtaken(written: Result<(), Error>) -> Result<(), Error> {
    match written {
        Err(Error::ConditionFailed(_)) => Ok(()),
        other => other,
    }
}
