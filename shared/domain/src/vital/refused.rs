//! Why something about vital signs is not done, or not shown.

use serde_json::{Map, Value, json};

use crate::refusal::{FieldError, Kind, Refusal};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VitalRefused {
    #[error("{field} {rule}")]
    Invalid { field: &'static str, rule: &'static str },
    /// Which device, which token, or that it was revoked: nobody is told.
    #[error("Invalid device credentials")]
    DeviceCredentials,
    #[error("Device not found")]
    DeviceNotFound,
    #[error("The device was revoked")]
    DeviceRevoked,
    #[error("At most 20 devices can be registered at once")]
    TooManyDevices,
    /// Whoever has no right hears what they would hear if there were nobody.
    #[error("Patient not found")]
    NoPatient,
    #[error("Alert not found")]
    AlertNotFound,
    /// What it was about is over.
    #[error("The alert is over")]
    AlertOver,
    /// None of what was sent can be true. Holds the results, one for each.
    #[error("{sentence}")]
    NothingKept { sentence: String, results: Value },
    #[error("Only a doctor who treats the patient can change this")]
    CliniciansOnly,
    #[error("A doctor has set the limits of {kind}")]
    SetByClinician { kind: &'static str },
    #[error("Only the patient can change this")]
    OwnerOnly,
    /// Somebody has changed them since the version that the caller saw.
    #[error("The settings have changed")]
    SettingsChanged { version: u64 },
}

impl Refusal for VitalRefused {
    fn kind(&self) -> Kind {
        match self {
            VitalRefused::Invalid { .. } | VitalRefused::NothingKept { .. } => Kind::Invalid,
            VitalRefused::DeviceCredentials => Kind::Unauthenticated,
            VitalRefused::DeviceNotFound | VitalRefused::NoPatient | VitalRefused::AlertNotFound => Kind::NotFound,
            VitalRefused::CliniciansOnly | VitalRefused::SetByClinician { .. } | VitalRefused::OwnerOnly => {
                Kind::Forbidden
            }
            VitalRefused::DeviceRevoked
            | VitalRefused::TooManyDevices
            | VitalRefused::AlertOver
            | VitalRefused::SettingsChanged { .. } => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            VitalRefused::Invalid { .. } => "validation_error",
            VitalRefused::DeviceCredentials => "device_credentials_invalid",
            VitalRefused::DeviceNotFound => "device_not_found",
            VitalRefused::DeviceRevoked => "device_revoked",
            VitalRefused::TooManyDevices => "devices_too_many",
            VitalRefused::NoPatient => "patient_not_found",
            VitalRefused::AlertNotFound => "alert_not_found",
            VitalRefused::AlertOver => "alert_over",
            VitalRefused::NothingKept { .. } => "readings_quarantined",
            VitalRefused::CliniciansOnly => "clinicians_only",
            VitalRefused::SetByClinician { .. } => "set_by_clinician",
            VitalRefused::OwnerOnly => "owner_only",
            VitalRefused::SettingsChanged { .. } => "settings_changed",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            VitalRefused::Invalid { field, rule } => vec![FieldError::new("body", field, "invalid", rule)],
            _ => Vec::new(),
        }
    }

    fn members(&self) -> Map<String, Value> {
        match self {
            VitalRefused::NothingKept { results, .. } => Map::from_iter([("results".to_owned(), results.clone())]),
            VitalRefused::SettingsChanged { version } => Map::from_iter([("version".to_owned(), json!(version))]),
            _ => Map::new(),
        }
    }
}
