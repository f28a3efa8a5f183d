//! One connection from its handshake to its end.
//!
//! Messages are handled beside one another, as API Gateway does it: answers may come in another order than what they answer.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::future::{Either, pending};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::Sockets;
use super::event::{End, Place};
use crate::cloud::connections::Command;

/// Handled at once; more wait.
const MOST_AT_ONCE: usize = 16;
/// How long a client has to answer that it hangs up too.
const GOODBYE: Duration = Duration::from_secs(1);

const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const UNSUPPORTED: u16 = 1003;
/// No code was given.
const NONE_GIVEN: u16 = 1005;
/// The line broke.
const ABNORMAL: u16 = 1006;
const TOO_LARGE: u16 = 1009;

pub struct Conversation<'a> {
    sockets: &'a Sockets,
    place: &'a Place,
    commands: Receiver<Command>,
    answers: JoinSet<Option<String>>,
    idle_until: Instant,
    ends_at: Instant,
}

/// What goes on.
enum Happening {
    Said(Option<Result<Message, axum::Error>>),
    Told(Option<Command>),
    Answered(Option<String>),
    TimeIsUp,
}

impl<'a> Conversation<'a> {
    pub fn new(sockets: &'a Sockets, place: &'a Place, commands: Receiver<Command>) -> Self {
        let now = Instant::now();
        Self {
            idle_until: now + sockets.times.idle,
            ends_at: now + sockets.times.longest,
            answers: JoinSet::new(),
            commands,
            sockets,
            place,
        }
    }

    pub async fn hold(mut self, mut socket: WebSocket) -> End {
        loop {
            let step = match self.next(&mut socket).await {
                Happening::Said(said) => self.hear(said),
                Happening::Told(Some(Command::Send(text))) | Happening::Answered(Some(text)) => {
                    self.say(&mut socket, text).await
                }
                Happening::Answered(None) => Ok(()),
                Happening::Told(Some(Command::End) | None) => Err(end(NORMAL, "")),
                Happening::TimeIsUp => Err(end(GOING_AWAY, "Going away")),
            };
            if let Err(end) = step {
                say_goodbye(&mut socket, &end).await;
                return end;
            }
        }
    }

    async fn next(&mut self, socket: &mut WebSocket) -> Happening {
        let is_full = self.answers.len() >= MOST_AT_ONCE;
        let listening = match is_full {
            true => Either::Left(pending()),
            false => Either::Right(socket.recv()),
        };
        tokio::select! {
            Some(answer) = self.answers.join_next() => Happening::Answered(answer.ok().flatten()),
            command = self.commands.recv() => Happening::Told(command),
            said = listening => Happening::Said(said),
            () = sleep_until(self.idle_until.min(self.ends_at)) => Happening::TimeIsUp,
        }
    }

    fn hear(&mut self, said: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match said {
            Some(Ok(Message::Text(text))) => {
                self.note_activity();
                let (sockets, place) = (self.sockets.clone(), self.place.clone());
                self.answers
                    .spawn(async move { sockets.answer(&place, text.as_str()).await });
                Ok(())
            }
            Some(Ok(Message::Binary(_))) => Err(end(UNSUPPORTED, "Binary is not supported")),
            // Pings are answered by the protocol's implementation.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(frame))) => Err(match frame {
                Some(frame) => end(frame.code, frame.reason.as_str()),
                None => end(NONE_GIVEN, ""),
            }),
            Some(Err(error)) if is_too_large(&error) => Err(end(TOO_LARGE, "Message too long")),
            Some(Err(_)) | None => Err(end(ABNORMAL, "Connection reset by peer")),
        }
    }

    async fn say(&mut self, socket: &mut WebSocket, text: String) -> Result<(), End> {
        self.note_activity();
        let sent = socket.send(Message::Text(text.into())).await;
        sent.map_err(|_| end(ABNORMAL, "Connection reset by peer"))
    }

    fn note_activity(&mut self) {
        self.idle_until = Instant::now() + self.sockets.times.idle;
        self.sockets.connections.note_activity(&self.place.connection);
    }
}

fn end(code: u16, reason: &str) -> End {
    End {
        code,
        reason: reason.to_owned(),
    }
}

/// The crate behind it tells a message or frame that is too large by its error's words alone.
fn is_too_large(error: &axum::Error) -> bool {
    error.to_string().contains("too long")
}

/// Says why, and waits a little for the other side to hang up: a connection that is closed with something unread in it is
/// reset, and its client would not learn the reason.
async fn say_goodbye(socket: &mut WebSocket, end: &End) {
    if end.code == ABNORMAL {
        return;
    }
    let frame = CloseFrame {
        code: match end.code {
            NONE_GIVEN => NORMAL,
            code => code,
        },
        reason: end.reason.as_str().into(),
    };
    let _ = tokio::time::timeout(GOODBYE, async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    })
    .await;
}
