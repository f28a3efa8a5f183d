//! Hindi.

use jiff::ZonedDateTime;

use super::when::{at, month, weekday};
use super::{Letter, Reader, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "यदि यह आपने नहीं किया, तो अपना पासवर्ड बदलें और हमें लिखें।";
const NO_CODE_ASKED: &str = "इसे किसी को न बताएँ। यदि आपने इसे नहीं माँगा था, तो कुछ करने की ज़रूरत नहीं है।";
const IN_THE_APP: &str = "इसे देखने के लिए Polyclinic खोलें।";

const LOOK_AT_THE_REPORTS: &str = "रिपोर्टें देखें। इसे वही संचालक फिर शुरू नहीं कर सकता जिसने इसे जारी किया था।";

pub fn letter(notice: &Notice, reader: &Reader) -> Letter {
    let subject = subject(notice);
    match notice {
        Notice::SignedUp => write(
            subject,
            &[
                "आपका खाता तैयार है। अब आप साइन इन कर सकते हैं।",
                "यदि आपने पंजीकरण नहीं किया, तो इस संदेश का उत्तर दें और हम खाता हटा देंगे।",
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
            write(subject, &[&sentence(notice, reader), "इसे लगाने के लिए Polyclinic खोलें।"])
        }
        Notice::FirmwareHalted { .. } => write(subject, &[&sentence(notice, reader), LOOK_AT_THE_REPORTS]),
        Notice::DoctorRejected { reason } => rejected(notice, reader, reason.as_deref()),
        Notice::AccountDeleted => write(
            subject,
            &[
                &sentence(notice, reader),
                "यदि आपने यह नहीं माँगा था, तो इस संदेश का उत्तर दें।",
            ],
        ),
        Notice::AccountSuspended => write(
            subject,
            &[
                &sentence(notice, reader),
                "यदि आपको यह गलत लगता है, तो इस संदेश का उत्तर दें।",
            ],
        ),
        Notice::ExportReady => write(
            subject,
            &[
                &sentence(notice, reader),
                "यह एक सप्ताह तक रहेगी। इसे लेने के लिए Polyclinic खोलें।",
            ],
        ),
        Notice::ExportFailed => write(
            subject,
            &[&sentence(notice, reader), "इसे फिर से माँगने के लिए Polyclinic खोलें।"],
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
        Notice::SignedUp => "Polyclinic में आपका स्वागत है",
        Notice::SignedIn { .. } => "आपके खाते में नया साइन-इन",
        Notice::EmailVerification { .. } => "अपने ईमेल पते की पुष्टि करें",
        Notice::PasswordResetCode { .. } => "नया पासवर्ड बनाने के लिए आपका कोड",
        Notice::CodeForSignIn { .. } => "साइन इन के लिए आपका कोड",
        Notice::ContactChangeCode { .. } => "संपर्क बदलने के लिए आपका कोड",
        Notice::FirmwareAvailable { .. } => "आपके उपकरण के लिए अपडेट",
        Notice::FirmwareHalted { .. } => "अपडेट रोक दिया गया",
        Notice::DoctorRejected { .. } => "डॉक्टर के रूप में आपका पंजीकरण",
        Notice::AccountDeleted => "आपका खाता हटा दिया गया है",
        Notice::PasswordChanged => "आपका पासवर्ड बदल दिया गया है",
        Notice::ContactChanged => "आपका संपर्क बदल दिया गया है",
        Notice::SessionChainEnded => "एक उपकरण को साइन आउट किया गया",
        Notice::AccountSuspended => "आपका खाता निलंबित है",
        Notice::AccountRestored => "आपका खाता फिर से खुल गया है",
        Notice::DoctorApproved => "डॉक्टर के रूप में आपका पंजीकरण",
        Notice::ReviewRequested(_) => "समीक्षा का नया अनुरोध",
        Notice::ReviewSubmitted(_) => "आपकी समीक्षा तैयार है",
        Notice::ReviewRejected(_) => "आपका समीक्षा अनुरोध",
        Notice::DoctorRefers(_) => "एक डॉक्टर ने आपका परिणाम देखा है",
        Notice::RecordSigned => "आपके डॉक्टर का एक नया रिकॉर्ड",
        Notice::RecordAmended => "एक डॉक्टर ने एक रिकॉर्ड बदला है",
        Notice::EmergencyAccess => "आपके रिकॉर्ड तक आपातकालीन पहुँच",
        Notice::EmergencyAccessOpened => "एक आपातकालीन पहुँच की समीक्षा करें",
        Notice::AppointmentBooked(_) => "अपॉइंटमेंट बुक हुआ",
        Notice::AppointmentMoved(_) => "अपॉइंटमेंट का समय बदला",
        Notice::AppointmentCancelled(_) => "अपॉइंटमेंट रद्द हुआ",
        Notice::AppointmentOffered(_) => "आपके लिए एक समय रखा गया है",
        Notice::AppointmentReminder(_) => "आपके अपॉइंटमेंट की याद",
        Notice::FamilyLinkAsked => "कोई आपसे जुड़ना चाहता है",
        Notice::FamilyLinkAccepted => "आपका पारिवारिक संबंध स्वीकार हुआ",
        Notice::FamilyLinkEnded => "एक पारिवारिक संबंध समाप्त हुआ",
        Notice::TicketAnswered => "आपके प्रश्न का उत्तर",
        Notice::StockLow => "स्टॉक कम हो रहा है",
        Notice::PharmacyTakenOver => "एक फ़ार्मेसी अब किसी और के पास है",
        Notice::ReservationEnded => "आरक्षण समाप्त हो गया",
        Notice::ExportReady => "आपका डेटा तैयार है",
        Notice::ExportFailed => "आपका डेटा इकट्ठा नहीं हो सका",
        Notice::VitalsWarning => "एक माप जिसे देखना चाहिए",
        Notice::VitalsUrgent => "एक माप जो रुक नहीं सकता",
        Notice::VitalsSilent => "नए माप नहीं आ रहे",
        Notice::FollowedVitalsUrgent(_) => "जिनका आप ध्यान रखते हैं उन्हें आपकी ज़रूरत हो सकती है",
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("नमस्ते,", subject, paragraphs)
}

fn signed_in(subject: &str, address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("कब: {at:.0}\nकहाँ से: {address}\nकिससे: {user_agent}");
    write(
        subject,
        &[
            "किसी ने आपके खाते में साइन इन किया।",
            &facts,
            "यदि यह आप नहीं थे, तो अपना पासवर्ड बदलें।",
        ],
    )
}

fn rejected(notice: &Notice, reader: &Reader, reason: Option<&str>) -> Letter {
    let (sentence, reason) = (sentence(notice, reader), reason.map(|reason| format!("कारण: {reason}")));
    let paragraphs: Vec<&str> = [
        Some(sentence.as_str()),
        reason.as_deref(),
        Some("आप अपनी जानकारी सुधारकर फिर से भेज सकते हैं।"),
    ]
    .into_iter()
    .flatten()
    .collect();
    write(subject(notice), &paragraphs)
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

pub fn sentence(notice: &Notice, reader: &Reader) -> String {
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
        Notice::DoctorRefers(_) => "एक डॉक्टर ने आपका एक परिणाम देखा है। कृपया उनकी बात जल्दी पढ़ें।",
        Notice::RecordSigned => "एक डॉक्टर ने आपके स्वास्थ्य रिकॉर्ड में एक रिकॉर्ड जोड़ा है।",
        Notice::RecordAmended => "एक डॉक्टर ने आपका एक हस्ताक्षरित रिकॉर्ड बदला है।",
        Notice::EmergencyAccess => "एक डॉक्टर ने आपात स्थिति में आपके स्वास्थ्य रिकॉर्ड खोले हैं। क्या पढ़ा गया, यह आपके लॉग में है।",
        Notice::EmergencyAccessOpened => "एक डॉक्टर ने आपात स्थिति में एक मरीज़ के रिकॉर्ड खोले हैं। कृपया इसकी समीक्षा करें।",
        Notice::FamilyLinkAsked => "कोई परिवार के रूप में आपसे जुड़ना चाहता है।",
        Notice::FamilyLinkAccepted => "पारिवारिक संबंध का आपका अनुरोध स्वीकार हुआ।",
        Notice::FamilyLinkEnded => "आपका एक पारिवारिक संबंध समाप्त हुआ।",
        Notice::TicketAnswered => "सहायता दल ने आपके प्रश्न का उत्तर दिया है।",
        Notice::PharmacyTakenOver => "आपकी एक फ़ार्मेसी अब किसी दूसरे एडमिन ने संभाल ली है।",
        Notice::StockLow => "आपकी फ़ार्मेसी में एक दवा बहुत कम बची है।",
        Notice::ReservationEnded => "आपके लिए अलग रखी गई दवा अब आरक्षित नहीं है। आप उसे फिर से आरक्षित कर सकते हैं।",
        Notice::ExportReady => "आपके डेटा की जो प्रति आपने माँगी थी, वह तैयार है।",
        Notice::ExportFailed => "आपके डेटा की जो प्रति आपने माँगी थी, वह नहीं बन सकी।",
        Notice::VitalsWarning => "आपके एक माप को देखना चाहिए। कृपया ऐप खोलें।",
        Notice::VitalsUrgent => "आपके एक माप पर अभी ध्यान देना ज़रूरी है। कृपया ऐप खोलें।",
        Notice::VitalsSilent => "कुछ समय से आपके नए माप नहीं आए हैं। कृपया उपकरण जाँचें।",
        Notice::FollowedVitalsUrgent(_) => "जिनके माप आप देखते हैं, उन्हें ध्यान की ज़रूरत है और उन्होंने उत्तर नहीं दिया है।",
        Notice::FirmwareAvailable { version } => return format!("आपके उपकरण के लिए संस्करण {version} तैयार है।"),
        Notice::FirmwareHalted { version } => {
            return format!("फ़र्मवेयर {version} का वितरण अपने आप रुक गया: बहुत से उपकरण विफल हुए।");
        }
        Notice::AppointmentBooked(visit) => return at("आपका एक अपॉइंटमेंट बुक हुआ है: {}।", visit, reader),
        Notice::AppointmentMoved(visit) => return at("आपके एक अपॉइंटमेंट का समय बदल गया है: {}।", visit, reader),
        Notice::AppointmentCancelled(visit) => return at("आपका अपॉइंटमेंट रद्द हुआ है: {}।", visit, reader),
        Notice::AppointmentOffered(visit) => {
            return at(
                "जिस समय की आप प्रतीक्षा कर रहे थे, वह आपके लिए रखा गया है: {}। कृपया पुष्टि करें।",
                visit,
                reader,
            );
        }
        Notice::AppointmentReminder(visit) => return at("आपके अपॉइंटमेंट की याद: {}।", visit, reader),
    };
    text.to_owned()
}

const WEEKDAYS: [&str; 7] = ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"];
const MONTHS: [&str; 12] = [
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्तूबर",
    "नवंबर",
    "दिसंबर",
];

pub fn day(at: &ZonedDateTime) -> String {
    let (weekday, month) = (weekday(at, WEEKDAYS), month(at, MONTHS));
    format!("{weekday}, {} {month} {}", at.day(), at.year())
}
