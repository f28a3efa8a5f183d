//! What people and apps can do, by persona, over HTTP.

mod audit;
mod diagnosis;
mod identity;
mod lambda;
mod people;
mod persistence;
mod platform;
mod rate_limits;
mod support;
mod uploads;
