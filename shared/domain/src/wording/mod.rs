//! Every notice in every language: one file a language, each with the same three functions.
//!
//! The compiler asks each file for a text of each notice. No health data anywhere: mailboxes are read by others, and
//! lock screens are seen by anybody.

mod english;
mod hindi;
#[cfg(test)]
mod segments;
mod spanish;

use crate::language::Language;
use crate::notice::Notice;

/// A notice as an e-mail. Without the person's name: until an address is proved, whoever signed up could put words of
/// theirs into our letter to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub body: String,
}

pub fn letter(notice: &Notice, language: Language) -> Letter {
    match language {
        Language::En => english::letter(notice),
        Language::Es => spanish::letter(notice),
        Language::Hi => hindi::letter(notice),
    }
}

/// One sentence, for the list within the app.
pub fn sentence(notice: &Notice, language: Language) -> String {
    match language {
        Language::En => english::sentence(notice),
        Language::Es => spanish::sentence(notice),
        Language::Hi => hindi::sentence(notice),
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

/// A code by text message; the same whatever it is for, and two segments at most.
pub fn text_message(code: &str, language: Language) -> String {
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
