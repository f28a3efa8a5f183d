//! Socket `$disconnect`: forgets a connection. API Gateway does not always tell; what is left expires.

use runtime::need::Need;
use runtime::socket::{Accepted, Closing, DISCONNECT};
use runtime::{Context, Function, Problem, RateClass, Socket};
use store::sockets;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::socket::<CloseSocket>();

pub struct CloseSocket;

impl Socket for CloseSocket {
    const NAME: &'static str = "close-socket";
    const SUMMARY: &'static str = "Forgets a connection of the WebSocket API that is over";
    const ROUTES: &'static [&'static str] = &[DISCONNECT];
    const RATE: RateClass = RateClass::Free;
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Sockets,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    )];

    type Event = Closing;
    type Output = Accepted;

    async fn handle(context: &Context, event: Closing) -> Result<Accepted, Problem> {
        sockets::close(&context.store, &event.connection, context.now).await?;
        Ok(Accepted)
    }
}
