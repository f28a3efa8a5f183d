//! Worker: makes, every minute, the archives that patients have asked for.

use domain::errand::wait_after;
use domain::export::{ARCHIVE_LIFE, Archive, Export};
use domain::notice::Notice;
use jiff::SignedDuration;
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::bucket::{Bucket, ObjectAction};
use store::exports::{self, Waiting};
use store::table::{ItemAction, Table};

use crate::archive::{self, Made};

pub static FUNCTION: Function = Function::worker::<BuildExports>();

pub struct BuildExports;

/// No other is begun after that: the next run, a minute later, begins those.
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// Looked at in one go.
const MOST: u16 = 20;

impl Worker for BuildExports {
    const NAME: &'static str = "build-exports";
    const SUMMARY: &'static str = "Makes archives of all that is kept of a patient";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Query]),
        Need::Items(Table::Records, &[ItemAction::Query]),
        Need::Items(Table::Scheduling, &[ItemAction::Query]),
        Need::Items(Table::Consultations, &[ItemAction::Query]),
        Need::Items(Table::Pharmacies, &[ItemAction::Query]),
        Need::Items(Table::Vitals, &[ItemAction::Query]),
        Need::Items(Table::Notifications, &[ItemAction::Query, ItemAction::Put]),
        Need::Items(
            Table::Platform,
            &[
                ItemAction::Get,
                ItemAction::Query,
                ItemAction::Put,
                ItemAction::Update,
                ItemAction::Delete,
            ],
        ),
        Need::Items(Table::Audit, &[ItemAction::Query]),
        Need::Objects(Bucket::Images, &[ObjectAction::Get]),
        Need::Objects(Bucket::Documents, &[ObjectAction::Get]),
        Need::Objects(
            Bucket::Exports,
            &[ObjectAction::Put, ObjectAction::Delete, ObjectAction::Abort],
        ),
        Need::FieldKeys,
    ];
    /// A whole core, since most of it is compressing.
    const MEMORY_MB: u16 = 1_769;
    const TIMEOUT_SECONDS: u16 = 900;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        loop {
            let due = exports::due(&context.store, context.platform.clock.now(), MOST).await?;
            if due.is_empty() {
                return Ok(());
            }
            for waiting in due {
                if context.platform.clock.now().duration_since(context.now) >= BEGINS_WITHIN {
                    return Ok(());
                }
                make(context, &waiting).await?;
            }
        }
    }
}

/// Runs overlap: each export is made by whoever takes it.
async fn make(context: &Context, waiting: &Waiting) -> Result<(), Problem> {
    let now = context.platform.clock.now();
    let told = context.tell(waiting.patient, Notice::ExportFailed)?;
    let Some(export) = exports::take(&context.store, waiting, &told, now).await? else {
        return Ok(());
    };
    match archive::make(context, &export).await {
        Ok(made) => hand_over(context, &export, made).await,
        Err(problem) => {
            let cause = problem.cause.unwrap_or(problem.detail);
            context.note_outer_fault(format!("attempt {} at an export failed: {cause}", export.attempts));
            let [chance] = context.random()?;
            // As often as the export says.
            let wait = wait_after(export.attempts, chance).unwrap_or(BEGINS_WITHIN);
            let now = context.platform.clock.now();
            Ok(exports::put_off(&context.store, &export, wait, &told, now).await?)
        }
    }
}

async fn hand_over(context: &Context, export: &Export, made: Made) -> Result<(), Problem> {
    let (store, now) = (&context.store, context.platform.clock.now());
    let archive = Archive {
        attempt: export.attempts,
        size_bytes: made.size_bytes,
        sha256: made.sha256,
        counts: made.counts,
        made_at: now,
        until: now + ARCHIVE_LIFE,
    };
    let told = context.tell(export.patient, Notice::ExportReady)?;
    if exports::finish(store, export, archive, &told).await? {
        exports::remove_left_over(store, export).await?;
    } else {
        // It was taken back meanwhile, or took so long that another has begun it anew.
        exports::remove_archive(store, export.patient, export.id, export.attempts).await?;
    }
    Ok(())
}
