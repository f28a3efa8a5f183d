use super::segments::segments;
use super::*;
use crate::notice::Reference;

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
        Notice::AppointmentBooked(Reference::default()),
        Notice::AppointmentMoved(Reference::default()),
        Notice::AppointmentCancelled(Reference::default()),
        Notice::AppointmentOffered(Reference::default()),
        Notice::FamilyLinkAsked,
        Notice::FamilyLinkAccepted,
        Notice::FamilyLinkEnded,
        Notice::TicketAnswered,
        Notice::ExportReady,
        Notice::ExportFailed,
        Notice::VitalsWarning,
        Notice::VitalsUrgent,
        Notice::VitalsSilent,
        Notice::FollowedVitalsUrgent,
        Notice::firmware_available("2.1.0"),
        Notice::firmware_halted("2.1.0"),
    ]
}

fn each() -> impl Iterator<Item = (Notice, Language)> {
    all()
        .into_iter()
        .flat_map(|notice| Language::ALL.map(|language| (notice.clone(), language)))
}

#[test]
fn every_notice_has_words_in_every_language() {
    for (notice, language) in each() {
        let letter = letter(&notice, language);
        let sentence = sentence(&notice, language);
        let about = format!("{} in {}", notice.kind(), language.tag());
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
        let subjects = Language::ALL.map(|language| letter(&notice, language).subject);
        let sentences = Language::ALL.map(|language| sentence(&notice, language));
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
    sentence(notice, Language::Hi).is_ascii()
}

/// Codes and links open accounts: only the letter or the text message they are for may hold them.
#[test]
fn a_code_is_in_its_letter_and_on_no_screen() {
    for (notice, language) in each() {
        let (letter, sentence) = (letter(&notice, language), sentence(&notice, language));
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
        let text = text_message("042137", language);
        assert!(text.contains("042137"));
        assert!(segments(&text) <= 2, "{}: {text}", language.tag());
    }
}

#[test]
fn kinds_are_distinct_words() {
    let kinds: std::collections::BTreeSet<_> = all().iter().map(Notice::kind).collect();
    assert_eq!(kinds.len(), 38);
}

#[test]
fn a_sign_in_letter_says_when_from_where_and_with_what() {
    let at = "2026-11-25T10:00:00.123Z".parse().unwrap();
    for language in Language::ALL {
        let letter = letter(&Notice::signed_in("192.0.2.7", "curl/8.5", at), language);
        for fact in ["2026-11-25T10:00:00Z", "192.0.2.7", "curl/8.5"] {
            assert!(letter.body.contains(fact), "{}", letter.body);
        }
    }
}

#[test]
fn a_programs_name_cannot_become_a_letter_of_its_own() {
    let user_agent = format!("evil\r\n\nDear customer,{}", "x".repeat(5000));
    let notice = Notice::signed_in("192.0.2.7", &user_agent, jiff::Timestamp::UNIX_EPOCH);
    let letter = letter(&notice, Language::En);
    assert!(letter.body.contains("With: evilDear customer,xxx"));
    assert!(letter.body.len() < 400);
}
