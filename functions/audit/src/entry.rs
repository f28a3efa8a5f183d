//! An entry of the log as answers show it.

use domain::audit::{Action, Actor, ChainEntry, Resource, Versions, Why};
use domain::id::UserId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// As the person sees it whose data it was.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditEntry")]
pub struct Entry {
    /// Counted from 1, without gaps.
    position: u64,
    #[schemars(with = "String")]
    at: Timestamp,
    who: Actor,
    action: Action,
    what: Resource,
    why: Why,
    /// As the answer named it in `X-Request-Id`.
    request_id: String,
    /// Of a write of something that has versions.
    versions: Option<Versions>,
}

/// As an admin sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditEntryOfAnybody")]
pub struct EntryOfAnybody {
    /// Whose data it was.
    subject: UserId,
    /// The network, without its last part.
    from: String,
    #[serde(flatten)]
    entry: Entry,
}

impl From<ChainEntry> for Entry {
    fn from(ChainEntry { position, event, .. }: ChainEntry) -> Self {
        Self {
            position,
            at: event.at,
            who: event.actor,
            action: event.action,
            what: event.resource,
            why: event.why,
            request_id: event.request_id,
            versions: event.versions,
        }
    }
}

impl From<ChainEntry> for EntryOfAnybody {
    fn from(entry: ChainEntry) -> Self {
        Self {
            subject: entry.event.subject,
            from: entry.event.from.clone(),
            entry: entry.into(),
        }
    }
}
