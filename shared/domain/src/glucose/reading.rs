//! What a sensor says at one moment. Everything here counts in mg/dL.

use jiff::Timestamp;

/// What the sensors in use can measure, in mg/dL.
pub const MEASURABLE: std::ops::RangeInclusive<f64> = 40.0..=400.0;

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
    pub fn of(number: f64) -> Self {
        if number < *MEASURABLE.start() {
            Value::Low
        } else if number > *MEASURABLE.end() {
            Value::High
        } else {
            Value::Measured(number)
        }
    }

    /// The number that figures count with: "low" and "high" count as the next whole number outside of what can be measured,
    /// as the makers of sensors report them. So they are time below 54 and above 250, as the consensus wants it.
    pub fn mg_per_dl(self) -> f64 {
        match self {
            Value::Measured(number) => number,
            Value::Low => MEASURABLE.start() - 1.0,
            Value::High => MEASURABLE.end() + 1.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub at: Timestamp,
    pub value: Value,
}

impl Reading {
    pub fn new(at: Timestamp, number: f64) -> Self {
        Self {
            at,
            value: Value::of(number),
        }
    }

    pub fn mg_per_dl(&self) -> f64 {
        self.value.mg_per_dl()
    }
}
