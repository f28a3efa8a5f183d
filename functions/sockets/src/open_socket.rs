//! Socket `$connect`: lets in whoever has a ticket (`?ticket=`), or comes back to the place of a connection that broke
//! (`?resume=`).
//!
//! Nothing is sent yet and no seat taken: until the handshake is over, API Gateway takes the connection for gone.

use domain::id::SocketPlaceId;
use domain::socket::{ConnectionId, ResumeToken, SocketRefused, SocketSecret};
use runtime::need::Need;
use runtime::socket::{Accepted, CONNECT, Opening};
use runtime::{Context, Function, Problem, RateClass, Socket};
use store::sockets;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::socket::<OpenSocket>();

pub struct OpenSocket;

/// How often a place is looked at again that somebody else came back to at the same moment.
const ATTEMPTS: u32 = 3;

impl Socket for OpenSocket {
    const NAME: &'static str = "open-socket";
    const SUMMARY: &'static str = "Lets somebody connect to the WebSocket API";
    const ROUTES: &'static [&'static str] = &[CONNECT];
    const RATE: RateClass = RateClass::Connections;
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Sockets,
            &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Delete],
        ),
        Need::Items(Table::Identity, &[ItemAction::BatchGet]),
    ];

    type Event = Opening;
    type Output = Accepted;

    async fn handle(context: &Context, event: Opening) -> Result<Accepted, Problem> {
        let Opening { connection, query } = event;
        match (query.get("ticket"), query.get("resume")) {
            (Some(ticket), None) => with_ticket(context, ticket, connection).await?,
            (None, Some(resume)) => come_back(context, resume, connection).await?,
            _ => return Err(SocketRefused::NoTicket.into()),
        }
        Ok(Accepted)
    }
}

/// The session is looked at before the ticket is used up: an outage costs nobody their ticket.
async fn with_ticket(context: &Context, ticket: &str, connection: ConnectionId) -> Result<(), Problem> {
    let secret = SocketSecret::read(ticket).ok_or(SocketRefused::TicketInvalid)?.digest();
    let ticket = sockets::find_ticket(&context.store, &secret, context.now).await?;
    let ticket = ticket.ok_or(SocketRefused::TicketInvalid)?;
    context.session_of(ticket.user, ticket.session).await??;
    let place = context.new_id(SocketPlaceId::new)?;
    sockets::open(&context.store, &secret, &ticket, (connection, place), context.now).await?;
    Ok(())
}

async fn come_back(context: &Context, token: &str, connection: ConnectionId) -> Result<(), Problem> {
    let token = ResumeToken::read(token).ok_or(SocketRefused::ResumeInvalid)?;
    let secret = token.secret.digest();
    for _ in 0..ATTEMPTS {
        let place = sockets::find_place(&context.store, token.place, context.now).await?;
        let place = place.filter(|place| place.is_opened_by(&secret));
        let place = place.ok_or(SocketRefused::ResumeInvalid)?;
        context.session_of(place.user, place.session).await??;
        let reopened = sockets::reopen(&context.store, &secret, &place, connection.clone(), context.now).await;
        match reopened {
            Err(sockets::SocketError::Refused(_)) => {}
            other => return Ok(other.map(|_| ())?),
        }
    }
    Err(SocketRefused::ResumeInvalid.into())
}
