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
            description: "Pida una cita para los próximos dos o tres días, antes si empeora.".to_owned(),
        },
        Urgency::Low => Advice {
            action: "Descanse y observe",
            description: "Nada de lo que describe parece urgente. Vea a un médico si dura más de una semana o empeora."
                .to_owned(),
        },
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
