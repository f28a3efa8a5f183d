//! A device that measures, as its owner sees it.

use domain::id::{UserId, VitalDeviceId};
use domain::vital::{VitalDevice, VitalRefused};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalDeviceName")]
pub struct Parameters {
    device_id: String,
}

impl Parameters {
    pub fn id(&self) -> Result<VitalDeviceId, VitalRefused> {
        self.device_id.parse().map_err(|_| VitalRefused::DeviceNotFound)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalDevice")]
pub struct DeviceAnswer {
    device_id: VitalDeviceId,
    /// Whose vital signs it measures.
    owner_id: UserId,
    name: String,
    model: Option<String>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    /// When it got its present token.
    #[schemars(with = "String")]
    token_at: Timestamp,
    #[schemars(with = "Option<String>")]
    revoked_at: Option<Timestamp>,
}

/// With the token, which is shown this once.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalDeviceWithToken")]
pub struct WithToken {
    #[serde(flatten)]
    pub device: DeviceAnswer,
    /// What the device sends with its readings.
    pub device_token: String,
}

impl From<VitalDevice> for DeviceAnswer {
    fn from(device: VitalDevice) -> Self {
        Self {
            device_id: device.id,
            owner_id: device.owner,
            name: device.name,
            model: device.model,
            created_at: device.created_at,
            token_at: device.token_at,
            revoked_at: device.revoked_at,
        }
    }
}
