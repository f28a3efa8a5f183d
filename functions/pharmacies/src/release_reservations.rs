//! Worker: frees medicine that nobody collected in time, and sets lots aside that have expired. Neither is given out without it.

use domain::id::{OutboxId, StockMovementId};
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::pharmacies;

use crate::needs;

pub static FUNCTION: Function = Function::worker::<ReleaseReservations>();

pub struct ReleaseReservations;

/// Lots in one run. What is left over comes with the next, a minute later.
const MOST: u16 = 200;

impl Worker for ReleaseReservations {
    const NAME: &'static str = "release-reservations";
    const SUMMARY: &'static str = "Frees medicine that nobody collected, and sets expired lots aside";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 120;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        pharmacies::release_lapsed(&context.store, None, context.now).await?;
        let ids = || Ok((context.new_id(StockMovementId::new)?, context.new_id(OutboxId::new)?));
        pharmacies::set_expired_aside::<Problem>(&context.store, context.now, MOST, ids).await
    }
}
