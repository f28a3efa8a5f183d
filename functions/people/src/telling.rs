//! Errands that go with a change of somebody's account.

use domain::account::Account;
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use domain::picture_link::PictureName;
use runtime::{Context, Problem};
use store::outbox::{Entry, Errand};

/// To tell somebody something.
pub fn entry(context: &Context, user: UserId, notice: Notice) -> Result<Entry, Problem> {
    let errand = Errand::Tell { user, notice };
    Ok(Entry::new(context.new_id(OutboxId::new)?, errand, context.now))
}

/// The removal of a picture that nothing will refer to any more.
pub fn removal(context: &Context, picture: &PictureName) -> Result<Entry, Problem> {
    let errand = Errand::RemovePicture {
        picture: picture.clone(),
    };
    Ok(Entry::new(context.new_id(OutboxId::new)?, errand, context.now))
}

/// When an account goes: the last mail, to the address as it was, and the removal of what belonged to it.
pub fn farewell(context: &Context, account: &Account) -> Result<Vec<Entry>, Problem> {
    let erase = Errand::Erase { user: account.id };
    let mut entries = vec![Entry::new(context.new_id(OutboxId::new)?, erase, context.now)];
    for picture in account.personal.pictures() {
        entries.push(removal(context, picture)?);
    }
    if let Some(email) = account.email.clone().filter(|_| account.email_is_proved) {
        let errand = Errand::mail(email, Notice::AccountDeleted, account.personal.language);
        entries.push(Entry::new(context.new_id(OutboxId::new)?, errand, context.now));
    }
    Ok(entries)
}
