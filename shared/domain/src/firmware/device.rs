//! What a device calls itself when it asks. It is proof of nothing: the dental app sends the network address that a
//! device has at the moment, so one label can be many devices and one device many labels.

use std::fmt;

use sha2::{Digest, Sha256};

const LONGEST: usize = 128;
const LONGEST_PLAIN: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceLabel(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {LONGEST} characters, none of them a control character")]
pub struct MalformedDeviceLabel;

impl DeviceLabel {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it fits in an address and, with a secret, in a header of a stock device.
    pub fn is_plain(&self) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        self.0.len() <= LONGEST_PLAIN && self.0.bytes().all(is_plain) && self.0.bytes().any(|byte| byte != b'.')
    }

    /// One of so many parts of all devices, the same each time.
    pub fn part_of(&self, parts: u8) -> u8 {
        Sha256::digest(&self.0)[0] % parts.max(1)
    }
}

impl std::str::FromStr for DeviceLabel {
    type Err = MalformedDeviceLabel;

    fn from_str(text: &str) -> Result<Self, MalformedDeviceLabel> {
        let text = text.trim();
        let fits = (1..=LONGEST).contains(&text.chars().count());
        if !fits || text.chars().any(char::is_control) {
            return Err(MalformedDeviceLabel);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for DeviceLabel {
    type Error = MalformedDeviceLabel;

    fn try_from(text: String) -> Result<Self, MalformedDeviceLabel> {
        text.parse()
    }
}

impl From<DeviceLabel> for String {
    fn from(label: DeviceLabel) -> String {
        label.0
    }
}

impl fmt::Display for DeviceLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl schemars::JsonSchema for DeviceLabel {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DeviceLabel".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 1, "maxLength": LONGEST })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_printable() {
        assert_eq!(" 192.168.1.7 ".parse::<DeviceLabel>().unwrap().as_str(), "192.168.1.7");
        for text in ["", "  ", "a\nb", &"x".repeat(LONGEST + 1)] {
            assert_eq!(text.parse::<DeviceLabel>(), Err(MalformedDeviceLabel), "{text:?}");
        }
    }
}
