//! What a release is called, and which of two is the later one.

use std::cmp::Ordering;
use std::fmt;

const LONGEST: usize = 64;

/// The uploader's word: the text inside an image is another thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FirmwareVersion(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {LONGEST} characters: letters, digits, `.`, `_`, `+` and `-`")]
pub struct MalformedVersion;

/// A version as it is compared. What is no dotted number has none, and comes below all that have one.
pub type Precedence = Option<Vec<u64>>;

impl FirmwareVersion {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Part by part; parts that are left out count as 0.
    pub fn precedence(&self) -> Precedence {
        dotted(&self.0)
    }

    /// Whether a name that a device says is of this version, whose image calls itself `image_version`; none where it cannot
    /// be told, since more than one image calls itself so.
    pub fn is_named(&self, name: &str, image_version: Option<&str>) -> Option<bool> {
        match (self.agrees_with(name), image_version) {
            (Agreement::Same, _) => Some(true),
            (_, Some(image)) => Some(name == image),
            (Agreement::Contradiction, None) => Some(false),
            (Agreement::Unclear, None) => None,
        }
    }

    /// Whether a text inside an image says another version than this.
    pub fn agrees_with(&self, inner: &str) -> Agreement {
        if inner == self.0 {
            return Agreement::Same;
        }
        // Tags often begin with a v.
        let numbers = |text: &str| dotted(text.strip_prefix('v').unwrap_or(text));
        match (numbers(inner), numbers(&self.0)) {
            (Some(inner), own) if own.as_ref() == Some(&inner) => Agreement::Same,
            (Some(_), _) => Agreement::Contradiction,
            (None, _) => Agreement::Unclear,
        }
    }
}

/// What the version inside an image says to the one that its uploader gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Same,
    /// It is no dotted number, as what `git describe` writes.
    Unclear,
    Contradiction,
}

fn dotted(text: &str) -> Precedence {
    let part = |part: &str| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    let mut numbers = text.split('.').map(part).collect::<Option<Vec<u64>>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

/// The later one is greater; of two that are the same number, or none, the one that came later.
pub fn compare<T: Ord>(one: (&FirmwareVersion, T), other: (&FirmwareVersion, T)) -> Ordering {
    let by_number = one.0.precedence().cmp(&other.0.precedence());
    by_number.then_with(|| one.1.cmp(&other.1))
}

impl std::str::FromStr for FirmwareVersion {
    type Err = MalformedVersion;

    fn from_str(text: &str) -> Result<Self, MalformedVersion> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedVersion)
        }
    }
}

impl TryFrom<String> for FirmwareVersion {
    type Error = MalformedVersion;

    fn try_from(text: String) -> Result<Self, MalformedVersion> {
        text.parse()
    }
}

impl From<FirmwareVersion> for String {
    fn from(version: FirmwareVersion) -> String {
        version.0
    }
}

impl fmt::Display for FirmwareVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl schemars::JsonSchema for FirmwareVersion {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FirmwareVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9._+-]{1,64}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> FirmwareVersion {
        text.parse().unwrap()
    }

    #[test]
    fn what_would_be_a_path_is_no_version() {
        for text in ["", "../1.0", "1/2", "1\\2", "1 2", "1\0", "ü", "%2e", &"1".repeat(65)] {
            assert_eq!(text.parse::<FirmwareVersion>(), Err(MalformedVersion), "{text:?}");
        }
        for text in [
            "1",
            "1.2.3",
            "2.0.0-rc.1+build.7",
            "v3.1.0-4-gdeadbee-dirty",
            &"1".repeat(64),
        ] {
            assert_eq!(version(text).as_str(), text);
        }
    }

    #[test]
    fn numbers_are_compared_part_by_part_and_all_else_comes_below_by_time() {
        let order = |one, other| compare((&version(one), 1), (&version(other), 2));
        assert_eq!(order("1.10.0", "1.9.9"), Ordering::Greater);
        assert_eq!(order("1.2", "1.2.1"), Ordering::Less);
        assert_eq!(order("2", "10.0"), Ordering::Less);
        assert_eq!(order("0.0", "nightly"), Ordering::Greater);
        // The same number, or none: the later upload.
        assert_eq!(order("1.2.0", "1.2"), Ordering::Less);
        assert_eq!(order("zebra", "apple"), Ordering::Less);
        assert_eq!(order("1.2.0-rc.1", "0.1"), Ordering::Less);
        // Too large for a number.
        assert_eq!(version("99999999999999999999").precedence(), None);
    }

    #[test]
    fn a_dotted_version_inside_may_not_contradict() {
        let agreement = |outer, inner| version(outer).agrees_with(inner);
        assert_eq!(agreement("1.2.3", "1.2.3"), Agreement::Same);
        assert_eq!(agreement("1.2.3", "v1.2.3"), Agreement::Same);
        assert_eq!(agreement("1.2", "1.2.0"), Agreement::Same);
        assert_eq!(agreement("1.2.3", "1.2.4"), Agreement::Contradiction);
        assert_eq!(agreement("nightly", "1.2.4"), Agreement::Contradiction);
        assert_eq!(agreement("1.2.3", "v1.2.3-4-gdeadbee"), Agreement::Unclear);
        assert_eq!(agreement("2.0.0-rc.1", "2.0.0-rc.1"), Agreement::Same);
    }
}
