//! What people and apps can do, by persona, over HTTP.

mod diagnosis;
mod identity;
mod lambda;
mod notifications;
mod people;
mod persistence;
mod platform;
mod uploads;
