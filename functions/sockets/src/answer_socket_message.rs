//! Socket `$default`: `hello`, `ping`, and whatever no other function takes.

use domain::socket::{
    Channel, LARGEST_MESSAGE_BYTES, MOST_PLACES, PING_SECONDS, ResumeToken, SocketRefused, SocketSecret,
};
use jiff::Timestamp;
use runtime::need::Need;
use runtime::socket::{DEFAULT, Message, Reply};
use runtime::{Context, Function, Problem, Socket};
use serde::{Deserialize, Serialize};
use store::sockets::{self, Connection, seats};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::socket::<AnswerSocketMessage>();

pub struct AnswerSocketMessage;

#[derive(Deserialize)]
pub struct Said {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    Hello(Hello),
    Pong { server_time: Timestamp },
}

#[derive(Serialize)]
pub struct Hello {
    server_time: Timestamp,
    /// What the client comes back with. The one before is good until this one is used.
    resume: String,
    /// Whether it came back.
    is_resumed: bool,
    /// What it is told of, its person's own aside.
    channels: Vec<Channel>,
    /// When API Gateway ends the connection, busy or not.
    ends_at: Timestamp,
    ping_seconds: u32,
    largest_message_bytes: usize,
}

impl Socket for AnswerSocketMessage {
    const NAME: &'static str = "answer-socket-message";
    const SUMMARY: &'static str = "Greets whoever connected to the WebSocket API, and answers that it is there";
    const ROUTES: &'static [&'static str] = &[DEFAULT];
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Sockets,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    )];

    type Event = Message<Said>;
    type Output = Reply<Answer>;

    async fn handle(context: &Context, message: Message<Said>) -> Result<Reply<Answer>, Problem> {
        let kind = message.body.kind.ok_or(SocketRefused::MalformedMessage)?;
        match kind.as_str() {
            "hello" => hello(context, &message.from.connection)
                .await
                .map(Answer::Hello)
                .map(Reply),
            "ping" => Ok(Reply(Answer::Pong {
                server_time: context.now,
            })),
            _ => Err(SocketRefused::UnknownType.into()),
        }
    }
}

/// Once more it does no harm, and gives another token.
async fn hello(context: &Context, connection: &Connection) -> Result<Hello, Problem> {
    let resume = ResumeToken {
        place: connection.place,
        secret: SocketSecret::new(context.random()?),
    };
    let noted = sockets::note_secret(&context.store, connection, &resume.secret.digest()).await;
    context.or_hang_up(connection, noted).await?;
    let own = Channel::User(connection.user);
    let mut channels = context.take_seats_again(connection).await?;
    channels.retain(|channel| *channel != own);
    context
        .take_seat(connection, own, &connection.place.to_string())
        .await?;
    make_room(context, own).await?;
    Ok(Hello {
        server_time: context.now,
        resume: resume.text(),
        is_resumed: connection.is_resumed,
        channels,
        ends_at: connection.ends_at,
        ping_seconds: PING_SECONDS,
        largest_message_bytes: LARGEST_MESSAGE_BYTES,
    })
}

/// Whoever opens connections without end closes their own.
async fn make_room(context: &Context, own: Channel) -> Result<(), Problem> {
    let mut seats = seats::all(&context.store, &own, context.now).await?;
    seats.sort_by_key(|seat| std::cmp::Reverse(seat.taken_at));
    for seat in seats.iter().skip(MOST_PLACES) {
        context.replace(seat).await;
    }
    Ok(())
}
