//! English.

use super::{Letter, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "If it was not you, change your password and write to us.";
const NO_CODE_ASKED: &str = "Do not give it to anybody. If you did not ask for it, you need not do anything.";
const IN_THE_APP: &str = "Open Polyclinic to see it.";

pub fn letter(notice: &Notice) -> Letter {
    match notice {
        Notice::SignedUp => write(
            "Welcome to Polyclinic",
            &[
                "Your account is ready. You can sign in now.",
                "If you did not sign up, answer this message and we will remove the account.",
            ],
        ),
        Notice::SignedIn {
            address,
            user_agent,
            at,
        } => signed_in(address, user_agent, *at),
        Notice::EmailVerification { code, link } => code_letter("Confirm your e-mail address", code, Some(link)),
        Notice::PasswordResetCode { code } => code_letter("Your code to set a new password", code, None),
        Notice::CodeForSignIn { code } => code_letter("Your code to sign in", code, None),
        Notice::ContactChangeCode { code } => code_letter("Your code to change your contact", code, None),
        Notice::FirmwareAvailable { version } => {
            let news = format!("Version {version} is ready for your device.");
            write("An update for your device", &[&news, "Open Polyclinic to install it."])
        }
        Notice::DoctorRejected { reason: Some(reason) } => write(
            "Your registration as a doctor",
            &[
                &sentence(notice),
                &format!("Reason: {reason}"),
                "You can correct what you sent and ask again.",
            ],
        ),
        Notice::DoctorRejected { reason: None } => write(
            "Your registration as a doctor",
            &[&sentence(notice), "You can correct what you sent and ask again."],
        ),
        Notice::AccountDeleted => write(
            "Your account has been deleted",
            &[&sentence(notice), "If you did not ask for this, answer this message."],
        ),
        Notice::PasswordChanged => write("Your password was changed", &[&sentence(notice), NOT_YOU]),
        Notice::ContactChanged => write("Your contact was changed", &[&sentence(notice), NOT_YOU]),
        Notice::SessionChainEnded => write("A device was signed out", &[&sentence(notice), NOT_YOU]),
        Notice::AccountSuspended => write(
            "Your account is suspended",
            &[&sentence(notice), "Answer this message if you think this is wrong."],
        ),
        Notice::AccountRestored => write("Your account is open again", &[&sentence(notice)]),
        Notice::DoctorApproved => write("Your registration as a doctor", &[&sentence(notice)]),
        Notice::ReviewRequested(_) => write("A new review request", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewSubmitted(_) => write("Your review is ready", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewRejected(_) => write("Your review request", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAsked => write("Somebody wants to be linked to you", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAccepted => write("Your family link was accepted", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkEnded => write("A family link has ended", &[&sentence(notice), IN_THE_APP]),
        Notice::TicketAnswered => write("An answer to your question", &[&sentence(notice), IN_THE_APP]),
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("Hello,", subject, paragraphs)
}

fn signed_in(address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("When: {at:.0}\nFrom: {address}\nWith: {user_agent}");
    write(
        "New sign-in to your account",
        &[
            "Somebody signed in to your account.",
            &facts,
            "If it was not you, change your password.",
        ],
    )
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

pub fn sentence(notice: &Notice) -> String {
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
        Notice::FamilyLinkAsked => "Somebody asks to be linked to you as family.",
        Notice::FamilyLinkAccepted => "Your request for a family link was accepted.",
        Notice::FamilyLinkEnded => "A family link of yours has ended.",
        Notice::TicketAnswered => "Support has answered your question.",
        Notice::FirmwareAvailable { version } => return format!("Version {version} is ready for your device."),
    };
    text.to_owned()
}
