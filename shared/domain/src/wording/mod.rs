//! Every notice in every language: one file a language, each with the same three functions.
//!
//! The compiler asks each file for a text of each notice. No health data anywhere: mailboxes are read by others, and
//! lock screens are seen by anybody.

mod english;
mod hindi;
#[cfg(test)]
mod segments;
mod spanish;
mod when;

use crate::language::Language;
use crate::notice::Notice;
use crate::scheduling::zone::Zone;

/// Who is told something: in which language, and by which clock, where they have named one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub zone: Option<Zone>,
}

impl From<Language> for Reader {
    fn from(language: Language) -> Self {
        Self { language, zone: None }
    }
}

/// A notice as an e-mail. Without the person's name: until an address is proved, whoever signed up could put words of
/// theirs into our letter to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body: String,
}

pub fn letter(notice: &Notice, reader: &Reader) -> Letter {
    match reader.language {
        Language::En => english::letter(notice, reader),
        Language::Es => spanish::letter(notice, reader),
        Language::Hi => hindi::letter(notice, reader),
    }
}

/// One sentence, for the list within the app.
pub fn sentence(notice: &Notice, reader: &Reader) -> String {
    match reader.language {
        Language::En => english::sentence(notice, reader),
        Language::Es => spanish::sentence(notice, reader),
        Language::Hi => hindi::sentence(notice, reader),
    }
}

/// What a visit is called in a calendar, which others may look into.
pub fn calendar_title(language: Language) -> &'static str {
    match language {
        Language::En => "Appointment (Polyclinic)",
        Language::Es => "Cita (Polyclinic)",
        Language::Hi => "अपॉइंटमेंट (Polyclinic)",
    }
}

/// The same whatever happened: it passes others' servers and shows on locked screens.
pub fn push(language: Language) -> &'static str {
    match language {
        Language::En => "You have a new message in Polyclinic",
        Language::Es => "Tiene un mensaje nuevo en Polyclinic",
        Language::Hi => "Polyclinic में आपके लिए एक नया संदेश है",
    }
}

/// By text message, two segments at most: a code, the same whatever it is for, or what must be known in time. All else is not
/// said on a screen that others see.
pub fn text_message(notice: &Notice, reader: &Reader) -> Option<String> {
    if let Some(code) = notice.code() {
        return Some(code_message(code.as_str(), reader.language));
    }
    let is_said = notice.channels().text_message;
    is_said.then(|| format!("Polyclinic: {}", sentence(notice, reader)))
}

fn code_message(code: &str, language: Language) -> String {
    match language {
        Language::En => format!("{code} is your Polyclinic code. Do not give it to anybody, not even to us."),
        Language::Es => format!("{code} es tu clave de Polyclinic. No la compartas con nadie, tampoco con nosotros."),
        Language::Hi => format!("{code} आपका Polyclinic कोड है। इसे किसी को न बताएँ, हमें भी नहीं।"),
    }
}

/// A subject, and paragraphs between greeting and end.
fn compose(greeting: &str, subject: &str, paragraphs: &[&str]) -> Letter {
    Letter {
        subject: subject.to_owned(),
        body: format!("{greeting}\n\n{}\n", paragraphs.join("\n\n")),
    }
}

#[cfg(test)]
mod tests;
