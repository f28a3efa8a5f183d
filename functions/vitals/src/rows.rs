//! Readings of several kinds put together again: what one source measured at one moment is one row.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::vital::{
    Amount, Band, Kept, Level, Number, Rule, Source, Subject, Unit, VitalKind, VitalSettings, band_of,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone)]
pub struct Row {
    pub at: Timestamp,
    pub source: Source,
    pub amounts: BTreeMap<VitalKind, Amount>,
    pub received_at: Timestamp,
}

/// The earliest first.
pub fn rows(readings: impl IntoIterator<Item = (VitalKind, Kept)>) -> Vec<Row> {
    let mut rows: BTreeMap<(Timestamp, Source), Row> = BTreeMap::new();
    for (kind, kept) in readings {
        let row = rows.entry((kept.at, kept.source)).or_insert_with(|| Row {
            at: kept.at,
            source: kept.source,
            amounts: BTreeMap::new(),
            received_at: kept.received_at,
        });
        row.amounts.insert(kind, kept.amount);
        row.received_at = row.received_at.max(kept.received_at);
    }
    rows.into_values().collect()
}

/// Units of what has more than one, in the unit that it is kept in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalUnitsShown")]
pub struct UnitsShown {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    glucose: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Unit>,
}

impl UnitsShown {
    pub fn of(has: impl Fn(VitalKind) -> bool) -> Self {
        let unit = |kind: VitalKind| has(kind).then_some(kind.unit());
        Self {
            temperature: unit(VitalKind::Temperature),
            glucose: unit(VitalKind::Glucose),
            weight: unit(VitalKind::Weight),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalRow")]
pub struct RowAnswer {
    id: String,
    user_id: UserId,
    /// `hand` for what was typed in.
    device_id: String,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    heart_rate: Option<Number>,
    systolic_bp: Option<Number>,
    diastolic_bp: Option<Number>,
    spo2: Option<Number>,
    temperature: Option<Number>,
    respiratory_rate: Option<Number>,
    glucose: Option<Number>,
    weight: Option<Number>,
    units: UnitsShown,
    /// What of it is beyond the limits that warn.
    alerts: Vec<String>,
    /// When it came.
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Row {
    pub fn id(&self) -> String {
        self.source.reading_at(self.at).to_string()
    }

    pub fn answer(&self, owner: UserId, settings: &VitalSettings) -> RowAnswer {
        let number = |kind: VitalKind| self.amounts.get(&kind).map(|amount| amount.shown(kind.unit()));
        RowAnswer {
            id: self.id(),
            user_id: owner,
            device_id: self.source.to_string(),
            timestamp: self.at,
            heart_rate: number(VitalKind::HeartRate),
            systolic_bp: number(VitalKind::SystolicBp),
            diastolic_bp: number(VitalKind::DiastolicBp),
            spo2: number(VitalKind::Spo2),
            temperature: number(VitalKind::Temperature),
            respiratory_rate: number(VitalKind::RespiratoryRate),
            glucose: number(VitalKind::Glucose),
            weight: number(VitalKind::Weight),
            units: UnitsShown::of(|kind| self.amounts.contains_key(&kind)),
            alerts: self.alerts(settings),
            created_at: self.received_at,
        }
    }

    fn alerts(&self, settings: &VitalSettings) -> Vec<String> {
        let mut alerts: Vec<String> = Vec::new();
        for (kind, amount) in &self.amounts {
            let (band, side) = band_of(|side| settings.thresholds(*kind, side), *amount);
            let level = match band {
                Band::Normal | Band::Watch => continue,
                Band::Warning => Level::Warning,
                Band::Critical => Level::Critical,
            };
            let subject = Subject::of(*kind);
            let message = Rule::Bounds { subject, side, level }.message();
            if !alerts.contains(&message) {
                alerts.push(message);
            }
        }
        alerts
    }
}
