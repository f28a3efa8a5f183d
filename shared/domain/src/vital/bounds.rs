//! From where on a vital sign needs attention.
//!
//! Defaults are for adults at rest. The low side, oxygen, temperature and breathing are from NEWS2 (Royal College of
//! Physicians, 2017); high blood pressure from AHA/ACC; glucose from the consensus on continuous monitoring and ADA. By
//! convention of our own: a diastolic below 60 warns, from 41 °C on it is critical, and so is glucose from 300 mg/dL on,
//! twice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, VitalKind};
use crate::id::UserId;

/// What an alarm is about: pressures are judged together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "VitalSubject")]
pub enum Subject {
    HeartRate,
    BloodPressure,
    Spo2,
    Temperature,
    RespiratoryRate,
    Glucose,
    Weight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Low,
    High,
}

/// How urgent an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "VitalAlertLevel")]
pub enum Level {
    Warning,
    Critical,
}

/// How far from usual a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "VitalBand")]
pub enum Band {
    Normal,
    Watch,
    Warning,
    Critical,
}

/// On one side of a kind. Low: at or below; high: at or above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thresholds {
    pub watch: Option<Amount>,
    pub warning: Option<Amount>,
    pub critical: Option<Amount>,
}

/// Limits of one person for one kind, in place of the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    pub kind: VitalKind,
    pub critical_low: Option<Amount>,
    pub warning_low: Option<Amount>,
    pub warning_high: Option<Amount>,
    pub critical_high: Option<Amount>,
    pub set_by: UserId,
    /// Then the person cannot change them.
    pub by_clinician: bool,
}

impl Subject {
    pub const ALL: [Subject; 7] = [
        Subject::HeartRate,
        Subject::BloodPressure,
        Subject::Spo2,
        Subject::Temperature,
        Subject::RespiratoryRate,
        Subject::Glucose,
        Subject::Weight,
    ];

    pub fn of(kind: VitalKind) -> Self {
        match kind {
            VitalKind::HeartRate => Subject::HeartRate,
            VitalKind::SystolicBp | VitalKind::DiastolicBp => Subject::BloodPressure,
            VitalKind::Spo2 => Subject::Spo2,
            VitalKind::Temperature => Subject::Temperature,
            VitalKind::RespiratoryRate => Subject::RespiratoryRate,
            VitalKind::Glucose => Subject::Glucose,
            VitalKind::Weight => Subject::Weight,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Subject::HeartRate => "heart_rate",
            Subject::BloodPressure => "blood_pressure",
            Subject::Spo2 => "spo2",
            Subject::Temperature => "temperature",
            Subject::RespiratoryRate => "respiratory_rate",
            Subject::Glucose => "glucose",
            Subject::Weight => "weight",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Subject::HeartRate => "Heart rate",
            Subject::BloodPressure => "Blood pressure",
            Subject::Spo2 => "Oxygen saturation",
            Subject::Temperature => "Temperature",
            Subject::RespiratoryRate => "Breathing rate",
            Subject::Glucose => "Glucose",
            Subject::Weight => "Weight",
        }
    }
}

impl Side {
    pub const BOTH: [Side; 2] = [Side::Low, Side::High];

    pub fn word(self) -> &'static str {
        match self {
            Side::Low => "low",
            Side::High => "high",
        }
    }
}

impl Level {
    pub const BOTH: [Level; 2] = [Level::Critical, Level::Warning];

    pub fn word(self) -> &'static str {
        match self {
            Level::Warning => "warning",
            Level::Critical => "critical",
        }
    }

    pub fn band(self) -> Band {
        match self {
            Level::Warning => Band::Warning,
            Level::Critical => Band::Critical,
        }
    }
}

impl Band {
    pub fn word(self) -> &'static str {
        match self {
            Band::Normal => "normal",
            Band::Watch => "watch",
            Band::Warning => "warning",
            Band::Critical => "critical",
        }
    }
}

/// Whatever is less than this, to the last decimal that is kept.
const fn below(number: i32) -> Option<Amount> {
    Some(Amount::thousandths(number * 1000 - 1))
}

const fn over(number: i32) -> Option<Amount> {
    Some(Amount::thousandths(number * 1000 + 1))
}

/// The same in tenths.
const fn below_tenths(number: i32) -> Option<Amount> {
    Some(Amount::thousandths(number * 100 - 1))
}

const fn side(watch: Option<Amount>, warning: Option<Amount>, critical: Option<Amount>) -> Thresholds {
    Thresholds {
        watch,
        warning,
        critical,
    }
}

impl Thresholds {
    pub fn default_of(kind: VitalKind, on: Side) -> Self {
        match (kind, on) {
            (VitalKind::HeartRate, Side::Low) => side(below(51), None, below(41)),
            (VitalKind::HeartRate, Side::High) => side(over(90), over(110), over(130)),
            (VitalKind::SystolicBp, Side::Low) => side(below(111), below(101), below(91)),
            (VitalKind::SystolicBp, Side::High) => side(over(129), over(139), over(180)),
            (VitalKind::DiastolicBp, Side::Low) => side(None, below(60), None),
            (VitalKind::DiastolicBp, Side::High) => side(over(79), over(89), over(120)),
            (VitalKind::Spo2, Side::Low) => side(below(96), below(94), below(92)),
            (VitalKind::Temperature, Side::Low) => side(below_tenths(361), None, below_tenths(351)),
            (VitalKind::Temperature, Side::High) => side(over(38), over(39), Some(Amount::whole(41))),
            (VitalKind::RespiratoryRate, Side::Low) => side(below(12), None, below(9)),
            (VitalKind::RespiratoryRate, Side::High) => side(None, over(20), over(24)),
            (VitalKind::Glucose, Side::Low) => side(None, below(70), below(54)),
            (VitalKind::Glucose, Side::High) => side(over(180), over(250), Some(Amount::whole(300))),
            (VitalKind::Spo2, Side::High) | (VitalKind::Weight, _) => Self::default(),
        }
    }

    /// For people whose lungs are used to less oxygen, when a clinician says so (NEWS2, scale 2).
    pub fn of_scale_2(on: Side, on_oxygen: bool) -> Self {
        match on {
            Side::Low => side(below(88), below(86), below(84)),
            Side::High if on_oxygen => side(over(92), over(94), over(96)),
            Side::High => Self::default(),
        }
    }

    /// With what is personal in place of it.
    pub fn with(self, personal: Option<&Personal>, on: Side) -> Self {
        let Some(personal) = personal else { return self };
        let (warning, critical) = match on {
            Side::Low => (personal.warning_low, personal.critical_low),
            Side::High => (personal.warning_high, personal.critical_high),
        };
        Self {
            watch: self.watch,
            warning: warning.or(self.warning),
            critical: critical.or(self.critical),
        }
    }

    /// `low`: what is at or below them counts.
    pub fn judge(&self, on: Side, amount: Amount) -> Band {
        let is_past = |threshold: Option<Amount>| {
            threshold.is_some_and(|threshold| match on {
                Side::Low => amount <= threshold,
                Side::High => amount >= threshold,
            })
        };
        if is_past(self.critical) {
            Band::Critical
        } else if is_past(self.warning) {
            Band::Warning
        } else if is_past(self.watch) {
            Band::Watch
        } else {
            Band::Normal
        }
    }
}

/// A personal limit must leave something between low and high, and put what is critical beyond what warns.
pub fn is_sound(personal: &Personal) -> bool {
    let order = [
        personal.critical_low,
        personal.warning_low,
        personal.warning_high,
        personal.critical_high,
    ];
    let said: Vec<Amount> = order.into_iter().flatten().collect();
    let is_plausible = said.iter().all(|amount| amount.is_plausible(personal.kind));
    is_plausible && said.windows(2).all(|pair| pair[0] < pair[1])
}

/// The graver of both sides.
pub fn band_of(thresholds: impl Fn(Side) -> Thresholds, amount: Amount) -> (Band, Side) {
    let on = |on: Side| (thresholds(on).judge(on, amount), on);
    on(Side::Low).max(on(Side::High))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(kind: VitalKind, number: f64) -> &'static str {
        let amount = Amount::read(kind, number, kind.unit()).unwrap();
        band_of(|side| Thresholds::default_of(kind, side), amount).0.word()
    }

    /// Kinds, and in which band some numbers are.
    const BANDS: [(VitalKind, &[(f64, &str)]); 7] = [
        (
            VitalKind::HeartRate,
            &[
                (40.0, "critical"),
                (41.0, "watch"),
                (50.0, "watch"),
                (51.0, "normal"),
                (90.0, "normal"),
                (91.0, "watch"),
                (110.0, "watch"),
                (111.0, "warning"),
                (130.0, "warning"),
                (131.0, "critical"),
            ],
        ),
        (
            VitalKind::SystolicBp,
            &[
                (90.0, "critical"),
                (91.0, "warning"),
                (101.0, "watch"),
                (111.0, "normal"),
                (129.0, "normal"),
                (130.0, "watch"),
                (140.0, "warning"),
                (180.0, "warning"),
                (181.0, "critical"),
            ],
        ),
        (
            VitalKind::DiastolicBp,
            &[
                (59.0, "warning"),
                (60.0, "normal"),
                (80.0, "watch"),
                (90.0, "warning"),
                (120.0, "warning"),
                (121.0, "critical"),
            ],
        ),
        (
            VitalKind::Spo2,
            &[
                (91.0, "critical"),
                (92.0, "warning"),
                (94.0, "watch"),
                (95.9, "watch"),
                (96.0, "normal"),
            ],
        ),
        (
            VitalKind::Temperature,
            &[
                (35.0, "critical"),
                (35.1, "watch"),
                (36.0, "watch"),
                (36.1, "normal"),
                (38.0, "normal"),
                (38.1, "watch"),
                (39.0, "watch"),
                (39.1, "warning"),
                (41.0, "critical"),
            ],
        ),
        (
            VitalKind::RespiratoryRate,
            &[
                (8.0, "critical"),
                (9.0, "watch"),
                (12.0, "normal"),
                (20.0, "normal"),
                (21.0, "warning"),
                (25.0, "critical"),
            ],
        ),
        (
            VitalKind::Glucose,
            &[
                (53.0, "critical"),
                (54.0, "warning"),
                (69.0, "warning"),
                (70.0, "normal"),
                (180.0, "normal"),
                (181.0, "watch"),
                (251.0, "warning"),
                (300.0, "critical"),
            ],
        ),
    ];

    #[test]
    fn bands_are_those_of_the_sources() {
        for (kind, expected) in BANDS {
            for (number, word) in expected {
                assert_eq!(band(kind, *number), *word, "{kind:?} {number}");
            }
        }
    }

    #[test]
    fn oxygen_has_another_scale_where_a_clinician_says_so() {
        let band = |number, on_oxygen| {
            let amount = Amount::whole(number);
            band_of(|side| Thresholds::of_scale_2(side, on_oxygen), amount).0.word()
        };
        let low = [83, 84, 86, 88, 92, 97].map(|number| band(number, false));
        assert_eq!(low, ["critical", "warning", "watch", "normal", "normal", "normal"]);
        assert_eq!(
            [93, 95, 97].map(|number| band(number, true)),
            ["watch", "warning", "critical"]
        );
    }

    #[test]
    fn personal_limits_stand_in_place_of_the_defaults() {
        let personal = Personal {
            kind: VitalKind::Glucose,
            critical_low: None,
            warning_low: Some(Amount::whole(80)),
            warning_high: Some(Amount::whole(200)),
            critical_high: None,
            set_by: UserId::new(jiff::Timestamp::UNIX_EPOCH, [1; 6]),
            by_clinician: true,
        };
        let band = |number: i32| {
            let thresholds = |side| Thresholds::default_of(VitalKind::Glucose, side).with(Some(&personal), side);
            band_of(thresholds, Amount::whole(number)).0.word()
        };
        let bands = [53, 80, 81, 181, 200, 300].map(band);
        assert_eq!(bands, ["critical", "warning", "normal", "watch", "warning", "critical"]);
        assert!(is_sound(&personal));
        let crossed = Personal {
            critical_low: Some(Amount::whole(90)),
            ..personal.clone()
        };
        assert!(!is_sound(&crossed));
        let absurd = Personal {
            critical_high: Some(Amount::whole(900)),
            ..personal
        };
        assert!(!is_sound(&absurd));
    }
}
