//! Worker: seals personal fields anew while the keys are being changed.

use std::time::{Duration, Instant};

use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::rotation::{self, SUBJECTS, Step};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::worker::<ReencryptFields>();

/// Leaves a step the time it needs before Lambda cuts it off.
const WORKS_FOR: Duration = Duration::from_secs(210);

pub struct ReencryptFields;

impl Worker for ReencryptFields {
    const NAME: &'static str = "reencrypt-fields";
    const SUMMARY: &'static str = "Seals personal fields anew while the keys are being changed";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 5 };
    const NEEDS: &'static [Need] = &[
        Need::FieldKeys,
        Need::Items(Table::Identity, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Diagnosis, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Records, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Consultations, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Vitals, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Platform, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Pharmacies, &[ItemAction::Query, ItemAction::Update]),
        Need::Items(Table::Scheduling, &[ItemAction::Query, ItemAction::Update]),
    ];
    const TIMEOUT_SECONDS: u16 = 270;

    type Event = TimeCame;

    async fn handle(context: &Context, _: TimeCame) -> Result<(), Problem> {
        let started = Instant::now();
        while started.elapsed() < WORKS_FOR {
            let now = context.platform.clock.now();
            if rotation::step(&context.store, &SUBJECTS, now).await? == Step::Rests {
                break;
            }
        }
        Ok(())
    }
}
