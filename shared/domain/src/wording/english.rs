//! English.

use jiff::ZonedDateTime;

use super::when::{at, month, weekday};
use super::{Letter, Reader, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "If it was not you, change your password and write to us.";
const NO_CODE_ASKED: &str = "Do not give it to anybody. If you did not ask for it, you need not do anything.";
const IN_THE_APP: &str = "Open Polyclinic to see it.";

const LOOK_AT_THE_REPORTS: &str = "Look at the reports. Another operator than the one who published can resume it.";

pub fn letter(notice: &Notice, reader: &Reader) -> Letter {
    let subject = subject(notice);
    match notice {
        Notice::SignedUp => write(
            subject,
            &[
                "Your account is ready. You can sign in now.",
                "If you did not sign up, answer this message and we will remove the account.",
            ],
        ),
        Notice::SignedIn {
            address,
            user_agent,
            at,
        } => signed_in(subject, address, user_agent, *at),
        Notice::EmailVerification { code, link } => code_letter(subject, code, Some(link)),
        Notice::PasswordResetCode { code } => code_letter(subject, code, None),
        Notice::CodeForSignIn { code } => code_letter(subject, code, None),
        Notice::ContactChangeCode { code } => code_letter(subject, code, None),
        Notice::FirmwareAvailable { .. } => {
            write(subject, &[&sentence(notice, reader), "Open Polyclinic to install it."])
        }
        Notice::FirmwareHalted { .. } => write(subject, &[&sentence(notice, reader), LOOK_AT_THE_REPORTS]),
        Notice::DoctorRejected { reason } => rejected(notice, reader, reason.as_deref()),
        Notice::AccountDeleted => write(
            subject,
            &[
                &sentence(notice, reader),
                "If you did not ask for this, answer this message.",
            ],
        ),
        Notice::AccountSuspended => write(
            subject,
            &[
                &sentence(notice, reader),
                "Answer this message if you think this is wrong.",
            ],
        ),
        Notice::ExportReady => write(
            subject,
            &[
                &sentence(notice, reader),
                "It stays for a week. Open Polyclinic to fetch it.",
            ],
        ),
        Notice::ExportFailed => write(
            subject,
            &[&sentence(notice, reader), "Open Polyclinic to ask for it again."],
        ),
        Notice::PasswordChanged | Notice::ContactChanged | Notice::SessionChainEnded => {
            write(subject, &[&sentence(notice, reader), NOT_YOU])
        }
        Notice::AccountRestored | Notice::DoctorApproved => write(subject, &[&sentence(notice, reader)]),
        // Most say in one sentence what there is to be seen.
        _ => write(subject, &[&sentence(notice, reader), IN_THE_APP]),
    }
}

fn subject(notice: &Notice) -> &'static str {
    match notice {
        Notice::SignedUp => "Welcome to Polyclinic",
        Notice::SignedIn { .. } => "New sign-in to your account",
        Notice::EmailVerification { .. } => "Confirm your e-mail address",
        Notice::PasswordResetCode { .. } => "Your code to set a new password",
        Notice::CodeForSignIn { .. } => "Your code to sign in",
        Notice::ContactChangeCode { .. } => "Your code to change your contact",
        Notice::FirmwareAvailable { .. } => "An update for your device",
        Notice::FirmwareHalted { .. } => "A rollout has stopped",
        Notice::DoctorRejected { .. } => "Your registration as a doctor",
        Notice::AccountDeleted => "Your account has been deleted",
        Notice::PasswordChanged => "Your password was changed",
        Notice::ContactChanged => "Your contact was changed",
        Notice::SessionChainEnded => "A device was signed out",
        Notice::AccountSuspended => "Your account is suspended",
        Notice::AccountRestored => "Your account is open again",
        Notice::DoctorApproved => "Your registration as a doctor",
        Notice::ReviewRequested(_) => "A new review request",
        Notice::ReviewSubmitted(_) => "Your review is ready",
        Notice::ReviewRejected(_) => "Your review request",
        Notice::DoctorRefers(_) => "A doctor has looked at your result",
        Notice::RecordSigned => "A new record from your doctor",
        Notice::RecordAmended => "A doctor has changed a record",
        Notice::EmergencyAccess => "Emergency access to your records",
        Notice::EmergencyAccessOpened => "An emergency access to review",
        Notice::AppointmentBooked(_) => "An appointment was booked",
        Notice::AppointmentMoved(_) => "An appointment was moved",
        Notice::AppointmentCancelled(_) => "An appointment was cancelled",
        Notice::AppointmentOffered(_) => "A time is held for you",
        Notice::AppointmentReminder(_) => "Reminder of your appointment",
        Notice::FamilyLinkAsked => "Somebody wants to be linked to you",
        Notice::FamilyLinkAccepted => "Your family link was accepted",
        Notice::FamilyLinkEnded => "A family link has ended",
        Notice::TicketAnswered => "An answer to your question",
        Notice::StockLow => "Stock is running low",
        Notice::PharmacyTakenOver => "A pharmacy was taken over",
        Notice::ReservationEnded => "A reservation has ended",
        Notice::ExportReady => "Your data is ready",
        Notice::ExportFailed => "Your data could not be gathered",
        Notice::VitalsWarning => "A measurement to look at",
        Notice::VitalsUrgent => "A measurement that cannot wait",
        Notice::VitalsSilent => "No new measurements",
        Notice::FollowedVitalsUrgent(_) => "Somebody you follow may need you",
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("Hello,", subject, paragraphs)
}

fn signed_in(subject: &str, address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("When: {at:.0}\nFrom: {address}\nWith: {user_agent}");
    write(
        subject,
        &[
            "Somebody signed in to your account.",
            &facts,
            "If it was not you, change your password.",
        ],
    )
}

fn rejected(notice: &Notice, reader: &Reader, reason: Option<&str>) -> Letter {
    let (sentence, reason) = (
        sentence(notice, reader),
        reason.map(|reason| format!("Reason: {reason}")),
    );
    let paragraphs: Vec<&str> = [
        Some(sentence.as_str()),
        reason.as_deref(),
        Some("You can correct what you sent and ask again."),
    ]
    .into_iter()
    .flatten()
    .collect();
    write(subject(notice), &paragraphs)
}

fn code_letter(subject: &str, code: &Confidential, link: Option<&Confidential>) -> Letter {
    let code = format!("Your code is {}.", code.as_str());
    let link = link.map(|link| format!("Or open {}", link.as_str()));
    let paragraphs: Vec<&str> = [Some(code.as_str()), link.as_deref(), Some(NO_CODE_ASKED)]
        .into_iter()
        .flatten()
        .collect();
    write(subject, &paragraphs)
}

const EMERGENCY_ACCESS: &str =
    "A doctor has opened your health records in an emergency. Your log shows what they read.";
const EMERGENCY_ACCESS_OPENED: &str =
    "A doctor has opened a patient's health records in an emergency. Please review it.";
const RESERVATION_ENDED: &str = "A medicine that was set apart for you is not kept any more. You can reserve it again.";

pub fn sentence(notice: &Notice, reader: &Reader) -> String {
    let text = match notice {
        Notice::SignedUp => "Welcome to Polyclinic.",
        Notice::SignedIn { .. } => "Somebody signed in to your account.",
        Notice::EmailVerification { .. } => "A code to confirm your e-mail address was sent to you.",
        Notice::PasswordResetCode { .. } => "A code to set a new password was sent to you.",
        Notice::CodeForSignIn { .. } => "A code to sign in was sent to you.",
        Notice::ContactChangeCode { .. } => "A code to change your contact was sent to you.",
        Notice::PasswordChanged => "Your password was changed.",
        Notice::ContactChanged => "Your e-mail address or phone number was changed.",
        Notice::SessionChainEnded => "A copied sign-in was used. We signed that device out.",
        Notice::AccountSuspended => "Your account is suspended.",
        Notice::AccountRestored => "Your account is open again.",
        Notice::AccountDeleted => "Your account and your data have been deleted.",
        Notice::DoctorApproved => "Your registration as a doctor was approved.",
        Notice::DoctorRejected { .. } => "Your registration as a doctor was not approved.",
        Notice::ReviewRequested(_) => "A patient asks you for a review.",
        Notice::ReviewSubmitted(_) => "A doctor has answered your review request.",
        Notice::ReviewRejected(_) => "A doctor has declined your review request.",
        Notice::DoctorRefers(_) => "A doctor has looked at a result of yours. Please read soon what they say.",
        Notice::RecordSigned => "A doctor has added a record to your health records.",
        Notice::RecordAmended => "A doctor has changed a record that a doctor signed for you.",
        Notice::EmergencyAccess => EMERGENCY_ACCESS,
        Notice::EmergencyAccessOpened => EMERGENCY_ACCESS_OPENED,
        Notice::FamilyLinkAsked => "Somebody asks to be linked to you as family.",
        Notice::FamilyLinkAccepted => "Your request for a family link was accepted.",
        Notice::FamilyLinkEnded => "A family link of yours has ended.",
        Notice::TicketAnswered => "Support has answered your question.",
        Notice::PharmacyTakenOver => "Another admin has taken over a pharmacy that was yours.",
        Notice::StockLow => "Little is left of a medicine at a pharmacy that you run.",
        Notice::ReservationEnded => RESERVATION_ENDED,
        Notice::ExportReady => "The copy of your data that you asked for is ready.",
        Notice::ExportFailed => "The copy of your data that you asked for could not be made.",
        Notice::VitalsWarning => "A measurement of yours should be looked at. Please open the app.",
        Notice::VitalsUrgent => "A measurement of yours needs attention now. Please open the app.",
        Notice::VitalsSilent => "No measurements of yours have come for a while. Please check the device.",
        Notice::FollowedVitalsUrgent(_) => {
            "Somebody whose measurements you follow needs attention and has not answered."
        }
        Notice::FirmwareAvailable { version } => return format!("Version {version} is ready for your device."),
        Notice::FirmwareHalted { version } => {
            return format!("The rollout of firmware {version} stopped by itself: too many devices failed.");
        }
        Notice::AppointmentBooked(visit) => return at("An appointment of yours was booked: {}.", visit, reader),
        Notice::AppointmentMoved(visit) => {
            return at("An appointment of yours has another time now: {}.", visit, reader);
        }
        Notice::AppointmentCancelled(visit) => return at("Your appointment was cancelled: {}.", visit, reader),
        Notice::AppointmentOffered(visit) => {
            return at(
                "A time that you waited for is held for you for a while: {}. Please confirm it.",
                visit,
                reader,
            );
        }
        Notice::AppointmentReminder(visit) => return at("Your appointment is on {}.", visit, reader),
    };
    text.to_owned()
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub fn day(at: &ZonedDateTime) -> String {
    let (weekday, month) = (weekday(at, WEEKDAYS), month(at, MONTHS));
    format!("{weekday} {} {month} {}", at.day(), at.year())
}
