//! A password on its way to being hashed. It cannot be printed or serialised.

use std::fmt;

/// 8 code points at least, as the clients ask; 1,024 bytes at most, to bound the hashing work.
/// No composition rules, no truncation, no change of case (OWASP ASVS 6.2).
#[derive(Clone, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Password(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("Password must have at least 8 characters")]
    Short,
    #[error("Password must have at most 1024 bytes")]
    Long,
}

impl Password {
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::str::FromStr for Password {
    type Err = WeakPassword;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() < 8 {
            return Err(WeakPassword::Short);
        }
        if text.len() > 1024 {
            return Err(WeakPassword::Long);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Password {
    type Error = WeakPassword;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!("1234567".parse::<Password>().unwrap_err(), WeakPassword::Short);
        assert!("пароль-ü".parse::<Password>().is_ok());
        assert_eq!("x".repeat(1025).parse::<Password>().unwrap_err(), WeakPassword::Long);
    }
}
