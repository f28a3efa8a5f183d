//! An alert as apps see it.

use domain::id::{UserId, VitalAlertId, VitalReadingId};
use domain::vital::{Alarm, AlarmState, Level, Number, Unit, VitalKind};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalAlert")]
pub struct AlertAnswer {
    id: VitalAlertId,
    user_id: UserId,
    /// `hand` for what was typed in; none where nothing was measured.
    device_id: Option<String>,
    vital_data_id: Option<VitalReadingId>,
    alert_message: String,
    alert_level: Level,
    /// When it began.
    #[schemars(with = "String")]
    timestamp: Timestamp,
    #[schemars(with = "String")]
    created_at: Timestamp,
    resolved: bool,
    #[schemars(with = "Option<String>")]
    resolved_at: Option<Timestamp>,
    /// Such as `glucose_low_critical`.
    rule: String,
    state: AlarmState,
    kind: VitalKind,
    /// What was measured when it began.
    value: Option<Number>,
    unit: Unit,
    acknowledged_by: Option<UserId>,
    #[schemars(with = "Option<String>")]
    acknowledged_at: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    snoozed_until: Option<Timestamp>,
    /// How many of those who follow were told.
    followers_told: u16,
}

impl AlertAnswer {
    pub fn new(owner: UserId, alarm: &Alarm, now: Timestamp) -> Self {
        let unit = alarm.kind.unit();
        Self {
            id: alarm.id,
            user_id: owner,
            device_id: alarm.source.map(|source| source.to_string()),
            vital_data_id: alarm.reading,
            alert_message: alarm.rule.message(),
            alert_level: alarm.rule.level(),
            timestamp: alarm.raised_at,
            created_at: alarm.raised_at,
            resolved: !alarm.is_open(),
            resolved_at: alarm.cleared_at,
            rule: alarm.rule.word(),
            state: alarm.state(now),
            kind: alarm.kind,
            value: alarm.amount.map(|amount| amount.shown(unit)),
            unit,
            acknowledged_by: alarm.acknowledged.map(|acknowledged| acknowledged.by),
            acknowledged_at: alarm.acknowledged.map(|acknowledged| acknowledged.at),
            snoozed_until: alarm.snoozed_until,
            followers_told: u16::try_from(alarm.followers_told.len()).unwrap_or(u16::MAX),
        }
    }
}
