//! An e-mail address as accounts are found by it: trimmed and in lower case.

use std::fmt;

/// At most 254 bytes (RFC 5321); personal, so it prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address")]
pub struct MalformedEmailAddress;

impl EmailAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = MalformedEmailAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let normal = text.trim().to_lowercase();
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        email_address::EmailAddress::parse_with_options(&normal, options)
            .map(|_| Self(normal))
            .map_err(|_| MalformedEmailAddress)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = MalformedEmailAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl schemars::JsonSchema for EmailAddress {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EmailAddress".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "email" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_differ_only_in_case_are_the_same() {
        assert_eq!(" Ana@Example.ORG ".parse::<EmailAddress>(), "ana@example.org".parse());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@localhost",
            "Ana <ana@example.org>",
            "a b@example.org",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(MalformedEmailAddress), "{text}");
        }
    }

    #[test]
    fn an_address_never_shows_in_a_log() {
        let address: EmailAddress = "ana@example.org".parse().unwrap();
        assert_eq!(format!("{address:?}"), "[redacted]");
    }
}
