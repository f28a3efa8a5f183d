//! What is kept about an object, and what is told when one changes.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checksums::Checksums;

/// A stored object. Everything but its content is what the metadata file holds in directory mode.
#[derive(Clone, Serialize, Deserialize)]
pub struct Object {
    pub key: String,
    pub content: Content,
    pub size: u64,
    /// Without quotes: the MD5 of the content, or of the parts' MD5s followed by their number.
    pub etag: String,
    pub modified: Timestamp,
    /// Grows with every change in the store, so the newest of two files for one key is known.
    pub sequence: u64,
    pub description: Description,
    pub checksums: Checksums,
    pub tags: Tags,
}

/// What the uploader said about the content; given back with it, never interpreted.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Description {
    pub content_type: Option<String>,
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub metadata: HashMap<String, String>,
}

pub type Tags = BTreeMap<String, String>;

/// Where the bytes are. Only memory mode keeps them in memory.
#[derive(Clone, Serialize, Deserialize)]
pub enum Content {
    #[serde(skip)]
    Memory(Bytes),
    /// The name of a file in the folder of contents, never used twice.
    File(String),
}

/// A part of an upload that is not complete yet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Part {
    pub content: Content,
    pub size: u64,
    pub etag: String,
    pub modified: Timestamp,
    pub checksums: Checksums,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Upload {
    pub id: String,
    pub bucket: String,
    pub key: String,
    pub started: Timestamp,
    pub description: Description,
    pub tags: Tags,
    /// The algorithm asked for at the start, and whether it covers the object or its parts' checksums.
    pub checksum: Option<(String, bool)>,
    pub parts: BTreeMap<i32, Part>,
}

/// A change in a bucket, as S3 would notify of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// Without the `s3:` of notification settings: `ObjectCreated:Put`, `ObjectRemoved:Delete`.
    pub name: &'static str,
    pub bucket: String,
    pub key: String,
    pub size: u64,
    pub etag: String,
    /// Orders the events of one key; sixteen hexadecimal digits.
    pub sequencer: String,
    pub time: Timestamp,
}

impl Object {
    pub fn event(&self, name: &'static str, bucket: &str) -> ObjectEvent {
        ObjectEvent {
            name,
            bucket: bucket.to_owned(),
            key: self.key.clone(),
            size: self.size,
            etag: self.etag.clone(),
            sequencer: format!("{:016X}", self.sequence),
            time: self.modified,
        }
    }
}
