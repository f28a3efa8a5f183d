//! Sending without being asked, to whoever listens now.
//!
//! It is done within the request that gives rise to it, since a call cannot wait for a queue, and it is best effort: what
//! is sent also lies where it can be read (a list, a mailbox), and is read when its client connects. So nothing here
//! fails; an operator hears of what should not have happened.
//!
//! It happens outside the tables. A request with an `Idempotency-Key` writes nothing before its answer is known, so what
//! it pushes waits until its writes are committed, and is forgotten where nothing comes of them. Should its process die
//! just then, nobody is told; whoever listens asks once in a while for what they have not heard.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clients::sockets::{PushError, SocketClient};
use domain::id::{SocketPlaceId, UserId};
use domain::session::Session;
use domain::socket::{Channel, ConnectionId, LARGEST_MESSAGE_BYTES, SocketRefused};
use futures_util::future::join_all;
use serde::Serialize;
use store::ledger;
use store::sockets::seats::{self, Seat};
use store::sockets::{self, Connection, SocketError};

use crate::context::Context;
use crate::problem::Problem;

/// One of those who listen to a channel.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Of their seat.
    pub name: String,
    /// Whether whoever sits there may hear it, as they are now.
    pub may_hear: fn(&Session) -> bool,
}

/// What waits for the writes of its request.
#[derive(Default)]
pub(crate) struct PushQueue(Mutex<Vec<Push>>);

struct Push {
    channel: Channel,
    deed: Deed,
}

enum Deed {
    Tell(Listener, String),
    TellAll(String),
    Dissolve,
}

impl PushQueue {
    fn lock(&self) -> MutexGuard<'_, Vec<Push>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Context {
    /// To all who listen to a channel.
    pub async fn push(&self, channel: Channel, message: &(impl Serialize + Sync)) {
        if let Some(text) = self.text_of(message) {
            self.once_committed(channel, Deed::TellAll(text)).await;
        }
    }

    /// To whoever has one seat of a channel, if anybody has.
    pub async fn push_to(&self, channel: Channel, listener: Listener, message: &(impl Serialize + Sync)) {
        if let Some(text) = self.text_of(message) {
            self.once_committed(channel, Deed::Tell(listener, text)).await;
        }
    }

    /// Nobody listens to a channel any more, since there is nothing more to hear. Connections stay.
    pub async fn dissolve(&self, channel: Channel) {
        self.once_committed(channel, Deed::Dissolve).await;
    }

    fn text_of(&self, message: &impl Serialize) -> Option<String> {
        let text = serde_json::to_string(message).unwrap_or_default();
        if text.len() > LARGEST_MESSAGE_BYTES {
            self.note_not_pushed("a message is larger than API Gateway carries");
            return None;
        }
        Some(text)
    }

    async fn once_committed(&self, channel: Channel, deed: Deed) {
        let push = Push { channel, deed };
        match ledger::holds(&self.store) {
            true => self.pushes.lock().push(push),
            false => self.carry_out(&push).await,
        }
    }

    /// What was pushed while writes were held back, now that they are committed.
    pub(crate) async fn carry_out_pushes(&self) {
        let waiting = std::mem::take(&mut *self.pushes.lock());
        for push in &waiting {
            self.carry_out(push).await;
        }
    }

    pub(crate) fn forget_pushes(&self) {
        self.pushes.lock().clear();
    }

    async fn carry_out(&self, push: &Push) {
        if let Err(error) = self.try_to_carry_out(push).await {
            self.note_not_pushed(&error.to_string());
        }
    }

    async fn try_to_carry_out(&self, Push { channel, deed }: &Push) -> Result<(), store::Error> {
        // A meter of its own, and none of the request's writes.
        let store = self.platform.store();
        match deed {
            Deed::Tell(listener, text) => {
                let seat = seats::at(&store, channel, &listener.name, self.now).await?;
                join_all(seat.iter().map(|seat| self.push_to_seat(seat, listener.may_hear, text))).await;
            }
            Deed::TellAll(text) => {
                let seats = seats::all(&store, channel, self.now).await?;
                join_all(seats.iter().map(|seat| self.push_to_seat(seat, |_| true, text))).await;
            }
            Deed::Dissolve => {
                for seat in seats::all(&store, channel, self.now).await? {
                    seats::take_away(&store, &seat).await?;
                }
            }
        }
        Ok(())
    }

    /// Takes a seat, and hangs up on whoever had it.
    pub async fn take_seat(&self, connection: &Connection, channel: Channel, name: &str) -> Result<(), Problem> {
        let replaced = seats::take(&self.store, connection, channel, name, self.now).await;
        if let Some(seat) = self.or_hang_up(connection, replaced).await? {
            self.replace(&seat).await;
        }
        Ok(())
    }

    /// Takes the seats that this connection's place has had.
    pub async fn take_seats_again(&self, connection: &Connection) -> Result<Vec<Channel>, Problem> {
        let taken = seats::take_again(&self.store, connection, self.now).await;
        let (channels, replaced) = self.or_hang_up(connection, taken).await?;
        join_all(replaced.iter().map(|seat| self.replace(seat))).await;
        Ok(channels)
    }

    /// A connection that turned out to be over while it was spoken over.
    pub async fn or_hang_up<T>(&self, connection: &Connection, done: Result<T, SocketError>) -> Result<T, Problem> {
        if let Err(SocketError::Refused(SocketRefused::ConnectionOver)) = &done {
            self.hang_up(&connection.id).await;
        }
        Ok(done?)
    }

    /// Ends those of a person's connections whose sign-in is over, as it is now. Whoever has said nothing yet has no seat, and
    /// is refused when they do.
    pub async fn end_sockets(&self, user: UserId) -> Result<(), store::Error> {
        for seat in seats::all(&self.store, &Channel::User(user), self.now).await? {
            let session = store::sessions::find_open(&self.store, user, seat.session, self.now).await?;
            if session.is_none_or(|session| session.is_suspended) {
                self.replace(&seat).await;
            }
        }
        Ok(())
    }

    /// Ends a connection whose sign-in is over, or that makes room.
    pub async fn dismiss(&self, connection: &Connection) {
        self.end(connection.place, &connection.id).await;
    }

    /// The same of one that has a seat.
    pub async fn replace(&self, seat: &Seat) {
        self.end(seat.place, &seat.connection).await;
    }

    async fn end(&self, place: SocketPlaceId, id: &ConnectionId) {
        if let Err(error) = sockets::vacate(&self.platform.store(), place, id, self.now).await {
            self.note_not_pushed(&error.to_string());
        }
        self.hang_up(id).await;
    }

    /// Of what is not known any more.
    pub(super) async fn hang_up(&self, id: &ConnectionId) {
        let Some(client) = self.socket_client() else { return };
        if let Err(error) = client.hang_up(id.as_str()).await {
            self.note_not_pushed(&format!("a connection stays open: {error}"));
        }
    }

    /// Only while the session is open that its connection was opened for.
    async fn push_to_seat(&self, seat: &Seat, may_hear: fn(&Session) -> bool, text: &str) {
        match self.session_of(seat.user, seat.session).await {
            Ok(Ok(session)) if may_hear(&session) => {}
            Ok(Ok(_)) => return,
            Ok(Err(_)) => return self.replace(seat).await,
            Err(problem) => return self.note_not_pushed(&problem.cause.unwrap_or(problem.detail)),
        }
        let Some(client) = self.socket_client() else { return };
        match client.send(seat.connection.as_str(), text).await {
            Ok(()) => {}
            Err(PushError::Gone) => {
                if let Err(error) =
                    sockets::vacate(&self.platform.store(), seat.place, &seat.connection, self.now).await
                {
                    self.note_not_pushed(&error.to_string());
                }
            }
            Err(error) => self.note_not_pushed(&error.to_string()),
        }
    }

    /// None where the operator has no WebSocket API.
    fn socket_client(&self) -> Option<Arc<SocketClient>> {
        let settings = &self.platform.settings;
        let endpoint = settings.sockets.endpoint.as_deref()?;
        let open = || Ok::<_, std::convert::Infallible>(SocketClient::new(&settings.connection, endpoint));
        self.platform.shared(open).ok()
    }

    fn note_not_pushed(&self, why: &str) {
        self.note_outer_fault(format!("the WebSocket API: {why}"));
    }
}
