//! What devices say of themselves when they pull and push: about their syncing, never about anybody's health.

use domain::id::UserId;
use domain::record::sync_health::{Pulled, Report, SyncDevice, Tally, Trouble, app_version};
use jiff::Timestamp;
use runtime::{Context, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use store::sync_devices;

/// In a query.
#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "SyncDeviceReport")]
pub struct Said {
    /// Such as `2.4.1`.
    #[serde(default)]
    app_version: Option<String>,
    /// Changes that wait on the device, without those of this request.
    #[serde(default, deserialize_with = "lenient::number")]
    queue_length: Option<i64>,
    /// Why its last try failed: a word of `SyncTrouble`; any other counts as `other`, and its text is not kept.
    #[serde(default)]
    last_error: Option<String>,
}

impl From<Said> for Report {
    fn from(said: Said) -> Self {
        report(
            said.app_version.as_deref(),
            said.queue_length,
            said.last_error.as_deref(),
        )
    }
}

/// A sync is never refused for what stands here.
pub fn report(version: Option<&str>, queue_length: Option<i64>, last_error: Option<&str>) -> Report {
    Report {
        app_version: version.and_then(app_version),
        queue_length: queue_length.map(|length| u32::try_from(length.max(0)).unwrap_or(u32::MAX)),
        last_error: last_error.and_then(Trouble::said),
    }
}

/// A patient's own device, and what it says.
pub struct Device<'a> {
    pub patient: UserId,
    pub id: &'a str,
    pub report: Report,
}

impl Device<'_> {
    fn or_new(&self, seen: Option<&SyncDevice>, now: Timestamp) -> SyncDevice {
        seen.cloned()
            .unwrap_or_else(|| SyncDevice::new(self.patient, self.id, now))
    }

    /// `seen`: as it was read with the page.
    pub async fn pulled(
        &self,
        context: &Context,
        seen: Option<SyncDevice>,
        pulled: Pulled,
    ) -> Result<(), store::Error> {
        let now = context.now;
        let change = |seen: Option<&SyncDevice>| self.or_new(seen, now).pulled(&self.report, pulled, now);
        sync_devices::note(&context.store, self.patient, self.id, seen, change).await
    }

    pub async fn pushed(&self, context: &Context, tally: Tally) -> Result<(), store::Error> {
        let now = context.now;
        let change = |seen: Option<&SyncDevice>| Some(self.or_new(seen, now).pushed(&self.report, tally, now));
        let seen = sync_devices::get(&context.store, self.patient, self.id).await?;
        sync_devices::note(&context.store, self.patient, self.id, seen, change).await
    }
}
