//! Worker: runs the errands of the outbox as they are written: tells people, removes what nothing refers to any more.

use domain::id::OutboxId;
use runtime::need::Need;
use runtime::{Context, Function, Inserted, Problem, Trigger, Worker, WorkerEvent};
use store::outbox::{self, Streamed};
use store::table::Table;

use crate::errand;

pub static FUNCTION: Function = Function::worker::<RunErrand>();

pub struct RunErrand;

/// An entry was written. What else is put into the table is nobody's errand.
pub struct NewEntry(OutboxId);

impl WorkerEvent for NewEntry {
    fn from_record(record: serde_json::Value) -> Result<Option<Self>, Problem> {
        let inserted = Inserted::<Streamed>::from_record(record)?;
        Ok(inserted.and_then(|Inserted(item)| item.entry_id()).map(Self))
    }
}

impl Worker for RunErrand {
    const NAME: &'static str = "run-errand";
    const SUMMARY: &'static str = "Runs what must happen after a change: messages, removals";
    const TRIGGER: Trigger = Trigger::NewItems(Table::Notifications);
    const NEEDS: &'static [Need] = errand::NEEDS;
    const TIMEOUT_SECONDS: u16 = 120;

    type Event = NewEntry;

    async fn handle(context: &Context, NewEntry(id): NewEntry) -> Result<(), Problem> {
        // The stream may hand an entry over twice. One that is done is gone; one that has failed is due at its time.
        match outbox::waiting(&context.store, id).await? {
            Some(entry) if entry.next_at.is_none() => errand::run(context, &entry).await,
            _ => Ok(()),
        }
    }
}
