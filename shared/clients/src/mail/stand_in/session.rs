//! The order of an SMTP conversation, without its sockets.

use super::MAX_MAIL_BYTES;

/// RFC 5321 4.5.3.1.8 asks for at least 100.
const MAX_RECIPIENTS: usize = 100;

pub(super) enum Step {
    Answer(String),
    Data,
    Quit,
}

#[derive(Default)]
pub(super) struct Session {
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    pub(super) fn command(&mut self, line: &str) -> Step {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (verb.to_ascii_uppercase().as_str(), rest) {
            ("EHLO", name) if !name.trim().is_empty() => {
                self.greet();
                Step::Answer(format!(
                    "250-mail.polyclinic.local\r\n250-8BITMIME\r\n250 SIZE {MAX_MAIL_BYTES}\r\n"
                ))
            }
            ("HELO", name) if !name.trim().is_empty() => {
                self.greet();
                answer("250 mail.polyclinic.local")
            }
            ("EHLO" | "HELO", _) => answer("501 Say who you are"),
            ("MAIL", rest) => self.mail(rest),
            ("RCPT", rest) => self.recipient(rest),
            ("DATA", "") if self.from.is_some() && !self.to.is_empty() => Step::Data,
            ("DATA", _) => answer("503 MAIL and RCPT come first"),
            ("RSET", _) => {
                self.finish();
                answer("250 Forgotten")
            }
            ("NOOP", _) => answer("250 Nothing done"),
            ("VRFY", _) => answer("252 Cannot say"),
            ("QUIT", _) => Step::Quit,
            _ => answer("500 Unknown command"),
        }
    }

    /// Ends a mail, whether it is sent or forgotten, and gives its envelope.
    pub(super) fn finish(&mut self) -> (String, Vec<String>) {
        (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to))
    }

    fn greet(&mut self) {
        self.greeted = true;
        self.finish();
    }

    fn mail(&mut self, rest: &str) -> Step {
        if !self.greeted {
            return answer("503 EHLO comes first");
        }
        if self.from.is_some() {
            return answer("503 One sender per mail");
        }
        let Some((address, parameters)) = path(rest, "FROM:") else {
            return answer("501 MAIL FROM:<address>");
        };
        let size = parameters
            .split(' ')
            .find_map(|p| p.strip_prefix("SIZE="))
            .map(str::parse::<usize>);
        if size.is_some_and(|size| size.is_ok_and(|bytes| bytes > MAX_MAIL_BYTES)) {
            return answer("552 The mail is too large");
        }
        // The empty sender of a bounce is an address too.
        if !address.is_empty() && !is_mailbox(address) {
            return answer("553 The sender is not a mailbox");
        }
        self.from = Some(address.to_owned());
        answer("250 Sender noted")
    }

    fn recipient(&mut self, rest: &str) -> Step {
        if self.from.is_none() {
            return answer("503 MAIL comes first");
        }
        let Some((address, _)) = path(rest, "TO:") else {
            return answer("501 RCPT TO:<address>");
        };
        if !is_mailbox(address) {
            return answer("553 The recipient is not a mailbox");
        }
        if address.to_ascii_lowercase().ends_with(".invalid") {
            return answer("550 No such mailbox");
        }
        if self.to.len() == MAX_RECIPIENTS {
            return answer("452 Too many recipients");
        }
        self.to.push(address.to_owned());
        answer("250 Recipient noted")
    }
}

fn answer(text: &str) -> Step {
    Step::Answer(format!("{text}\r\n"))
}

/// `FROM:<address> PARAMETERS` gives the address and the parameters.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let (head, tail) = rest.split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    tail.trim_start()
        .strip_prefix('<')?
        .split_once('>')
        .map(|(address, rest)| (address, rest.trim()))
}

fn is_mailbox(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_control() || c == ' ');
    plain(local) && plain(domain) && local.len() <= 64 && domain.len() <= 255
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(session: &mut Session, line: &str) -> String {
        match session.command(line) {
            Step::Answer(text) => text[..3].to_owned(),
            Step::Data => "354".to_owned(),
            Step::Quit => "221".to_owned(),
        }
    }

    #[test]
    fn a_mail_needs_greeting_sender_and_recipient_in_this_order() {
        let mut session = Session::default();
        assert_eq!(say(&mut session, "MAIL FROM:<a@b.example>"), "503");
        assert_eq!(say(&mut session, "EHLO"), "501");
        assert_eq!(say(&mut session, "EHLO me"), "250");
        assert_eq!(say(&mut session, "RCPT TO:<a@b.example>"), "503");
        assert_eq!(say(&mut session, "MAIL FROM:<a@b.example> SIZE=100"), "250");
        assert_eq!(say(&mut session, "DATA"), "503");
        assert_eq!(say(&mut session, "RCPT TO:<c@d.example>"), "250");
        assert_eq!(say(&mut session, "DATA"), "354");
        assert_eq!(
            session.finish(),
            ("a@b.example".to_owned(), vec!["c@d.example".to_owned()])
        );
        assert_eq!(say(&mut session, "quit"), "221");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        let mut session = Session::default();
        say(&mut session, "HELO me");
        assert_eq!(say(&mut session, "MAIL FROM:a@b.example"), "501");
        assert_eq!(say(&mut session, "MAIL FROM:<nobody>"), "553");
        assert_eq!(say(&mut session, "MAIL FROM:<a@b.example> SIZE=99999999"), "552");
        assert_eq!(say(&mut session, "MAIL FROM:<>"), "250");
        assert_eq!(say(&mut session, "RCPT TO:<two words@b.example>"), "553");
        assert_eq!(say(&mut session, "RCPT TO:<gone@clinic.invalid>"), "550");
        assert_eq!(say(&mut session, "BDAT 10"), "500");
    }
}
