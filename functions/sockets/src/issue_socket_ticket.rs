//! `POST /api/sockets/tickets`: a ticket to connect to the WebSocket API with, once and within a minute. Browsers cannot
//! send a token when they connect, and what stands in an address is soon logged somewhere.

use domain::refusal::{Kind, Refusal};
use domain::socket::{PROTOCOL, SocketSecret, TICKET_LIFE};
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::sockets;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<IssueSocketTicket>();

pub struct IssueSocketTicket;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    ticket: String,
    /// Where to connect, with the ticket in it.
    url: String,
    /// For `Sec-WebSocket-Protocol`.
    protocol: &'static str,
    #[schemars(with = "String")]
    expires_at: Timestamp,
    expires_in_seconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("There is no WebSocket API here")]
struct NoSockets;

impl Refusal for NoSockets {
    fn kind(&self) -> Kind {
        Kind::NotSetUp
    }

    fn code(&self) -> &'static str {
        "sockets_not_set_up"
    }
}

impl Endpoint for IssueSocketTicket {
    const NAME: &'static str = "issue-socket-ticket";
    const SUMMARY: &'static str = "Get a ticket to connect to the WebSocket API with";
    const ROUTES: &'static [Route] = &[Route::post("/api/sockets/tickets")];
    const RETRY: Retry = Retry::HandledAgain("a ticket is good for a minute: whoever asks again wants a fresh one");
    const NEEDS: &'static [Need] = &[Need::Items(Table::Sockets, &[ItemAction::Put])];

    type Caller = SignedIn;
    type Input = ();
    type Output = Created<Answer>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let url = context.platform.settings.sockets.url.as_deref().ok_or(NoSockets)?;
        let secret = SocketSecret::new(context.random()?);
        let (user, session) = (caller.user_id(), caller.session.id);
        let ticket = sockets::issue_ticket(&context.store, &secret.digest(), user, session, context.now).await?;
        Ok(Created(Answer {
            ticket: secret.text(),
            url: format!("{url}?ticket={}", secret.text()),
            protocol: PROTOCOL,
            expires_at: ticket.expires_at,
            expires_in_seconds: TICKET_LIFE.as_secs(),
        }))
    }
}
