//! What people are told: the list in the app, mails and pushes, and services that are away for a while.

pub mod devices;
mod list;
mod outages;
