//! When a person wants to be told of vital signs, and from where on, as apps see it.

use domain::id::UserId;
use domain::vital::{Night, NoData, Number, Personal, Side, Subject, Timing, Unit, VitalKind, VitalSettings};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalSettings")]
pub struct SettingsAnswer {
    /// For the next change: 0 where nothing was ever changed.
    version: u64,
    /// Those that hold, personal or not.
    limits: Vec<LimitAnswer>,
    /// 2 for people who are used to less oxygen, as a clinician says.
    spo2_scale: u8,
    on_oxygen: bool,
    weight_gain: bool,
    off: Vec<Subject>,
    time_zone: String,
    night: Option<Night>,
    warning: Timing,
    critical: Timing,
    escalate_after_minutes: Option<u16>,
    /// Who is told next, in this order; none: whoever may see the vital signs, by when they were let.
    followers: Option<Vec<UserId>>,
    no_data: Vec<NoData>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalLimits")]
struct LimitAnswer {
    kind: VitalKind,
    unit: Unit,
    /// What is lower is critical; a personal limit counts itself, and so do 41 °C and 300 mg/dL.
    critical_low: Option<Number>,
    warning_low: Option<Number>,
    /// What is higher warns.
    warning_high: Option<Number>,
    critical_high: Option<Number>,
    /// None for the defaults.
    set_by: Option<UserId>,
    by_clinician: bool,
}

impl From<VitalSettings> for SettingsAnswer {
    fn from(settings: VitalSettings) -> Self {
        Self {
            version: settings.version,
            limits: VitalKind::ALL.iter().map(|kind| limit(&settings, *kind)).collect(),
            spo2_scale: if settings.spo2_scale_2 { 2 } else { 1 },
            on_oxygen: settings.on_oxygen,
            weight_gain: settings.weight_gain,
            off: settings.off,
            time_zone: settings.zone.name().to_owned(),
            night: settings.night,
            warning: settings.warning,
            critical: settings.critical,
            escalate_after_minutes: settings.escalate_after_minutes,
            followers: settings.followers,
            no_data: settings.no_data,
        }
    }
}

fn limit(settings: &VitalSettings, kind: VitalKind) -> LimitAnswer {
    let [low, high] = Side::BOTH.map(|side| settings.thresholds(kind, side));
    let personal: Option<&Personal> = settings.limits.iter().find(|limit| limit.kind == kind);
    let unit = kind.unit();
    let number = |amount: Option<domain::vital::Amount>| amount.map(|amount| amount.shown(unit));
    LimitAnswer {
        kind,
        unit,
        critical_low: number(low.critical),
        warning_low: number(low.warning),
        warning_high: number(high.warning),
        critical_high: number(high.critical),
        set_by: personal.map(|limit| limit.set_by),
        by_clinician: personal.is_some_and(|limit| limit.by_clinician),
    }
}
