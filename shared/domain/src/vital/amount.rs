//! How much of something was measured. It is kept as whole thousandths of one unit for each kind, so sums are exact, and a
//! number with up to two decimals reads the same in the unit that it came in.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use super::{Unit, VitalKind};

/// Thousandths of the unit that the kind is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i32);

/// Of glucose: a mole weighs 180.1559 g, and a litre has ten decilitres.
const MG_PER_DL_OF_MMOL_PER_L: f64 = 18.015_59;
/// By definition.
const KILOGRAMS_OF_POUND: f64 = 0.453_592_37;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountRefused {
    #[error("is not measured in this unit")]
    AnotherUnit,
    /// Nothing that is measured is so large, or it is no number.
    #[error("is no number that can be measured")]
    OutOfRange,
}

impl Amount {
    pub const fn thousandths(number: i32) -> Self {
        Self(number)
    }

    pub const fn whole(number: i32) -> Self {
        Self(number.saturating_mul(1000))
    }

    pub fn in_thousandths(self) -> i32 {
        self.0
    }

    pub fn read(kind: VitalKind, number: f64, unit: Unit) -> Result<Self, AmountRefused> {
        if !kind.units().contains(&unit) {
            return Err(AmountRefused::AnotherUnit);
        }
        let kept = match unit {
            Unit::Fahrenheit => (number - 32.0) / 1.8,
            Unit::MmolPerL => number * MG_PER_DL_OF_MMOL_PER_L,
            Unit::Pound => number * KILOGRAMS_OF_POUND,
            _ => number,
        };
        let thousandths = (kept * 1000.0).round();
        if thousandths.is_nan() || thousandths.abs() > f64::from(i32::MAX) {
            return Err(AmountRefused::OutOfRange);
        }
        Ok(Self(thousandths as i32))
    }

    /// With two decimals.
    pub fn shown(self, unit: Unit) -> Number {
        Self::show(f64::from(self.0), unit)
    }

    /// Rounds once: what was rounded to thousandths before could come out a hundredth off.
    pub(super) fn show(thousandths: f64, unit: Unit) -> Number {
        let kept = thousandths / 1000.0;
        let number = match unit {
            Unit::Fahrenheit => kept * 1.8 + 32.0,
            Unit::MmolPerL => kept / MG_PER_DL_OF_MMOL_PER_L,
            Unit::Pound => kept / KILOGRAMS_OF_POUND,
            _ => kept,
        };
        Number((number * 100.0).round() / 100.0)
    }

    pub fn is_plausible(self, kind: VitalKind) -> bool {
        let (least, most) = kind.plausible();
        (least..=most).contains(&self)
    }
}

/// In JSON without a fraction of nought: the first clients read whole numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(f64);

impl Number {
    pub fn value(self) -> f64 {
        self.0
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "VitalNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_convert_exactly() {
        let read = |kind, number, unit| Amount::read(kind, number, unit).unwrap();
        let shown = |kind, number, from, to| read(kind, number, from).shown(to).value();
        assert_eq!(
            shown(VitalKind::Temperature, 98.6, Unit::Fahrenheit, Unit::Celsius),
            37.0
        );
        assert_eq!(
            shown(VitalKind::Temperature, 37.0, Unit::Celsius, Unit::Fahrenheit),
            98.6
        );
        assert_eq!(shown(VitalKind::Weight, 150.0, Unit::Pound, Unit::Kilogram), 68.04);
        assert_eq!(shown(VitalKind::Glucose, 5.5, Unit::MmolPerL, Unit::MgPerDl), 99.09);
        assert_eq!(shown(VitalKind::Glucose, 180.0, Unit::MgPerDl, Unit::MmolPerL), 9.99);
        assert_eq!(
            read(VitalKind::Glucose, 1.0, Unit::MmolPerL),
            Amount::thousandths(18_016)
        );
    }

    #[test]
    fn a_number_in_the_wrong_unit_is_not_plausible() {
        let plausible = |number, unit| {
            let amount = Amount::read(VitalKind::Glucose, number, unit).unwrap();
            amount.is_plausible(VitalKind::Glucose)
        };
        assert!(plausible(5.5, Unit::MmolPerL) && plausible(99.0, Unit::MgPerDl));
        assert!(!plausible(5.5, Unit::MgPerDl) && !plausible(99.0, Unit::MmolPerL));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for number in [f64::NAN, f64::INFINITY, 1e300, -1e300] {
            let read = Amount::read(VitalKind::Weight, number, Unit::Kilogram);
            assert_eq!(read, Err(AmountRefused::OutOfRange), "{number}");
        }
        let read = Amount::read(VitalKind::Weight, 70.0, Unit::MgPerDl);
        assert_eq!(read, Err(AmountRefused::AnotherUnit));
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let json = |number| serde_json::to_string(&Number(number)).unwrap();
        assert_eq!((json(72.0), json(36.6)), ("72".to_owned(), "36.6".to_owned()));
    }

    proptest! {
        /// Of glucose this is promised from 1 to 600 mg/dL; it holds for all kinds and units.
        #[test]
        fn a_number_reads_as_it_was_written(hundredths in 100_i32..65_000, place in 0_usize..8) {
            let kind = VitalKind::ALL[place];
            for unit in kind.units() {
                let number = f64::from(hundredths) / 100.0;
                let amount = Amount::read(kind, number, *unit).unwrap();
                prop_assert_eq!(amount.shown(*unit).value(), number, "{:?} {:?}", kind, unit);
                for other in kind.units() {
                    let through = Amount::read(kind, amount.shown(*other).value(), *other).unwrap();
                    let error = (through.shown(*unit).value() - number).abs();
                    // Two decimals of the coarser unit.
                    prop_assert!(error <= 0.1, "{:?} {}", kind, error);
                }
            }
        }
    }
}
