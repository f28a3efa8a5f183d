//! Why a record is not written, or not shown.

use serde_json::{Map, Value, json};

use super::content::LARGEST_BYTES;
use super::file::{LONGEST_NAME, MOST_NAMED};
use super::signature::LONGEST_REASON;
use super::{Data, HIGHEST_VERSION};
use crate::id::RecordId;
use crate::refusal::{FieldError, Kind, Refusal};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecordRefused {
    /// Also another person's.
    #[error("Record not found")]
    NotFound,
    /// Holds what the client needs to show both sides (contract #104).
    #[error("Version conflict")]
    VersionConflict {
        record: RecordId,
        server_version: u64,
        client_version: u64,
        server_data: Data,
    },
    #[error("client_version must be from 1 to {HIGHEST_VERSION}")]
    VersionOutOfRange,
    #[error("A record may have {LARGEST_BYTES} bytes of JSON, twelve levels deep")]
    TooLarge,
    #[error(
        "files must be at most {MOST_NAMED} of {{id, name, content_type?, size_bytes?, sha256?}}: an id of 24 hexadecimal \
         digits, each once, a name of 1 to {LONGEST_NAME} characters, a SHA-256 of 64 hexadecimal digits"
    )]
    FilesMalformed,
    #[error("These records are too large for one page: ask for fewer with page_size")]
    PageTooLarge,
    #[error("The record is of another type")]
    AnotherType,
    #[error("Conflict not found")]
    ConflictNotFound,
    #[error("The conflict is settled already")]
    ConflictSettled,
    #[error("data belongs to a decision to merge, and to no other")]
    MergedDataMismatch,
    #[error("A doctor has signed this record: it is changed by an amendment of a doctor alone")]
    Signed,
    #[error("Only what a doctor has signed is amended")]
    NotSigned,
    #[error("The record was withdrawn")]
    Withdrawn,
    /// Whoever has no right to write for a patient hears what they would hear if there were nothing.
    #[error("Record not found")]
    NoRight,
    /// They are none any more, or suspended, or their approval ran out.
    #[error("Only verified doctors can do this")]
    SignerNotVerified,
    #[error("Draft not found")]
    DraftNotFound,
    #[error("There is something else under this id")]
    IdTaken,
    #[error("The device has sent another change under this change_id")]
    ChangeIdTaken,
    #[error("Doctors write no records of this type")]
    NotForDoctors,
    #[error("{0} is needed before it can be signed")]
    Incomplete(&'static str),
    #[error("reason must have 1 to {LONGEST_REASON} characters")]
    NoReason,
    #[error("An amendment has either data or withdraw")]
    AmendmentMismatch,
}

impl Refusal for RecordRefused {
    fn kind(&self) -> Kind {
        match self {
            RecordRefused::NotFound
            | RecordRefused::ConflictNotFound
            | RecordRefused::NoRight
            | RecordRefused::DraftNotFound => Kind::NotFound,
            RecordRefused::VersionConflict { .. }
            | RecordRefused::ConflictSettled
            | RecordRefused::IdTaken
            | RecordRefused::ChangeIdTaken
            | RecordRefused::Withdrawn => Kind::Conflict,
            RecordRefused::Signed | RecordRefused::NotSigned | RecordRefused::SignerNotVerified => Kind::Forbidden,
            RecordRefused::VersionOutOfRange
            | RecordRefused::TooLarge
            | RecordRefused::PageTooLarge
            | RecordRefused::FilesMalformed
            | RecordRefused::AnotherType
            | RecordRefused::MergedDataMismatch
            | RecordRefused::NotForDoctors
            | RecordRefused::Incomplete(_)
            | RecordRefused::NoReason
            | RecordRefused::AmendmentMismatch => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            RecordRefused::NotFound | RecordRefused::NoRight => "record_not_found",
            RecordRefused::VersionConflict { .. } => "version_conflict",
            RecordRefused::VersionOutOfRange => "version_out_of_range",
            RecordRefused::TooLarge => "record_too_large",
            RecordRefused::PageTooLarge => "page_too_large",
            RecordRefused::FilesMalformed => "record_files_malformed",
            RecordRefused::AnotherType => "record_of_another_type",
            RecordRefused::ConflictNotFound => "conflict_not_found",
            RecordRefused::ConflictSettled => "conflict_settled",
            RecordRefused::MergedDataMismatch => "merged_data_mismatch",
            RecordRefused::Signed => "record_signed",
            RecordRefused::NotSigned => "record_not_signed",
            RecordRefused::Withdrawn => "record_withdrawn",
            RecordRefused::SignerNotVerified => "verified_doctors_only",
            RecordRefused::DraftNotFound => "draft_not_found",
            RecordRefused::IdTaken => "record_id_taken",
            RecordRefused::ChangeIdTaken => "change_id_taken",
            RecordRefused::NotForDoctors => "record_type_not_for_doctors",
            RecordRefused::Incomplete(_) => "record_incomplete",
            RecordRefused::NoReason | RecordRefused::AmendmentMismatch => "validation_error",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let (place, field, kind) = match self {
            RecordRefused::NotForDoctors => ("body", "record_type", "invalid"),
            RecordRefused::Incomplete(member) => ("body", *member, "missing"),
            RecordRefused::NoReason => ("body", "reason", "invalid"),
            RecordRefused::AmendmentMismatch => ("body", "data", "invalid"),
            RecordRefused::PageTooLarge => ("query", "page_size", "invalid"),
            _ => return Vec::new(),
        };
        vec![FieldError::new(place, field, kind, self)]
    }

    fn members(&self) -> Map<String, Value> {
        let RecordRefused::VersionConflict {
            record,
            server_version,
            client_version,
            server_data,
        } = self
        else {
            return Map::new();
        };
        let members = json!({
            "record_id": record.to_string(),
            "server_version": server_version,
            "client_version": client_version,
            "server_data": server_data,
        });
        members.as_object().cloned().unwrap_or_default()
    }
}
