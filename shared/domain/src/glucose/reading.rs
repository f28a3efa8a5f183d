//! What a sensor says at one moment. Everything here counts in mg/dL.

use std::ops::RangeInclusive;

use jiff::Timestamp;

/// What Dexcom's sensors can measure; others reach 500.
pub const DEXCOM: RangeInclusive<f64> = 40.0..=400.0;
/// Outside of it nothing is believed.
pub const PLAUSIBLE: RangeInclusive<f64> = 20.0..=600.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// In mg/dL.
    Measured(f64),
    /// Below what the sensor can measure.
    Low,
    /// Above it.
    High,
}

impl Value {
    /// A number outside of what can be measured is how some sensors say "low" (39) and "high" (401).
    pub fn of(number: f64, measurable: &RangeInclusive<f64>) -> Self {
        if number < *measurable.start() {
            Value::Low
        } else if number > *measurable.end() {
            Value::High
        } else {
            Value::Measured(number)
        }
    }

    /// The number that figures count with. "Low" and "high" count as 39 and 401, as Dexcom reports them: the next whole
    /// number outside of what it can measure. So they are time below 54 and above 250, as the consensus on time in
    /// range wants it.
    pub fn mg_per_dl(self) -> f64 {
        match self {
            Value::Measured(number) => number,
            Value::Low => DEXCOM.start() - 1.0,
            Value::High => DEXCOM.end() + 1.0,
        }
    }

    pub fn is_plausible(self) -> bool {
        PLAUSIBLE.contains(&self.mg_per_dl())
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub at: Timestamp,
    pub value: Value,
}

impl Reading {
    pub fn measured(at: Timestamp, number: f64) -> Self {
        Self {
            at,
            value: Value::Measured(number),
        }
    }

    pub fn mg_per_dl(&self) -> f64 {
        self.value.mg_per_dl()
    }
}
