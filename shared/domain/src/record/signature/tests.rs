use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::id::RecordConflictId;
use crate::record::conflict::{Decision, Kept, RecordConflict};
use crate::record::sync::{Edit, judge};

const EPOCH: Timestamp = Timestamp::UNIX_EPOCH;

fn user(number: u8) -> UserId {
    UserId::new(EPOCH, [number; 6])
}

fn data(value: &Value) -> Data {
    value.as_object().unwrap().clone()
}

fn hand(number: u8) -> Hand {
    Hand {
        doctor: user(number),
        signer: Signer {
            name: format!("Dr {number}"),
            license: Some(format!("LIC-{number}")),
        },
        now: EPOCH,
    }
}

fn draft(record_type: RecordType, value: &Value) -> Draft {
    let id = RecordId::new(EPOCH, [7; 6]);
    Draft::new(id, user(1), user(2), (record_type, data(value)), EPOCH).unwrap()
}

fn diagnosis() -> Record {
    Record::from_draft(&draft(RecordType::Diagnosis, &json!({ "text": "J45" })), &hand(1)).unwrap()
}

fn amendment(base: u64, text: &str) -> Amendment {
    Amendment::new(base, Some(data(&json!({ "text": text }))), false, "a slip").unwrap()
}

#[test]
fn an_amendment_is_the_next_version_of_the_one_it_names() {
    let first = diagnosis();
    let second = first.amended(&amendment(1, "J45.0"), &hand(3)).unwrap();
    let signature = second.signature.as_ref().unwrap();
    assert_eq!((second.version, signature.base, signature.doctor), (2, 1, user(3)));
    assert_eq!((second.created_by, second.updated_by), (user(1), user(3)));
    assert_eq!(signature.act.reason(), Some("a slip"));
    for base in [0, 1, 3] {
        let refused = second.amended(&amendment(base, "x"), &hand(1));
        assert!(matches!(
            refused,
            Err(RecordRefused::VersionConflict { server_version: 2, .. })
        ));
    }
}

#[test]
fn what_is_withdrawn_still_says_what_it_said_and_is_not_amended() {
    let withdrawal = Amendment::new(1, None, true, "another patient's").unwrap();
    let withdrawn = diagnosis().amended(&withdrawal, &hand(1)).unwrap();
    assert_eq!(withdrawn.data, diagnosis().data);
    assert!(withdrawn.signature.as_ref().unwrap().act.is_withdrawal() && withdrawn.is_live());
    let refused = withdrawn.amended(&amendment(2, "x"), &hand(1));
    assert_eq!(refused, Err(RecordRefused::Withdrawn));
}

#[test]
fn an_amendment_says_why_and_either_what_or_that_it_is_withdrawn() {
    let text = || Some(data(&json!({ "text": "x" })));
    let new = |data, is_withdrawal, reason: &str| Amendment::new(1, data, is_withdrawal, reason).err();
    for reason in ["", " \n", &"x".repeat(LONGEST_REASON + 1)] {
        assert_eq!(new(text(), false, reason), Some(RecordRefused::NoReason));
    }
    assert_eq!(new(text(), true, "why"), Some(RecordRefused::AmendmentMismatch));
    assert_eq!(new(None, false, "why"), Some(RecordRefused::AmendmentMismatch));
    assert_eq!(new(None, true, "why"), None);
}

#[test]
fn only_what_is_signed_is_amended() {
    let pen = hand(1).pen();
    let own = Record::new(
        RecordId::new(EPOCH, [7; 6]),
        user(2),
        RecordType::Diagnosis,
        Data::new(),
        1,
        pen,
    );
    assert_eq!(own.amended(&amendment(1, "x"), &hand(1)), Err(RecordRefused::NotSigned));
    assert_eq!(own.to_be_signed(), None);
}

#[test]
fn what_says_too_little_is_not_signed() {
    let missing = |record_type, value: Value| Record::from_draft(&draft(record_type, &value), &hand(1)).err();
    let lacks = |member| Some(RecordRefused::Incomplete(member));
    assert_eq!(missing(RecordType::Treatment, json!({})), lacks("data"));
    assert_eq!(
        missing(RecordType::Prescription, json!({ "medications": [] })),
        lacks("medications")
    );
    assert_eq!(
        missing(RecordType::LabReport, json!({ "test_name": "Hb" })),
        lacks("results")
    );
    assert_eq!(
        missing(RecordType::MedicalHistory, json!({ "title": " " })),
        lacks("title")
    );
    assert_eq!(missing(RecordType::Treatment, json!({ "text": "rest" })), None);
}

#[test]
fn a_prescription_names_who_signed_it() {
    let value = json!({ "medications": [{ "name": "Salbutamol" }], "doctor_name": "Somebody Else" });
    let record = Record::from_draft(&draft(RecordType::Prescription, &value), &hand(1)).unwrap();
    assert_eq!(record.data["doctor_name"], "Dr 1");
    assert_eq!(record.data["doctor_id"], user(1).to_string());
}

#[test]
fn measurements_are_not_drafted() {
    let id = RecordId::new(EPOCH, [7; 6]);
    let refused = Draft::new(id, user(1), user(2), (RecordType::VitalSign, Data::new()), EPOCH);
    assert_eq!(refused.err(), Some(RecordRefused::NotForDoctors));
}

/// Every way that there is to change a record.
#[test]
fn nobody_but_a_doctor_changes_what_is_signed() {
    let record = diagnosis();
    let pen = Pen {
        person: user(2),
        now: EPOCH,
    };
    let signed = || Some(RecordRefused::Signed);
    assert_eq!(record.written(Data::new(), 2, pen).err(), signed());
    assert_eq!(record.deleted(pen).err(), signed());
    assert_eq!(record.erased(pen).err(), signed());
    assert_eq!(record.merged(Data::new(), 2, pen).err(), signed());
    assert_eq!(record.resolved(Data::new(), 1, 0, pen).err(), signed());
    for version in [1, 2] {
        let again = record.sent_again(record.record_type, &record.data, version, pen);
        assert_eq!(again.err(), signed());
    }
    let conflict = RecordConflict {
        id: RecordConflictId::new(EPOCH, [1; 6]),
        record: record.id,
        record_type: record.record_type,
        patient: record.patient,
        base_version: 1,
        met_version: 1,
        theirs: None,
        device: "a".to_owned(),
        written_by: user(2),
        noticed_at: EPOCH,
        settled: None,
    };
    for (kept, merged) in [(Kept::Client, None), (Kept::Merged, Some(Data::new()))] {
        let decision = Decision { seen: 1, kept, merged };
        assert_eq!(conflict.decide(&record, decision, pen).err(), signed());
    }
}

proptest! {
    /// Whatever a device had and wants.
    #[test]
    fn no_push_changes_what_is_signed(base in 0_u64..4, wants in prop::option::of("[a-z]{0,8}")) {
        let record = diagnosis();
        let edit = Edit {
            record: record.id,
            record_type: record.record_type,
            base_version: base,
            data: wants.map(|text| data(&json!({ "text": text }))),
        };
        let pen = Pen { person: user(2), now: EPOCH };
        let refused = judge(Some(&record), user(2), &edit, pen);
        prop_assert_eq!(refused.err(), Some(RecordRefused::Signed));
    }

    #[test]
    fn what_is_signed_is_read_back_as_it_was_signed(numbers in prop::collection::vec(any::<f64>(), 1..20)) {
        let numbers: Vec<f64> = numbers.into_iter().filter(|number| number.is_finite()).collect();
        let value = json!({ "z": numbers, "a": { "y": 1, "b": [null, true, "x"] } });
        let record = Record::from_draft(&draft(RecordType::Treatment, &value), &hand(1)).unwrap();
        let kept: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
        prop_assert_eq!(kept.to_be_signed(), record.to_be_signed());
        let version: RecordVersion =
            serde_json::from_str(&serde_json::to_string(&record.as_version(0)).unwrap()).unwrap();
        prop_assert_eq!(version.to_be_signed(record.patient), record.to_be_signed());
    }

    #[test]
    fn a_signature_is_over_every_part(part in 0..9_u8) {
        let record = diagnosis().amended(&amendment(1, "J45.0"), &hand(3)).unwrap();
        let mut other = record.clone();
        let signature = other.signature.as_mut().unwrap();
        match part {
            0 => other.patient = user(9),
            1 => other.id = RecordId::new(EPOCH, [9; 6]),
            2 => other.record_type = RecordType::Treatment,
            3 => other.version = 3,
            4 => other.data = data(&json!({ "text": "J45.1" })),
            5 => signature.doctor = user(9),
            6 => signature.signer.license = None,
            7 => signature.act = Act::Withdrawn { reason: "a slip".to_owned() },
            _ => signature.base = 0,
        }
        prop_assert_ne!(other.to_be_signed(), record.to_be_signed());
    }
}

#[test]
fn the_order_of_members_does_not_count() {
    let value = |text: &str| data(&serde_json::from_str(text).unwrap());
    assert_eq!(
        content::canonical(&value(r#"{"b":{"d":1,"c":"\""},"a":[2,null]}"#)),
        r#"{"a":[2,null],"b":{"c":"\"","d":1}}"#
    );
}
