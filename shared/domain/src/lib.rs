//! Types and rules of the product, pure: no I/O, no clock, no randomness, no AWS.
//!
//! Here: what an e-mail address, a role, a session or a prediction is, which sign-ups are refused and why,
//! what is said to people. Deliberately not here: how anything is stored, sent or served.
//! Start with [`refusal`] (how a rule says no) and [`id`] (how things are named).

pub mod account;
pub mod audit;
pub mod calendar;
pub mod care;
pub mod condition;
pub mod consultation;
pub mod dental;
pub mod email_address;
pub mod emergency;
pub mod errand;
pub mod export;
pub mod family;
pub mod fhir;
pub mod firmware;
mod folding;
pub mod glucose;
pub mod id;
pub mod idempotency;
pub mod key_rotation;
pub mod language;
pub mod network;
pub mod notice;
pub mod notification;
pub mod one_time_code;
pub mod opinion;
pub mod password;
pub mod pharmacy;
pub mod phone_number;
pub mod photo_quality;
pub mod picture_link;
pub mod place;
pub mod prediction;
pub mod profile;
pub mod rate_limit;
pub mod readings;
pub mod record;
pub mod refusal;
pub mod review;
pub mod role;
pub mod scheduling;
pub mod session;
pub mod signing;
pub mod skin;
pub mod skin_reading;
pub mod skin_record;
pub mod socket;
pub mod throttle;
pub mod ticket;
pub mod token_digest;
pub mod treatment;
pub mod triage;
pub mod upload;
pub mod username;
pub mod verification;
pub mod vital;
pub mod wording;
