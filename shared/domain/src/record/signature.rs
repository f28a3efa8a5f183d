//! A doctor's signature under a version of a record, and what only a doctor does with what is signed.
//!
//! What is signed never changes: an amendment is a further version, with a reason and a signature of its own, and what
//! was entered in error is withdrawn by one. All versions stay readable with their signatures.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::draft::Draft;
use super::{Data, HIGHEST_VERSION, Pen, Record, RecordRefused, RecordType, RecordVersion, content, file};
use crate::id::{RecordId, UserId};
use crate::signing::{Signer, joined};

/// Of the reason for an amendment, in characters.
pub const LONGEST_REASON: usize = 1_000;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub doctor: UserId,
    pub signer: Signer,
    /// What it was signed as.
    pub record_type: RecordType,
    /// The version that this one was made from; 0 for the first.
    pub base: u64,
    pub act: Act,
    pub at: Timestamp,
    /// A keyed hash over all of the above and what the version says.
    pub hash: String,
}

/// It names people and says why.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}, [redacted])", self.doctor)
    }
}

/// What was signed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// A new record.
    Written,
    /// What it says instead of the version before.
    Amended { reason: String },
    /// That it was entered in error. It still says what it said.
    Withdrawn { reason: String },
}

impl Act {
    pub fn reason(&self) -> Option<&str> {
        match self {
            Act::Written => None,
            Act::Amended { reason } | Act::Withdrawn { reason } => Some(reason),
        }
    }

    pub fn is_withdrawal(&self) -> bool {
        matches!(self, Act::Withdrawn { .. })
    }

    /// As it is signed: never another word for the same thing.
    fn word(&self) -> &'static str {
        match self {
            Act::Written => "written",
            Act::Amended { .. } => "amended",
            Act::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A doctor who signs.
#[derive(Clone)]
pub struct Hand {
    pub doctor: UserId,
    pub signer: Signer,
    pub now: Timestamp,
}

impl Hand {
    fn pen(&self) -> Pen {
        Pen {
            person: self.doctor,
            now: self.now,
        }
    }

    /// Not hashed yet.
    fn signature(&self, record_type: RecordType, base: u64, act: Act) -> Signature {
        Signature {
            doctor: self.doctor,
            signer: self.signer.clone(),
            record_type,
            base,
            act,
            at: self.now,
            hash: String::new(),
        }
    }

    /// What a version says. A prescription names who answers for it.
    fn content(&self, record_type: RecordType, data: &Data) -> Result<Data, RecordRefused> {
        content::check(data)?;
        check_complete(record_type, data)?;
        let mut data = data.clone();
        if record_type == RecordType::Prescription {
            data.insert("doctor_id".to_owned(), self.doctor.to_string().into());
            data.insert("doctor_name".to_owned(), self.signer.name.clone().into());
        }
        Ok(data)
    }
}

/// How a doctor changes what is signed.
#[derive(Clone, PartialEq)]
pub struct Amendment {
    /// The version that it is made from.
    pub base: u64,
    /// What the record is to say as a whole; none to withdraw it.
    data: Option<Data>,
    reason: String,
}

impl Amendment {
    pub fn new(base: u64, data: Option<Data>, is_withdrawal: bool, reason: &str) -> Result<Self, RecordRefused> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(RecordRefused::NoReason);
        }
        if data.is_some() == is_withdrawal {
            return Err(RecordRefused::AmendmentMismatch);
        }
        Ok(Self {
            base,
            data,
            reason: reason.to_owned(),
        })
    }
}

/// What a record of a type must say before a doctor signs it.
fn check_complete(record_type: RecordType, data: &Data) -> Result<(), RecordRefused> {
    let says = |member: &str| match data.get(member) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(values)) => !values.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        _ => false,
    };
    let needed: &[&'static str] = match record_type {
        RecordType::Prescription => &["medications"],
        RecordType::LabReport => &["test_name", "results"],
        RecordType::MedicalHistory => &["title"],
        RecordType::Diagnosis | RecordType::Treatment | RecordType::VitalSign => &[],
    };
    if data.is_empty() {
        return Err(RecordRefused::Incomplete("data"));
    }
    // A signature is over what a file holds, too.
    if file::named(data)?.iter().any(|file| file.sha256.is_none()) {
        return Err(RecordRefused::Incomplete("files.sha256"));
    }
    let missing = needed.iter().find(|member| !says(member));
    missing.map_or(Ok(()), |member| Err(RecordRefused::Incomplete(member)))
}

impl Record {
    /// What a draft becomes. Its signature waits for its hash: see [`Record::to_be_signed`].
    pub fn from_draft(draft: &Draft, hand: &Hand) -> Result<Self, RecordRefused> {
        let (record_type, pen) = (draft.record_type, hand.pen());
        let data = hand.content(record_type, &draft.data)?;
        let signature = hand.signature(record_type, 0, Act::Written);
        Ok(Self {
            signature: Some(signature),
            ..Self::new(draft.id, draft.patient, record_type, data, 1, pen)
        })
    }

    /// The next version of what is signed, by a doctor. Its signature waits for its hash.
    pub fn amended(&self, amendment: &Amendment, hand: &Hand) -> Result<Self, RecordRefused> {
        let before = self.signature.as_ref().ok_or(RecordRefused::NotSigned)?;
        if amendment.base != self.version {
            return Err(RecordRefused::VersionConflict {
                record: self.id,
                server_version: self.version,
                client_version: amendment.base,
                server_data: self.data.clone(),
            });
        }
        if before.act.is_withdrawal() {
            return Err(RecordRefused::Withdrawn);
        }
        if self.version >= HIGHEST_VERSION {
            return Err(RecordRefused::VersionOutOfRange);
        }
        let reason = amendment.reason.clone();
        let (data, act) = match &amendment.data {
            Some(data) => (hand.content(self.record_type, data)?, Act::Amended { reason }),
            None => (self.data.clone(), Act::Withdrawn { reason }),
        };
        let signature = hand.signature(self.record_type, self.version, act);
        Ok(Self {
            data,
            version: self.version + 1,
            updated_by: hand.doctor,
            updated_at: hand.now,
            signature: Some(signature),
            ..self.clone()
        })
    }

    /// What is signed is changed by a doctor alone, and removed by nobody.
    pub fn must_be_unsigned(&self) -> Result<(), RecordRefused> {
        match self.signature {
            Some(_) => Err(RecordRefused::Signed),
            None => Ok(()),
        }
    }

    /// What its signature is over; none where there is none.
    pub fn to_be_signed(&self) -> Option<String> {
        let signature = self.signature.as_ref()?;
        let said = (self.record_type, self.version, &self.data);
        Some(text(self.patient, self.id, said, signature))
    }

    pub fn hashed(mut self, hash: String) -> Self {
        if let Some(signature) = &mut self.signature {
            signature.hash = hash;
        }
        self
    }
}

impl RecordVersion {
    /// What its signature is over; none where there is none. `patient`: whose it is.
    pub fn to_be_signed(&self, patient: UserId) -> Option<String> {
        let signature = self.signature.as_ref()?;
        let said = (signature.record_type, self.version, &self.data);
        Some(text(patient, self.record, said, signature))
    }
}

fn text(
    patient: UserId,
    record: RecordId,
    (record_type, version, data): (RecordType, u64, &Data),
    signature: &Signature,
) -> String {
    joined(&[
        patient.to_string(),
        record.to_string(),
        record_type.word().to_owned(),
        version.to_string(),
        signature.base.to_string(),
        signature.doctor.to_string(),
        signature.signer.name.clone(),
        signature.signer.license.clone().unwrap_or_default(),
        signature.act.word().to_owned(),
        signature.act.reason().unwrap_or_default().to_owned(),
        signature.at.to_string(),
        content::canonical(data),
    ])
}

#[cfg(test)]
mod tests;
