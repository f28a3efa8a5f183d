//! Types and rules of the product, pure: no I/O, no clock, no randomness, no AWS.
//!
//! Here: what an e-mail address, a role, a session or a prediction is, which sign-ups are refused and why,
//! what is said to people. Deliberately not here: how anything is stored, sent or served.
//! Start with [`refusal`] (how a rule says no) and [`id`] (how things are named).

pub mod account;
pub mod audit;
pub mod email_address;
pub mod id;
pub mod key_rotation;
pub mod network;
pub mod notice;
pub mod password;
pub mod photo_quality;
pub mod picture_link;
pub mod prediction;
pub mod rate_limit;
pub mod refusal;
pub mod role;
pub mod session;
pub mod skin;
pub mod ticket;
pub mod upload;
pub mod username;
