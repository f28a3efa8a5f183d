//! An archive as whoever fetched it reads it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tests::world::Answer;
use zip::ZipArchive;

pub struct Archive {
    pub bytes: Vec<u8>,
    pub disposition: String,
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Archive {
    pub fn open(answer: Answer) -> Self {
        assert_eq!(answer.header("content-type"), "application/zip");
        let disposition = answer.header("content-disposition").to_owned();
        let mut zip = ZipArchive::new(Cursor::new(&answer.bytes)).expect("a ZIP archive");
        let mut files = BTreeMap::new();
        for place in 0..zip.len() {
            let mut file = zip.by_index(place).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes and their checksum");
            let name = file.name().expect("a name").into_owned();
            assert!(files.insert(name.clone(), bytes).is_none(), "{name} is there twice");
        }
        let bytes = answer.bytes;
        Self {
            bytes,
            disposition,
            files,
        }
    }

    pub fn json(&self, path: &str) -> Value {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("no {path}"));
        serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All things of a kind; none where there is no such file.
    pub fn things(&self, kind: &str) -> Vec<Value> {
        let path = format!("data/{kind}.json");
        if !self.files.contains_key(&path) {
            return Vec::new();
        }
        self.json(&path).as_array().expect("a list").clone()
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).expect("UTF-8")
    }

    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
