//! How far one device is with one release. States only move forward, whatever comes late, twice or out of order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::firmware::FirmwareVersion;

/// Where an update stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpdateState {
    /// Offered.
    Queued,
    Downloading,
    /// Written, and not yet booted.
    Installed,
    /// Runs, and has not yet said that it is well.
    Confirming,
    Confirmed,
    /// The device runs the old version again.
    RolledBack,
    Failed,
    /// It began and then said nothing more.
    Lost,
}

/// What a device says of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    Success,
    Failed,
    InProgress,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceUpdate {
    pub version: FirmwareVersion,
    /// What the image calls itself, and so the device that runs it; none where another release's image calls itself so
    /// too, so that the name tells nothing.
    pub image_version: Option<String>,
    pub state: UpdateState,
    /// When it is lost unless it has said something; none where silence means nothing.
    pub lost_at: Option<Timestamp>,
}

/// What shows how far a device is: a report, or a poll that says what it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// None: a poll.
    pub status: Option<ReportStatus>,
    /// The version that the status is of.
    pub about: Option<String>,
    pub running: Option<String>,
    /// The slot that it booted from.
    pub partition: Option<String>,
}

/// How many devices are in each state of one release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Counts {
    pub queued: u64,
    pub downloading: u64,
    pub installed: u64,
    pub confirming: u64,
    pub confirmed: u64,
    pub rolled_back: u64,
    pub failed: u64,
    pub lost: u64,
}

impl UpdateState {
    /// The name of its count.
    pub fn word(self) -> &'static str {
        match self {
            UpdateState::Queued => "queued",
            UpdateState::Downloading => "downloading",
            UpdateState::Installed => "installed",
            UpdateState::Confirming => "confirming",
            UpdateState::Confirmed => "confirmed",
            UpdateState::RolledBack => "rolled_back",
            UpdateState::Failed => "failed",
            UpdateState::Lost => "lost",
        }
    }

    pub fn is_over(self) -> bool {
        self.rank() == OVER
    }

    /// Whether silence now means that something went wrong. A device that was only offered an update may be switched
    /// off for months.
    pub fn is_watched(self) -> bool {
        (1..OVER).contains(&self.rank())
    }

    fn rank(self) -> u8 {
        match self {
            UpdateState::Queued => 0,
            UpdateState::Downloading => 1,
            UpdateState::Installed => 2,
            UpdateState::Confirming => 3,
            UpdateState::Confirmed | UpdateState::RolledBack | UpdateState::Failed | UpdateState::Lost => OVER,
        }
    }

    /// To a later state only.
    pub fn may_become(self, next: UpdateState) -> bool {
        next.rank() > self.rank()
    }
}

const OVER: u8 = 4;

impl DeviceUpdate {
    /// Where the evidence moves it; none where it says nothing new. Success is a boot of the new version that the
    /// device itself tells of, with the slot that it runs from: not a finished download.
    pub fn next(&self, evidence: &Evidence) -> Option<UpdateState> {
        let image = self.image_version.as_deref();
        let runs_it = evidence
            .running
            .as_ref()
            .and_then(|name| self.version.is_named(name, image));
        // How another update went, perhaps long ago, says nothing of this one.
        let is_of_this = |about: &String| self.version.is_named(about, image) == Some(true);
        let status = evidence
            .status
            .filter(|_| evidence.about.as_ref().is_some_and(is_of_this));
        let has_installed = !self.state.may_become(UpdateState::Installed);
        let next = match (status, runs_it) {
            // Not "success" and the like: they are sent before the device boots, and may come late or twice.
            (None, Some(false)) if has_installed && evidence.status.is_none() => UpdateState::RolledBack,
            (Some(ReportStatus::Failed), Some(false)) if has_installed => UpdateState::RolledBack,
            (Some(ReportStatus::Failed), _) => UpdateState::Failed,
            (Some(ReportStatus::Success) | None, Some(true)) if evidence.partition.is_some() => UpdateState::Confirmed,
            (_, Some(true)) => UpdateState::Confirming,
            (Some(ReportStatus::Success), _) => UpdateState::Installed,
            (Some(ReportStatus::InProgress), _) => UpdateState::Downloading,
            (None, _) => return None,
        };
        self.state.may_become(next).then_some(next)
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.queued += other.queued;
        self.downloading += other.downloading;
        self.installed += other.installed;
        self.confirming += other.confirming;
        self.confirmed += other.confirmed;
        self.rolled_back += other.rolled_back;
        self.failed += other.failed;
        self.lost += other.lost;
    }
}

impl Counts {
    /// Updates that have come to an end.
    pub fn over(&self) -> u64 {
        self.confirmed + self.unsuccessful()
    }

    pub fn unsuccessful(&self) -> u64 {
        self.rolled_back + self.failed + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use UpdateState::*;
    use proptest::prelude::*;

    const ALL: [UpdateState; 8] = [
        Queued,
        Downloading,
        Installed,
        Confirming,
        Confirmed,
        RolledBack,
        Failed,
        Lost,
    ];

    fn update(state: UpdateState) -> DeviceUpdate {
        DeviceUpdate {
            version: "2.0".parse().unwrap(),
            image_version: Some("v2.0-3-gdeadbee".to_owned()),
            state,
            lost_at: None,
        }
    }

    fn evidence(status: Option<ReportStatus>, running: Option<&str>, partition: Option<&str>) -> Evidence {
        Evidence {
            status,
            about: Some("2.0".to_owned()),
            running: running.map(str::to_owned),
            partition: partition.map(str::to_owned),
        }
    }

    #[test]
    fn success_is_a_boot_that_the_device_tells_of() {
        let next = |state, status, running, partition| update(state).next(&evidence(status, running, partition));
        let success = Some(ReportStatus::Success);
        let slot = Some("ota_1");
        assert_eq!(
            next(Queued, Some(ReportStatus::InProgress), Some("1.0"), None),
            Some(Downloading)
        );
        assert_eq!(next(Downloading, success, None, None), Some(Installed));
        assert_eq!(next(Downloading, success, Some("1.0"), slot), Some(Installed));
        assert_eq!(next(Installed, success, Some("2.0"), None), Some(Confirming));
        assert_eq!(
            next(Installed, Some(ReportStatus::InProgress), Some("2.0"), slot),
            Some(Confirming)
        );
        assert_eq!(next(Confirming, success, Some("2.0"), slot), Some(Confirmed));
        for name in ["2.0", "v2.0", "v2.0-3-gdeadbee"] {
            assert_eq!(next(Installed, None, Some(name), slot), Some(Confirmed));
        }
    }

    #[test]
    fn the_old_version_after_the_installation_is_a_roll_back() {
        let poll = Evidence {
            about: None,
            ..evidence(None, Some("1.0"), Some("ota_0"))
        };
        for state in [Installed, Confirming] {
            assert_eq!(update(state).next(&poll), Some(RolledBack));
            let failed = evidence(Some(ReportStatus::Failed), Some("1.0"), Some("ota_0"));
            assert_eq!(update(state).next(&failed), Some(RolledBack));
            // Sent before the boot, and come twice or late.
            for status in [ReportStatus::Success, ReportStatus::InProgress] {
                assert_eq!(
                    update(state).next(&evidence(Some(status), Some("1.0"), Some("ota_0"))),
                    None
                );
            }
        }
        assert_eq!(update(Queued).next(&poll), None);
        assert_eq!(update(Downloading).next(&poll), None);
        let failed = evidence(Some(ReportStatus::Failed), None, None);
        assert_eq!(update(Downloading).next(&failed), Some(Failed));
    }

    #[test]
    fn what_is_said_of_another_version_counts_for_nothing() {
        for about in ["1.9", "nightly"] {
            let other = Evidence {
                about: Some(about.to_owned()),
                ..evidence(Some(ReportStatus::Failed), Some("1.0"), None)
            };
            assert_eq!(update(Installed).next(&other), None);
        }
        for about in ["2.0", "v2.0.0", "v2.0-3-gdeadbee"] {
            let same = Evidence {
                about: Some(about.to_owned()),
                ..evidence(Some(ReportStatus::Failed), None, None)
            };
            assert_eq!(update(Downloading).next(&same), Some(Failed), "{about}");
        }
    }

    #[test]
    fn a_name_that_two_images_share_proves_nothing() {
        let shared = DeviceUpdate {
            image_version: None,
            ..update(Installed)
        };
        let poll = |running| Evidence {
            about: None,
            ..evidence(None, Some(running), Some("ota_1"))
        };
        assert_eq!(shared.next(&poll("v1-dirty")), None);
        assert_eq!(shared.next(&poll("2.0")), Some(Confirmed));
        assert_eq!(shared.next(&poll("1.0")), Some(RolledBack));
    }

    proptest! {
        #[test]
        fn no_order_of_reports_moves_a_state_backwards(
            reports in prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>()), 0..20),
        ) {
            let statuses = [None, Some(ReportStatus::Success), Some(ReportStatus::Failed), Some(ReportStatus::InProgress)];
            let mut device = update(Queued);
            for (status, running, has_partition) in reports {
                let running = [None, Some("1.0"), Some("2.0")][running];
                let said = evidence(statuses[status], running, has_partition.then_some("ota_0"));
                if let Some(next) = device.next(&said) {
                    prop_assert!(device.state.may_become(next) && !device.state.is_over());
                    device.state = next;
                }
            }
        }
    }

    #[test]
    fn what_is_over_stays() {
        for from in ALL {
            for to in ALL {
                assert!(!(from.may_become(to) && to.may_become(from)));
                assert!(!from.is_over() || !from.may_become(to));
            }
            assert!(from.is_over() || from == Queued || from.is_watched());
        }
    }
}
