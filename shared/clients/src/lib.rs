//! Outside services, one folder or file each: client, error, settings, and a stand-in that behaves.
//!
//! [`agora`] and [`turn`] make what those services check, without a call, and so need no stand-in.
//!
//! Nothing of a vendor's shape leaves its module. Errors answer "may I try again?"; timeouts are always set.

pub mod agora;
pub mod clock;
pub mod fcm;
pub mod firebase;
pub mod gemini;
mod https;
pub mod huggingface;
pub mod mail;
pub mod overpass;
mod patience;
pub mod push;
pub mod secrets;
pub mod sns;
pub mod sockets;
pub mod stand_in;
pub mod turn;
pub mod twilio;
