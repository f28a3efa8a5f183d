//! A file of a record as clients read it.

use domain::id::RecordFileId;
use domain::record::Record;
use domain::record::file::{self, FileDigest, Kept, NamedFile, RecordFile};
use jiff::Timestamp;
use runtime::PictureLinks;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordFile")]
pub struct FileAnswer {
    id: RecordFileId,
    name: String,
    /// Whether the record names it as it is now; else an older version does, or one side of a conflict.
    is_named: bool,
    is_attached: bool,
    /// Of the file as it was sent; as it was announced, until it is attached.
    size_bytes: Option<u64>,
    sha256: Option<FileDigest>,
    /// Null until it is attached.
    attached: Option<AttachedAnswer>,
}

/// What is kept: of a picture a JPEG, upright, without what a camera wrote into it; of a document the file as it was sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AttachedRecordFile")]
struct AttachedAnswer {
    content_type: &'static str,
    size_bytes: u64,
    sha256: FileDigest,
    #[schemars(with = "String")]
    attached_at: Timestamp,
    /// A signed address, good for an hour unless the operator says less. A document comes as one to be saved.
    url: String,
}

impl FileAnswer {
    fn missing(file: NamedFile) -> Self {
        Self {
            id: file.id,
            name: file.name,
            is_named: true,
            is_attached: false,
            size_bytes: file.size_bytes,
            sha256: file.sha256,
            attached: None,
        }
    }

    /// `named`: as the record names it now.
    pub fn attached(file: RecordFile, named: Option<NamedFile>, links: &PictureLinks<'_>) -> Self {
        let url = match &file.kept {
            Kept::Picture(name) => links.address(name),
            Kept::Document(name) => links.address(name),
        };
        Self {
            id: file.id,
            is_named: named.is_some(),
            name: named.map_or(file.name, |named| named.name),
            is_attached: true,
            size_bytes: Some(file.size_bytes),
            sha256: Some(file.sha256),
            attached: Some(AttachedAnswer {
                content_type: file.kept.content_type(),
                size_bytes: file.kept_bytes,
                sha256: file.kept_sha256,
                attached_at: file.attached_at,
                url,
            }),
        }
    }
}

/// Those that the record names first, in its order; then what else is attached to it, by age.
pub fn answers(record: &Record, mut attached: Vec<RecordFile>, links: &PictureLinks<'_>) -> Vec<FileAnswer> {
    attached.sort_by_key(|file| (file.attached_at, file.id));
    let named = file::named(&record.data).unwrap_or_default();
    let mut answers = Vec::with_capacity(named.len() + attached.len());
    for named in named {
        let place = attached.iter().position(|file| file.id == named.id);
        answers.push(match place {
            Some(place) => FileAnswer::attached(attached.remove(place), Some(named), links),
            None => FileAnswer::missing(named),
        });
    }
    answers.extend(attached.into_iter().map(|file| FileAnswer::attached(file, None, links)));
    answers
}
