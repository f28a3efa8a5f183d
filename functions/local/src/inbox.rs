//! Everything the product has sent: text messages, e-mails, pushes, webhooks. Locally nothing leaves the
//! machine; it ends up here, where a developer or a test can read it.

mod page;

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clients::mail::ReceivedMail;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use page::page;

/// How many messages are remembered; older ones are forgotten.
pub const CAPACITY: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Sms,
    Email,
    Push,
    Webhook,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Push => "push",
            Self::Webhook => "webhook",
        }
    }
}

/// One message as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub channel: Channel,
    pub to: String,
    /// Text messages have none.
    pub subject: Option<String>,
    pub body: String,
    /// A file for the reader's calendar, of e-mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    pub sent_at: Timestamp,
}

/// Cheap to clone; all clones show the same messages.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Oldest first.
    messages: VecDeque<Message>,
    log: Option<Log>,
}

impl Inbox {
    /// Forgets everything when the last clone is dropped.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Remembers its messages in a file of JSON lines, across restarts.
    pub fn open(path: &Path) -> io::Result<Self> {
        let messages = read(path)?;
        let log = Log::rewrite(path.to_owned(), &messages)?;
        Ok(Self(Arc::new(Mutex::new(State {
            messages,
            log: Some(log),
        }))))
    }

    pub fn record(&self, channel: Channel, to: impl Into<String>, subject: Option<String>, body: impl Into<String>) {
        self.add(Message {
            channel,
            to: to.into(),
            subject,
            body: body.into(),
            calendar: None,
            sent_at: Timestamp::now(),
        });
    }

    /// One message for each of its recipients.
    pub fn record_mail(&self, mail: ReceivedMail) {
        for to in mail.to {
            self.add(Message {
                channel: Channel::Email,
                to,
                subject: Some(mail.subject.clone()),
                body: mail.body.clone(),
                calendar: mail.calendar.clone(),
                sent_at: Timestamp::now(),
            });
        }
    }

    /// A message that cannot be written to disk is still shown; the file is a convenience.
    fn add(&self, message: Message) {
        let mut state = self.state();
        if let Some(log) = &mut state.log {
            let _ = log.append(&message);
        }
        state.messages.push_back(message);
        if state.messages.len() > CAPACITY {
            state.messages.pop_front();
        }
        state.compact();
    }

    /// Newest first, at most `limit`.
    pub fn newest(&self, limit: usize) -> Vec<Message> {
        self.state().messages.iter().rev().take(limit).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The file may hold twice what is shown before it is written anew.
    fn compact(&mut self) {
        let Some(log) = self.log.as_ref().filter(|log| log.lines > 2 * CAPACITY) else {
            return;
        };
        if let Ok(fresh) = Log::rewrite(log.path.clone(), &self.messages) {
            self.log = Some(fresh);
        }
    }
}

struct Log {
    path: PathBuf,
    file: File,
    lines: usize,
}

impl Log {
    fn append(&mut self, message: &Message) -> io::Result<()> {
        self.lines += 1;
        self.file.write_all(line(message)?.as_bytes())
    }

    /// Through a second file and a rename, so that a crash leaves one of the two whole.
    fn rewrite(path: PathBuf, messages: &VecDeque<Message>) -> io::Result<Self> {
        let text = messages.iter().map(line).collect::<io::Result<String>>()?;
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, text)?;
        std::fs::rename(&fresh, &path)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self {
            path,
            file,
            lines: messages.len(),
        })
    }
}

fn line(message: &Message) -> io::Result<String> {
    Ok(serde_json::to_string(message)? + "\n")
}

/// A last line that was cut off by a crash, or anything else unreadable, is skipped.
fn read(path: &Path) -> io::Result<VecDeque<Message>> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(VecDeque::new()),
        text => text?,
    };
    let readable = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut messages: VecDeque<Message> = readable.collect();
    messages.drain(..messages.len().saturating_sub(CAPACITY));
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_message_comes_first_and_the_oldest_is_forgotten() {
        let inbox = Inbox::in_memory();
        for number in 0..=CAPACITY {
            inbox.record(Channel::Sms, "+4915100000000", None, number.to_string());
        }
        let all = inbox.newest(usize::MAX);
        assert_eq!(all.len(), CAPACITY);
        assert_eq!((all[0].body.as_str(), all[CAPACITY - 1].body.as_str()), ("1000", "1"));
    }

    #[test]
    fn messages_survive_a_restart_even_when_the_last_line_was_cut_off() {
        let folder = std::env::temp_dir().join(format!("inbox-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("inbox.jsonl");
        Inbox::open(&path)
            .unwrap()
            .record(Channel::Email, "a@b.example", Some("Hi".to_owned()), "<b>");
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"channel\":\"sm").unwrap();
        let again = Inbox::open(&path).unwrap().newest(10);
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].subject.as_deref(), Some("Hi"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_message_is_listed_with_its_five_fields() {
        let inbox = Inbox::in_memory();
        inbox.record(Channel::Push, "token", None, "hello");
        let json = serde_json::to_value(inbox.newest(1)).unwrap();
        let fields: Vec<_> = json[0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, ["channel", "to", "subject", "body", "sent_at"]);
        assert_eq!(json[0]["channel"], "push");
    }
}
