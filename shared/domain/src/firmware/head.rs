//! All that is needed to say what any device of a hardware should run: the newest releases, the highest first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::firmware::manifest::{Manifest, SignedManifest};
use crate::firmware::rollout::WayBack;
use crate::firmware::version::compare;
use crate::firmware::{DeviceLabel, FirmwareRefused, FirmwareVersion, Hardware, Release, Rollout, RolloutState};

/// More would only make every poll dearer: what is below what everybody may run is not reached unless all above are taken
/// back.
const MOST_RELEASES: usize = 10;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    pub hardware: Hardware,
    /// Goes up with every change: a change is written only over the one that it was made from.
    pub revision: u64,
    /// That of the newest published release: a device may have burned it into its fuses.
    pub secure_version: u32,
    pub releases: Vec<Release>,
}

impl Head {
    /// Before anything is published.
    pub fn empty(hardware: Hardware) -> Self {
        Self {
            hardware,
            revision: 0,
            secure_version: 0,
            releases: Vec::new(),
        }
    }

    /// What a device should run: the highest release that is for it and that it can go to from what it says it runs.
    pub fn choose(&self, device: Option<&DeviceLabel>, running: Option<&str>) -> Result<&Release, FirmwareRefused> {
        let can_go = |release: &Release| match (&release.min_version, running) {
            (Some(least), Some(running)) => !self.is_below(running, least),
            _ => true,
        };
        let mut releases = self.releases.iter();
        let chosen = releases.find(|release| release.rollout.offers(device) && can_go(release));
        chosen.ok_or(FirmwareRefused::NoneAvailable)
    }

    /// A version that may be fetched by its name.
    pub fn find(&self, version: &FirmwareVersion) -> Result<&Release, FirmwareRefused> {
        let known = self.known(version).ok();
        known
            .filter(|release| release.rollout.is_given_out())
            .ok_or(FirmwareRefused::FileNotFound)
    }

    /// As far as this goes down: whoever publishes finds out for certain.
    pub fn check_unpublished(&self, version: &FirmwareVersion) -> Result<(), FirmwareRefused> {
        if self.releases.iter().any(|known| known.version == *version) {
            return Err(FirmwareRefused::VersionExists(version.clone()));
        }
        Ok(())
    }

    /// A version whatever became of it.
    pub fn known(&self, version: &FirmwareVersion) -> Result<&Release, FirmwareRefused> {
        let found = self.releases.iter().find(|release| release.version == *version);
        found.ok_or(FirmwareRefused::VersionNotFound)
    }

    /// Where devices go that run a version which is taken back: the highest lower one that is for all, and that a device
    /// takes which has burned that version's number into its fuses.
    pub fn below(&self, version: &FirmwareVersion) -> Option<&Release> {
        let mut lower = self.releases.iter().skip_while(|release| release.version != *version);
        let burned = lower.next()?.secure_version;
        lower.find(|release| release.rollout.offers(None) && release.secure_version >= burned)
    }

    /// Whether a device that says it runs `name` would go up by this release; what nobody knows counts as lower.
    pub fn is_above(&self, release: &Release, name: &str) -> bool {
        let Some((version, at)) = self.running(name) else {
            return true;
        };
        compare((&release.version, release.created_at), (&version, at)).is_gt()
    }

    /// Whether a device that says it runs `name` runs less than this version, as far as that can be told.
    fn is_below(&self, name: &str, least: &FirmwareVersion) -> bool {
        let running = self.running(name).and_then(|(version, _)| version.precedence());
        running.is_some_and(|running| least.precedence().is_some_and(|least| running < least))
    }

    fn running(&self, name: &str) -> Option<(FirmwareVersion, Timestamp)> {
        let known = self.releases.iter().find(|release| release.is_called(name));
        let known = known.map(|release| (release.version.clone(), release.created_at));
        let unknown = || name.strip_prefix('v').unwrap_or(name).parse().ok();
        known.or_else(|| unknown().map(|version| (version, Timestamp::MIN)))
    }

    /// With every release that was taken back knowing where its devices go now.
    pub fn with_ways_back(mut self, sign: impl Fn(&Manifest) -> Option<SignedManifest>) -> Self {
        let taken_back = |release: &&Release| release.rollout.state == RolloutState::RolledBack;
        let versions: Vec<_> = self
            .releases
            .iter()
            .filter(taken_back)
            .map(|release| release.version.clone())
            .collect();
        for version in versions {
            let way_back = self.below(&version).and_then(|below| {
                let manifest = Manifest {
                    downgrade_from: Some(version.clone()),
                    ..serde_json::from_str(&below.manifest.text).ok()?
                };
                let version = below.version.clone();
                sign(&manifest).map(|manifest| WayBack { version, manifest })
            });
            if let Some(release) = self.releases.iter_mut().find(|release| release.version == version) {
                release.rollout.way_back = way_back;
            }
        }
        self
    }

    /// The version that everybody is told of with the change from `before` to this.
    pub fn newly_announced(&self, before: &Self) -> Option<&FirmwareVersion> {
        let was_announced = |version: &FirmwareVersion| before.known(version).is_ok_and(|old| old.rollout.is_announced);
        let mut announced = self.releases.iter().filter(|release| release.rollout.is_announced);
        announced
            .find(|release| !was_announced(&release.version))
            .map(|release| &release.version)
    }

    /// The cameras' apps are told once of each release that is what everybody should run.
    fn announce(&mut self, version: &FirmwareVersion) {
        let is_it = self.choose(None, None).is_ok_and(|chosen| chosen.version == *version);
        if let Some(release) = self.releases.iter_mut().find(|release| release.version == *version) {
            release.rollout.is_announced |= is_it && self.hardware == Hardware::default();
        }
    }

    /// With which manifest a device that says it runs `name` gets the release: one that allows to go back, if the
    /// version that it runs was taken back.
    pub fn manifest_for<'a>(&'a self, release: &'a Release, name: Option<&str>) -> &'a SignedManifest {
        let running = name.and_then(|name| self.releases.iter().find(|release| release.is_called(name)));
        let way_back = running.and_then(|running| running.rollout.way_back.as_ref());
        let way_back = way_back.filter(|way_back| way_back.version == release.version);
        way_back.map_or(&release.manifest, |way_back| &way_back.manifest)
    }

    /// With a rollout changed.
    pub fn with_rollout(
        &self,
        version: &FirmwareVersion,
        now: Timestamp,
        change: impl FnOnce(&mut Rollout) -> Result<(), FirmwareRefused>,
    ) -> Result<Self, FirmwareRefused> {
        let mut head = Self {
            revision: self.revision + 1,
            ..self.clone()
        };
        let release = head.releases.iter_mut().find(|release| release.version == *version);
        let release = release.ok_or(FirmwareRefused::VersionNotFound)?;
        change(&mut release.rollout)?;
        release.updated_at = now;
        head.announce(version);
        Ok(head)
    }

    /// With one more release.
    pub fn with(&self, release: Release) -> Result<Self, FirmwareRefused> {
        self.check_unpublished(&release.version)?;
        if release.secure_version < self.secure_version {
            return Err(FirmwareRefused::SecureVersionTooLow {
                image: release.secure_version,
                published: self.secure_version,
            });
        }
        let mut head = Self {
            revision: self.revision + 1,
            secure_version: release.secure_version,
            ..self.clone()
        };
        let version = release.version.clone();
        let is_shared = head
            .releases
            .iter()
            .any(|known| known.image_version == release.image_version);
        head.releases.push(Release {
            image_version: release.image_version.filter(|_| !is_shared),
            ..release
        });
        head.releases
            .sort_by(|one, other| compare((&other.version, other.created_at), (&one.version, one.created_at)));
        while head.releases.len() > MOST_RELEASES {
            let place = head.dispensable().ok_or(FirmwareRefused::TooManyRollouts)?;
            if head.releases.remove(place).version == version {
                return Err(FirmwareRefused::TooManyRollouts);
            }
        }
        head.announce(&version);
        Ok(head)
    }

    /// One that nobody can come to any more: the lowest below what everybody may run, or else one that was taken back.
    /// Where devices go back to must stay.
    fn dispensable(&self) -> Option<usize> {
        let for_all = self.releases.iter().position(|release| release.rollout.offers(None));
        let is_way_back = |release: &Release| {
            let mut ways_back = self.releases.iter().filter_map(|each| each.rollout.way_back.as_ref());
            ways_back.any(|way_back| way_back.version == release.version)
        };
        let is_free = |place: usize| !self.releases.get(place).is_some_and(is_way_back);
        let mut below = (for_all.map_or(self.releases.len(), |place| place + 1)..self.releases.len()).rev();
        let taken_back = |place: &usize| {
            let release = self.releases.get(*place);
            release.is_some_and(|release| release.rollout.state == RolloutState::RolledBack)
        };
        let lowest = below.find(|place| is_free(*place));
        lowest.or_else(|| {
            (0..self.releases.len())
                .rev()
                .find(|place| is_free(*place) && taken_back(place))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, percent: u8, minute: i64) -> Release {
        let at = jiff::Timestamp::from_second(1_795_000_000 + minute * 60).unwrap();
        Release {
            version: version.parse().unwrap(),
            hardware: Hardware::Esp32P4,
            size_bytes: 400,
            sha256: String::new(),
            secure_version: 0,
            image_version: Some(format!("v{version}")),
            release_notes: None,
            min_version: None,
            manifest: SignedManifest {
                text: String::new(),
                signature: String::new(),
                key_id: String::new(),
            },
            published_by: String::new(),
            created_at: at,
            updated_at: at,
            rollout: Rollout::new(percent, [3; 16], at),
        }
    }

    fn head(releases: &[(&str, u8)]) -> Head {
        let mut head = Head::empty(Hardware::Esp32P4);
        for (minute, (version, percent)) in releases.iter().enumerate() {
            head = head.with(release(version, *percent, minute as i64)).unwrap();
        }
        head
    }

    fn order(head: &Head) -> Vec<&str> {
        head.releases.iter().map(|release| release.version.as_str()).collect()
    }

    #[test]
    fn the_highest_version_wins_and_not_the_latest_upload() {
        let head = head(&[("1.10.0", 100), ("nightly-a", 100), ("1.9.0", 100), ("nightly-b", 100)]);
        assert_eq!(order(&head), ["1.10.0", "1.9.0", "nightly-b", "nightly-a"]);
        assert_eq!(head.choose(None, None).unwrap().version.as_str(), "1.10.0");
        assert_eq!(head.revision, 4);
    }

    #[test]
    fn a_cohort_gets_the_new_one_and_all_others_the_one_before() {
        let head = head(&[("1.0", 100), ("2.0", 20)]);
        let labels = (0..1000).map(|number| format!("device-{number}").parse().unwrap());
        let chosen = |label: &DeviceLabel| head.choose(Some(label), None).unwrap().version.as_str().to_owned();
        let ahead = labels.filter(|label| chosen(label) == "2.0").count();
        assert!((140..=260).contains(&ahead), "{ahead}");
        assert_eq!(head.choose(None, None).unwrap().version.as_str(), "1.0");
    }

    #[test]
    fn what_is_taken_back_is_neither_offered_nor_found() {
        let mut head = head(&[("1.0", 100), ("2.0", 100)]);
        head.releases[0].rollout.state = RolloutState::Paused;
        assert_eq!(head.choose(None, None).unwrap().version.as_str(), "1.0");
        assert!(head.find(&"2.0".parse().unwrap()).is_ok());
        head.releases[0].rollout.state = RolloutState::Halted;
        assert_eq!(head.find(&"2.0".parse().unwrap()), Err(FirmwareRefused::FileNotFound));
        head.releases[1].rollout.state = RolloutState::RolledBack;
        assert_eq!(head.choose(None, None), Err(FirmwareRefused::NoneAvailable));
        assert_eq!(
            Head::empty(Hardware::Esp32).choose(None, None),
            Err(FirmwareRefused::NoneAvailable)
        );
    }

    #[test]
    fn a_device_goes_up_and_goes_back_only_where_it_may() {
        let mut head = head(&[("1.0", 100), ("2.0", 100), ("nightly", 100)]);
        let release = |head: &Head, version: &str| head.known(&version.parse().unwrap()).unwrap().clone();
        let second = release(&head, "2.0");
        for (name, goes_up) in [
            ("1.0", true),
            ("v1.0", true),
            ("2.0", false),
            ("2.1", false),
            ("nightly", true),
            ("a b", true),
        ] {
            assert_eq!(head.is_above(&second, name), goes_up, "{name}");
        }
        let first = release(&head, "1.0");
        assert_eq!(head.manifest_for(&first, Some("2.0")).text, "");
        let manifest = SignedManifest {
            text: "back".to_owned(),
            ..first.manifest.clone()
        };
        let version = first.version.clone();
        head.releases[0].rollout.roll_back().unwrap();
        head.releases[0].rollout.way_back = Some(WayBack { version, manifest });
        assert_eq!(head.manifest_for(&first, Some("v2.0")).text, "back");
        assert_eq!(head.manifest_for(&first, Some("1.0")).text, "");
        assert_eq!(head.manifest_for(&first, None).text, "");
    }

    #[test]
    fn a_rollout_is_changed_in_its_place() {
        let head = head(&[("1.0", 100), ("2.0", 20), ("3.0", 100)]);
        let version = |text: &str| text.parse::<FirmwareVersion>().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let changed = head.with_rollout(&version("2.0"), now, Rollout::pause).unwrap();
        assert_eq!(changed.revision, head.revision + 1);
        assert_eq!(
            changed.known(&version("2.0")).unwrap().rollout.state,
            RolloutState::Paused
        );
        assert_eq!(
            head.with_rollout(&version("9"), now, Rollout::pause),
            Err(FirmwareRefused::VersionNotFound)
        );
        assert_eq!(head.below(&version("3.0")).unwrap().version.as_str(), "1.0");
        assert!(head.below(&version("1.0")).is_none());
    }

    #[test]
    fn a_version_is_published_once_and_fuses_only_ever_go_up() {
        let head = head(&[("1.0", 100)]);
        let again = head.with(release("1.0", 100, 9));
        assert_eq!(again, Err(FirmwareRefused::VersionExists("1.0".parse().unwrap())));
        let mut burning = release("1.1", 100, 10);
        burning.secure_version = 2;
        let head = head.with(burning).unwrap();
        let refused = head.with(release("1.2", 100, 11));
        let (image, published) = (0, 2);
        assert_eq!(refused, Err(FirmwareRefused::SecureVersionTooLow { image, published }));
    }

    #[test]
    fn the_list_is_bounded_and_keeps_what_may_be_needed() {
        let mut head = Head::empty(Hardware::Esp32P4);
        for number in 0..30 {
            head = head.with(release(&format!("1.{number}"), 100, number)).unwrap();
            if number == 15 {
                head.releases[0].rollout.state = RolloutState::RolledBack;
            }
        }
        assert_eq!(head.releases.len(), MOST_RELEASES);
        assert_eq!(order(&head).first(), Some(&"1.29"));
        assert!(!order(&head).contains(&"1.15"));
        // An old branch does not push out what devices run.
        assert_eq!(
            head.with(release("0.1", 100, 40)),
            Err(FirmwareRefused::TooManyRollouts)
        );
    }

    #[test]
    fn rollouts_to_a_part_never_push_out_what_all_others_run() {
        let mut head = head(&[("1.0", 100)]);
        for number in 1..10 {
            head = head.with(release(&format!("2.{number}"), 5, number)).unwrap();
        }
        assert_eq!(head.with(release("2.10", 5, 10)), Err(FirmwareRefused::TooManyRollouts));
        assert_eq!(head.choose(None, None).unwrap().version.as_str(), "1.0");
        head.releases[3].rollout.state = RolloutState::RolledBack;
        let head = head.with(release("2.10", 5, 10)).unwrap();
        assert_eq!(head.choose(None, None).unwrap().version.as_str(), "1.0");
    }

    #[test]
    fn a_device_is_offered_only_what_it_can_go_to() {
        let mut head = head(&[("1.0", 100), ("2.0", 100), ("3.0", 100)]);
        head.releases[0].min_version = Some("2.0".parse().unwrap());
        for (running, offered) in [("1.0", "2.0"), ("v1.5", "2.0"), ("2.0", "3.0"), ("nightly", "3.0")] {
            assert_eq!(
                head.choose(None, Some(running)).unwrap().version.as_str(),
                offered,
                "{running}"
            );
        }
    }

    #[test]
    fn everybody_is_told_once_of_what_they_should_run() {
        let before = head(&[("1.0", 100)]);
        let after = before.with(release("2.0", 10, 5)).unwrap();
        assert_eq!(after.newly_announced(&before), None);
        let version: FirmwareVersion = "2.0".parse().unwrap();
        let raise = |rollout: &mut Rollout| {
            rollout.percent = 100;
            Ok(())
        };
        let raised = after.with_rollout(&version, Timestamp::UNIX_EPOCH, raise).unwrap();
        assert_eq!(raised.newly_announced(&after), Some(&version));
        let again = raised.with_rollout(&version, Timestamp::UNIX_EPOCH, raise).unwrap();
        assert_eq!(again.newly_announced(&raised), None);
        let lower = raised.with(release("1.5", 100, 9)).unwrap();
        assert_eq!(lower.newly_announced(&raised), None);
    }

    #[test]
    fn a_way_back_leads_where_devices_can_go_now() {
        let mut head = head(&[("1.0", 100), ("2.0", 100), ("3.0", 100)]);
        let manifest = |version: &str, secure_version| {
            let manifest = Manifest {
                version: version.parse().unwrap(),
                hardware: Hardware::Esp32P4,
                min_version: None,
                size: 1,
                sha256: String::new(),
                secure_version,
                downgrade_from: None,
            };
            serde_json::to_string(&manifest).unwrap()
        };
        for release in &mut head.releases {
            release.manifest.text = manifest(release.version.as_str(), 0);
        }
        head.releases[0].rollout.state = RolloutState::RolledBack;
        let sign = |manifest: &Manifest| {
            Some(SignedManifest {
                text: serde_json::to_string(manifest).unwrap(),
                signature: String::new(),
                key_id: String::new(),
            })
        };
        let head = head.with_ways_back(sign);
        let way_back = head.releases[0].rollout.way_back.clone().unwrap();
        assert_eq!(way_back.version.as_str(), "2.0");
        assert!(way_back.manifest.text.contains("\"downgrade_from\":\"3.0\""));
        let mut burned = head.clone();
        burned.releases[0].secure_version = 1;
        assert_eq!(burned.with_ways_back(sign).releases[0].rollout.way_back, None);
    }
}
