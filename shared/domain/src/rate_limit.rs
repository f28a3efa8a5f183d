//! How often one caller may call: a token bucket, kept as the generic cell rate algorithm keeps it.
//!
//! A bucket is one number: the time at which it will be full again, in microseconds since 1970. Each call moves it on
//! by one interval; a call that would move it further ahead of now than the whole window is refused. It never moves
//! back, so an old value of it is a lower bound of the present one.

use jiff::Timestamp;

use crate::refusal::{Kind, Refusal};

const SECOND_MICROS: i64 = 1_000_000;
const WINDOW_SECONDS: i64 = 60;

/// So many calls a minute, which may all come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    calls: u32,
}

/// How a caller stands, as the `RateLimit-*` headers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub limit: u32,
    /// Calls that would pass now.
    pub remaining: u32,
    /// Until all of them would.
    pub reset_seconds: u64,
}

impl Quota {
    /// `calls`: at least one.
    pub const fn per_minute(calls: u32) -> Self {
        Self { calls }
    }

    pub fn window_seconds(self) -> i64 {
        WINDOW_SECONDS
    }

    /// How much one call takes.
    pub fn interval_micros(self) -> i64 {
        WINDOW_SECONDS * SECOND_MICROS / i64::from(self.calls.max(1))
    }

    /// The fullest that a bucket may be for a call to pass.
    pub fn latest_micros(self, now: Timestamp) -> i64 {
        now.as_microsecond() + self.interval_micros() * (i64::from(self.calls.max(1)) - 1)
    }

    pub fn allowance(self, full_at_micros: i64, now: Timestamp) -> Allowance {
        let room = self.latest_micros(now) - full_at_micros;
        let remaining = room.div_euclid(self.interval_micros()) + 1;
        Allowance {
            limit: self.calls,
            remaining: u32::try_from(remaining).unwrap_or(0).min(self.calls),
            reset_seconds: seconds_up(full_at_micros - now.as_microsecond()),
        }
    }

    pub fn exceeded(self, full_at_micros: i64, now: Timestamp) -> RateLimitExceeded {
        RateLimitExceeded {
            retry_after_seconds: seconds_up(full_at_micros - self.latest_micros(now)).max(1),
        }
    }
}

fn seconds_up(micros: i64) -> u64 {
    u64::try_from((micros + SECOND_MICROS - 1).div_euclid(SECOND_MICROS)).unwrap_or(0)
}

/// Too many calls. What every limit of the product says, whatever it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Rate limit exceeded. Please try again later.")]
pub struct RateLimitExceeded {
    pub retry_after_seconds: u64,
}

impl Refusal for RateLimitExceeded {
    fn kind(&self) -> Kind {
        Kind::TooManyRequests
    }

    fn code(&self) -> &'static str {
        "rate_limited"
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        Some(self.retry_after_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    /// As the store does it with conditions.
    fn call(quota: Quota, full_at: &mut i64, now: Timestamp) -> Result<Allowance, RateLimitExceeded> {
        let start = (*full_at).max(now.as_microsecond());
        if start > quota.latest_micros(now) {
            return Err(quota.exceeded(start, now));
        }
        *full_at = start + quota.interval_micros();
        Ok(quota.allowance(*full_at, now))
    }

    #[test]
    fn a_full_bucket_takes_its_calls_at_once_and_counts_down() {
        let (quota, now, mut full_at) = (Quota::per_minute(60), Timestamp::UNIX_EPOCH, 0);
        for remaining in (0..60).rev() {
            assert_eq!(call(quota, &mut full_at, now).unwrap().remaining, remaining);
        }
        let refused = call(quota, &mut full_at, now).unwrap_err();
        assert_eq!(refused.retry_after_seconds, 1);
        assert_eq!(quota.allowance(full_at, now).reset_seconds, 60);
    }

    proptest! {
        #[test]
        fn retrying_passes_exactly_when_told(calls in 1_u32..700, elapsed_ms in 0_i64..60_000) {
            let (quota, start, mut full_at) = (Quota::per_minute(calls), Timestamp::UNIX_EPOCH, 0);
            for _ in 0..calls {
                prop_assert!(call(quota, &mut full_at, start).is_ok());
            }
            let now = start + SignedDuration::from_millis(elapsed_ms);
            if let Err(refused) = call(quota, &mut full_at, now) {
                let seconds = i64::try_from(refused.retry_after_seconds).unwrap();
                let then = now + SignedDuration::from_secs(seconds);
                let too_soon = then - SignedDuration::from_millis(1000);
                prop_assert!(call(quota, &mut full_at.clone(), then).is_ok());
                prop_assert!(seconds == 1 || call(quota, &mut full_at.clone(), too_soon).is_err());
            }
        }

        #[test]
        fn no_minute_passes_more_than_two_buckets(calls in 1_u32..100, gaps in prop::collection::vec(0_i64..400, 500)) {
            let (quota, mut now, mut full_at) = (Quota::per_minute(calls), Timestamp::UNIX_EPOCH, 0);
            let mut passed = 0;
            for gap in gaps {
                now += SignedDuration::from_millis(gap);
                if now.as_second() < 60 && call(quota, &mut full_at, now).is_ok() {
                    passed += 1;
                }
            }
            prop_assert!(passed <= 2 * calls);
        }
    }
}
