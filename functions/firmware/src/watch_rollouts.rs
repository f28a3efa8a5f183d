//! Worker: gives up on devices that are silent for too long, and lets rollouts go on or halt.

use domain::firmware::{DeviceLabel, Hardware};
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::{firmware, fleet};

use crate::{campaign, hearing};

pub static FUNCTION: Function = Function::worker::<WatchRollouts>();

pub struct WatchRollouts;

/// Devices given up on side by side.
const AT_ONCE: usize = 8;

impl Worker for WatchRollouts {
    const NAME: &'static str = "watch-rollouts";
    const SUMMARY: &'static str = "Gives up on silent devices; lets firmware rollouts go on or halt";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &campaign::NEEDS;
    const TIMEOUT_SECONDS: u16 = 50;

    type Event = TimeCame;

    /// What can halt a rollout comes first, and what fails holds up nothing else.
    async fn handle(context: &Context, _: TimeCame) -> Result<(), Problem> {
        let mut outcome = Ok(());
        for hardware in Hardware::ALL {
            let head = firmware::head(&context.store, *hardware).await?;
            for release in head.releases.iter().filter(|release| release.rollout.is_given_out()) {
                outcome = campaign::review(context, *hardware, &release.version)
                    .await
                    .and(outcome);
            }
        }
        let silent = fleet::silent(&context.store, context.now).await?;
        let give_up = |label: DeviceLabel| async move { hearing::give_up(context, &label).await };
        runtime::for_each(silent, AT_ONCE, give_up).await.and(outcome)
    }
}
