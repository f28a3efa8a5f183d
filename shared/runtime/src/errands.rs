//! Errands that go with a change, as entries for its transaction.

use domain::account::Account;
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use store::outbox::{Entry, Errand};

use crate::context::Context;
use crate::entropy::NoEntropy;

impl Context {
    pub fn entry(&self, errand: Errand) -> Result<Entry, NoEntropy> {
        Ok(Entry::new(self.new_id(OutboxId::new)?, errand, self.now))
    }

    /// To tell somebody something, by all that reaches them.
    pub fn tell(&self, user: UserId, notice: Notice) -> Result<Entry, NoEntropy> {
        self.entry(Errand::Tell { user, notice })
    }

    /// When sessions of a person end: their connections of the WebSocket API do too.
    pub fn close_sockets(&self, user: UserId) -> Result<Entry, NoEntropy> {
        self.entry(Errand::CloseSockets { user })
    }

    /// When an account goes: the removal of what belonged to it, and the last mail, to the address as it was.
    pub fn farewell(&self, account: &Account) -> Result<Vec<Entry>, NoEntropy> {
        let email = account.email.clone().filter(|_| account.email_is_proved);
        let language = account.personal.language;
        [
            Some(Errand::erase(account)),
            email.map(|email| Errand::mail(email, Notice::AccountDeleted, language)),
        ]
        .into_iter()
        .flatten()
        .map(|errand| self.entry(errand))
        .collect()
    }
}
