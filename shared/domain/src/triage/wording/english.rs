//! English.

use super::Advice;
use crate::triage::urgency::{Specialist, Urgency};

pub const DISCLAIMER: &str =
    "This is an automatic estimate, not a diagnosis. It can be wrong. If you feel worse or are worried, see a doctor.";
pub const WATCH: (&str, &str) = (
    "Watch for changes",
    "If it gets worse, or something new comes, ask again or call a doctor.",
);

pub fn advice(urgency: Urgency, number: &str) -> Advice {
    match urgency {
        Urgency::Emergency => Advice {
            action: "Call an ambulance now",
            description: format!(
                "What you describe can be dangerous to life. Call {number} now or go to the nearest emergency department. Do not drive yourself and do not wait for an appointment."
            ),
        },
        Urgency::High => Advice {
            action: "See a doctor today",
            description: format!(
                "What you describe should be seen by a doctor today. If it gets worse, call {number}."
            ),
        },
        Urgency::Medium => Advice {
            action: "See a doctor in the next days",
            description: format!(
                "Book a visit within the next two or three days, sooner if it gets worse. This check can miss warning signs: in an emergency call {number}."
            ),
        },
        Urgency::Low => Advice {
            action: "Rest and watch",
            description: format!(
                "This check found no warning sign in what you wrote, but it can miss some and rules nothing out. See a doctor if it lasts longer than a week, gets worse or worries you. In an emergency call {number}."
            ),
        },
    }
}

pub fn not_understood(number: &str) -> Advice {
    Advice {
        action: "We could not understand this",
        description: format!(
            "This check did not recognise what you wrote and cannot say how urgent it is. Call {number} now if there is any of these: chest pain or pressure; trouble breathing or blue lips; a drooping face, a weak arm or leg, or trouble speaking; heavy bleeding; fainting, a seizure or not waking up; a swollen tongue, face or throat; vomiting blood; too many pills or poison; thoughts of ending one's life; a sudden, terrible headache; sudden loss of sight; bleeding or strong pain in pregnancy. If none of these fits, write it again in simple words or talk to a doctor."
        ),
    }
}

pub fn specialist(specialist: Specialist) -> &'static str {
    match specialist {
        Specialist::GeneralPractitioner => "general practitioner",
        Specialist::EmergencyMedicine => "emergency doctor",
        Specialist::Cardiologist => "cardiologist",
        Specialist::Neurologist => "neurologist",
        Specialist::Pulmonologist => "lung specialist",
        Specialist::Gastroenterologist => "gastroenterologist",
        Specialist::Gynaecologist => "gynaecologist",
        Specialist::Urologist => "urologist",
        Specialist::Ophthalmologist => "eye doctor",
        Specialist::Paediatrician => "paediatrician",
        Specialist::Psychiatrist => "psychiatrist",
        Specialist::Surgeon => "surgeon",
        Specialist::Endocrinologist => "endocrinologist",
        Specialist::EarNoseThroat => "ear, nose and throat doctor",
        Specialist::Haematologist => "haematologist",
        Specialist::Infectiologist => "infectious disease specialist",
        Specialist::Rheumatologist => "rheumatologist",
        Specialist::Dermatologist => "dermatologist",
    }
}
