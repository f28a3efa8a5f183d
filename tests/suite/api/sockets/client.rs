//! A client as an app has one.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tests::world::{Person, World};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// API Gateway's largest.
pub const FRAME: usize = 32 * 1024;
pub const PROTOCOL: &str = "polyclinic.v1";
/// Longest that something may take that must come.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What came without being asked for while an answer was waited for.
    unasked: VecDeque<Value>,
    asked: u32,
}

/// The status of a handshake that was refused.
pub type Refused = u16;

impl Client {
    /// `query`: `ticket=…`.
    pub async fn connect(world: &World, query: &str, protocols: &[&str]) -> Result<Self, Refused> {
        let url = format!("{}/ws?{query}", world.product.url.replace("http:", "ws:"));
        let mut request = url.into_client_request().unwrap();
        if !protocols.is_empty() {
            let offered = protocols.join(", ").parse().unwrap();
            request.headers_mut().insert("sec-websocket-protocol", offered);
        }
        match connect_async(request).await {
            Ok((socket, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], PROTOCOL);
                Ok(Self {
                    socket,
                    unasked: VecDeque::new(),
                    asked: 0,
                })
            }
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn with_ticket(world: &World, person: &Person) -> Self {
        let ticket = ticket(person).await;
        let connected = Self::connect(world, &format!("ticket={ticket}"), &[PROTOCOL]).await;
        connected.unwrap_or_else(|status| panic!("refused with {status}"))
    }

    pub async fn with_resume(world: &World, token: &str) -> Result<Self, Refused> {
        Self::connect(world, &format!("resume={token}"), &[PROTOCOL]).await
    }

    /// Connected and greeted; with the token to come back with.
    pub async fn ready(world: &World, person: &Person) -> (Self, String) {
        let mut client = Self::with_ticket(world, person).await;
        let hello = client.hello().await;
        (client, text(&hello["resume"]))
    }

    pub async fn hello(&mut self) -> Value {
        let hello = self.ask(json!({ "type": "hello" })).await;
        assert_eq!(hello["type"], "hello", "{hello}");
        hello
    }

    pub async fn say(&mut self, message: &Value) {
        let text = message.to_string();
        if text.len() > FRAME {
            return self.send_in_frames(&text, FRAME).await;
        }
        let sent = self.socket.send(Message::Text(text.into())).await;
        sent.unwrap_or_else(|error| panic!("{message} cannot be said: {error}"));
    }

    /// Says something and waits for the answer to it.
    pub async fn ask(&mut self, mut message: Value) -> Value {
        self.asked += 1;
        let id = format!("q{}", self.asked);
        message["id"] = id.as_str().into();
        self.say(&message).await;
        loop {
            let heard = self.read().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            if heard["reply_to"] == id {
                return heard;
            }
            self.unasked.push_back(heard);
        }
    }

    /// The next thing that is said without being asked for.
    pub async fn hear(&mut self) -> Value {
        match self.unasked.pop_front() {
            Some(heard) => heard,
            None => self.read().await.unwrap_or_else(|code| panic!("closed with {code:?}")),
        }
    }

    /// The same, where the other side may hang up instead.
    pub async fn hear_or_end(&mut self) -> Option<Value> {
        match self.unasked.pop_front() {
            Some(heard) => Some(heard),
            None => self.read().await.ok(),
        }
    }

    /// A message in frames of a size: API Gateway takes no larger ones than 32 KB.
    pub async fn send_in_frames(&mut self, text: &str, size: usize) {
        let parts: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        for (place, part) in parts.iter().enumerate() {
            let code = if place == 0 { Data::Text } else { Data::Continue };
            let is_last = place + 1 == parts.len();
            let frame = Frame::message(part.to_vec(), OpCode::Data(code), is_last);
            // It may be hung up on while more is sent.
            if self.socket.send(Message::Frame(frame)).await.is_err() {
                return;
            }
        }
    }

    /// All that has come so far.
    pub fn heard(&mut self) -> Vec<Value> {
        self.unasked.drain(..).collect()
    }

    /// Waits until the other side hangs up; gives the code, if one was said, and what was heard before.
    pub async fn closed(&mut self) -> (Option<u16>, Vec<Value>) {
        let mut heard = self.heard();
        loop {
            match self.read().await {
                Ok(message) => heard.push(message),
                Err(code) => return (code, heard),
            }
        }
    }

    async fn read(&mut self) -> Result<Value, Option<u16>> {
        let wait = tokio::time::timeout(PATIENCE, async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                    Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| code(frame.code))),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(None),
                }
            }
        });
        wait.await.expect("something is said, or the connection ends")
    }
}

fn code(code: CloseCode) -> u16 {
    code.into()
}

pub async fn ticket(person: &Person) -> String {
    let answer = person.post("/api/sockets/tickets", Value::Null).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    text(&answer.json()["ticket"])
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
