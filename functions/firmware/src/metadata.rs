//! A release as clients read it (contract #135), with what newer ones need to fetch and check it.

use domain::firmware::manifest::SignedManifest;
use domain::firmware::release::ReleaseNotes;
use domain::firmware::{FirmwareVersion, Hardware, Release};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareRelease")]
pub struct Metadata {
    version: FirmwareVersion,
    filename: String,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    checksum: String,
    file_size: u64,
    /// Short enough for the request buffer of a stock device.
    url: String,
    release_notes: Option<ReleaseNotes>,
    rollout_percent: u8,
    is_active: bool,
    min_version: Option<FirmwareVersion>,
    hardware: Hardware,
    /// The exact text that is signed: JSON with `version`, `hardware`, `min_version`, `size`, `sha256`,
    /// `secure_version` and, where going back is allowed, `downgrade_from`.
    manifest: String,
    /// Ed25519, in base64, by the key of `GET /api/firmware/manifest-key`.
    manifest_signature: String,
    manifest_key_id: String,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl Metadata {
    /// With the manifest that whoever asks is to check it by.
    pub fn of(release: &Release, manifest: &SignedManifest, base_url: &str) -> Self {
        let manifest = manifest.clone();
        Self {
            version: release.version.clone(),
            filename: release.file_name(),
            checksum: release.sha256.clone(),
            file_size: release.size_bytes,
            url: address(release, base_url),
            release_notes: release.release_notes.clone(),
            rollout_percent: release.rollout.percent,
            is_active: release.rollout.is_active(),
            min_version: release.min_version.clone(),
            hardware: release.hardware,
            manifest: manifest.text,
            manifest_signature: manifest.signature,
            manifest_key_id: manifest.key_id,
            created_at: release.created_at,
            updated_at: release.updated_at,
        }
    }
}

/// The cameras' own chip goes without saying.
fn address(release: &Release, base_url: &str) -> String {
    let version = utf8_percent_encode(release.version.as_str(), NON_ALPHANUMERIC);
    // These three stay as they are in a query.
    let version = version
        .to_string()
        .replace("%2E", ".")
        .replace("%2D", "-")
        .replace("%5F", "_");
    let address = format!("{base_url}/api/firmware/download?version={version}");
    if release.hardware == Hardware::default() {
        return address;
    }
    format!("{address}&hardware={}", release.hardware)
}
