//! What people and apps can do, by persona, over HTTP.

mod audit;
mod diagnosis;
mod identity;
mod key_rotation;
mod lambda;
mod notifications;
mod people;
mod persistence;
mod platform;
mod proofs;
mod rate_limits;
mod sign_in;
mod support;
mod uploads;
mod users;
