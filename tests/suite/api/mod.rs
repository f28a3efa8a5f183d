//! What people and apps can do, by persona, over HTTP.

mod admin;
mod audit;
mod diagnosis;
mod doctors;
mod erasure;
mod family;
mod identity;
mod key_rotation;
mod lambda;
mod notifications;
mod people;
mod persistence;
mod pictures;
mod platform;
mod profiles;
mod proofs;
mod rate_limits;
mod sign_in;
mod sign_in_settings;
mod support;
mod symptoms;
mod uploads;
mod users;
