//! Chance in tests: the same numbers for the same seed, so that what fails can be run again.

/// Xorshift (Marsaglia, 2003) over a seed that is not 0.
pub struct Dice(pub u64);

impl Dice {
    /// From 0, below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    pub fn happens(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}
