//! What of a patient's records a pharmacy may give out: what is prescribed, how much at once, and how often.
//!
//! A record says what its writer wants; of each of its medications these members are read: `name`, `generic_name`, `quantity`
//! (units of one fill; 1 without it), `refills` (further fills; none without it) and `partial_fill` (whether less than a fill may
//! be given at once).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PharmacyRefused;
use super::medicine::MedicineName;
use crate::id::ReservationId;
use crate::record::{Record, RecordType};

const LARGEST_FILL: u64 = 1_000;
/// Of what no doctor has signed here.
const LARGEST_UNSIGNED_FILL: u64 = 100;
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
    pub counted: Counted,
}

/// What a medication of a prescription is known by, wherever it stands when the prescription was amended: its substance, and
/// which of those in it that are of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub medicine: MedicineName,
    pub number: usize,
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
        must_hold(record, is_signed, now)?;
        let medications = medications(record);
        let medication = medications.get(place).and_then(Value::as_object);
        let no_such = PharmacyRefused::Invalid("medication", "names none of the prescription's medications");
        let mut prescribed = read_medication(medication.ok_or(no_such)?, is_signed)?;
        let before = medications.iter().take(place).filter_map(substance);
        prescribed.counted.number = before.filter(|other| *other == prescribed.counted.medicine).count();
        Ok(prescribed)
    }

    /// What was reserved of it, as the prescription is now.
    pub fn read_again(
        record: &Record,
        counted: &Counted,
        is_signed: bool,
        now: Timestamp,
    ) -> Result<Self, PharmacyRefused> {
        must_hold(record, is_signed, now)?;
        let places = medications(record).iter().enumerate();
        let mut same = places.filter(|(_, other)| substance(other).as_ref() == Some(&counted.medicine));
        let (place, _) = same.nth(counted.number).ok_or(PharmacyRefused::PrescriptionChanged)?;
        Self::read(record, place, is_signed, now)
    }

    /// How many units are wanted now: the rest of a fill that was begun, or the next.
    pub fn wanted(&self, fills: &Fills) -> Result<u64, PharmacyRefused> {
        if fills.open.is_some() {
            return Err(PharmacyRefused::ReservedAlready);
        }
        if fills.taken >= self.all() {
            return Err(PharmacyRefused::NoFillsLeft);
        }
        Ok(self.quantity - fills.taken % self.quantity)
    }

    /// Units of all its fills.
    pub fn all(&self) -> u64 {
        self.quantity * (1 + self.refills)
    }

    /// What it may be found by: as it is prescribed first.
    pub fn terms(&self) -> Vec<MedicineName> {
        let mut terms = vec![self.medicine.canonical()];
        terms.extend(self.generic.as_ref().map(MedicineName::canonical));
        terms.dedup();
        terms
    }
}

fn must_hold(record: &Record, is_signed: bool, now: Timestamp) -> Result<(), PharmacyRefused> {
    if record.record_type != RecordType::Prescription {
        return Err(PharmacyRefused::NoPrescription);
    }
    let signature = record.signature.as_ref();
    let is_withdrawn = signature.is_some_and(|signature| signature.act.is_withdrawal());
    let is_over = end(record)?.is_some_and(|end| end <= now);
    // What is signed and is not what was signed is nobody's word.
    let is_forged = signature.is_some() && !is_signed;
    match !record.is_live() || record.open_conflicts > 0 || is_withdrawn || is_over || is_forged {
        true => Err(PharmacyRefused::PrescriptionOver),
        false => Ok(()),
    }
}

/// From when on it holds no more: a day is good until its end in UTC. What cannot be read is no leave to go on for ever.
fn end(record: &Record) -> Result<Option<Timestamp>, PharmacyRefused> {
    let text = match record.data.get("valid_until") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim(),
        Some(_) => "?",
    };
    if text.is_empty() {
        return Ok(None);
    }
    let in_utc = |civil: DateTime| Offset::UTC.to_timestamp(civil).ok();
    let day = || text.parse::<Date>().ok().filter(|_| !text.contains(':'));
    let end = match (text.parse::<Timestamp>().ok(), day()) {
        (Some(moment), _) => Some(moment),
        (None, Some(day)) => day
            .tomorrow()
            .ok()
            .and_then(|next| in_utc(next.to_datetime(Default::default()))),
        (None, None) => text.parse::<DateTime>().ok().and_then(in_utc),
    };
    let unread = PharmacyRefused::Invalid("record_id", "names a prescription whose valid_until cannot be read");
    end.map(Some).ok_or(unread)
}

fn medications(record: &Record) -> &[Value] {
    let medications = record.data.get("medications").and_then(Value::as_array);
    medications.map(Vec::as_slice).unwrap_or_default()
}

/// What a medication comes to, whatever it is sold as.
fn substance(medication: &Value) -> Option<MedicineName> {
    let text = |member: &str| medication.get(member).and_then(Value::as_str).map(str::trim);
    let name = text("generic_name").filter(|name| !name.is_empty()).or(text("name"))?;
    Some(MedicineName::new("medication", name).ok()?.canonical())
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
    let medicine = MedicineName::new("medication", name)?;
    let generic = generic.map(|name| MedicineName::new("medication", name)).transpose()?;
    let quantity = number("quantity", 1, "has no quantity from 1 to 1,000", 1..=LARGEST_FILL)?;
    if !is_signed && quantity > LARGEST_UNSIGNED_FILL {
        let rule = "has a quantity of more than 100, and no doctor has signed it here";
        return Err(PharmacyRefused::Invalid("medication", rule));
    }
    Ok(Prescribed {
        counted: Counted {
            medicine: generic.as_ref().unwrap_or(&medicine).canonical(),
            number: 0,
        },
        medicine,
        generic,
        quantity,
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
            json!({ "name": "A", "quantity": 101 }),
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
    fn what_a_doctor_signed_here_may_be_more() {
        let data = record(json!({ "name": "A", "quantity": 1000 }));
        let read = |is_signed| Prescribed::read(&data, 0, is_signed, Timestamp::UNIX_EPOCH);
        assert!(read(true).is_ok() && read(false).is_err());
    }

    /// A medicine is known again wherever it stands, and two of the same are told apart.
    #[test]
    fn what_is_used_up_goes_with_the_medicine() {
        let of = |names: &[&str]| {
            let mut record = record(json!({ "name": "A" }));
            let all: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
            record.data.insert("medications".to_owned(), json!(all));
            record
        };
        let epoch = Timestamp::UNIX_EPOCH;
        let before = of(&["Albuterol", "B", "Salbutamol"]);
        let counted = |place: usize| Prescribed::read(&before, place, false, epoch).unwrap().counted;
        assert_eq!((counted(0).number, counted(2).number), (0, 1));
        assert_eq!(counted(0).medicine, counted(2).medicine);
        let after = of(&["New", "Salbutamol", "B"]);
        let again =
            |counted: Counted| Prescribed::read_again(&after, &counted, false, epoch).map(|found| found.counted);
        assert_eq!((again(counted(0)), again(counted(1))), (Ok(counted(0)), Ok(counted(1))));
        assert_eq!(again(counted(2)), Err(PharmacyRefused::PrescriptionChanged));
        assert_eq!(Prescribed::read(&after, 1, false, epoch).unwrap().counted, counted(0));
    }

    #[test]
    fn a_prescription_ends_however_its_end_is_written() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let outcome = |until: Value, now: &str| {
            let mut record = record(json!({ "name": "A" }));
            record.data.insert("valid_until".to_owned(), until);
            Prescribed::read(&record, 0, false, at(now)).map(drop)
        };
        let over = Err(PharmacyRefused::PrescriptionOver);
        for until in [
            "2026-12-01T00:00:00Z",
            "2026-12-01T00:00:00",
            "2026-12-01 00:00",
            "2026-11-30",
            " 2026-11-30 ",
        ] {
            assert_eq!(outcome(json!(until), "2026-11-30T23:59:59Z"), Ok(()), "{until}");
            assert_eq!(outcome(json!(until), "2026-12-01T00:00:00Z"), over, "{until}");
        }
        for until in [json!("soon"), json!("12/2026"), json!(20261201), json!({})] {
            let refused = outcome(until.clone(), "2026-01-01T00:00:00Z");
            assert!(
                matches!(refused, Err(PharmacyRefused::Invalid("record_id", _))),
                "{until}"
            );
        }
        assert_eq!(
            (
                outcome(Value::Null, "2099-01-01T00:00:00Z"),
                outcome(json!(""), "2099-01-01T00:00:00Z")
            ),
            (Ok(()), Ok(()))
        );
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
