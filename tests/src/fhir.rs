//! What is wrong with a FHIR R4 resource: the rules of its JSON, those required members and codes that our exports use,
//! and references that lead nowhere, which no validator at hand looks for.
//!
//! Unknown members and most data types are left to the validators that `.ci/run` calls on a bundle of ours.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Members that must be there.
const REQUIRED: &[(&str, &[&str])] = &[
    ("Observation", &["status", "code"]),
    ("DiagnosticReport", &["status", "code"]),
    ("Condition", &["subject"]),
    ("MedicationRequest", &["status", "intent", "subject"]),
    ("Procedure", &["status", "subject"]),
    ("DocumentReference", &["status", "content"]),
    ("Provenance", &["target", "recorded", "agent"]),
    ("Appointment", &["status", "participant"]),
    ("Encounter", &["status", "class"]),
    ("Slot", &["schedule", "status", "start", "end"]),
    ("Schedule", &["actor"]),
    ("AuditEvent", &["type", "recorded", "agent", "source"]),
    ("OperationOutcome", &["issue"]),
    ("Bundle", &["type"]),
];

/// Value sets that are required, by resource and member.
const CODES: &[(&str, &str, &[&str])] = &[
    ("Patient", "gender", &["male", "female", "other", "unknown"]),
    (
        "Observation",
        "status",
        &[
            "registered",
            "preliminary",
            "final",
            "amended",
            "corrected",
            "cancelled",
            "entered-in-error",
            "unknown",
        ],
    ),
    (
        "DiagnosticReport",
        "status",
        &[
            "registered",
            "partial",
            "preliminary",
            "final",
            "amended",
            "corrected",
            "appended",
            "cancelled",
            "entered-in-error",
            "unknown",
        ],
    ),
    (
        "MedicationRequest",
        "status",
        &[
            "active",
            "on-hold",
            "cancelled",
            "completed",
            "entered-in-error",
            "stopped",
            "draft",
            "unknown",
        ],
    ),
    (
        "MedicationRequest",
        "intent",
        &[
            "proposal",
            "plan",
            "order",
            "original-order",
            "reflex-order",
            "filler-order",
            "instance-order",
            "option",
        ],
    ),
    (
        "Procedure",
        "status",
        &[
            "preparation",
            "in-progress",
            "not-done",
            "on-hold",
            "stopped",
            "completed",
            "entered-in-error",
            "unknown",
        ],
    ),
    (
        "DocumentReference",
        "status",
        &["current", "superseded", "entered-in-error"],
    ),
    (
        "Bundle",
        "type",
        &[
            "document",
            "message",
            "transaction",
            "transaction-response",
            "batch",
            "batch-response",
            "history",
            "searchset",
            "collection",
        ],
    ),
];

/// Of a choice (`value[x]`), one side at most.
const CHOICES: [&str; 5] = ["value", "effective", "medication", "onset", "performed"];

/// Everything that is wrong, each with where it is.
pub fn faults(resource: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(resource, "", &mut faults);
    if resource["resourceType"] == "Bundle" {
        check_bundle(resource, &mut faults);
    }
    faults
}

fn check(value: &Value, path: &str, faults: &mut Vec<String>) {
    match value {
        Value::Null => faults.push(format!("{path} is null")),
        Value::String(text) if text.trim().is_empty() => faults.push(format!("{path} is an empty string")),
        Value::String(text) if text.chars().any(is_forbidden) => {
            faults.push(format!("{path} has characters that FHIR does not take"));
        }
        Value::Array(values) => {
            if values.is_empty() {
                faults.push(format!("{path} is an empty array"));
            }
            for (place, value) in values.iter().enumerate() {
                check(value, &format!("{path}[{place}]"), faults);
            }
        }
        Value::Object(members) => check_object(members, path, faults),
        _ => {}
    }
}

fn is_forbidden(c: char) -> bool {
    c == '\u{feff}' || (c.is_control() || c.is_whitespace()) && !" \r\n\t".contains(c)
}

fn check_object(members: &Map<String, Value>, path: &str, faults: &mut Vec<String>) {
    if members.is_empty() {
        faults.push(format!("{path} is an empty object"));
    }
    let kind = members.get("resourceType").and_then(Value::as_str);
    if let Some(kind) = kind {
        check_resource(kind, members, path, faults);
    }
    for stem in CHOICES {
        let is_side = |name: &&String| {
            let rest = name.strip_prefix(stem).unwrap_or_default();
            rest.starts_with(|c: char| c.is_ascii_uppercase())
        };
        if members.keys().filter(is_side).count() > 1 {
            faults.push(format!("{path} has more than one {stem}[x]"));
        }
    }
    for (name, value) in members {
        let place = format!("{path}.{name}");
        if let Some(text) = value.as_str()
            && !is_spelt(kind, name, text)
        {
            faults.push(format!("{place} is no time as FHIR spells it: {text}"));
        }
        check(value, &place, faults);
    }
}

fn check_resource(kind: &str, members: &Map<String, Value>, path: &str, faults: &mut Vec<String>) {
    if let Some(id) = members.get("id").and_then(Value::as_str) {
        let is_taken = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        if !(1..=64).contains(&id.len()) || !id.bytes().all(is_taken) {
            faults.push(format!("{path}.id is no id: {id}"));
        }
    }
    let required = REQUIRED.iter().find(|(name, _)| *name == kind);
    for name in required.map(|(_, names)| *names).unwrap_or_default() {
        if !members.contains_key(*name) {
            faults.push(format!("{path} is a {kind} without {name}"));
        }
    }
    for (_, name, codes) in CODES.iter().filter(|(of, _, _)| *of == kind) {
        if let Some(code) = members.get(*name).and_then(Value::as_str)
            && !codes.contains(&code)
        {
            faults.push(format!("{path}.{name} is none of its codes: {code}"));
        }
    }
}

/// Members whose names say that they are times.
fn is_spelt(kind: Option<&str>, name: &str, text: &str) -> bool {
    match (kind, name) {
        (_, "birthDate") => is_date(text),
        (_, "issued" | "recorded" | "timestamp" | "when") | (Some("DocumentReference"), "date") => is_instant(text),
        (_, "authoredOn" | "recordedDate") => is_date(text) || is_instant(text),
        (_, name) if name.ends_with("DateTime") => is_date(text) || is_instant(text),
        _ => true,
    }
}

fn is_date(text: &str) -> bool {
    let is_digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    is_digits && day.len() == 10 && day.parse::<Date>().is_ok()
}

/// With seconds and a zone.
fn is_instant(text: &str) -> bool {
    text.len() >= "2026-11-22T01:02:03Z".len() && text.as_bytes()[10] == b'T' && text.parse::<Timestamp>().is_ok()
}

fn check_bundle(bundle: &Value, faults: &mut Vec<String>) {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for entry in &entries {
        let (url, resource) = (entry["fullUrl"].as_str(), &entry["resource"]);
        if let Some(url) = url
            && !known.insert(url.to_owned())
        {
            faults.push(format!("two entries are {url}"));
        }
        if let (Some(kind), Some(id)) = (resource["resourceType"].as_str(), resource["id"].as_str()) {
            let name = format!("{kind}/{id}");
            if url.is_some_and(|url| url.starts_with("http") && !url.ends_with(&format!("/{name}"))) {
                faults.push(format!("{name} lies under another name"));
            }
            known.insert(name);
        }
    }
    // What a search found is a part of something.
    if bundle["type"] == "searchset" {
        return;
    }
    let mut references = Vec::new();
    find_references(bundle, &mut references);
    let lost = references.into_iter().filter(|reference| !known.contains(*reference));
    faults.extend(lost.map(|reference| format!("{reference} is not in the bundle")));
}

fn find_references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| find_references(value, found)),
        Value::Object(members) => {
            found.extend(members.get("reference").and_then(Value::as_str));
            members.values().for_each(|value| find_references(value, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../fixtures/fhir.json")).expect("the vectors are JSON")
    }

    #[test]
    fn what_validators_accept_has_no_faults() {
        let vectors = vectors();
        let resources = vectors["resources"].as_array().unwrap();
        let bundles = vectors["bundles"].as_array().unwrap();
        assert_eq!((resources.len(), bundles.len()), (24, 3));
        for resource in resources.iter().chain(bundles) {
            assert_eq!(faults(resource), Vec::<String>::new(), "{resource}");
        }
    }

    /// Also what no validator notices.
    #[test]
    fn what_is_wrong_is_noticed() {
        let vectors = vectors();
        let wrong = vectors["invalid"].as_array().unwrap();
        let unnoticed = wrong.iter().filter(|wrong| faults(&wrong["resource"]).is_empty());
        let names: Vec<&str> = unnoticed.filter_map(|wrong| wrong["name"].as_str()).collect();
        assert_eq!(names, ["unknown_property"], "left to the validators");
        assert!(wrong.iter().any(|wrong| wrong["rejected_by"] == serde_json::json!([])));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_noticed() {
        let vectors = vectors();
        let mut bundle = vectors["bundles"][0].clone();
        let removed = bundle["entry"].as_array_mut().unwrap().remove(0);
        let name = format!("Patient/{}", removed["resource"]["id"].as_str().unwrap());
        let faults = faults(&bundle);
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| fault.contains(&name)),
            "{faults:?}"
        );
    }
}
