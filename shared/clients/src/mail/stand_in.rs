//! A small SMTP server that behaves: it greets, checks the order of commands, unstuffs dots, refuses what
//! a relay refuses, and hands every accepted mail on instead of delivering it.
//!
//! Any mailbox under the reserved domain `.invalid` (RFC 2606) is refused for good, and the next few mails
//! can be put off on request, so that both kinds of failure can be practised.

mod session;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mail_parser::{MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;

use session::{Session, Step};

/// What one mail may hold, as announced by `SIZE`.
pub const MAX_MAIL_BYTES: usize = 10 * 1024 * 1024;
/// RFC 5321 4.5.3.1: a text line has at most 1,000 bytes. Commands share the limit.
const MAX_LINE_BYTES: u64 = 1_000;
/// A client that says nothing for this long is gone.
const IDLE: std::time::Duration = std::time::Duration::from_secs(60);

/// A mail as its reader would see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope: whom it really goes to.
    pub to: Vec<String>,
    pub subject: String,
    pub body: String,
    /// A file for the reader's calendar.
    pub calendar: Option<String>,
    pub message_id: String,
}

#[derive(Clone, Default)]
pub struct StandIn {
    put_off: Arc<AtomicUsize>,
}

impl StandIn {
    /// The next `mails` are answered `451`, as by a greylisting or overloaded relay.
    pub fn put_off_next(&self, mails: usize) {
        self.put_off.store(mails, Ordering::SeqCst);
    }

    /// Serves until the future is dropped or nobody listens to `received` any more.
    pub async fn serve(self, listener: TcpListener, received: UnboundedSender<ReceivedMail>) -> io::Result<()> {
        while !received.is_closed() {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let (stand_in, received) = (self.clone(), received.clone());
            tokio::spawn(async move {
                let (read, write) = stream.into_split();
                // A client that breaks off is its own business.
                let _ = tokio::time::timeout(IDLE * 5, stand_in.talk(read, write, received)).await;
            });
        }
        Ok(())
    }

    async fn talk(
        self,
        read: impl AsyncRead + Unpin,
        mut write: impl AsyncWrite + Unpin,
        received: UnboundedSender<ReceivedMail>,
    ) -> io::Result<()> {
        let mut lines = Lines(BufReader::new(read));
        let mut session = Session::default();
        write.write_all(b"220 mail.polyclinic.local ESMTP\r\n").await?;
        loop {
            let reply = match lines.next().await? {
                Line::End => return Ok(()),
                Line::Malformed => "500 Lines end with CRLF and have at most 1000 bytes\r\n".to_owned(),
                Line::Text(line) => match session.command(&line) {
                    Step::Answer(reply) => reply,
                    Step::Quit => return write.write_all(b"221 Bye\r\n").await,
                    Step::Data => {
                        write.write_all(b"354 End with a line holding only a dot\r\n").await?;
                        let text = lines.data().await?;
                        let (from, to) = session.finish();
                        self.accept(text, from, to, &received).to_owned()
                    }
                },
            };
            write.write_all(reply.as_bytes()).await?;
        }
    }

    fn accept(
        &self,
        text: Option<Vec<u8>>,
        from: String,
        to: Vec<String>,
        received: &UnboundedSender<ReceivedMail>,
    ) -> &'static str {
        let Some(text) = text else {
            return "552 The mail is too large or has a line that is too long\r\n";
        };
        let put_off = self
            .put_off
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if put_off.is_ok() {
            return "451 Too busy, try again later\r\n";
        }
        match read_mail(&text, from, to) {
            None => "554 This is not a mail: From, Date and Message-ID are needed\r\n",
            Some(mail) => match received.send(mail) {
                Ok(()) => "250 Accepted\r\n",
                Err(_) => "421 Closing\r\n",
            },
        }
    }
}

fn read_mail(text: &[u8], from: String, to: Vec<String>) -> Option<ReceivedMail> {
    let message = MessageParser::default().parse(text)?;
    message.from()?;
    message.date()?;
    let calendar = message
        .attachments()
        .find(|part| part.is_content_type("text", "calendar"));
    let body = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
    Some(ReceivedMail {
        from,
        to,
        subject: message.subject().unwrap_or_default().to_owned(),
        body: body.trim_end_matches('\n').to_owned(),
        calendar: calendar.and_then(|part| part.text_contents()).map(str::to_owned),
        message_id: message.message_id()?.to_owned(),
    })
}

enum Line {
    Text(String),
    Malformed,
    End,
}

struct Lines<R>(BufReader<R>);

impl<R: AsyncRead + Unpin> Lines<R> {
    async fn next(&mut self) -> io::Result<Line> {
        let Some(mut line) = self.raw().await? else {
            return Ok(Line::End);
        };
        if !line.ends_with(b"\r\n") {
            return Ok(Line::Malformed);
        }
        line.truncate(line.len() - 2);
        Ok(String::from_utf8(line).map_or(Line::Malformed, Line::Text))
    }

    /// Everything up to the lone dot. `None` when it was too much; it is read to its end all the same,
    /// since the client would not hear the answer before.
    async fn data(&mut self) -> io::Result<Option<Vec<u8>>> {
        let (mut text, mut acceptable) = (Vec::new(), true);
        while let Some(line) = self.raw().await? {
            if line == b".\r\n" {
                return Ok(acceptable.then_some(text));
            }
            // A sender doubles a leading dot (RFC 5321 4.5.2).
            let line = line.strip_prefix(b".").unwrap_or(&line);
            acceptable &= line.ends_with(b"\r\n") && text.len() + line.len() <= MAX_MAIL_BYTES;
            if acceptable {
                text.extend_from_slice(line);
            }
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    async fn raw(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let limited = (&mut self.0).take(MAX_LINE_BYTES);
        let read = tokio::time::timeout(IDLE, { limited }.read_until(b'\n', &mut line)).await;
        let read = read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok((read > 0).then_some(line))
    }
}
