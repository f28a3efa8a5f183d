//! A registered device as operators see it.

use domain::firmware::update::UpdateState;
use domain::firmware::{DeviceLabel, EnrolledDevice, FirmwareVersion, Hardware};
use domain::id::UserId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DeviceName")]
pub struct Parameters {
    pub device_id: DeviceLabel,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareDevice")]
pub struct DeviceAnswer {
    device_id: DeviceLabel,
    hardware: Hardware,
    /// Who is told of new firmware for it.
    owner_id: Option<UserId>,
    is_revoked: bool,
    /// What it last said that it runs.
    running_version: Option<String>,
    partition: Option<String>,
    update: Option<UpdateAnswer>,
    registered_by: String,
    #[schemars(with = "String")]
    created_at: Timestamp,
    /// When it last said something new.
    #[schemars(with = "String")]
    changed_at: Timestamp,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareUpdate")]
struct UpdateAnswer {
    version: FirmwareVersion,
    state: UpdateState,
}

/// With the token, which is shown this once.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareDeviceWithToken")]
pub struct WithToken {
    #[serde(flatten)]
    pub device: DeviceAnswer,
    /// For the header `X-Device-Token`.
    pub token: String,
}

impl From<EnrolledDevice> for DeviceAnswer {
    fn from(device: EnrolledDevice) -> Self {
        let update = device.update.map(|update| UpdateAnswer {
            version: update.version,
            state: update.state,
        });
        Self {
            device_id: device.label,
            hardware: device.hardware,
            owner_id: device.owner,
            is_revoked: device.is_revoked,
            running_version: device.running,
            partition: device.partition,
            update,
            registered_by: device.registered_by,
            created_at: device.created_at,
            changed_at: device.changed_at,
        }
    }
}
