//! What is measured, and in which units.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Amount;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VitalKind {
    HeartRate,
    SystolicBp,
    DiastolicBp,
    Spo2,
    Temperature,
    RespiratoryRate,
    Glucose,
    Weight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    PerMinute,
    MmHg,
    Percent,
    Celsius,
    Fahrenheit,
    MgPerDl,
    MmolPerL,
    Kilogram,
    Pound,
}

impl VitalKind {
    pub const ALL: [VitalKind; 8] = [
        VitalKind::HeartRate,
        VitalKind::SystolicBp,
        VitalKind::DiastolicBp,
        VitalKind::Spo2,
        VitalKind::Temperature,
        VitalKind::RespiratoryRate,
        VitalKind::Glucose,
        VitalKind::Weight,
    ];

    /// As it is stored and sent.
    pub fn word(self) -> &'static str {
        match self {
            VitalKind::HeartRate => "heart_rate",
            VitalKind::SystolicBp => "systolic_bp",
            VitalKind::DiastolicBp => "diastolic_bp",
            VitalKind::Spo2 => "spo2",
            VitalKind::Temperature => "temperature",
            VitalKind::RespiratoryRate => "respiratory_rate",
            VitalKind::Glucose => "glucose",
            VitalKind::Weight => "weight",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            VitalKind::HeartRate => "Heart rate",
            VitalKind::SystolicBp => "Systolic blood pressure",
            VitalKind::DiastolicBp => "Diastolic blood pressure",
            VitalKind::Spo2 => "Oxygen saturation",
            VitalKind::Temperature => "Temperature",
            VitalKind::RespiratoryRate => "Breathing rate",
            VitalKind::Glucose => "Glucose",
            VitalKind::Weight => "Weight",
        }
    }

    /// The one that it is kept in comes first.
    pub fn units(self) -> &'static [Unit] {
        match self {
            VitalKind::HeartRate | VitalKind::RespiratoryRate => &[Unit::PerMinute],
            VitalKind::SystolicBp | VitalKind::DiastolicBp => &[Unit::MmHg],
            VitalKind::Spo2 => &[Unit::Percent],
            VitalKind::Temperature => &[Unit::Celsius, Unit::Fahrenheit],
            VitalKind::Glucose => &[Unit::MgPerDl, Unit::MmolPerL],
            VitalKind::Weight => &[Unit::Kilogram, Unit::Pound],
        }
    }

    /// The one that it is kept in.
    pub fn unit(self) -> Unit {
        match self {
            VitalKind::HeartRate | VitalKind::RespiratoryRate => Unit::PerMinute,
            VitalKind::SystolicBp | VitalKind::DiastolicBp => Unit::MmHg,
            VitalKind::Spo2 => Unit::Percent,
            VitalKind::Temperature => Unit::Celsius,
            VitalKind::Glucose => Unit::MgPerDl,
            VitalKind::Weight => Unit::Kilogram,
        }
    }

    /// What a living person can have, both ends included. Beyond it the device or the unit is wrong. Of SpO2, heart rate,
    /// temperature and glucose these are the bounds of the sources that the thresholds are from; the others are ours.
    pub fn plausible(self) -> (Amount, Amount) {
        let whole = |from, until| (Amount::whole(from), Amount::whole(until));
        match self {
            VitalKind::HeartRate => whole(20, 250),
            VitalKind::SystolicBp => whole(40, 300),
            VitalKind::DiastolicBp => whole(20, 200),
            VitalKind::Spo2 => whole(50, 100),
            VitalKind::Temperature => whole(30, 43),
            VitalKind::RespiratoryRate => whole(3, 80),
            VitalKind::Glucose => whole(20, 600),
            VitalKind::Weight => (Amount::thousandths(300), Amount::whole(650)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of /min, mmHg, %, °C, °F, mg/dL, mmol/L, kg, lb")]
pub struct UnknownUnit;

impl Unit {
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::PerMinute => "/min",
            Unit::MmHg => "mmHg",
            Unit::Percent => "%",
            Unit::Celsius => "°C",
            Unit::Fahrenheit => "°F",
            Unit::MgPerDl => "mg/dL",
            Unit::MmolPerL => "mmol/L",
            Unit::Kilogram => "kg",
            Unit::Pound => "lb",
        }
    }
}

impl FromStr for Unit {
    type Err = UnknownUnit;

    /// In any case, and as devices without a degree sign write it.
    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        Ok(match text.trim().to_lowercase().as_str() {
            "/min" | "bpm" => Unit::PerMinute,
            "mmhg" | "mm[hg]" => Unit::MmHg,
            "%" => Unit::Percent,
            "°c" | "c" | "cel" | "celsius" => Unit::Celsius,
            "°f" | "f" | "[degf]" | "fahrenheit" => Unit::Fahrenheit,
            "mg/dl" => Unit::MgPerDl,
            "mmol/l" => Unit::MmolPerL,
            "kg" => Unit::Kilogram,
            "lb" | "lbs" | "[lb_av]" => Unit::Pound,
            _ => return Err(UnknownUnit),
        })
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Unit {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "VitalUnit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "enum": ["/min", "mmHg", "%", "°C", "°F", "mg/dL", "mmol/L", "kg", "lb"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_read_as_it_is_written() {
        for unit in VitalKind::ALL.iter().flat_map(|kind| kind.units()) {
            assert_eq!(unit.symbol().parse(), Ok(*unit));
        }
        assert_eq!("MMOL/L".parse(), Ok(Unit::MmolPerL));
        assert_eq!("F".parse(), Ok(Unit::Fahrenheit));
        for text in ["", "mg", "mmol", "K", "st"] {
            assert_eq!(text.parse::<Unit>(), Err(UnknownUnit), "{text}");
        }
    }

    #[test]
    fn every_kind_is_kept_in_its_first_unit() {
        for kind in VitalKind::ALL {
            assert_eq!(kind.units()[0], kind.unit());
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
    }
}
