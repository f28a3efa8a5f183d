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

/// Longer names of programs say no more to a person, and are a place for others' words.
const LONGEST_USER_AGENT: usize = 100;

impl Notice {
    pub fn signed_in(address: &str, user_agent: &str, at: jiff::Timestamp) -> Self {
        Notice::SignedIn {
            address: address.to_owned(),
            user_agent: one_line(user_agent),
            at,
        }
    }

    /// Without the person's name: until an address is proved, whoever signed up could put words of theirs into our
    /// letter to somebody else.
    pub fn letter(&self) -> Letter {
        match self {
            Notice::SignedUp => Letter {
                subject: "Welcome to Polyclinic".to_owned(),
                body: "Hello,\n\nYour account is ready. You can sign in now.\n\n\
                       If you did not sign up, answer this message and we will remove the account.\n"
                    .to_owned(),
            },
            Notice::SignedIn {
                address,
                user_agent,
                at,
            } => Letter {
                subject: "New sign-in to your account".to_owned(),
                body: format!(
                    "Hello,\n\nSomebody signed in to your account.\n\n\
                     When: {at:.0}\nFrom: {address}\nWith: {user_agent}\n\n\
                     If it was not you, change your password.\n"
                ),
            },
        }
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_USER_AGENT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_letter_says_when_from_where_and_with_what() {
        let at = "2026-11-25T10:00:00.123Z".parse().unwrap();
        let letter = Notice::signed_in("192.0.2.7", "curl/8.5", at).letter();
        assert!(letter.body.contains("2026-11-25T10:00:00Z"));
        assert!(letter.body.contains("192.0.2.7") && letter.body.contains("curl/8.5"));
    }

    #[test]
    fn a_programs_name_cannot_become_a_letter_of_its_own() {
        let user_agent = format!("evil\r\n\nDear customer,{}", "x".repeat(5000));
        let letter = Notice::signed_in("192.0.2.7", &user_agent, jiff::Timestamp::UNIX_EPOCH).letter();
        assert!(letter.body.contains("With: evilDear customer,xxx"));
        assert!(letter.body.len() < 400);
    }
}
