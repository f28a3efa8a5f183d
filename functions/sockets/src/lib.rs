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
//! | `{"type":"call_subscribe","consultation_id":"…"}` | `call_subscribe`: how the consultation stands, the number of this `connection`, and what waits; `call_unsubscribe` ends it |
//! | `{"type":"call_signal","consultation_id":"…","connection":1,"client_id":"…","signal_type":"offer","signal_data":{…}}` | `call_signal`: its `id` and `sequence` |
//! | `{"type":"call_signals","consultation_id":"…","connection":1,"after":7}` | `call_signals`: what came after the seventh; up to there it is acknowledged |
//! | `{"type":"call_acknowledge","consultation_id":"…","connection":1,"upto":7}` | `call_acknowledge` |
//!
//! Unasked it is told `{"type":"notification","notification":{…}}`. What cannot be done is a `problem` with `status`, `code`
//! and `detail`. When the connection breaks, `wss://…?resume=…` brings it back within ten minutes, then `hello` again: `resume`
//! in its answer replaces the old one. Whoever comes back asks for what they may have missed; every notification has an
//! id, by which a client knows one that it has.
//!
//! Whoever has subscribed to a consultation is told `{"type":"signal","signal":{…}}`, `{"type":"message","message":{…}}`, and
//! `{"type":"consultation","consultation":{…}}` when somebody waits or is admitted, and when it begins or is over. Signals
//! are numbered by `sequence`, each side's from 1: a client takes the next one, lets go of one that it has, and asks for what
//! follows its last where there is a hole, when it comes back, and now and then. While the caller cannot signal, since the
//! call has not begun or they wait, `connection` is null: they subscribe again once they are told that they can. Whoever
//! lost the answer to subscribing subscribes again, too. A second connection of the same person takes over, and the first is
//! hung up on. What has more than 32 KB goes in several frames, which browsers leave to nobody: they POST it.
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
