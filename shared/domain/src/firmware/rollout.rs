//! How many devices a release is for, and which.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::firmware::manifest::SignedManifest;
use crate::firmware::update::Counts;
use crate::firmware::{DeviceLabel, FirmwareRefused, FirmwareVersion};

/// Cohorts are told apart to a hundredth of a percent.
const STEPS: u64 = 10_000;
pub const EVERYBODY: u8 = 100;
/// One failure among the first three devices says little: fewer finished updates than this count as so many.
const SMALLEST_SAMPLE: u64 = 50;
const USUAL_THRESHOLD_PERCENT: u8 = 5;
const USUAL_SILENCE_MINUTES: u32 = 24 * 60;
pub const MOST_WAVES: usize = 10;
/// A month.
pub const LONGEST_MINUTES: u32 = 31 * 24 * 60;

/// Whether a release is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RolloutState {
    Active,
    /// Offered to nobody for now; whoever has begun may finish.
    Paused,
    /// Stopped because of what it did.
    Halted,
    /// Taken back for good.
    RolledBack,
}

impl RolloutState {
    pub fn word(self) -> &'static str {
        match self {
            RolloutState::Active => "active",
            RolloutState::Paused => "paused",
            RolloutState::Halted => "halted",
            RolloutState::RolledBack => "rolled back",
        }
    }
}

/// The salt is drawn when the release is published and stays: raising the percent keeps all who were in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    pub percent: u8,
    /// Hexadecimal digits.
    pub salt: String,
    pub state: RolloutState,
    /// When it came to the present percent, or was resumed.
    pub since: Timestamp,
    /// How long it stays at the present percent before the next wave.
    pub soak_minutes: u32,
    /// Those still to come, each larger than the one before.
    pub next_waves: Vec<Wave>,
    pub limits: Limits,
    /// What had finished when it was resumed after a halt: not held against it twice.
    pub forgiven: Forgiven,
    /// How many had confirmed it when the present wave began: each must prove itself anew.
    #[serde(default)]
    pub confirmed_before: u64,
    /// Whether everybody has been told of it, which happens once.
    #[serde(default)]
    pub is_announced: bool,
    /// Who changed it last, by hand.
    #[serde(default)]
    pub changed_by: Option<String>,
    /// Where devices that run it go when it is rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back: Option<WayBack>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Wave {
    pub percent: u8,
    /// How long it stays at this percent before the next wave.
    pub soak_minutes: u32,
}

/// When a rollout stops by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// It halts when more than this share of the updates that are over have failed.
    pub failure_percent: u8,
    /// A device that has begun and says nothing for so long is lost.
    pub silence_minutes: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgiven {
    pub over: u64,
    pub failed: u64,
}

/// An older version, with a manifest that allows to go back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayBack {
    pub version: FirmwareVersion,
    pub manifest: SignedManifest,
}

/// What an operator asks for; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub percent: Option<u8>,
    pub soak_minutes: Option<u32>,
    pub waves: Option<Vec<Wave>>,
    pub failure_percent: Option<u8>,
    pub silence_minutes: Option<u32>,
}

/// Who changes a rollout by hand, and who published the release.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    pub operator: &'a str,
    pub publisher: &'a str,
}

impl Hand<'_> {
    fn is_publishers(self) -> bool {
        self.operator == self.publisher
    }
}

/// What time brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Halt,
    NextWave,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            failure_percent: USUAL_THRESHOLD_PERCENT,
            silence_minutes: USUAL_SILENCE_MINUTES,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 0 to {EVERYBODY}")]
pub struct PercentOutOfRange;

pub fn check_percent(percent: u8) -> Result<u8, PercentOutOfRange> {
    if percent <= EVERYBODY {
        Ok(percent)
    } else {
        Err(PercentOutOfRange)
    }
}

impl Rollout {
    pub fn new(percent: u8, random: [u8; 16], now: Timestamp) -> Self {
        Self {
            percent,
            salt: data_encoding::HEXLOWER.encode(&random),
            state: RolloutState::Active,
            since: now,
            soak_minutes: 0,
            next_waves: Vec::new(),
            limits: Limits::default(),
            forgiven: Forgiven::default(),
            confirmed_before: 0,
            is_announced: false,
            changed_by: None,
            way_back: None,
        }
    }

    /// By a new plan. The percent only ever goes up: who has the release keeps it. Once updates have ended, whoever
    /// published cannot make it halt later than was said before.
    pub fn follow(
        &mut self,
        plan: Plan,
        hand: Hand<'_>,
        counts: &Counts,
        now: Timestamp,
    ) -> Result<(), FirmwareRefused> {
        if matches!(self.state, RolloutState::Halted | RolloutState::RolledBack) {
            return Err(FirmwareRefused::RolloutIsOver(self.state));
        }
        let percent = plan.percent.unwrap_or(self.percent);
        if percent < self.percent {
            return Err(FirmwareRefused::PercentLowered { from: self.percent });
        }
        check_percent(percent).map_err(|_| FirmwareRefused::PlanOutOfRange)?;
        let waves = plan.waves.unwrap_or_else(|| self.next_waves.clone());
        let waves: Vec<Wave> = waves.into_iter().skip_while(|wave| wave.percent <= percent).collect();
        let is_rising = waves.is_sorted_by(|one, next| one.percent < next.percent);
        let limits = Limits {
            failure_percent: plan.failure_percent.unwrap_or(self.limits.failure_percent),
            silence_minutes: plan.silence_minutes.unwrap_or(self.limits.silence_minutes),
        };
        let is_looser = limits.failure_percent > self.limits.failure_percent
            || limits.silence_minutes > self.limits.silence_minutes;
        if is_looser && counts.over() > 0 && hand.is_publishers() {
            return Err(FirmwareRefused::SecondOperatorNeeded);
        }
        let soak_minutes = plan.soak_minutes.unwrap_or(self.soak_minutes);
        let minutes = waves.iter().map(|wave| wave.soak_minutes);
        let fits = minutes
            .chain([soak_minutes, limits.silence_minutes])
            .all(|each| each <= LONGEST_MINUTES);
        let is_percent = waves.iter().all(|wave| wave.percent <= EVERYBODY) && limits.failure_percent <= EVERYBODY;
        if !is_rising || !fits || !is_percent || waves.len() > MOST_WAVES || limits.silence_minutes == 0 {
            return Err(FirmwareRefused::PlanOutOfRange);
        }
        if percent > self.percent {
            (self.since, self.confirmed_before) = (now, counts.confirmed);
        }
        self.percent = percent;
        self.soak_minutes = soak_minutes;
        self.next_waves = waves;
        self.limits = limits;
        Ok(())
    }

    pub fn pause(&mut self) -> Result<(), FirmwareRefused> {
        self.go(&[RolloutState::Active], RolloutState::Paused)
    }

    pub fn halt(&mut self) -> Result<(), FirmwareRefused> {
        self.go(&[RolloutState::Active, RolloutState::Paused], RolloutState::Halted)
    }

    /// After a halt, or where one is due, somebody else than the publisher must have looked.
    pub fn resume(&mut self, hand: Hand<'_>, counts: &Counts, now: Timestamp) -> Result<(), FirmwareRefused> {
        if self.state == RolloutState::Halted || self.is_failing(counts) {
            if hand.is_publishers() {
                return Err(FirmwareRefused::SecondOperatorNeeded);
            }
            self.forgiven = Forgiven {
                over: counts.over(),
                failed: counts.unsuccessful(),
            };
        }
        self.go(&[RolloutState::Paused, RolloutState::Halted], RolloutState::Active)?;
        self.since = now;
        Ok(())
    }

    /// For good. Where its devices go is for the head to say.
    pub fn roll_back(&mut self) -> Result<(), FirmwareRefused> {
        self.go(
            &[RolloutState::Active, RolloutState::Paused, RolloutState::Halted],
            RolloutState::RolledBack,
        )?;
        self.next_waves.clear();
        Ok(())
    }

    fn go(&mut self, from: &[RolloutState], to: RolloutState) -> Result<(), FirmwareRefused> {
        if !from.contains(&self.state) {
            return Err(FirmwareRefused::WrongRolloutState { is: self.state, to });
        }
        self.state = to;
        Ok(())
    }

    /// Whether too many have failed.
    pub fn is_failing(&self, counts: &Counts) -> bool {
        let over = counts.over().saturating_sub(self.forgiven.over).max(SMALLEST_SAMPLE);
        let failed = counts.unsuccessful().saturating_sub(self.forgiven.failed);
        failed * u64::from(EVERYBODY) > over * u64::from(self.limits.failure_percent)
    }

    /// What is due now. A wave that nobody has finished proves nothing, however long it lasted.
    pub fn due(&self, counts: &Counts, now: Timestamp) -> Option<Step> {
        if !self.is_given_out() {
            return None;
        }
        if self.is_failing(counts) {
            return Some(Step::Halt);
        }
        let soaked = self.since + SignedDuration::from_mins(i64::from(self.soak_minutes)) <= now;
        let is_proved = counts.confirmed > self.confirmed_before || self.percent == 0;
        (self.is_active() && soaked && is_proved && !self.next_waves.is_empty()).then_some(Step::NextWave)
    }

    pub fn take(&mut self, step: Step, counts: &Counts, now: Timestamp) -> Result<(), FirmwareRefused> {
        match step {
            Step::Halt => self.halt()?,
            Step::NextWave if !self.next_waves.is_empty() => {
                let Wave { percent, soak_minutes } = self.next_waves.remove(0);
                (self.percent, self.soak_minutes, self.since) = (percent, soak_minutes, now);
                self.confirmed_before = counts.confirmed;
            }
            Step::NextWave => {}
        }
        Ok(())
    }

    pub fn is_active(&self) -> bool {
        self.state == RolloutState::Active
    }

    /// Whether its image may be fetched by whoever knows the version.
    pub fn is_given_out(&self) -> bool {
        matches!(self.state, RolloutState::Active | RolloutState::Paused)
    }

    /// Whether this device should run it. Who does not say which it is gets only what is for all.
    pub fn offers(&self, device: Option<&DeviceLabel>) -> bool {
        self.is_active() && (self.percent >= EVERYBODY || device.is_some_and(|device| self.holds(device)))
    }

    /// Whether the device is in the cohort.
    pub fn holds(&self, device: &DeviceLabel) -> bool {
        let hash = Sha256::new()
            .chain_update(&self.salt)
            .chain_update(device.as_str())
            .finalize();
        let place = hash
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        place % STEPS < u64::from(self.percent) * (STEPS / u64::from(EVERYBODY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + minute * 60).unwrap()
    }

    fn new(percent: u8, salt: [u8; 16]) -> Rollout {
        Rollout::new(percent, salt, at(0))
    }

    fn counts(confirmed: u64, failed: u64) -> Counts {
        Counts {
            confirmed,
            failed,
            ..Counts::default()
        }
    }

    const OLGA: Hand<'static> = Hand {
        operator: "olga",
        publisher: "olga",
    };
    const PEDRO: Hand<'static> = Hand {
        operator: "pedro",
        publisher: "olga",
    };

    #[test]
    fn neither_a_pause_nor_a_looser_plan_gets_round_the_halt() {
        let mut rollout = in_waves();
        let failed = counts(10, 5);
        rollout.pause().unwrap();
        assert_eq!(rollout.due(&failed, at(1)), Some(Step::Halt));
        assert_eq!(
            rollout.resume(OLGA, &failed, at(1)),
            Err(FirmwareRefused::SecondOperatorNeeded)
        );
        let looser = Plan {
            failure_percent: Some(100),
            ..Plan::default()
        };
        let refused = rollout.follow(looser.clone(), OLGA, &failed, at(1));
        assert_eq!(refused, Err(FirmwareRefused::SecondOperatorNeeded));
        rollout.follow(looser, PEDRO, &failed, at(1)).unwrap();
    }

    fn in_waves() -> Rollout {
        let mut rollout = new(10, [1; 16]);
        let waves = [(10, 5), (30, 60), (100, 0)].map(|(percent, soak_minutes)| Wave { percent, soak_minutes });
        let plan = Plan {
            soak_minutes: Some(30),
            waves: Some(waves.to_vec()),
            failure_percent: Some(2),
            ..Plan::default()
        };
        rollout.follow(plan, OLGA, &Counts::default(), at(0)).unwrap();
        rollout
    }

    #[test]
    fn waves_follow_when_they_have_soaked_and_somebody_has_confirmed() {
        let mut rollout = in_waves();
        assert_eq!((rollout.percent, rollout.next_waves.len()), (10, 2));
        assert_eq!(rollout.due(&counts(5, 0), at(29)), None);
        assert_eq!(rollout.due(&counts(0, 0), at(31)), None);
        assert_eq!(rollout.due(&counts(1, 0), at(30)), Some(Step::NextWave));
        rollout.take(Step::NextWave, &counts(1, 0), at(30)).unwrap();
        assert_eq!((rollout.percent, rollout.soak_minutes), (30, 60));
        assert_eq!(rollout.due(&counts(9, 0), at(89)), None);
        assert_eq!(rollout.due(&counts(1, 0), at(90)), None, "nobody of this wave");
        rollout.take(Step::NextWave, &counts(9, 0), at(90)).unwrap();
        assert_eq!(rollout.percent, 100);
        assert_eq!(rollout.due(&counts(9, 0), at(9_000)), None);
    }

    #[test]
    fn too_many_failures_halt_and_a_second_person_resumes() {
        let mut rollout = in_waves();
        assert_eq!(rollout.due(&counts(3, 1), at(1)), None, "one of few proves nothing");
        assert_eq!(rollout.due(&counts(98, 2), at(1)), None, "as many as are allowed");
        assert_eq!(rollout.due(&counts(97, 3), at(1)), Some(Step::Halt));
        rollout.take(Step::Halt, &counts(97, 3), at(1)).unwrap();
        let failed = counts(97, 3);
        assert_eq!(rollout.due(&failed, at(2)), None);
        assert_eq!(
            rollout.resume(OLGA, &failed, at(3)),
            Err(FirmwareRefused::SecondOperatorNeeded)
        );
        assert!(rollout.follow(Plan::default(), PEDRO, &failed, at(3)).is_err());
        rollout.resume(PEDRO, &failed, at(3)).unwrap();
        assert_eq!(rollout.due(&failed, at(4)), None, "what is known is forgiven");
        assert_eq!(rollout.due(&counts(97, 5), at(4)), Some(Step::Halt));
    }

    #[test]
    fn the_percent_only_goes_up() {
        let mut rollout = in_waves();
        let plan = |percent| Plan {
            percent: Some(percent),
            ..Plan::default()
        };
        assert_eq!(
            rollout.follow(plan(9), OLGA, &Counts::default(), at(1)),
            Err(FirmwareRefused::PercentLowered { from: 10 })
        );
        assert_eq!(
            rollout.follow(plan(101), OLGA, &Counts::default(), at(1)),
            Err(FirmwareRefused::PlanOutOfRange)
        );
        rollout.follow(plan(30), OLGA, &Counts::default(), at(5)).unwrap();
        assert_eq!((rollout.since, rollout.next_waves.len()), (at(5), 1));
        let falling = [(50, 1), (40, 1)].map(|(percent, soak_minutes)| Wave { percent, soak_minutes });
        let falling = Plan {
            waves: Some(falling.to_vec()),
            ..Plan::default()
        };
        assert_eq!(
            rollout.follow(falling, OLGA, &Counts::default(), at(6)),
            Err(FirmwareRefused::PlanOutOfRange)
        );
    }

    #[test]
    fn states_are_left_only_where_it_makes_sense() {
        let mut rollout = new(100, [1; 16]);
        assert!(rollout.resume(PEDRO, &Counts::default(), at(1)).is_err());
        rollout.pause().unwrap();
        assert!(rollout.pause().is_err());
        rollout.resume(OLGA, &Counts::default(), at(2)).unwrap();
        rollout.roll_back().unwrap();
        assert!(rollout.roll_back().is_err() && rollout.resume(PEDRO, &Counts::default(), at(3)).is_err());
    }

    fn label(number: u32) -> DeviceLabel {
        format!("device-{number}").parse().unwrap()
    }

    fn cohort(percent: u8, salt: [u8; 16]) -> Vec<u32> {
        let rollout = new(percent, salt);
        (0..10_000).filter(|number| rollout.holds(&label(*number))).collect()
    }

    #[test]
    fn a_tenth_of_ten_thousand_is_a_thousand_more_or_less_and_raising_keeps_them() {
        for salt in [[1; 16], [2; 16], [3; 16]] {
            let (tenth, quarter) = (cohort(10, salt), cohort(25, salt));
            assert!((900..=1100).contains(&tenth.len()), "{}", tenth.len());
            assert!((2350..=2650).contains(&quarter.len()), "{}", quarter.len());
            assert!(tenth.iter().all(|number| quarter.contains(number)));
        }
        assert_ne!(cohort(10, [1; 16]), cohort(10, [2; 16]));
    }

    #[test]
    fn none_is_none_and_all_is_all() {
        assert!(cohort(0, [7; 16]).is_empty());
        assert_eq!(cohort(100, [7; 16]).len(), 10_000);
        let rollout = |percent| new(percent, [7; 16]);
        assert!(rollout(100).offers(None));
        assert!(!rollout(99).offers(None));
    }

    #[test]
    fn what_is_not_active_is_offered_to_nobody() {
        for state in [RolloutState::Paused, RolloutState::Halted, RolloutState::RolledBack] {
            let rollout = Rollout {
                state,
                ..new(100, [0; 16])
            };
            assert!(!rollout.offers(Some(&label(1))) && !rollout.offers(None));
            assert_eq!(rollout.is_given_out(), state == RolloutState::Paused);
        }
    }
}
