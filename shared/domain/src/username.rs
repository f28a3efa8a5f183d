//! The name a person signs in with: shown as written, compared in lower case.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedUsername {
    #[error("Username cannot contain spaces")]
    Spaces,
    #[error("Username must have 2 to 50 characters")]
    Length,
    /// An at sign would make it look like an e-mail address at the log-in.
    #[error("Username cannot contain '@' or control characters")]
    Characters,
}

impl Username {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which user names are unique.
    pub fn normalized(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::str::FromStr for Username {
    type Err = MalformedUsername;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(char::is_whitespace) {
            return Err(MalformedUsername::Spaces);
        }
        if !(2..=50).contains(&text.chars().count()) {
            return Err(MalformedUsername::Length);
        }
        if text.contains(|c: char| c == '@' || c.is_control()) {
            return Err(MalformedUsername::Characters);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Username {
    type Error = MalformedUsername;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Username> for String {
    fn from(name: Username) -> String {
        name.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl schemars::JsonSchema for Username {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Username".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": 2, "maxLength": 50 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_without_regard_to_case() {
        let name: Username = "Ana_B".parse().unwrap();
        assert_eq!(name.as_str(), "Ana_B");
        assert_eq!(name.normalized(), "ana_b");
    }

    #[test]
    fn each_wrong_name_says_what_is_wrong() {
        assert_eq!("ana b".parse::<Username>(), Err(MalformedUsername::Spaces));
        assert_eq!("a".parse::<Username>(), Err(MalformedUsername::Length));
        assert_eq!("x".repeat(51).parse::<Username>(), Err(MalformedUsername::Length));
        assert_eq!("ana@b".parse::<Username>(), Err(MalformedUsername::Characters));
    }
}
