//! One published version for one hardware. What is in it never changes; how far it is rolled out does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::firmware::image::{self, AppImage};
use crate::firmware::manifest::{Manifest, SignedManifest};
use crate::firmware::refused::LARGEST_IMAGE_BYTES;
use crate::firmware::version::Agreement;
use crate::firmware::{FirmwareRefused, FirmwareVersion, Hardware, Rollout};
use crate::refusal::{FieldError, Kind, Refusal};

/// Polls read all notes of a hardware's newest releases at once.
const LONGEST_NOTES: usize = 1_000;
/// In any script.
const MOST_NOTES_BYTES: usize = 2_000;

/// What an operator says of an image that they publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub version: FirmwareVersion,
    pub hardware: Hardware,
    pub release_notes: Option<ReleaseNotes>,
    pub percent: u8,
    pub min_version: Option<FirmwareVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseNotes(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at most {LONGEST_NOTES} characters and {MOST_NOTES_BYTES} bytes")]
pub struct NotesTooLong;

/// An image that was found fit for its draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub image: AppImage,
    pub size_bytes: u64,
    pub sha256: String,
    /// What is odd and yet no reason to refuse.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    pub version: FirmwareVersion,
    pub hardware: Hardware,
    pub size_bytes: u64,
    /// Of the whole file, in hexadecimal digits; its image is stored under it.
    pub sha256: String,
    pub secure_version: u32,
    /// What the image calls itself; none where another release's image calls itself so too.
    pub image_version: Option<String>,
    pub release_notes: Option<ReleaseNotes>,
    pub min_version: Option<FirmwareVersion>,
    pub manifest: SignedManifest,
    /// The operator who did it.
    pub published_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub rollout: Rollout,
}

/// What is added to a draft when it is published.
pub struct Publication {
    pub manifest: SignedManifest,
    pub operator: String,
    /// Tells this release's cohorts from those of others.
    pub salt: [u8; 16],
    pub now: Timestamp,
}

/// Why a file is not published under its draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishRefused {
    #[error(transparent)]
    Image(#[from] image::ImageRefused),
    #[error(transparent)]
    Firmware(#[from] FirmwareRefused),
}

impl Draft {
    pub fn check(&self, file: &[u8]) -> Result<Checked, PublishRefused> {
        let size_bytes = file.len() as u64;
        if size_bytes > LARGEST_IMAGE_BYTES {
            return Err(FirmwareRefused::TooLarge.into());
        }
        let image = image::parse(file)?;
        if image.hardware != self.hardware {
            let (image, wanted) = (image.hardware, self.hardware);
            return Err(FirmwareRefused::WrongChip { image, wanted }.into());
        }
        let mut warnings = Vec::new();
        match self.version.agrees_with(&image.version) {
            Agreement::Same => {}
            Agreement::Contradiction => {
                let (inner, given) = (image.version, self.version.clone());
                return Err(FirmwareRefused::VersionContradiction { inner, given }.into());
            }
            Agreement::Unclear => warnings.push(format!(
                "The image calls itself {:?}, which cannot be compared with {}",
                image.version, self.version
            )),
        }
        if !image.is_digest_appended {
            warnings.push("The image has no SHA-256 digest: devices notice damage by one byte only".to_owned());
        }
        Ok(Checked {
            size_bytes,
            sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(file)),
            image,
            warnings,
        })
    }

    pub fn manifest(&self, checked: &Checked) -> Manifest {
        Manifest {
            version: self.version.clone(),
            hardware: self.hardware,
            min_version: self.min_version.clone(),
            size: checked.size_bytes,
            sha256: checked.sha256.clone(),
            secure_version: checked.image.secure_version,
            downgrade_from: None,
        }
    }

    pub fn release(self, checked: &Checked, publication: Publication) -> Release {
        let now = publication.now;
        Release {
            version: self.version,
            hardware: self.hardware,
            size_bytes: checked.size_bytes,
            sha256: checked.sha256.clone(),
            secure_version: checked.image.secure_version,
            image_version: Some(checked.image.version.clone()),
            release_notes: self.release_notes,
            min_version: self.min_version,
            manifest: publication.manifest,
            published_by: publication.operator,
            created_at: now,
            updated_at: now,
            rollout: Rollout::new(self.percent, publication.salt, now),
        }
    }
}

impl Release {
    /// Whether a device that says it runs `name` runs this.
    pub fn is_called(&self, name: &str) -> bool {
        self.version.is_named(name, self.image_version.as_deref()) == Some(true)
    }

    /// As the contract has it: `esp32p4_v1.2.3.bin`.
    pub fn file_name(&self) -> String {
        format!("{}_v{}.bin", self.hardware, self.version)
    }
}

impl ReleaseNotes {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ReleaseNotes {
    type Err = NotesTooLong;

    fn from_str(text: &str) -> Result<Self, NotesTooLong> {
        if text.chars().count() > LONGEST_NOTES || text.len() > MOST_NOTES_BYTES {
            return Err(NotesTooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ReleaseNotes {
    type Error = NotesTooLong;

    fn try_from(text: String) -> Result<Self, NotesTooLong> {
        text.parse()
    }
}

impl From<ReleaseNotes> for String {
    fn from(notes: ReleaseNotes) -> String {
        notes.0
    }
}

impl schemars::JsonSchema for ReleaseNotes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ReleaseNotes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "maxLength": LONGEST_NOTES })
    }
}

impl PublishRefused {
    fn cause(&self) -> &dyn Refusal {
        match self {
            PublishRefused::Image(refused) => refused,
            PublishRefused::Firmware(refused) => refused,
        }
    }
}

impl Refusal for PublishRefused {
    fn kind(&self) -> Kind {
        self.cause().kind()
    }

    fn code(&self) -> &'static str {
        self.cause().code()
    }

    fn fields(&self) -> Vec<FieldError> {
        self.cause().fields()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(version: &str, hardware: Hardware) -> Draft {
        Draft {
            version: version.parse().unwrap(),
            hardware,
            release_notes: None,
            percent: 100,
            min_version: None,
        }
    }

    /// Image `place` of the vendor's tools: 0 is 1.2.3 for the ESP32, 2 is `git describe` text for the S3.
    fn file(place: usize) -> Vec<u8> {
        let all: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/esp32-ota.json")).unwrap();
        let text = all["valid"][place]["image_base64"].as_str().unwrap();
        data_encoding::BASE64.decode(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_image_must_be_what_its_draft_says() {
        let checked = draft("1.2.3", Hardware::Esp32).check(&file(0)).unwrap();
        assert_eq!((checked.size_bytes, checked.warnings.len()), (400, 0));
        assert!(checked.sha256.starts_with("6d1bc2e353be81b2"));
        let refused = |version, hardware| draft(version, hardware).check(&file(0)).unwrap_err().code();
        assert_eq!(refused("1.2.4", Hardware::Esp32), "image_version_contradicts");
        assert_eq!(refused("1.2.3", Hardware::Esp32P4), "image_for_another_chip");
        let too_large = vec![0xe9; LARGEST_IMAGE_BYTES as usize + 1];
        let refused = draft("1", Hardware::Esp32).check(&too_large).unwrap_err();
        assert_eq!(refused.code(), "firmware_too_large");
    }

    #[test]
    fn a_text_that_cannot_be_compared_only_warns() {
        let checked = draft("3.1.0", Hardware::Esp32S3).check(&file(2)).unwrap();
        assert_eq!(checked.warnings.len(), 1);
        assert!(checked.warnings[0].contains("v3.1.0-4-gdeadbee-dirty"));
    }
}
