//! The WebSocket API: how one gets a connection, comes back to it, and keeps it.
//!
//! A client asks `POST /api/sockets/tickets` for a ticket and connects with it: `wss://…?ticket=…`, with `polyclinic.v1`
//! in `Sec-WebSocket-Protocol`. Then both sides say objects of JSON with a `type`. What a client says may have an `id`,
//! and the answer has it as `reply_to`: answers need not come in the order of what they answer.
//!
//! | A client says | It is answered |
//! |---|---|
//! | `{"type":"hello"}`, first | `hello`: from now on it is told what is for its person; `resume` is what it comes back with |
//! | `{"type":"ping"}`, every `ping_seconds` | `pong` |
//! | `{"type":"notifications","unread_only":true}` | `notifications`: the newest of the list |
//! | `{"type":"read","notification_id":"…"}` | `read` |
//!
//! Unasked it is told `{"type":"notification","notification":{…}}`. What cannot be done is a `problem` with `status`, `code`
//! and `detail`. When the connection breaks, `wss://…?resume=…` brings it back within ten minutes, then `hello` again: `resume`
//! in its answer replaces the old one. Whoever comes back asks for what they may have missed; every notification has an
//! id, by which a client knows one that it has.
//!
//! Other areas take types of their own: see `functions/notifications/src/take_notification_message.rs`.

pub mod answer_socket_message;
pub mod close_socket;
pub mod issue_socket_ticket;
pub mod open_socket;

runtime::area!(
    "sockets",
    endpoints: [issue_socket_ticket::IssueSocketTicket],
    workers: [],
    sockets: [
        open_socket::OpenSocket,
        answer_socket_message::AnswerSocketMessage,
        close_socket::CloseSocket,
    ],
);
