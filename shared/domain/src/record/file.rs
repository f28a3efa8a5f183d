//! Files of a record: which it names, and what may be attached under a name.
//!
//! A record names its files in the member `files` of its data, each by an id that the client has drawn and that stands for
//! one content for ever. So versions, conflicts and decisions carry the names as all else that a record says. A file that
//! was attached stays with the record whichever version named it, since all versions stay readable.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::conflict::RecordConflict;
use super::{Data, Record, RecordRefused};
use crate::id::{RecordFileId, RecordId, UploadId, UserId};
use crate::picture_link::{DocumentName, PictureName};
use crate::refusal::{Kind, Refusal};
use crate::upload::FileKind;

/// Where a record's data names files.
pub const MEMBER: &str = "files";
/// By one version.
pub const MOST_NAMED: usize = 20;
/// To one record, over all its versions.
pub const MOST_ATTACHED: usize = 100;
pub const LONGEST_NAME: usize = 200;
const LONGEST_TYPE: usize = 100;
/// A PDF ends with its mark, and perhaps something after it.
const PDF_ENDS_WITHIN: usize = 1024;

/// A file as a record names it. What it says beyond the id is the client's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "NamedRecordFile")]
pub struct NamedFile {
    /// Drawn by the client. Another content is another id.
    pub id: RecordFileId,
    /// For people: 1 to 200 characters.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Where it is given, no file of another size is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// In hexadecimal digits. Where it is given, no other file is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<FileDigest>,
}

/// A SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String")]
pub struct FileDigest(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a SHA-256 in 64 hexadecimal digits")]
pub struct MalformedDigest;

impl FileDigest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
    }
}

impl TryFrom<String> for FileDigest {
    type Error = MalformedDigest;

    fn try_from(text: String) -> Result<Self, MalformedDigest> {
        let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_digest {
            true => Ok(Self(text.to_ascii_lowercase())),
            false => Err(MalformedDigest),
        }
    }
}

/// A file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub sha256: FileDigest,
    pub size_bytes: u64,
}

impl Sent {
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: FileDigest::of(bytes),
            size_bytes: bytes.len() as u64,
        }
    }
}

/// A file that is attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordFile {
    pub id: RecordFileId,
    pub record: RecordId,
    pub patient: UserId,
    /// As it was named then.
    pub name: String,
    /// Of the file as it was sent.
    pub sha256: FileDigest,
    pub size_bytes: u64,
    /// The upload that it came by.
    pub upload: UploadId,
    pub kept: Kept,
    /// Of what is kept.
    pub kept_sha256: FileDigest,
    pub kept_bytes: u64,
    pub attached_by: UserId,
    pub attached_at: jiff::Timestamp,
}

/// What is kept of a file, under a random name: a picture made anew, without what a camera wrote into it, or a document as
/// it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    Picture(PictureName),
    Document(DocumentName),
}

impl Kept {
    pub fn content_type(&self) -> &'static str {
        match self {
            Kept::Picture(_) => "image/jpeg",
            Kept::Document(_) => "application/pdf",
        }
    }
}

/// What a record's data names. An entry that is no object is the client's own business, as are `attachments`.
pub fn named(data: &Data) -> Result<Vec<NamedFile>, RecordRefused> {
    let Some(Value::Array(entries)) = data.get(MEMBER) else {
        return Ok(Vec::new());
    };
    let objects = entries.iter().filter(|entry| entry.is_object());
    let files: Result<Vec<_>, _> = objects.map(NamedFile::deserialize).collect();
    let files = files.map_err(|_| RecordRefused::FilesMalformed)?;
    let is_twice = |(place, file): (usize, &NamedFile)| files[..place].iter().any(|other| other.id == file.id);
    let is_good = files.len() <= MOST_NAMED
        && files.iter().all(NamedFile::is_well_formed)
        && !files.iter().enumerate().any(is_twice);
    match is_good {
        true => Ok(files),
        false => Err(RecordRefused::FilesMalformed),
    }
}

impl NamedFile {
    fn is_well_formed(&self) -> bool {
        let declared = self.content_type.as_deref().unwrap_or_default();
        (1..=LONGEST_NAME).contains(&self.name.chars().count()) && declared.chars().count() <= LONGEST_TYPE
    }

    /// Whether the file that came is the one that was announced.
    pub fn check(&self, sent: &Sent) -> Result<(), FileRefused> {
        let is_other = self.sha256.as_ref().is_some_and(|sha256| *sha256 != sent.sha256)
            || self.size_bytes.is_some_and(|size| size != sent.size_bytes);
        match is_other {
            true => Err(FileRefused::NotAsAnnounced),
            false => Ok(()),
        }
    }
}

impl Record {
    /// The same version with one file more. Whether the record names it must have been looked at.
    pub fn with_file(&self, id: RecordFileId) -> Result<Self, FileRefused> {
        let mut after = self.clone();
        if !after.attached_files.contains(&id) {
            after.attached_files.push(id);
        }
        match after.attached_files.len() > MOST_ATTACHED {
            true => Err(FileRefused::TooMany),
            false => Ok(after),
        }
    }
}

/// What names a file: the record as it is, or the other side of a conflict that nobody has decided yet.
pub fn find_named<'a>(
    record: &Record,
    conflicts: impl IntoIterator<Item = &'a RecordConflict>,
    id: RecordFileId,
) -> Result<NamedFile, FileRefused> {
    let others = conflicts.into_iter().filter_map(|conflict| conflict.theirs.as_ref());
    let sides = std::iter::once(&record.data).chain(others);
    let mut files = sides.flat_map(|data| named(data).unwrap_or_default());
    files.find(|file| file.id == id).ok_or(FileRefused::Unknown)
}

/// What a file is; only what begins, ends and weighs as it should.
pub fn kind(bytes: &[u8]) -> Result<FileKind, FileRefused> {
    let kind = FileKind::of(bytes).ok_or(FileRefused::Unsupported)?;
    if bytes.len() as u64 > kind.largest_bytes() {
        return Err(FileRefused::TooLarge(kind.largest_bytes()));
    }
    let end = &bytes[bytes.len().saturating_sub(PDF_ENDS_WITHIN)..];
    if kind == FileKind::Pdf && !end.windows(5).any(|part| part == b"%%EOF") {
        return Err(FileRefused::Truncated);
    }
    Ok(kind)
}

/// Why a file is not attached.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileRefused {
    #[error(transparent)]
    Record(#[from] RecordRefused),
    #[error("The record names no such file")]
    Unknown,
    #[error("Another file is attached under this id")]
    Differs,
    #[error("The file is not the one that the record announces: its SHA-256 or its size is another")]
    NotAsAnnounced,
    #[error("The file is no JPEG, PNG or WebP picture and no PDF")]
    Unsupported,
    #[error("The document ends too early: the upload was probably cut off")]
    Truncated,
    #[error("The file may have at most {0} bytes")]
    TooLarge(u64),
    #[error("A record may have {MOST_ATTACHED} files over all its versions")]
    TooMany,
}

impl Refusal for FileRefused {
    fn kind(&self) -> Kind {
        match self {
            FileRefused::Record(refused) => refused.kind(),
            FileRefused::Unknown => Kind::NotFound,
            FileRefused::Differs | FileRefused::TooMany => Kind::Conflict,
            FileRefused::NotAsAnnounced => Kind::Invalid,
            FileRefused::Unsupported => Kind::Unsupported,
            FileRefused::Truncated => Kind::BadRequest,
            FileRefused::TooLarge(_) => Kind::TooLarge,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FileRefused::Record(refused) => refused.code(),
            FileRefused::Unknown => "record_file_unknown",
            FileRefused::Differs => "record_file_differs",
            FileRefused::NotAsAnnounced => "record_file_not_as_announced",
            FileRefused::Unsupported => "record_file_unsupported",
            FileRefused::Truncated => "document_truncated",
            FileRefused::TooLarge(_) => "record_file_too_large",
            FileRefused::TooMany => "too_many_record_files",
        }
    }

    fn members(&self) -> serde_json::Map<String, Value> {
        match self {
            FileRefused::Record(refused) => refused.members(),
            _ => serde_json::Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Pen, RecordType, SyncStatus};
    use jiff::Timestamp;
    use proptest::prelude::*;
    use serde_json::json;

    fn id(number: usize) -> RecordFileId {
        format!("{number:024x}").parse().unwrap()
    }

    fn data(files: Value) -> Data {
        json!({ "title": "a", "files": files }).as_object().unwrap().clone()
    }

    fn naming(numbers: impl IntoIterator<Item = usize>) -> Data {
        let files = numbers
            .into_iter()
            .map(|number| json!({ "id": id(number), "name": "a" }));
        data(files.collect())
    }

    fn pen() -> Pen {
        Pen {
            person: UserId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn record(data: Data) -> Record {
        let name = RecordId::new(Timestamp::UNIX_EPOCH, [2; 6]);
        Record::new(name, pen().person, RecordType::Diagnosis, data, 1, pen())
    }

    #[test]
    fn what_is_no_object_names_nothing_and_what_is_one_must_be_good() {
        for opaque in [
            json!(null),
            json!("a.jpg"),
            json!(["a.jpg", 7, null]),
            json!({ "id": 1 }),
        ] {
            assert_eq!(named(&data(opaque.clone())), Ok(Vec::new()), "{opaque}");
        }
        let digest = "A0".repeat(32);
        let good = json!([{ "id": id(1), "name": "Scan", "size_bytes": 9, "sha256": digest, "page": 3 }, "a.jpg"]);
        let files = named(&data(good)).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].sha256, Some(FileDigest("a0".repeat(32))));
        for bad in [
            json!([{}]),
            json!([{ "id": id(1) }]),
            json!([{ "id": "mine", "name": "a" }]),
            json!([{ "id": id(1), "name": "" }]),
            json!([{ "id": id(1), "name": "x".repeat(201) }]),
            json!([{ "id": id(1), "name": "a", "sha256": "a0" }]),
            json!([{ "id": id(1), "name": "a", "size_bytes": -1 }]),
            json!([{ "id": id(1), "name": "a" }, { "id": id(1), "name": "b" }]),
        ] {
            assert_eq!(named(&data(bad.clone())), Err(RecordRefused::FilesMalformed), "{bad}");
        }
        assert!(named(&naming(0..MOST_NAMED)).is_ok());
        assert!(named(&naming(0..=MOST_NAMED)).is_err());
    }

    #[test]
    fn only_the_announced_file_is_taken() {
        let sent = Sent::of(b"a file");
        let plain = NamedFile {
            id: id(1),
            name: "a".to_owned(),
            content_type: None,
            size_bytes: None,
            sha256: None,
        };
        let announced = NamedFile {
            size_bytes: Some(6),
            sha256: Some(FileDigest::of(b"a file")),
            ..plain.clone()
        };
        assert_eq!((plain.check(&sent), announced.check(&sent)), (Ok(()), Ok(())));
        let other = Err(FileRefused::NotAsAnnounced);
        assert_eq!(announced.check(&Sent::of(b"b file")), other);
        let longer = NamedFile {
            size_bytes: Some(7),
            ..plain
        };
        assert_eq!(longer.check(&sent), other);
    }

    #[test]
    fn a_conflict_comes_before_what_is_missing_and_nobody_waits_for_what_is_deleted() {
        let first = record(naming([1, 2]));
        assert_eq!(first.sync_status(), SyncStatus::Pending);
        let in_conflict = Record {
            open_conflicts: 1,
            ..first.clone()
        };
        assert_eq!(in_conflict.sync_status(), SyncStatus::Conflict);
        assert_eq!(in_conflict.missing_files(), [id(1), id(2)]);
        assert_eq!(first.deleted(pen()).unwrap().sync_status(), SyncStatus::Synced);
        let restored = first.deleted(pen()).unwrap().written(naming([2]), 3, pen()).unwrap();
        assert_eq!(restored.missing_files(), [id(2)]);
        let erased = first.with_file(id(1)).unwrap().erased(pen()).unwrap();
        assert!(erased.attached_files.is_empty());
    }

    #[test]
    fn a_file_is_for_whoever_names_it_now() {
        let record = record(naming([1]));
        let conflict = RecordConflict {
            id: crate::id::RecordConflictId::new(Timestamp::UNIX_EPOCH, [3; 6]),
            record: record.id,
            record_type: record.record_type,
            patient: record.patient,
            base_version: 0,
            met_version: 1,
            theirs: Some(naming([2])),
            device: "b".to_owned(),
            written_by: record.patient,
            noticed_at: Timestamp::UNIX_EPOCH,
            settled: None,
        };
        let find = |number| find_named(&record, [&conflict], id(number)).map(|file| file.id);
        assert_eq!((find(1), find(2)), (Ok(id(1)), Ok(id(2))));
        assert_eq!(find(3), Err(FileRefused::Unknown));
        assert_eq!(find_named(&record, [], id(2)), Err(FileRefused::Unknown));
    }

    #[test]
    fn a_record_has_room_for_so_many_files_and_the_same_one_takes_no_room() {
        let full = (0..MOST_ATTACHED).fold(record(naming([])), |record, number| {
            record.with_file(id(number)).unwrap()
        });
        assert_eq!(full.with_file(id(3)).unwrap(), full);
        assert_eq!(full.with_file(id(MOST_ATTACHED)), Err(FileRefused::TooMany));
    }

    #[test]
    fn files_are_told_by_their_bytes() {
        let pdf = b"%PDF-1.7\n1 0 obj\n%%EOF\n".to_vec();
        assert_eq!(kind(&pdf), Ok(FileKind::Pdf));
        assert_eq!(kind(&pdf[..12]), Err(FileRefused::Truncated));
        let mut long = pdf.clone();
        long.resize(pdf.len() + PDF_ENDS_WITHIN, 0);
        assert_eq!(kind(&long), Err(FileRefused::Truncated));
        assert_eq!(kind(&[0xff, 0xd8, 0xff, 0xe0]), Ok(FileKind::Picture));
        for bytes in [b"".as_slice(), b"MZ", b"<html>%PDF-1.7 %%EOF"] {
            assert_eq!(kind(bytes), Err(FileRefused::Unsupported));
        }
        let mut large = b"%PDF-1.7".to_vec();
        large.resize(20 * 1024 * 1024 - 5, b' ');
        large.extend(b"%%EOF");
        assert_eq!(kind(&large), Ok(FileKind::Pdf));
        large.extend(b" ");
        assert!(matches!(kind(&large), Err(FileRefused::TooLarge(_))));
    }

    proptest! {
        /// Whatever comes in whatever order, a record waits for just what it names and has not.
        #[test]
        fn a_record_is_whole_when_all_it_names_is_there(
            wanted in proptest::collection::btree_set(0_usize..12, 0..10),
            came in proptest::collection::vec(0_usize..12, 0..20),
        ) {
            let record = came.iter().fold(record(naming(wanted.clone())), |record, number| {
                record.with_file(id(*number)).unwrap()
            });
            let missing: Vec<_> = wanted.iter().filter(|number| !came.contains(number)).map(|number| id(*number)).collect();
            prop_assert_eq!(record.missing_files(), missing.clone());
            let is_synced = record.sync_status() == SyncStatus::Synced;
            prop_assert_eq!(is_synced, missing.is_empty());
        }
    }
}
