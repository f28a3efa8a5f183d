//! How many readings there were in a stretch of time, the least, the most, and their mean: rolled up by hour, a day at a time.

use super::chunk::{put_number, take_number};
use super::{Amount, Malformed, Number, Unit};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub count: u32,
    pub min: Amount,
    pub max: Amount,
    /// In thousandths.
    sum: i64,
}

impl Summary {
    pub fn of(amount: Amount) -> Self {
        Self {
            count: 1,
            min: amount,
            max: amount,
            sum: i64::from(amount.in_thousandths()),
        }
    }

    pub fn of_all(amounts: impl IntoIterator<Item = Amount>) -> Option<Self> {
        amounts.into_iter().map(Self::of).reduce(Self::and)
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            sum: self.sum + other.sum,
        }
    }

    /// To the last decimal that is kept.
    pub fn mean(&self) -> Amount {
        Amount::thousandths(self.exact_mean().round() as i32)
    }

    pub fn mean_shown(&self, unit: Unit) -> Number {
        Amount::show(self.exact_mean(), unit)
    }

    fn exact_mean(&self) -> f64 {
        self.sum as f64 / f64::from(self.count.max(1))
    }
}

/// The hours of one day of UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DaySummary([Option<Summary>; 24]);

impl DaySummary {
    pub fn set(&mut self, hour: usize, summary: Option<Summary>) {
        if let Some(place) = self.0.get_mut(hour) {
            *place = summary;
        }
    }

    pub fn hours(&self) -> impl Iterator<Item = (usize, Summary)> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(hour, summary)| Some((hour, (*summary)?)))
    }

    pub fn count(&self) -> usize {
        self.hours().map(|(_, summary)| summary.count as usize).sum()
    }

    pub fn pack(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (hour, summary) in self.hours() {
            let (min, max) = (summary.min.in_thousandths(), summary.max.in_thousandths());
            put_number(&mut out, hour as i64);
            put_number(&mut out, i64::from(summary.count));
            put_number(&mut out, i64::from(min));
            put_number(&mut out, i64::from(max) - i64::from(min));
            put_number(&mut out, summary.sum);
        }
        out
    }

    pub fn unpack(mut bytes: &[u8]) -> Result<Self, Malformed> {
        let mut day = Self::default();
        while !bytes.is_empty() {
            let rest = &mut bytes;
            let hour = usize::try_from(take_number(rest)?).map_err(|_| Malformed)?;
            let count = u32::try_from(take_number(rest)?).map_err(|_| Malformed)?;
            let min = take_number(rest)?;
            let max = min.checked_add(take_number(rest)?).ok_or(Malformed)?;
            let amount = |number: i64| i32::try_from(number).map(Amount::thousandths).map_err(|_| Malformed);
            let (min, max, sum) = (amount(min)?, amount(max)?, take_number(rest)?);
            day.set(hour, Some(Summary { count, min, max, sum }));
        }
        Ok(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mean_is_rounded_once() {
        // 4283 / 54 = 79.3148...
        let amounts = std::iter::repeat_n(79, 37).chain(std::iter::repeat_n(80, 17));
        let whole = Summary::of_all(amounts.map(Amount::whole)).unwrap();
        assert_eq!(
            (whole.mean().in_thousandths(), whole.mean_shown(Unit::MgPerDl).value()),
            (79_315, 79.31)
        );
    }

    proptest! {
        #[test]
        fn parts_sum_up_to_the_whole(amounts in proptest::collection::vec(-1_000_000..1_000_000, 1..50), cut: usize) {
            let all: Vec<Amount> = amounts.iter().copied().map(Amount::thousandths).collect();
            let (one, other) = all.split_at(cut % all.len());
            let parts = [one, other].map(|part| Summary::of_all(part.iter().copied()));
            let whole = Summary::of_all(all.iter().copied()).unwrap();
            prop_assert_eq!(parts.into_iter().flatten().reduce(Summary::and), Some(whole));
            prop_assert!(whole.min <= whole.mean() && whole.mean() <= whole.max);
            prop_assert_eq!(whole.count as usize, amounts.len());
        }

        #[test]
        fn a_day_unpacks_as_it_was_packed(hours in proptest::collection::btree_map(0_usize..24, any::<i32>(), 0..24)) {
            let mut day = DaySummary::default();
            for (hour, amount) in hours {
                let amounts = [Amount::thousandths(amount), Amount::whole(7)];
                day.set(hour, Summary::of_all(amounts));
            }
            prop_assert_eq!(DaySummary::unpack(&day.pack()).unwrap(), day);
        }
    }
}
