//! Waiting a little before an optimistic change is tried again.

use std::time::Duration;

/// Between tries, at most.
const LONGEST: Duration = Duration::from_millis(150);

/// Longer with every try, and by chance: who waits for the same item must not meet again.
pub(crate) async fn before_trying_again(attempt: u32) {
    let longest = LONGEST.min(Duration::from_millis(4) * (attempt + 1));
    tokio::time::sleep(longest.mul_f64(fastrand::f64())).await;
}
