//! Hands a mail to a relay and says whether it was taken.

use std::fmt;
use std::time::Duration;

use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::{CalendarEntry, MailError, MailSettings};

/// One plain-text mail to one person, with a file for their calendar where it is about a time.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub calendar: Option<CalendarEntry>,
}

/// Who gets mail, and what it says, is personal.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail([redacted])")
    }
}

/// Cheap to clone; opens a connection per mail, since a Lambda between two mails may be frozen for hours.
#[derive(Clone)]
pub struct MailClient {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl MailClient {
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let from = settings
            .from
            .parse()
            .map_err(|error| MailError::Settings(format!("sender: {error}")))?;
        // The parser's own message may quote the URL, and with it the password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.url)
            .map_err(|_| MailError::Settings("SMTP_URL is not a URL like smtp://host:port".to_owned()))?
            .timeout(Some(settings.timeout))
            .build();
        Ok(Self {
            transport,
            from,
            timeout: settings.timeout,
        })
    }

    /// `message_id` must be the same for every attempt at the same mail (the id of its outbox entry, say):
    /// delivery is at least once, and this is what lets a mailbox or a person recognise a repetition.
    pub async fn send(&self, message_id: &str, mail: &Mail) -> Result<(), MailError> {
        let message = self.write(message_id, mail)?;
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(sent) => sent.map(|_| ()).map_err(MailError::from),
            Err(_) => Err(MailError::TimedOut),
        }
    }

    fn write(&self, message_id: &str, mail: &Mail) -> Result<Message, MailError> {
        let printable = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '@' | '"');
        if message_id.is_empty() || !message_id.chars().all(printable) {
            return Err(MailError::Malformed(
                "the Message-ID must be printable ASCII".to_owned(),
            ));
        }
        let to: Mailbox = mail
            .to
            .parse()
            .map_err(|_| MailError::Malformed("the recipient".to_owned()))?;
        let message = Message::builder()
            .message_id(Some(format!("<{message_id}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.clone());
        let message = match &mail.calendar {
            None => message.header(ContentType::TEXT_PLAIN).body(mail.text.clone()),
            Some(entry) => message.multipart(
                MultiPart::mixed()
                    .singlepart(SinglePart::plain(mail.text.clone()))
                    .singlepart(self.attachment(entry, &mail.to)?),
            ),
        };
        message.map_err(|error| MailError::Malformed(error.to_string()))
    }

    fn attachment(&self, entry: &CalendarEntry, to: &str) -> Result<SinglePart, MailError> {
        let content_type = format!("text/calendar; charset=utf-8; method={}", entry.method());
        let content_type =
            ContentType::parse(&content_type).map_err(|error| MailError::Malformed(error.to_string()))?;
        let file = entry.file(self.from.email.as_ref(), self.from.email.domain(), to);
        Ok(Attachment::new("appointment.ics".to_owned()).body(file, content_type))
    }
}
