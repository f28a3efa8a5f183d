//! What is in an archive, and what is not.

use std::collections::{BTreeMap, BTreeSet};

use domain::export::Export;
use domain::id::{ExportId, UserId};
use jiff::Timestamp;
use runtime::Problem;
use serde::Serialize;
use store::holdings::{Fate, Kind, RULES};

use super::PICTURES;
use super::zip_stream::FileNote;

/// Raised when files or their members come to mean something else; new ones may be added without.
const VERSION: u32 = 1;

pub struct Manifest {
    export: ExportId,
    patient: UserId,
    asked_at: Timestamp,
    counts: BTreeMap<String, u64>,
    missing_files: Vec<String>,
    unknown: BTreeSet<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    version: u32,
    export_id: ExportId,
    patient_id: UserId,
    /// What was written later may be in it or not.
    asked_for_at: Timestamp,
    counts: &'a BTreeMap<String, u64>,
    files: &'a [FileNote],
    missing_files: &'a [String],
    left_out: Vec<LeftOut>,
    unknown: &'a BTreeSet<String>,
}

#[derive(Serialize)]
struct LeftOut {
    what: String,
    why: &'static str,
}

impl Manifest {
    pub fn new(export: &Export) -> Self {
        let words = Kind::ALL.into_iter().map(Kind::word).chain([PICTURES]);
        Self {
            export: export.id,
            patient: export.patient,
            asked_at: export.created_at,
            counts: words.map(|word| (word.to_owned(), 0)).collect(),
            missing_files: Vec::new(),
            unknown: BTreeSet::new(),
        }
    }

    pub fn count(&mut self, word: &str) {
        *self.counts.entry(word.to_owned()).or_default() += 1;
    }

    pub fn set(&mut self, word: &str, number: u64) {
        self.counts.insert(word.to_owned(), number);
    }

    /// A picture or a document that is not kept any more.
    pub fn note_missing(&mut self, name: &str) {
        self.missing_files.push(name.to_owned());
    }

    pub fn note_unknown(&mut self, what: String) {
        self.unknown.insert(what);
    }

    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    pub fn into_counts(self) -> BTreeMap<String, u64> {
        self.counts
    }

    pub fn to_json(&self, files: &[FileNote]) -> Result<Vec<u8>, Problem> {
        let written = Written {
            format: "polyclinic-export",
            version: VERSION,
            export_id: self.export,
            patient_id: self.patient,
            asked_for_at: self.asked_at,
            counts: &self.counts,
            files,
            missing_files: &self.missing_files,
            left_out: left_out(),
            unknown: &self.unknown,
        };
        serde_json::to_vec_pretty(&written).map_err(|error| Problem::internal(error.to_string()))
    }
}

fn left_out() -> Vec<LeftOut> {
    let left = RULES.iter().filter_map(|rule| match rule.fate {
        Fate::Left(why) => Some(LeftOut {
            what: format!("{} {}", rule.partition.table.name(), rule.sort_prefix),
            why,
        }),
        Fate::Given(_) => None,
    });
    let elsewhere = [
        LeftOut {
            what: "identity ACTIVITY#".to_owned(),
            why: "when accounts were used, kept by month for all together; sessions and the audit log say it of this one",
        },
        LeftOut {
            what: "password".to_owned(),
            why: "a secret, of which only a hash is kept",
        },
        LeftOut {
            what: "push tokens of devices".to_owned(),
            why: "secrets that others could send messages with",
        },
    ];
    left.chain(elsewhere).collect()
}
