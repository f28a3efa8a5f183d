//! One time limit over several tries of the same request, and the waits between them.

use std::time::Duration;

use tokio::time::Instant;

/// What is left of it is what the next try gets.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    until: Instant,
}

impl Patience {
    pub fn of(limit: Duration) -> Self {
        Self {
            until: Instant::now() + limit,
        }
    }

    pub fn left(self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits, unless nothing would be left of the time to ask again. Says whether to ask again.
    pub async fn wait(self, time: Duration) -> bool {
        if time >= self.left() {
            return false;
        }
        tokio::time::sleep(time).await;
        true
    }
}

/// `base` doubled with each try, half of it by chance: whoever failed together does not come back together.
pub(crate) fn back_off(base: Duration, tries: u32) -> Duration {
    let whole = base.saturating_mul(1 << tries.min(6));
    whole / 2 + whole.mul_f64(fastrand::f64()) / 2
}
