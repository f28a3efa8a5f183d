//! Spanish.

use super::Advice;
use crate::triage::urgency::{Specialist, Urgency};

pub const DISCLAIMER: &str = "Esto es una estimación automática, no un diagnóstico. Puede equivocarse. Si empeora o le preocupa, acuda a un médico.";
pub const WATCH: (&str, &str) = (
    "Vigile los cambios",
    "Si empeora o aparece algo nuevo, pregunte de nuevo o llame a un médico.",
);

pub fn advice(urgency: Urgency, number: &str) -> Advice {
    match urgency {
        Urgency::Emergency => Advice {
            action: "Llame ahora a una ambulancia",
            description: format!(
                "Lo que describe puede poner en peligro la vida. Llame ahora al {number} o vaya a urgencias. No conduzca y no espere a una cita."
            ),
        },
        Urgency::High => Advice {
            action: "Vea hoy a un médico",
            description: format!("Lo que describe debe verlo un médico hoy mismo. Si empeora, llame al {number}."),
        },
        Urgency::Medium => Advice {
            action: "Vea a un médico en los próximos días",
            description: format!(
                "Pida una cita para los próximos dos o tres días, antes si empeora. A esta comprobación se le pueden escapar señales de alarma: en una emergencia llame al {number}."
            ),
        },
        Urgency::Low => Advice {
            action: "Descanse y observe",
            description: format!(
                "Esta comprobación no encontró señales de alarma en lo que escribió, pero se le pueden escapar y no descarta nada. Vea a un médico si dura más de una semana, empeora o le preocupa. En una emergencia llame al {number}."
            ),
        },
    }
}

pub fn not_understood(number: &str) -> Advice {
    Advice {
        action: "No hemos podido entender esto",
        description: format!(
            "Esta comprobación no reconoció lo que escribió y no puede decir si es urgente. Llame ahora al {number} si hay algo de esto: dolor o presión en el pecho; dificultad para respirar o labios azules; cara caída, un brazo o una pierna débil o dificultad para hablar; sangrado abundante; desmayo, convulsiones o no despierta; lengua, cara o garganta hinchadas; vómitos con sangre; demasiadas pastillas o veneno; ideas de quitarse la vida; dolor de cabeza repentino y terrible; pérdida repentina de la vista; sangrado o dolor fuerte en el embarazo. Si no es nada de esto, escríbalo de nuevo con palabras sencillas o hable con un médico."
        ),
    }
}

pub fn specialist(specialist: Specialist) -> &'static str {
    match specialist {
        Specialist::GeneralPractitioner => "médico de familia",
        Specialist::EmergencyMedicine => "médico de urgencias",
        Specialist::Cardiologist => "cardiólogo",
        Specialist::Neurologist => "neurólogo",
        Specialist::Pulmonologist => "neumólogo",
        Specialist::Gastroenterologist => "gastroenterólogo",
        Specialist::Gynaecologist => "ginecólogo",
        Specialist::Urologist => "urólogo",
        Specialist::Ophthalmologist => "oftalmólogo",
        Specialist::Paediatrician => "pediatra",
        Specialist::Psychiatrist => "psiquiatra",
        Specialist::Surgeon => "cirujano",
        Specialist::Endocrinologist => "endocrinólogo",
        Specialist::EarNoseThroat => "otorrinolaringólogo",
        Specialist::Haematologist => "hematólogo",
        Specialist::Infectiologist => "infectólogo",
        Specialist::Rheumatologist => "reumatólogo",
        Specialist::Dermatologist => "dermatólogo",
    }
}
