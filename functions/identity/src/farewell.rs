//! What must happen when an account goes: a last message, and the removal of what belonged to it.

use domain::account::AccountGone;
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use runtime::{Context, Problem};
use store::accounts;
use store::outbox::{Entry, Errand};

/// The last message, to the address as it was.
pub async fn entries(context: &Context, user: UserId, notice: Notice) -> Result<Vec<Entry>, Problem> {
    let account = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
    let erase = Errand::Erase { user };
    let mut entries = vec![Entry::new(context.new_id(OutboxId::new)?, erase, context.now)];
    for picture in account.personal.pictures() {
        let errand = Errand::RemovePicture {
            picture: picture.clone(),
        };
        entries.push(Entry::new(context.new_id(OutboxId::new)?, errand, context.now));
    }
    if let Some(email) = account.email.filter(|_| account.email_is_proved) {
        let errand = Errand::mail(email, notice, account.personal.language);
        entries.push(Entry::new(context.new_id(OutboxId::new)?, errand, context.now));
    }
    Ok(entries)
}
