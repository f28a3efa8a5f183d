//! Suspending somebody and lifting it: the same change of one member, with the notice that tells them.

use domain::notice::Notice;
use runtime::callers::Admin;
use runtime::{Context, Problem};
use store::accounts;
use store::outbox::Errand;

use crate::target::Target;

pub async fn set(context: &Context, admin: &Admin, target: &Target, is_suspended: bool) -> Result<(), Problem> {
    let account = target.find_other(context, &admin.session).await?;
    let notice = match is_suspended {
        true => Notice::AccountSuspended,
        false => Notice::AccountRestored,
    };
    let mut entries = vec![context.tell(account.id, notice)?];
    if is_suspended {
        entries.push(context.entry(Errand::CallOffVisits { user: account.id })?);
    }
    accounts::change_as_admin::<Problem>(&context.store, admin.user_id(), account.id, &entries, |stored| {
        stored.account.is_suspended = is_suspended;
        stored.account.updated_at = context.now;
        Ok(())
    })
    .await?;
    context.platform.forget_user(account.id);
    Ok(())
}
