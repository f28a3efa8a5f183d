//! What of a patient's records a pharmacy may give out: what is prescribed, how much at once, and how often.
//!
//! A record says what its writer wants; of each of its medications these members are read: `name`, `generic_name`, `quantity`
//! (units of one fill; 1 without it), `refills` (further fills; none without it) and `partial_fill` (whether less than a fill may
//! be given at once).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PharmacyRefused;
use super::medicine::MedicineName;
use crate::id::ReservationId;
use crate::record::{Record, RecordType};

const LARGEST_FILL: u64 = 1_000;
const MOST_REFILLS: u64 = 99;

/// One medication of a prescription.
#[derive(Debug, Clone, PartialEq)]
pub struct Prescribed {
    pub name: String,
    pub medicine: MedicineName,
    pub generic: Option<MedicineName>,
    /// Units of one fill.
    pub quantity: u64,
    pub refills: u64,
    pub may_be_partial: bool,
    /// Whether a doctor has signed it here.
    pub is_signed: bool,
}

/// How much of it has been reserved or given out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fills {
    pub taken: u64,
    /// One at a time.
    #[serde(default)]
    pub open: Option<ReservationId>,
}

impl Prescribed {
    /// `is_signed`: its signature is by a doctor here, and over what it says.
    pub fn read(record: &Record, place: usize, is_signed: bool, now: Timestamp) -> Result<Self, PharmacyRefused> {
        if record.record_type != RecordType::Prescription {
            return Err(PharmacyRefused::NoPrescription);
        }
        let is_withdrawn = record
            .signature
            .as_ref()
            .is_some_and(|signature| signature.act.is_withdrawal());
        let until = record.data.get("valid_until").and_then(Value::as_str);
        let is_over = until
            .and_then(|until| until.parse::<Timestamp>().ok())
            .is_some_and(|until| until <= now);
        // What is signed and is not what was signed is nobody's word.
        let is_forged = record.signature.is_some() && !is_signed;
        if !record.is_live() || record.open_conflicts > 0 || is_withdrawn || is_over || is_forged {
            return Err(PharmacyRefused::PrescriptionOver);
        }
        let medications = record.data.get("medications").and_then(Value::as_array);
        let medication = medications.and_then(|all| all.get(place)?.as_object());
        let no_such = PharmacyRefused::Invalid("medication", "names none of the prescription's medications");
        read_medication(medication.ok_or(no_such)?, is_signed)
    }

    /// How many units are wanted now: the rest of a fill that was begun, or the next.
    pub fn wanted(&self, fills: &Fills) -> Result<u64, PharmacyRefused> {
        if fills.open.is_some() {
            return Err(PharmacyRefused::ReservedAlready);
        }
        let all = self.quantity * (1 + self.refills);
        if fills.taken >= all {
            return Err(PharmacyRefused::NoFillsLeft);
        }
        Ok(self.quantity - fills.taken % self.quantity)
    }

    /// What it may be found by: as it is prescribed first.
    pub fn terms(&self) -> Vec<MedicineName> {
        let mut terms = vec![self.medicine.canonical()];
        terms.extend(self.generic.as_ref().map(MedicineName::canonical));
        terms.dedup();
        terms
    }
}

fn read_medication(medication: &Map<String, Value>, is_signed: bool) -> Result<Prescribed, PharmacyRefused> {
    let text = |member: &str| medication.get(member).and_then(Value::as_str).map(str::trim);
    let name = text("name").filter(|name| !name.is_empty());
    let name = name.ok_or(PharmacyRefused::Invalid("medication", "has no name"))?;
    let generic = text("generic_name").filter(|name| !name.is_empty());
    let number = |member: &str, usual: u64, rule: &'static str, range: std::ops::RangeInclusive<u64>| {
        let number = match medication.get(member) {
            None | Some(Value::Null) => return Ok(usual),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_u64(),
        };
        let number = number.filter(|number| range.contains(number));
        number.ok_or(PharmacyRefused::Invalid("medication", rule))
    };
    Ok(Prescribed {
        medicine: MedicineName::new("medication", name)?,
        generic: generic.map(|name| MedicineName::new("medication", name)).transpose()?,
        quantity: number("quantity", 1, "has no quantity from 1 to 1,000", 1..=LARGEST_FILL)?,
        refills: number("refills", 0, "has no number of refills from 0 to 99", 0..=MOST_REFILLS)?,
        may_be_partial: medication.get("partial_fill") == Some(&Value::Bool(true)),
        name: name.to_owned(),
        is_signed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{RecordId, UserId};
    use crate::record::Pen;
    use serde_json::json;

    fn record(medication: Value) -> Record {
        let (epoch, person) = (Timestamp::UNIX_EPOCH, UserId::new(Timestamp::UNIX_EPOCH, [1; 6]));
        let data = json!({ "medications": [medication], "valid_until": "2026-12-01T00:00:00Z" });
        let pen = Pen { person, now: epoch };
        let data = data.as_object().unwrap().clone();
        Record::new(
            RecordId::new(epoch, [2; 6]),
            person,
            RecordType::Prescription,
            data,
            1,
            pen,
        )
    }

    fn read(medication: Value) -> Result<Prescribed, PharmacyRefused> {
        Prescribed::read(&record(medication), 0, false, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_medication_says_how_much_and_how_often() {
        let plain = read(json!({ "name": " Salbutamol ", "dose": "100 micrograms" })).unwrap();
        assert_eq!(
            (plain.name.as_str(), plain.quantity, plain.refills),
            ("Salbutamol", 1, 0)
        );
        let full = json!({ "name": "Crocin", "generic_name": "Acetaminophen", "quantity": "20", "refills": 2, "partial_fill": true });
        let full = read(full).unwrap();
        assert_eq!((full.quantity, full.refills, full.may_be_partial), (20, 2, true));
        let terms: Vec<String> = full.terms().into_iter().map(String::from).collect();
        assert_eq!(terms, ["crocin", "paracetamol"]);
        for medication in [
            json!("Salbutamol"),
            json!({ "dose": "1" }),
            json!({ "name": "A", "quantity": 0 }),
            json!({ "name": "A", "quantity": 1001 }),
            json!({ "name": "A", "quantity": 1.5 }),
            json!({ "name": "A", "refills": -1 }),
            json!({ "name": "A", "refills": 100 }),
        ] {
            assert!(
                matches!(read(medication.clone()), Err(PharmacyRefused::Invalid(..))),
                "{medication}"
            );
        }
    }

    #[test]
    fn fills_are_counted_by_units() {
        let twice = read(json!({ "name": "A", "quantity": 20, "refills": 1, "partial_fill": true })).unwrap();
        let wanted = |taken| twice.wanted(&Fills { taken, open: None });
        assert_eq!(
            [wanted(0), wanted(5), wanted(20), wanted(39)],
            [Ok(20), Ok(15), Ok(20), Ok(1)]
        );
        assert_eq!(wanted(40), Err(PharmacyRefused::NoFillsLeft));
        let open = Some(ReservationId::new(Timestamp::UNIX_EPOCH, [3; 6]));
        assert_eq!(
            twice.wanted(&Fills { taken: 5, open }),
            Err(PharmacyRefused::ReservedAlready)
        );
    }

    #[test]
    fn what_holds_no_more_is_refused() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let medication = json!({ "name": "A" });
        let outcome = |record: &Record, now| Prescribed::read(record, 0, false, now).map(drop);
        assert_eq!(outcome(&record(medication.clone()), at("2026-11-30T23:59:59Z")), Ok(()));
        let over = Err(PharmacyRefused::PrescriptionOver);
        assert_eq!(outcome(&record(medication.clone()), at("2026-12-01T00:00:00Z")), over);
        let deleted = Record {
            is_deleted: true,
            ..record(medication.clone())
        };
        let disputed = Record {
            open_conflicts: 1,
            ..record(medication.clone())
        };
        let other = Record {
            record_type: RecordType::Diagnosis,
            ..record(medication)
        };
        let epoch = Timestamp::UNIX_EPOCH;
        assert_eq!(
            (outcome(&deleted, epoch), outcome(&disputed, epoch)),
            (over.clone(), over)
        );
        assert_eq!(outcome(&other, epoch), Err(PharmacyRefused::NoPrescription));
    }
}
