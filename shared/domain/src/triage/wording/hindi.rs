//! Hindi.

use super::Advice;
use crate::triage::urgency::{Specialist, Urgency};

pub const DISCLAIMER: &str =
    "यह एक स्वचालित अनुमान है, निदान नहीं। यह ग़लत हो सकता है। हालत बिगड़े या चिंता हो तो डॉक्टर को दिखाएँ।";
pub const WATCH: (&str, &str) = (
    "बदलाव पर ध्यान दें",
    "हालत बिगड़े या कुछ नया हो, तो फिर से पूछें या डॉक्टर को फ़ोन करें।",
);

pub fn advice(urgency: Urgency, number: &str) -> Advice {
    match urgency {
        Urgency::Emergency => Advice {
            action: "अभी एम्बुलेंस बुलाएँ",
            description: format!(
                "आपने जो बताया वह जानलेवा हो सकता है। अभी {number} पर फ़ोन करें या नज़दीकी आपातकालीन विभाग जाएँ। ख़ुद गाड़ी न चलाएँ और अपॉइंटमेंट का इंतज़ार न करें।"
            ),
        },
        Urgency::High => Advice {
            action: "आज ही डॉक्टर को दिखाएँ",
            description: format!("आपने जो बताया उसे आज ही डॉक्टर को दिखाना चाहिए। हालत बिगड़े तो {number} पर फ़ोन करें।"),
        },
        Urgency::Medium => Advice {
            action: "अगले कुछ दिनों में डॉक्टर को दिखाएँ",
            description: "दो-तीन दिन के भीतर समय लें, हालत बिगड़े तो उससे पहले।".to_owned(),
        },
        Urgency::Low => Advice {
            action: "आराम करें और ध्यान रखें",
            description: "आपने जो बताया उसमें कुछ ज़रूरी नहीं लगता। एक हफ़्ते से ज़्यादा रहे या बिगड़े तो डॉक्टर को दिखाएँ।".to_owned(),
        },
    }
}

pub fn specialist(specialist: Specialist) -> &'static str {
    match specialist {
        Specialist::GeneralPractitioner => "सामान्य चिकित्सक",
        Specialist::EmergencyMedicine => "आपातकालीन चिकित्सक",
        Specialist::Cardiologist => "हृदय रोग विशेषज्ञ",
        Specialist::Neurologist => "तंत्रिका रोग विशेषज्ञ",
        Specialist::Pulmonologist => "फेफड़ों के विशेषज्ञ",
        Specialist::Gastroenterologist => "पेट रोग विशेषज्ञ",
        Specialist::Gynaecologist => "स्त्री रोग विशेषज्ञ",
        Specialist::Urologist => "मूत्र रोग विशेषज्ञ",
        Specialist::Ophthalmologist => "नेत्र रोग विशेषज्ञ",
        Specialist::Paediatrician => "बाल रोग विशेषज्ञ",
        Specialist::Psychiatrist => "मनोचिकित्सक",
        Specialist::Surgeon => "शल्य चिकित्सक",
        Specialist::Endocrinologist => "हार्मोन रोग विशेषज्ञ",
        Specialist::EarNoseThroat => "कान, नाक और गला विशेषज्ञ",
        Specialist::Haematologist => "रक्त रोग विशेषज्ञ",
        Specialist::Infectiologist => "संक्रामक रोग विशेषज्ञ",
        Specialist::Rheumatologist => "गठिया रोग विशेषज्ञ",
        Specialist::Dermatologist => "त्वचा रोग विशेषज्ञ",
    }
}
