//! What makes a text somebody's: who signs it, as they are at that moment, and one text that the keyed hash is over.

use serde::{Deserialize, Serialize};

use crate::account::Account;

/// Who signs, as they were when they did. It is personal, so it is not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    pub name: String,
    pub license: Option<String>,
}

impl Signer {
    pub fn of(account: &Account) -> Self {
        Self {
            name: account.display_name().to_owned(),
            license: account.practice.license.clone(),
        }
    }
}

/// Each with its length before it, so that no part can reach into the next.
pub(crate) fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| format!("{}:{part};", part.len())).collect()
}
