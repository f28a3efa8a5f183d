//! What stands above things in `index.html`, in every language.

use domain::language::Language;
use store::holdings::Kind;

/// Words of the page itself.
pub struct Words {
    pub heading: &'static str,
    pub intro: &'static str,
    pub contents: &'static str,
    pub picture: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
}

pub fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &Words {
            heading: "Your data at Polyclinic",
            intro: "This is all that Polyclinic keeps of you. The same is in the files beside this page, for programs; \
                    manifest.json lists them, and says what was left out and why.",
            contents: "Contents",
            picture: "The picture that this is about",
            yes: "yes",
            no: "no",
        },
        Language::Es => &Words {
            heading: "Sus datos en Polyclinic",
            intro: "Esto es todo lo que Polyclinic guarda de usted. Lo mismo está en los archivos junto a esta página, para \
                    programas; manifest.json los enumera y dice qué falta y por qué.",
            contents: "Contenido",
            picture: "La imagen de la que se trata",
            yes: "sí",
            no: "no",
        },
        Language::Hi => &Words {
            heading: "Polyclinic में आपका डेटा",
            intro: "Polyclinic आपके बारे में जो कुछ रखता है, वह सब यहाँ है। वही इस पृष्ठ के साथ की फ़ाइलों में प्रोग्रामों के लिए है; \
                    manifest.json उनकी सूची देता है और बताता है कि क्या छोड़ा गया और क्यों।",
            contents: "विषय सूची",
            picture: "वह चित्र जिसके बारे में यह है",
            yes: "हाँ",
            no: "नहीं",
        },
    }
}

/// One thing of a kind is numbered under the same words.
pub fn title(kind: Kind, language: Language) -> &'static str {
    let [english, spanish, hindi] = titles(kind);
    match language {
        Language::En => english,
        Language::Es => spanish,
        Language::Hi => hindi,
    }
}

const VITAL_ALERTS: [&str; 3] = [
    "Alerts of vital signs",
    "Alertas de signos vitales",
    "महत्वपूर्ण संकेतों की चेतावनियाँ",
];
const VITAL_DEVICES: [&str; 3] = ["Measuring devices", "Dispositivos de medición", "मापने वाले उपकरण"];
const VITAL_QUARANTINES: [&str; 3] = [
    "Readings that cannot be right",
    "Mediciones que no pueden ser correctas",
    "माप जो सही नहीं हो सकते",
];
const VITAL_READINGS: [&str; 3] = ["Vital signs", "Signos vitales", "महत्वपूर्ण संकेत"];
const VITAL_SETTINGS: [&str; 3] = ["Limits and alarms", "Límites y alarmas", "सीमाएँ और अलार्म"];
const PREDICTIONS: [&str; 3] = [
    "Facial skin pictures",
    "Imágenes de la piel del rostro",
    "चेहरे की त्वचा के चित्र",
];
const RECORD_VERSIONS: [&str; 3] = [
    "All versions of health records",
    "Todas las versiones de los registros de salud",
    "स्वास्थ्य रिकॉर्ड के सभी संस्करण",
];

fn titles(kind: Kind) -> [&'static str; 3] {
    match kind {
        Kind::Account => ["Account and profile", "Cuenta y perfil", "खाता और प्रोफ़ाइल"],
        Kind::Care => [
            "Doctors who treat you",
            "Médicos que le atienden",
            "आपका इलाज करने वाले डॉक्टर",
        ],
        Kind::EmergencyAccess => ["Access in emergencies", "Accesos de urgencia", "आपात स्थिति में पहुँच"],
        Kind::FamilyLinks => ["Family", "Familia", "परिवार"],
        Kind::Sessions => [
            "Signed-in devices",
            "Dispositivos con sesión iniciada",
            "साइन-इन किए हुए उपकरण",
        ],
        Kind::DentalAnalyses => ["Dental pictures", "Imágenes dentales", "दाँतों के चित्र"],
        Kind::Opinions => ["Doctors' opinions", "Opiniones médicas", "डॉक्टरों की राय"],
        Kind::Predictions => PREDICTIONS,
        Kind::SkinRecords => ["Skin pictures", "Imágenes de la piel", "त्वचा के चित्र"],
        Kind::ReviewRequests => ["Review requests", "Solicitudes de revisión", "समीक्षा अनुरोध"],
        Kind::RecordFiles => ["Record files", "Archivos", "रिकॉर्ड की फ़ाइलें"],
        Kind::OpenConflicts => [
            "Conflicting changes, open",
            "Cambios en conflicto, abiertos",
            "टकराते बदलाव, खुले",
        ],
        Kind::Records => ["Health records", "Registros de salud", "स्वास्थ्य रिकॉर्ड"],
        Kind::SettledConflicts => [
            "Conflicting changes, settled",
            "Cambios en conflicto, resueltos",
            "टकराते बदलाव, सुलझे हुए",
        ],
        Kind::SyncingDevices => ["Syncing devices", "Sincronización", "सिंक वाले उपकरण"],
        Kind::RecordVersions => RECORD_VERSIONS,
        Kind::Appointments => ["Appointments", "Citas", "अपॉइंटमेंट"],
        Kind::WaitingLists => ["Waiting lists", "Listas de espera", "प्रतीक्षा सूचियाँ"],
        Kind::Consultations => ["Consultations", "Consultas", "परामर्श"],
        Kind::Invites => ["Invited guests", "Personas invitadas", "आमंत्रित लोग"],
        Kind::Messages => ["Messages in calls", "Mensajes", "परामर्श के संदेश"],
        Kind::Medicines => ["Medicines given to you", "Medicamentos entregados", "आपको दी गई दवाएँ"],
        Kind::Reservations => ["Reserved medicines", "Medicamentos reservados", "आरक्षित दवाएँ"],
        Kind::VitalAlerts => VITAL_ALERTS,
        Kind::VitalDevices => VITAL_DEVICES,
        Kind::VitalQuarantines => VITAL_QUARANTINES,
        Kind::VitalReadings => VITAL_READINGS,
        Kind::VitalSettings => VITAL_SETTINGS,
        Kind::Notifications => ["Notifications", "Notificaciones", "सूचनाएँ"],
        Kind::Devices => ["Devices with messages", "Dispositivos", "संदेश वाले उपकरण"],
        Kind::Tickets => ["Questions to support", "Consultas a la ayuda", "सहायता से पूछे गए प्रश्न"],
        Kind::AuditLog => [
            "Who looked at your data",
            "Quién ha visto sus datos",
            "आपका डेटा किसने देखा",
        ],
    }
}
