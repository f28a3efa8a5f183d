//! By e-mail. The entry's id is the `Message-ID`, by which a mailbox knows a repetition.

use clients::mail::{CalendarEntry, Mail, MailClient, MailSettings};
use domain::email_address::EmailAddress;
use domain::id::{OutboxId, UserId};
use domain::notice::{CalendarStep, Notice};
use domain::wording::{self, Reader};
use runtime::Context;
use runtime::secrets::Secret;

use super::{Failure, recipient};

pub async fn to_user(context: &Context, id: OutboxId, user: UserId, notice: &Notice) -> Result<(), Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(());
    };
    match recipient.email {
        Some(address) => send(context, id, &address, notice, &recipient.reader).await,
        None => Ok(()),
    }
}

pub async fn send(
    context: &Context,
    id: OutboxId,
    to: &EmailAddress,
    notice: &Notice,
    reader: &Reader,
) -> Result<(), Failure> {
    let letter = wording::letter(notice, reader);
    let mail = Mail {
        to: to.as_str().to_owned(),
        subject: letter.subject,
        text: letter.body,
        calendar: calendar(context, notice, reader),
    };
    let url = context.secret(Secret::SmtpUrl).await?;
    let settings = MailSettings::new(&*url, &context.platform.settings.web.mail_from);
    let client = context.platform.shared(|| MailClient::new(&settings))?;
    Ok(client.send(&id.to_string(), &mail).await?)
}

/// What the reader's calendar is to do: by the same name each time, so that it finds what it has.
fn calendar(context: &Context, notice: &Notice, reader: &Reader) -> Option<CalendarEntry> {
    let (visit, step) = notice.for_calendar()?;
    Some(CalendarEntry {
        name: visit.appointment.to_string(),
        sequence: visit.version,
        title: wording::calendar_title(reader.language).to_owned(),
        starts_at: visit.starts_at,
        ends_at: visit.ends_at,
        written_at: context.now,
        is_cancelled: step == CalendarStep::Remove,
    })
}
