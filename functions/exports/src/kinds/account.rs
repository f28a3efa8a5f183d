//! The account with its profile: the patient, and what they say of themselves.

use domain::account::{Account, Personal};
use domain::fhir::{
    Address, CodeableConcept, Communication, Condition, Contact, ContactPoint, Day, Gender, HumanName, Id, Observation,
    Patient, Resource, ResultStatus, Text, Value,
};
use runtime::Problem;

use super::Shown;
use crate::archive::Clinical;

pub fn show(account: &Account, clinical: &mut Clinical) -> Result<Shown, Problem> {
    clinical.add(Resource::Patient(patient(account, clinical)))?;
    let personal = &account.personal;
    for (name, what, said) in [
        ("height", "Height, as the patient wrote it", &personal.height),
        ("weight", "Weight, as the patient wrote it", &personal.weight),
        (
            "blood-group",
            "Blood group, as the patient wrote it",
            &personal.blood_group,
        ),
        ("allergies", "Allergies, as the patient wrote them", &personal.allergies),
    ] {
        if let Some(text) = said.as_deref().and_then(Text::new) {
            let subject = clinical.subject();
            let id = Id::new(format!("profile-{name}"));
            let mut observation = Observation::new(id, ResultStatus::Unknown, what.into(), subject);
            observation.value = Some(Value::Text(text));
            clinical.add(Resource::Observation(observation))?;
        }
    }
    for (number, text) in (1..).zip(personal.medical_history.iter().filter_map(Text::new)) {
        let subject = clinical.subject();
        clinical.add(Resource::Condition(Condition {
            id: Id::new(format!("profile-history-{number}")),
            code: text.into(),
            asserter: Some(subject.clone()),
            subject,
            onset_date_time: None,
            recorded_date: None,
            note: Vec::new(),
        }))?;
    }
    Ok(Shown::as_kept(account)?.with(personal.pictures().chain(account.papers())))
}

fn patient(account: &Account, clinical: &Clinical) -> Patient {
    let Personal {
        gender,
        date_of_birth,
        address,
        ..
    } = &account.personal;
    let name = Text::new(account.display_name()).map(|text| HumanName { text: Some(text) });
    let address = address.as_deref().and_then(Text::new);
    let number = clinical.identifier("user-number", &account.number.to_string());
    let language = Text::new(account.personal.language.tag());
    Patient {
        id: clinical.patient(),
        identifier: number.into_iter().collect(),
        active: !account.is_suspended,
        name: name.into_iter().collect(),
        telecom: telecom(account),
        gender: gender.as_deref().and_then(Gender::parse),
        birth_date: date_of_birth.and_then(Day::new),
        address: address.map(|text| Address { text }).into_iter().collect(),
        contact: contact(&account.personal).into_iter().collect(),
        communication: language
            .map(|tag| Communication {
                language: language_concept(tag),
            })
            .into_iter()
            .collect(),
    }
}

fn language_concept(tag: Text) -> CodeableConcept {
    CodeableConcept::from(tag)
}

fn telecom(account: &Account) -> Vec<ContactPoint> {
    let phone = account.phone.as_ref().and_then(|phone| Text::new(phone.as_str()));
    let email = account.email.as_ref().and_then(|email| Text::new(email.as_str()));
    let point = |(system, value): (&'static str, Option<Text>)| Some(ContactPoint { system, value: value? });
    [("phone", phone), ("email", email)]
        .into_iter()
        .filter_map(point)
        .collect()
}

/// Whom to call in an emergency: one product has a name and a number, another one text.
fn contact(personal: &Personal) -> Option<Contact> {
    let name = personal.emergency_contact_name.as_deref().and_then(Text::new);
    let name = name.or_else(|| personal.emergency_contact.as_deref().and_then(Text::new));
    let phone = personal.emergency_contact_phone.as_deref().and_then(Text::new);
    (name.is_some() || phone.is_some()).then(|| Contact {
        relationship: vec!["Emergency contact".into()],
        name: name.map(|text| HumanName { text: Some(text) }),
        telecom: phone
            .map(|value| ContactPoint { system: "phone", value })
            .into_iter()
            .collect(),
    })
}
