//! By e-mail. The entry's id is the `Message-ID`, by which a mailbox knows a repetition.

use clients::mail::{Mail, MailClient, MailSettings};
use domain::email_address::EmailAddress;
use domain::id::{OutboxId, UserId};
use domain::language::Language;
use domain::notice::Notice;
use domain::wording;
use runtime::Context;
use runtime::secrets::Secret;

use super::{Failure, recipient};

pub async fn to_user(context: &Context, id: OutboxId, user: UserId, notice: &Notice) -> Result<(), Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(());
    };
    match recipient.email {
        Some(address) => send(context, id, &address, notice, recipient.language).await,
        None => Ok(()),
    }
}

pub async fn send(
    context: &Context,
    id: OutboxId,
    to: &EmailAddress,
    notice: &Notice,
    language: Language,
) -> Result<(), Failure> {
    let letter = wording::letter(notice, language);
    let mail = Mail {
        to: to.as_str().to_owned(),
        subject: letter.subject,
        text: letter.body,
    };
    let url = context.secret(Secret::SmtpUrl).await?;
    let settings = MailSettings::new(&*url, &context.platform.settings.web.mail_from);
    let client = context.platform.shared(|| MailClient::new(&settings))?;
    Ok(client.send(&id.to_string(), &mail).await?)
}
