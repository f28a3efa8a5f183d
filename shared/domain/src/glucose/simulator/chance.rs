//! Chance that depends on nothing but a seed and a place: what happened on a day can be asked for without the days
//! before.

/// What is drawn, so that no two draws at one place are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(mixed(seed))
    }

    /// Another chance, for one thing of many.
    pub(super) fn of(self, what: &str) -> Self {
        what.bytes().fold(self, |chance, byte| chance.at(i64::from(byte)))
    }

    pub(super) fn at(self, place: i64) -> Self {
        Self(mixed(self.0 ^ place.cast_unsigned()))
    }

    pub(super) fn bits(self) -> u64 {
        self.0
    }

    /// From 0, below 1.
    pub(super) fn unit(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn between(self, least: f64, most: f64) -> f64 {
        least + self.unit() * (most - least)
    }

    pub(super) fn happens(self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Near a bell: four even draws, with deviation 1 and never beyond 3.5.
    pub(super) fn bell(self) -> f64 {
        let sum: f64 = (0..4).map(|draw| self.at(draw).unit()).sum();
        (sum - 2.0) * 3.0_f64.sqrt()
    }

    /// A smooth wave through even draws, one each `step`, with deviation about 1.
    pub(super) fn wave(self, place: f64, step: f64) -> f64 {
        let (whole, part) = ((place / step).floor(), (place / step).rem_euclid(1.0));
        let ease = part * part * (3.0 - 2.0 * part);
        let node = |offset: f64| self.at((whole + offset) as i64).bell();
        // Between two nodes their mean varies less than each.
        let spread = (ease * ease + (1.0 - ease) * (1.0 - ease)).sqrt();
        (node(0.0) * (1.0 - ease) + node(1.0) * ease) / spread
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_bells_have_deviation_one() {
        let chance = Chance::new(7).of("draw");
        let draws: Vec<f64> = (0..10_000).map(|place| chance.at(place).unit()).collect();
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        let square: f64 = (0..10_000).map(|place| chance.at(place).bell().powi(2)).sum();
        assert!((square / 10_000.0 - 1.0).abs() < 0.05, "{square}");
        assert_ne!(chance.of("ab"), chance.of("ba"));
    }
}
