//! How long a guesser must wait, and how many messages may be sent: numbers, nothing else.
//!
//! Sources: OWASP ASVS 6.1.1 and NIST SP 800-63B (soft locks that grow; no lock that a stranger can put on the owner).

use jiff::SignedDuration;

/// Wrong passwords that are free, counted for one name from one network.
pub const FREE_FAILURES: u32 = 5;
/// The same from a network that the person has signed in from before: a family's or a clinic's.
pub const FREE_FAILURES_AT_HOME: u32 = 20;
/// Wrong passwords for one name from all networks that are strange to it, in an hour.
pub const STRANGERS_AN_HOUR: u32 = 100;
/// Failures are forgotten after this.
pub const MEMORY: SignedDuration = SignedDuration::from_hours(24);
/// How long a network counts as known after a sign-in.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

const LONGEST_LOCK_MINUTES: i64 = 60;

/// How long to wait after so many failures, of which so many were free: a minute, doubling to an hour.
pub fn lock_after(failures: u32, free: u32) -> SignedDuration {
    if failures < free {
        return SignedDuration::ZERO;
    }
    let doublings = (failures - free).min(6);
    SignedDuration::from_mins((1_i64 << doublings).min(LONGEST_LOCK_MINUTES))
}

/// How many messages may go out in a window, or things be done that must stay few, counted by something they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendBudget {
    pub by: SharedBy,
    pub limit: u32,
    pub window: SignedDuration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SharedBy {
    Number,
    /// The number, as asked for from a network that has proved it before: kept free for its owner.
    NumberAtHome,
    Device,
    Block,
    Range,
    Country,
    Everything,
    /// What one doctor opens in emergencies.
    Emergencies,
}

impl SharedBy {
    pub fn word(self) -> &'static str {
        match self {
            SharedBy::Number => "number",
            SharedBy::NumberAtHome => "number-at-home",
            SharedBy::Device => "device",
            SharedBy::Block => "block",
            SharedBy::Range => "range",
            SharedBy::Country => "country",
            SharedBy::Everything => "everything",
            SharedBy::Emergencies => "emergencies",
        }
    }
}

const fn budget(by: SharedBy, limit: u32, hours: i64) -> SendBudget {
    SendBudget {
        by,
        limit,
        window: SignedDuration::from_hours(hours),
    }
}

/// For a number that its owner asks for from home.
pub const OWNERS_BUDGETS: [SendBudget; 2] = [
    budget(SharedBy::NumberAtHome, 5, 1),
    budget(SharedBy::NumberAtHome, 10, 24),
];

/// For everybody else, narrowest first. `country_a_day` and `all_a_day` are the operator's money.
pub fn strangers_budgets(country_a_day: u32, all_a_day: u32) -> [SendBudget; 8] {
    [
        budget(SharedBy::Number, 5, 1),
        budget(SharedBy::Number, 10, 24),
        budget(SharedBy::Device, 10, 1),
        budget(SharedBy::Block, 20, 1),
        budget(SharedBy::Range, 50, 1),
        budget(SharedBy::Country, country_a_day.div_ceil(4), 1),
        budget(SharedBy::Country, country_a_day, 24),
        budget(SharedBy::Everything, all_a_day, 24),
    ]
}

/// For patients' records that a doctor opens in an emergency: more in a day is a disaster, which an admin hears of anyway.
pub const EMERGENCY_BUDGET: SendBudget = budget(SharedBy::Emergencies, 5, 24);

/// For codes by e-mail, which cost next to nothing but can pester people.
pub fn mail_budgets() -> [SendBudget; 3] {
    [
        budget(SharedBy::Number, 5, 1),
        budget(SharedBy::Number, 10, 24),
        budget(SharedBy::Block, 60, 1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_grow_to_an_hour_and_no_further() {
        assert_eq!(lock_after(4, 5), SignedDuration::ZERO);
        assert_eq!(lock_after(5, 5), SignedDuration::from_mins(1));
        assert_eq!(lock_after(8, 5), SignedDuration::from_mins(8));
        assert_eq!(lock_after(u32::MAX, 5), SignedDuration::from_mins(60));
    }

    #[test]
    fn no_country_can_spend_everybodys_money() {
        let budgets = strangers_budgets(200, 2000);
        let limit = |by| budgets.iter().filter(|b| b.by == by).map(|b| b.limit).max();
        assert!(limit(SharedBy::Country) < limit(SharedBy::Everything));
    }
}
