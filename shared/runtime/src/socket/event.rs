//! What happens on a connection, as argument types: who speaks is built only from a connection that is known and a session
//! that is open.

use std::collections::HashMap;
use std::future::Future;

use domain::id::UserId;
use domain::session::{NotAllowed, NotSignedIn, Session};
use domain::socket::{ConnectionId, PROTOCOL, SocketRefused};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::sockets::{self, Connection};
use store::table::{ItemAction, Table};

use super::{Arrived, SocketKind};
use crate::context::Context;
use crate::input;
use crate::need::Need;
use crate::problem::Problem;

pub trait SocketEvent: Sized + Send {
    const KIND: SocketKind;
    const NEEDS: &'static [Need];

    fn read(context: &Context, arrived: &Arrived) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// Whose it is, for the log (as a hash).
    fn user(&self) -> Option<UserId>;
}

/// Somebody wants to connect, with the protocol that we speak.
pub struct Opening {
    pub connection: ConnectionId,
    pub query: HashMap<String, String>,
}

impl SocketEvent for Opening {
    const KIND: SocketKind = SocketKind::Opening;
    const NEEDS: &'static [Need] = &[];

    async fn read(_: &Context, arrived: &Arrived) -> Result<Self, Problem> {
        if !arrived.offered.iter().any(|offered| offered == PROTOCOL) {
            return Err(SocketRefused::WrongProtocol.into());
        }
        Ok(Self {
            connection: arrived.connection.clone(),
            query: arrived.query.clone(),
        })
    }

    fn user(&self) -> Option<UserId> {
        None
    }
}

/// Somebody is gone.
pub struct Closing {
    pub connection: ConnectionId,
}

impl SocketEvent for Closing {
    const KIND: SocketKind = SocketKind::Closing;
    const NEEDS: &'static [Need] = &[];

    async fn read(_: &Context, arrived: &Arrived) -> Result<Self, Problem> {
        Ok(Self {
            connection: arrived.connection.clone(),
        })
    }

    fn user(&self) -> Option<UserId> {
        None
    }
}

/// A connection, and the session of whom it belongs to, as it is now.
#[derive(Clone)]
pub struct Speaker {
    pub connection: Connection,
    pub session: Session,
}

/// Something was said.
pub struct Message<T> {
    pub from: Speaker,
    pub body: T,
}

impl<T: DeserializeOwned + Send> SocketEvent for Message<T> {
    const KIND: SocketKind = SocketKind::Message;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Sockets, &[ItemAction::Get]),
        Need::Items(Table::Identity, &[ItemAction::BatchGet]),
        Need::Connections,
    ];

    async fn read(context: &Context, arrived: &Arrived) -> Result<Self, Problem> {
        let from = speaker(context, &arrived.connection).await?;
        let body = input::parse_json(arrived.body.as_bytes())?;
        Ok(Self { from, body })
    }

    fn user(&self) -> Option<UserId> {
        Some(self.from.session.user_id)
    }
}

/// Whoever may not speak any more is hung up on: they learn why when they ask for a ticket.
async fn speaker(context: &Context, id: &ConnectionId) -> Result<Speaker, Problem> {
    let Some(connection) = sockets::find(&context.store, id, context.now).await? else {
        context.hang_up(id).await;
        return Err(SocketRefused::ConnectionOver.into());
    };
    match context.session_of(connection.user, connection.session).await? {
        Ok(session) => Ok(Speaker { connection, session }),
        Err(problem) => {
            context.dismiss(&connection).await;
            Err(problem)
        }
    }
}

impl Context {
    /// The session that a connection was opened for, if it is open and nobody is suspended; else why not. At most five
    /// seconds old.
    pub async fn session_of(
        &self,
        user: UserId,
        session: domain::id::SessionId,
    ) -> Result<Result<Session, Problem>, Problem> {
        let session = crate::callers::find_session(self, user, session).await?;
        Ok(match session {
            None => Err(NotSignedIn::InvalidToken.into()),
            Some(session) if session.is_suspended => Err(NotAllowed::Suspended.into()),
            Some(session) => Ok(session),
        })
    }
}

/// What every message may have beside its type.
#[derive(Default, Deserialize)]
pub(super) struct Envelope {
    /// Drawn by the client; the answer has it as `reply_to`.
    #[serde(default)]
    pub id: Option<String>,
}
