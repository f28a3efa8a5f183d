//! Hindi.

use super::{Letter, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "यदि यह आपने नहीं किया, तो अपना पासवर्ड बदलें और हमें लिखें।";
const NO_CODE_ASKED: &str = "इसे किसी को न बताएँ। यदि आपने इसे नहीं माँगा था, तो कुछ करने की ज़रूरत नहीं है।";
const IN_THE_APP: &str = "इसे देखने के लिए Polyclinic खोलें।";

pub fn letter(notice: &Notice) -> Letter {
    match notice {
        Notice::SignedUp => write(
            "Polyclinic में आपका स्वागत है",
            &[
                "आपका खाता तैयार है। अब आप साइन इन कर सकते हैं।",
                "यदि आपने पंजीकरण नहीं किया, तो इस संदेश का उत्तर दें और हम खाता हटा देंगे।",
            ],
        ),
        Notice::SignedIn {
            address,
            user_agent,
            at,
        } => signed_in(address, user_agent, *at),
        Notice::EmailVerification { code, link } => code_letter("अपने ईमेल पते की पुष्टि करें", code, Some(link)),
        Notice::PasswordResetCode { code } => code_letter("नया पासवर्ड बनाने के लिए आपका कोड", code, None),
        Notice::CodeForSignIn { code } => code_letter("साइन इन के लिए आपका कोड", code, None),
        Notice::ContactChangeCode { code } => code_letter("संपर्क बदलने के लिए आपका कोड", code, None),
        Notice::FirmwareAvailable { .. } => write(
            "आपके उपकरण के लिए अपडेट",
            &[&sentence(notice), "इसे लगाने के लिए Polyclinic खोलें।"],
        ),
        Notice::DoctorRejected { reason: Some(reason) } => write(
            "डॉक्टर के रूप में आपका पंजीकरण",
            &[
                &sentence(notice),
                &format!("कारण: {reason}"),
                "आप अपनी जानकारी सुधारकर फिर से भेज सकते हैं।",
            ],
        ),
        Notice::DoctorRejected { reason: None } => write(
            "डॉक्टर के रूप में आपका पंजीकरण",
            &[&sentence(notice), "आप अपनी जानकारी सुधारकर फिर से भेज सकते हैं।"],
        ),
        Notice::AccountDeleted => write(
            "आपका खाता हटा दिया गया है",
            &[&sentence(notice), "यदि आपने यह नहीं माँगा था, तो इस संदेश का उत्तर दें।"],
        ),
        Notice::PasswordChanged => write("आपका पासवर्ड बदल दिया गया है", &[&sentence(notice), NOT_YOU]),
        Notice::ContactChanged => write("आपका संपर्क बदल दिया गया है", &[&sentence(notice), NOT_YOU]),
        Notice::SessionChainEnded => write("एक उपकरण को साइन आउट किया गया", &[&sentence(notice), NOT_YOU]),
        Notice::AccountSuspended => write(
            "आपका खाता निलंबित है",
            &[&sentence(notice), "यदि आपको यह गलत लगता है, तो इस संदेश का उत्तर दें।"],
        ),
        Notice::AccountRestored => write("आपका खाता फिर से खुल गया है", &[&sentence(notice)]),
        Notice::DoctorApproved => write("डॉक्टर के रूप में आपका पंजीकरण", &[&sentence(notice)]),
        Notice::ReviewRequested(_) => write("समीक्षा का नया अनुरोध", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewSubmitted(_) => write("आपकी समीक्षा तैयार है", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewRejected(_) => write("आपका समीक्षा अनुरोध", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAsked => write("कोई आपसे जुड़ना चाहता है", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAccepted => write("आपका पारिवारिक संबंध स्वीकार हुआ", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkEnded => write("एक पारिवारिक संबंध समाप्त हुआ", &[&sentence(notice), IN_THE_APP]),
        Notice::TicketAnswered => write("आपके प्रश्न का उत्तर", &[&sentence(notice), IN_THE_APP]),
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("नमस्ते,", subject, paragraphs)
}

fn signed_in(address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("कब: {at:.0}\nकहाँ से: {address}\nकिससे: {user_agent}");
    write(
        "आपके खाते में नया साइन-इन",
        &[
            "किसी ने आपके खाते में साइन इन किया।",
            &facts,
            "यदि यह आप नहीं थे, तो अपना पासवर्ड बदलें।",
        ],
    )
}

fn code_letter(subject: &str, code: &Confidential, link: Option<&Confidential>) -> Letter {
    let code = code.as_str();
    let code = format!("आपका कोड {code} है।");
    let link = link.map(|link| format!("या यह लिंक खोलें: {}", link.as_str()));
    let paragraphs: Vec<&str> = [Some(code.as_str()), link.as_deref(), Some(NO_CODE_ASKED)]
        .into_iter()
        .flatten()
        .collect();
    write(subject, &paragraphs)
}

pub fn sentence(notice: &Notice) -> String {
    let text = match notice {
        Notice::SignedUp => "Polyclinic में आपका स्वागत है।",
        Notice::SignedIn { .. } => "किसी ने आपके खाते में साइन इन किया।",
        Notice::EmailVerification { .. } => "ईमेल पते की पुष्टि का कोड आपको भेजा गया है।",
        Notice::PasswordResetCode { .. } => "नया पासवर्ड बनाने का कोड आपको भेजा गया है।",
        Notice::CodeForSignIn { .. } => "साइन इन का कोड आपको भेजा गया है।",
        Notice::ContactChangeCode { .. } => "संपर्क बदलने का कोड आपको भेजा गया है।",
        Notice::PasswordChanged => "आपका पासवर्ड बदल दिया गया है।",
        Notice::ContactChanged => "आपका ईमेल पता या फ़ोन नंबर बदल दिया गया है।",
        Notice::SessionChainEnded => "एक कॉपी किए गए साइन-इन का उपयोग हुआ। हमने उस उपकरण को साइन आउट कर दिया।",
        Notice::AccountSuspended => "आपका खाता निलंबित है।",
        Notice::AccountRestored => "आपका खाता फिर से खुल गया है।",
        Notice::AccountDeleted => "आपका खाता और आपका डेटा हटा दिया गया है।",
        Notice::DoctorApproved => "डॉक्टर के रूप में आपका पंजीकरण स्वीकृत हुआ।",
        Notice::DoctorRejected { .. } => "डॉक्टर के रूप में आपका पंजीकरण स्वीकृत नहीं हुआ।",
        Notice::ReviewRequested(_) => "एक मरीज़ आपसे समीक्षा चाहता है।",
        Notice::ReviewSubmitted(_) => "एक डॉक्टर ने आपके समीक्षा अनुरोध का उत्तर दिया है।",
        Notice::ReviewRejected(_) => "एक डॉक्टर ने आपका समीक्षा अनुरोध अस्वीकार किया है।",
        Notice::FamilyLinkAsked => "कोई परिवार के रूप में आपसे जुड़ना चाहता है।",
        Notice::FamilyLinkAccepted => "पारिवारिक संबंध का आपका अनुरोध स्वीकार हुआ।",
        Notice::FamilyLinkEnded => "आपका एक पारिवारिक संबंध समाप्त हुआ।",
        Notice::TicketAnswered => "सहायता दल ने आपके प्रश्न का उत्तर दिया है।",
        Notice::FirmwareAvailable { version } => return format!("आपके उपकरण के लिए संस्करण {version} तैयार है।"),
    };
    text.to_owned()
}
