//! When a visit is, as every channel says it: by the reader's clock, with its zone, so that nobody has to guess whose it is.

use jiff::ZonedDateTime;

use super::{Reader, english, hindi, spanish};
use crate::language::Language;
use crate::scheduling::visit::Visit;

/// A sentence in which `{}` stands for the time of the visit.
pub(super) fn at(sentence: &str, visit: &Visit, reader: &Reader) -> String {
    sentence.replace("{}", &when(visit, reader))
}

/// Such as `Tuesday 1 December 2026, 10:00 (Asia/Kolkata, UTC+05:30)`.
pub(super) fn when(visit: &Visit, reader: &Reader) -> String {
    let zone = reader.zone.as_ref().unwrap_or(&visit.zone);
    let at = visit.starts_at.to_zoned_datetime(zone.rules().clone());
    let day = match reader.language {
        Language::En => english::day(&at),
        Language::Es => spanish::day(&at),
        Language::Hi => hindi::day(&at),
    };
    let place = match zone.name() {
        "UTC" => "UTC".to_owned(),
        name => format!("{name}, UTC{}", at.strftime("%:z")),
    };
    format!("{day}, {} ({place})", at.strftime("%H:%M"))
}

/// The word of a list that begins with Monday.
pub(super) fn weekday(at: &ZonedDateTime, words: [&'static str; 7]) -> &'static str {
    let place = at.weekday().to_monday_zero_offset();
    words[usize::try_from(place).unwrap_or_default() % words.len()]
}

/// The word of a list that begins with January.
pub(super) fn month(at: &ZonedDateTime, words: [&'static str; 12]) -> &'static str {
    words[usize::try_from(at.month() - 1).unwrap_or_default() % words.len()]
}
