//! Vital signs: numbers with their units, as people read them, and not as they are kept.

use domain::id::{UserId, VitalAlertId, VitalDeviceId};
use domain::vital::{Acknowledged, Alarm, Amount, Level, Number, Personal, Quarantined, Unit, VitalKind};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::vitals::{QuarantineBook, ReadingsOfKind};

/// Without what it proves itself with.
#[derive(Serialize)]
pub struct VitalDevice<'a> {
    id: VitalDeviceId,
    name: &'a str,
    model: Option<&'a str>,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl<'a> From<&'a domain::vital::VitalDevice> for VitalDevice<'a> {
    fn from(device: &'a domain::vital::VitalDevice) -> Self {
        Self {
            id: device.id,
            name: &device.name,
            model: device.model.as_deref(),
            created_at: device.created_at,
            revoked_at: device.revoked_at,
        }
    }
}

/// In the unit that they are kept in.
#[derive(Serialize)]
pub struct VitalReadings {
    kind: VitalKind,
    unit: Unit,
    readings: Vec<VitalReading>,
}

#[derive(Serialize)]
struct VitalReading {
    at: Timestamp,
    value: Number,
    /// `hand`, or the device.
    source: String,
    received_at: Timestamp,
}

impl From<&ReadingsOfKind> for VitalReadings {
    fn from(of_kind: &ReadingsOfKind) -> Self {
        let unit = of_kind.kind.unit();
        let readings = of_kind.readings.iter().map(|kept| VitalReading {
            at: kept.at,
            value: kept.amount.shown(unit),
            source: kept.source.to_string(),
            received_at: kept.received_at,
        });
        Self {
            kind: of_kind.kind,
            unit,
            readings: readings.collect(),
        }
    }
}

#[derive(Serialize)]
pub struct VitalAlert<'a> {
    id: VitalAlertId,
    /// Such as `glucose_low_critical`.
    rule: String,
    message: String,
    level: Level,
    raised_at: Timestamp,
    cleared_at: Option<Timestamp>,
    kind: VitalKind,
    value: Option<Number>,
    unit: Unit,
    source: Option<String>,
    told_at: Option<Timestamp>,
    followers_told: &'a [UserId],
    acknowledged: Option<Acknowledged>,
    snoozed_until: Option<Timestamp>,
}

impl<'a> From<&'a Alarm> for VitalAlert<'a> {
    fn from(alarm: &'a Alarm) -> Self {
        let unit = alarm.kind.unit();
        Self {
            id: alarm.id,
            rule: alarm.rule.word(),
            message: alarm.rule.message(),
            level: alarm.rule.level(),
            raised_at: alarm.raised_at,
            cleared_at: alarm.cleared_at,
            kind: alarm.kind,
            value: alarm.amount.map(|amount| amount.shown(unit)),
            unit,
            source: alarm.source.map(|source| source.to_string()),
            told_at: alarm.told_at,
            followers_told: &alarm.followers_told,
            acknowledged: alarm.acknowledged,
            snoozed_until: alarm.snoozed_until,
        }
    }
}

/// As they came, which may be why.
#[derive(Serialize)]
pub struct Quarantine<'a> {
    /// `hand`, or the device.
    source: String,
    readings: &'a [Quarantined],
    /// How many older ones made room.
    dropped: u64,
}

impl<'a> From<&'a QuarantineBook> for Quarantine<'a> {
    fn from(book: &'a QuarantineBook) -> Self {
        Self {
            source: book.source.to_string(),
            readings: &book.entries,
            dropped: book.dropped,
        }
    }
}

#[derive(Serialize)]
pub struct VitalSettings {
    limits: Vec<Limit>,
    /// All else as it is kept.
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Serialize)]
struct Limit {
    kind: VitalKind,
    unit: Unit,
    critical_low: Option<Number>,
    warning_low: Option<Number>,
    warning_high: Option<Number>,
    critical_high: Option<Number>,
    set_by: UserId,
    by_clinician: bool,
}

impl From<&domain::vital::VitalSettings> for VitalSettings {
    fn from(settings: &domain::vital::VitalSettings) -> Self {
        let others = match serde_json::to_value(settings) {
            Ok(Value::Object(mut others)) => {
                others.remove("limits");
                others
            }
            _ => Map::new(),
        };
        Self {
            limits: settings.limits.iter().map(Limit::from).collect(),
            others,
        }
    }
}

impl From<&Personal> for Limit {
    fn from(limit: &Personal) -> Self {
        let unit = limit.kind.unit();
        let number = |amount: Option<Amount>| amount.map(|amount| amount.shown(unit));
        Self {
            kind: limit.kind,
            unit,
            critical_low: number(limit.critical_low),
            warning_low: number(limit.warning_low),
            warning_high: number(limit.warning_high),
            critical_high: number(limit.critical_high),
            set_by: limit.set_by,
            by_clinician: limit.by_clinician,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::vital::{Fault, Side, Source, Subject};
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn numbers_have_their_unit() {
        let owner = UserId::new(NOW, [1; 6]);
        let limit = Personal {
            kind: VitalKind::Glucose,
            critical_low: None,
            warning_low: Some(Amount::thousandths(81_070)),
            warning_high: None,
            critical_high: None,
            set_by: owner,
            by_clinician: true,
        };
        let settings = domain::vital::VitalSettings {
            limits: vec![limit],
            ..Default::default()
        };
        let shown = serde_json::to_value(VitalSettings::from(&settings)).unwrap();
        assert_eq!(
            (&shown["limits"][0]["warning_low"], &shown["limits"][0]["unit"]),
            (&json!(81.07), &json!("mg/dL"))
        );
        assert_eq!(shown["escalate_after_minutes"], json!(15));
        let (subject, side, level) = (Subject::Temperature, Side::High, Level::Critical);
        let alarm = Alarm {
            id: VitalAlertId::of(owner, "fever", NOW),
            rule: domain::vital::Rule::Bounds { subject, side, level },
            raised_at: NOW,
            kind: VitalKind::Temperature,
            amount: Some(Amount::thousandths(41_500)),
            source: Some(Source::Hand),
            reading: None,
            told: 1,
            told_at: Some(NOW),
            waits_from: None,
            followers_told: vec![owner],
            acknowledged: None,
            snoozed_until: None,
            cleared_at: None,
        };
        let shown = serde_json::to_value(VitalAlert::from(&alarm)).unwrap();
        assert_eq!(
            (&shown["value"], &shown["unit"], &shown["rule"]),
            (&json!(41.5), &json!("°C"), &json!("temperature_high_critical"))
        );
    }

    #[test]
    fn what_was_set_apart_keeps_its_source() {
        let entry = Quarantined {
            kind: VitalKind::Spo2,
            value: Some(400.0),
            unit: Unit::Percent,
            at: NOW,
            fault: Fault::Implausible,
            received_at: NOW,
        };
        let book = QuarantineBook {
            source: Source::Hand,
            entries: vec![entry],
            dropped: 0,
        };
        let shown = serde_json::to_value(Quarantine::from(&book)).unwrap();
        assert_eq!(
            (
                &shown["source"],
                &shown["readings"][0]["value"],
                &shown["readings"][0]["unit"]
            ),
            (&json!("hand"), &json!(400.0), &json!("%"))
        );
    }
}
