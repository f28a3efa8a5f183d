//! What people are told, and what is said. No health data: mailboxes are read by others.

use serde::{Deserialize, Serialize};

/// Something a person is told. Stored by person, not by address, so an address that changes or goes is respected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    SignedUp,
    SignedIn {
        /// Network address and program as the request showed them.
        address: String,
        user_agent: String,
        at: jiff::Timestamp,
    },
}

/// A notice in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body: String,
}

impl Notice {
    pub fn letter(&self, name: &str) -> Letter {
        match self {
            Notice::SignedUp => Letter {
                subject: "Welcome to Polyclinic".to_owned(),
                body: format!(
                    "Hello {name},\n\nYour account is ready. You can sign in now.\n\n\
                     If you did not sign up, answer this message and we will remove the account.\n"
                ),
            },
            Notice::SignedIn {
                address,
                user_agent,
                at,
            } => Letter {
                subject: "New sign-in to your account".to_owned(),
                body: format!(
                    "Hello {name},\n\nSomebody signed in to your account.\n\n\
                     When: {at:.0}\nFrom: {address}\nWith: {user_agent}\n\n\
                     If it was not you, change your password.\n"
                ),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_letter_says_when_from_where_and_with_what() {
        let letter = Notice::SignedIn {
            address: "192.0.2.7".into(),
            user_agent: "curl/8.5".into(),
            at: "2026-11-25T10:00:00.123Z".parse().unwrap(),
        }
        .letter("ana");
        assert!(letter.body.contains("2026-11-25T10:00:00Z"));
        assert!(letter.body.contains("192.0.2.7") && letter.body.contains("curl/8.5"));
    }
}
