//! A release and its rollout as operators see them.

use domain::firmware::rollout::{RolloutState, Wave};
use domain::firmware::update::Counts;
use domain::firmware::{Hardware, Release};
use jiff::Timestamp;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::fleet;

use crate::metadata::Metadata;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "HardwareChoice")]
pub struct OfHardware {
    /// `esp32p4` without it.
    #[serde(default)]
    pub hardware: Hardware,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareRollout")]
pub struct ReleaseAnswer {
    #[serde(flatten)]
    release: Metadata,
    rollout: RolloutAnswer,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rollout")]
struct RolloutAnswer {
    percent: u8,
    state: RolloutState,
    /// Somebody else must resume it after a halt.
    published_by: String,
    /// When it came to this percent, or was resumed.
    #[schemars(with = "String")]
    since: Timestamp,
    /// Who changed it last, by hand.
    changed_by: Option<String>,
    /// How long it stays at this percent before the next wave.
    soak_minutes: u32,
    next_waves: Vec<Wave>,
    /// It halts by itself when more than this share of the updates that are over have failed; fewer than 50 count as 50.
    failure_percent: u8,
    /// A device that has begun and says nothing for so long is lost, which counts as failed.
    silence_minutes: u32,
    /// Registered devices by how far they are.
    devices: Counts,
}

impl ReleaseAnswer {
    pub async fn of(context: &Context, release: &Release) -> Result<Self, Problem> {
        let rollout = release.rollout.clone();
        let devices = fleet::counts(&context.store, release.hardware, &release.version).await?;
        Ok(Self {
            release: Metadata::of(release, &release.manifest, &context.base_url),
            rollout: RolloutAnswer {
                percent: rollout.percent,
                state: rollout.state,
                published_by: release.published_by.clone(),
                changed_by: rollout.changed_by,
                since: rollout.since,
                soak_minutes: rollout.soak_minutes,
                next_waves: rollout.next_waves,
                failure_percent: rollout.limits.failure_percent,
                silence_minutes: rollout.limits.silence_minutes,
                devices,
            },
        })
    }
}
