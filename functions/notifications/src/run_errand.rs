//! Worker: runs the errands of the outbox: tells people, removes what nothing refers to any more.

use clients::mail::{Mail, MailClient, MailSettings};
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Function, Inserted, Problem, Trigger, Worker};
use store::bucket::{Bucket, ObjectAction};
use store::outbox::{self, Entry, Errand};
use store::table::{ItemAction, Table};
use store::{accounts, audit, pictures};

pub static FUNCTION: Function = Function::worker::<RunErrand>();

pub struct RunErrand;

impl Worker for RunErrand {
    const NAME: &'static str = "run-errand";
    const SUMMARY: &'static str = "Runs what must happen after a change: messages, removals";
    const TRIGGER: Trigger = Trigger::NewItems(Table::Notifications);
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Notifications, &[ItemAction::Get, ItemAction::Delete]),
        Need::Items(Table::Identity, &[ItemAction::Get]),
        Need::Objects(Bucket::Images, &[ObjectAction::Delete]),
        Need::Items(Table::Audit, &[ItemAction::Get, ItemAction::Put]),
        Need::Secret(Secret::SmtpUrl),
        Need::Secret(Secret::AuditKey),
    ];

    type Event = Inserted<Entry>;

    async fn handle(context: &Context, Inserted(entry): Inserted<Entry>) -> Result<(), Problem> {
        // The stream may hand an entry over twice; one that is done is gone.
        if !outbox::is_waiting(&context.store, entry.id).await? {
            return Ok(());
        }
        match entry.errand {
            Errand::Tell { user, notice } => tell(context, entry.id, user, &notice).await?,
            Errand::RemovePicture { picture } => pictures::remove(&context.store, &picture).await?,
            Errand::Audit { event } => {
                let key = context.chain_key().await?;
                audit::append(&context.store, &key, entry.id, &event).await?;
            }
        }
        Ok(outbox::finish(&context.store, entry.id).await?)
    }
}

/// By e-mail. Somebody whose account is gone is told nothing.
async fn tell(context: &Context, id: OutboxId, user: UserId, notice: &Notice) -> Result<(), Problem> {
    let Some(account) = accounts::get(&context.store, user).await? else {
        return Ok(());
    };
    let letter = notice.letter();
    let mail = Mail {
        to: account.email.as_str().to_owned(),
        subject: letter.subject,
        text: letter.body,
    };
    let url = context.secret(Secret::SmtpUrl).await?;
    let settings = MailSettings::new(&*url, &context.platform.settings.web.mail_from);
    let client = context.platform.shared(|| MailClient::new(&settings)).map_err(failed)?;
    client.send(&id.to_string(), &mail).await.or_else(|error| {
        // A mailbox that refuses for good will refuse again: the errand is done.
        if error.may_retry() { Err(failed(error)) } else { Ok(()) }
    })
}

fn failed(error: clients::mail::MailError) -> Problem {
    Problem::unavailable(error.to_string())
}
