//! What somebody wants to change of when a person is told, and who may change what: limits belong to clinicians where they
//! have set them, all else to the person.

use domain::id::UserId;
use domain::scheduling::zone::Zone;
use domain::vital::{Amount, Night, NoData, Personal, Subject, Timing, Unit, VitalKind, VitalRefused, VitalSettings};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// What is not sent stays as it is.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalSettingsChange")]
pub struct Body {
    /// That was seen: 409 if somebody has changed them since.
    version: u64,
    /// In place of all that the caller has set before; other kinds keep theirs.
    #[serde(default)]
    limits: Option<Vec<LimitForm>>,
    /// 1 or 2; only a clinician says so.
    #[serde(default)]
    spo2_scale: Option<u8>,
    #[serde(default)]
    on_oxygen: Option<bool>,
    /// Tell of weight that rises.
    #[serde(default)]
    weight_gain: Option<bool>,
    /// Nobody is told of these.
    #[serde(default)]
    off: Option<Vec<Subject>>,
    #[serde(default)]
    time_zone: Option<Zone>,
    /// When warnings wait for the morning; null for never.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Night>")]
    night: Option<Option<Night>>,
    #[serde(default)]
    warning: Option<Timing>,
    #[serde(default)]
    critical: Option<Timing>,
    /// Null for never.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<u16>")]
    escalate_after_minutes: Option<Option<u16>>,
    /// Null for all who may see the vital signs.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<Vec<UserId>>")]
    followers: Option<Option<Vec<UserId>>>,
    #[serde(default)]
    no_data: Option<Vec<NoData>>,
}

/// Tells null from what is not sent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalLimitsChange")]
pub struct LimitForm {
    kind: VitalKind,
    /// Of all four.
    unit: Unit,
    #[serde(default)]
    critical_low: Option<f64>,
    #[serde(default)]
    warning_low: Option<f64>,
    #[serde(default)]
    warning_high: Option<f64>,
    #[serde(default)]
    critical_high: Option<f64>,
}

/// Who changes them.
#[derive(Clone, Copy)]
pub enum By {
    Owner(UserId),
    Clinician(UserId),
}

impl LimitForm {
    fn personal(&self, by: By) -> Result<Personal, VitalRefused> {
        let read = |number: Option<f64>| {
            let amount = number
                .map(|number| Amount::read(self.kind, number, self.unit))
                .transpose();
            amount.map_err(|_| VitalRefused::Invalid {
                field: "limits",
                rule: "must be in a unit that the kind is measured in",
            })
        };
        let (set_by, by_clinician) = match by {
            By::Owner(id) => (id, false),
            By::Clinician(id) => (id, true),
        };
        Ok(Personal {
            kind: self.kind,
            critical_low: read(self.critical_low)?,
            warning_low: read(self.warning_low)?,
            warning_high: read(self.warning_high)?,
            critical_high: read(self.critical_high)?,
            set_by,
            by_clinician,
        })
    }
}

impl Body {
    /// What it makes of the settings as they are.
    pub fn apply(&self, before: &VitalSettings, by: By) -> Result<VitalSettings, VitalRefused> {
        if self.version != before.version {
            return Err(VitalRefused::SettingsChanged {
                version: before.version,
            });
        }
        let mut after = before.clone();
        if let Some(limits) = &self.limits {
            after.limits = merged(&before.limits, limits, by)?;
        }
        if let Some(scale) = self.spo2_scale {
            if !(1..=2).contains(&scale) {
                return Err(VitalRefused::Invalid {
                    field: "spo2_scale",
                    rule: "must be 1 or 2",
                });
            }
            after.spo2_scale_2 = scale == 2;
        }
        after.on_oxygen = self.on_oxygen.unwrap_or(after.on_oxygen);
        after.weight_gain = self.weight_gain.unwrap_or(after.weight_gain);
        match by {
            By::Clinician(_) if self.is_the_owners() => return Err(VitalRefused::OwnerOnly),
            By::Clinician(_) => {}
            By::Owner(_) => {
                self.apply_habits(&mut after);
                after.may_be_set_by_owner(before)?;
            }
        }
        after.check()?;
        Ok(after)
    }

    /// Whether it changes what is nobody's business but the person's.
    fn is_the_owners(&self) -> bool {
        let habits = self.off.is_some() || self.time_zone.is_some() || self.night.is_some() || self.no_data.is_some();
        let timing = self.warning.is_some() || self.critical.is_some();
        habits || timing || self.escalate_after_minutes.is_some() || self.followers.is_some()
    }

    fn apply_habits(&self, after: &mut VitalSettings) {
        fn put<T: Clone>(place: &mut T, said: &Option<T>) {
            if let Some(said) = said {
                place.clone_from(said);
            }
        }
        put(&mut after.off, &self.off);
        after.off.sort();
        after.off.dedup();
        put(&mut after.zone, &self.time_zone);
        put(&mut after.night, &self.night);
        put(&mut after.warning, &self.warning);
        put(&mut after.critical, &self.critical);
        put(&mut after.escalate_after_minutes, &self.escalate_after_minutes);
        put(&mut after.followers, &self.followers);
        put(&mut after.no_data, &self.no_data);
    }
}

/// A list stands in place of what the same person has set before. Of a kind that two have set, a clinician's holds, and of
/// two clinicians' the later.
fn merged(before: &[Personal], said: &[LimitForm], by: By) -> Result<Vec<Personal>, VitalRefused> {
    let new: Vec<Personal> = said.iter().map(|limit| limit.personal(by)).collect::<Result<_, _>>()?;
    let (By::Owner(caller) | By::Clinician(caller)) = by;
    let is_said = |kind: VitalKind| new.iter().any(|limit| limit.kind == kind);
    let mut clinical = before.iter().filter(|limit| limit.by_clinician);
    match (by, clinical.find(|limit| is_said(limit.kind))) {
        (By::Owner(_), Some(taken)) => Err(VitalRefused::SetByClinician {
            kind: taken.kind.word(),
        }),
        _ => {
            let is_the_callers = |limit: &Personal| match by {
                By::Owner(_) => !limit.by_clinician,
                By::Clinician(_) => limit.by_clinician && limit.set_by == caller,
            };
            let others = before
                .iter()
                .filter(|limit| !is_the_callers(limit) && !is_said(limit.kind));
            Ok(others.cloned().chain(new.iter().cloned()).collect())
        }
    }
}
