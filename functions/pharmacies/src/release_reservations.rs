//! Worker: frees medicine that nobody collected in time, and sets lots aside that have expired. Neither is given out without it.

use domain::id::{OutboxId, StockMovementId};
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::pharmacies::{self, ExpiredLot, Lapsed};

use crate::needs;

pub static FUNCTION: Function = Function::worker::<ReleaseReservations>();

pub struct ReleaseReservations;

/// Of each in one run. What is left over comes with the next, a minute later.
const MOST: u16 = 200;
const AT_ONCE: usize = 4;

impl Worker for ReleaseReservations {
    const NAME: &'static str = "release-reservations";
    const SUMMARY: &'static str = "Frees medicine that nobody collected, and sets expired lots aside";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 120;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        let lapsed = pharmacies::lapsed(&context.store, context.now, MOST).await?;
        let released = runtime::for_each(lapsed, AT_ONCE, |lapsed| release(context, lapsed)).await;
        let expired = pharmacies::expired_lots(&context.store, context.now, MOST).await?;
        let set_aside = runtime::for_each(expired, AT_ONCE, |lot| set_aside(context, lot)).await;
        released.and(set_aside)
    }
}

async fn release(context: &Context, lapsed: Lapsed) -> Result<(), Problem> {
    pharmacies::release(&context.store, &lapsed, context.now).await?;
    Ok(())
}

async fn set_aside(context: &Context, lot: ExpiredLot) -> Result<(), Problem> {
    let ids = (context.new_id(StockMovementId::new)?, context.new_id(OutboxId::new)?);
    Ok(pharmacies::set_aside(&context.store, &lot, ids, context.now).await?)
}
