//! What devices, and apps on their behalf, say of updates. Anyone may say it, so no decision hangs on a report that came
//! without a device's own token.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::firmware::update::ReportStatus;
use crate::firmware::{DeviceLabel, FirmwareVersion};
use crate::id::FirmwareReportId;
use crate::refusal::FieldError;

const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
const LONGEST_MESSAGE: usize = 500;
const LONGEST_ADDRESS: usize = 64;
pub const LONGEST_PARTITION: usize = 32;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirmwareReport {
    pub id: FirmwareReportId,
    pub device: DeviceLabel,
    pub version: FirmwareVersion,
    pub status: ReportStatus,
    pub error_message: Option<String>,
    pub progress_percent: Option<u8>,
    pub ip_address: Option<String>,
    /// Whether it came with the device's own token.
    pub is_proved: bool,
    pub reported_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// What is said of an update, before it is checked.
pub struct Said {
    pub device: DeviceLabel,
    pub version: FirmwareVersion,
    pub status: ReportStatus,
    pub error_message: Option<String>,
    pub progress_percent: Option<i64>,
    pub ip_address: Option<String>,
}

impl FirmwareReport {
    pub fn new(id: FirmwareReportId, said: Said, is_proved: bool, now: Timestamp) -> Result<Self, FieldError> {
        let refused = |field: &str, rule: String| FieldError::new("body", field, "invalid", rule);
        let short = |field: &str, text: Option<String>, longest: usize| match text {
            Some(text) if text.chars().count() > longest => {
                Err(refused(field, format!("must have at most {longest} characters")))
            }
            text => Ok(text),
        };
        let percent = said.progress_percent.map(|percent| {
            let percent = u8::try_from(percent).ok().filter(|percent| *percent <= 100);
            percent.ok_or_else(|| refused("progress_percent", "must be from 0 to 100".to_owned()))
        });
        Ok(Self {
            id,
            device: said.device,
            version: said.version,
            status: said.status,
            error_message: short("error_message", said.error_message, LONGEST_MESSAGE)?,
            progress_percent: percent.transpose()?,
            ip_address: short("ip_address", said.ip_address, LONGEST_ADDRESS)?,
            is_proved,
            reported_at: now,
            expires_at: now + KEPT,
        })
    }
}
