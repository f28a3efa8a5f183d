//! The store on disk:
//!
//! ```text
//! buckets/<bucket>.json          creation time, CORS rules
//! objects/<bucket>/<name>.json   everything about one object; its content is contents/<name>
//! uploads/<id>.json              an upload in progress and its parts
//! contents/<name>                bytes, written once, never changed
//! ```
//!
//! A replaced object gets a new name. Its metadata file appears by a rename, and only then the old one is
//! removed, so a crash at any point leaves either version whole. This is a developer's data, hence no fsync.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::object::{Content, Object, Upload};
use super::store::{Bucket, State};
use crate::cloud::random_name;

pub struct Directory {
    root: PathBuf,
}

impl Directory {
    pub fn open(root: &Path) -> io::Result<Self> {
        for folder in ["buckets", "objects", "uploads", "contents"] {
            fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    pub fn keep(&self, content: &[u8]) -> io::Result<String> {
        let name = random_name();
        fs::write(self.root.join("contents").join(&name), content)?;
        Ok(name)
    }

    pub fn content(&self, name: &str) -> io::Result<Bytes> {
        fs::read(self.root.join("contents").join(name)).map(Bytes::from)
    }

    pub fn forget(&self, name: &str) {
        let _ = fs::remove_file(self.root.join("contents").join(name));
    }

    pub fn write_object(&self, bucket: &str, object: &Object) -> io::Result<()> {
        let Content::File(name) = &object.content else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        write_json(&self.object_path(bucket, name), object)
    }

    /// Metadata first: content without metadata is invisible and swept at the next start.
    pub fn remove_object(&self, bucket: &str, object: &Object) {
        if let Content::File(name) = &object.content {
            let _ = fs::remove_file(self.object_path(bucket, name));
            self.forget(name);
        }
    }

    pub fn write_bucket(&self, name: &str, bucket: Option<&Bucket>) -> io::Result<()> {
        write_or_remove(&self.root.join("buckets").join(format!("{name}.json")), bucket)?;
        match bucket {
            Some(_) => fs::create_dir_all(self.root.join("objects").join(name)),
            None => fs::remove_dir_all(self.root.join("objects").join(name)),
        }
    }

    pub fn write_upload(&self, id: &str, upload: Option<&Upload>) -> io::Result<()> {
        write_or_remove(&self.root.join("uploads").join(format!("{id}.json")), upload)
    }

    pub fn load(&self) -> io::Result<State> {
        let mut state = State::default();
        for (name, mut bucket) in read_all::<Bucket>(&self.root.join("buckets"))? {
            fs::create_dir_all(self.root.join("objects").join(&name))?;
            self.load_objects(&name, &mut bucket, &mut state.sequence)?;
            state.buckets.insert(name, bucket);
        }
        state.uploads = read_all::<Upload>(&self.root.join("uploads"))?.into_iter().collect();
        self.sweep(&state)?;
        Ok(state)
    }

    /// After a crash in the middle of a replacement there are two files for one key: the newer counts.
    fn load_objects(&self, name: &str, bucket: &mut Bucket, sequence: &mut u64) -> io::Result<()> {
        let mut objects: Vec<Object> = read_all(&self.root.join("objects").join(name))?
            .into_iter()
            .map(|(_, object)| object)
            .collect();
        objects.sort_by_key(|object| object.sequence);
        for object in objects {
            *sequence = (*sequence).max(object.sequence);
            if let Some(older) = bucket.objects.insert(object.key.clone(), object) {
                self.remove_object(name, &older);
            }
        }
        Ok(())
    }

    fn sweep(&self, state: &State) -> io::Result<()> {
        let objects = state
            .buckets
            .values()
            .flat_map(|bucket| bucket.objects.values())
            .map(|object| &object.content);
        let parts = state
            .uploads
            .values()
            .flat_map(|upload| upload.parts.values())
            .map(|part| &part.content);
        let needed: HashSet<&str> = objects.chain(parts).filter_map(file_name).collect();
        for entry in fs::read_dir(self.root.join("contents"))? {
            let name = entry?.file_name();
            if name.to_str().is_some_and(|name| !needed.contains(name)) {
                let _ = fs::remove_file(self.root.join("contents").join(name));
            }
        }
        Ok(())
    }

    fn object_path(&self, bucket: &str, name: &str) -> PathBuf {
        self.root.join("objects").join(bucket).join(format!("{name}.json"))
    }
}

fn file_name(content: &Content) -> Option<&str> {
    match content {
        Content::File(name) => Some(name),
        Content::Memory(_) => None,
    }
}

fn write_or_remove<T: Serialize>(path: &Path, value: Option<&T>) -> io::Result<()> {
    match value {
        Some(value) => write_json(path, value),
        None => fs::remove_file(path),
    }
}

/// Whole or not at all: written beside and renamed.
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let fresh = path.with_extension("new");
    fs::write(&fresh, serde_json::to_vec(value)?)?;
    fs::rename(&fresh, path)
}

/// Every `<name>.json` of a folder.
fn read_all<T: DeserializeOwned>(folder: &Path) -> io::Result<Vec<(String, T)>> {
    let mut values = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        if let (Some(name), Some("json")) = (name, path.extension().and_then(|extension| extension.to_str())) {
            values.push((name.to_owned(), serde_json::from_slice(&fs::read(&path)?)?));
        }
    }
    Ok(values)
}
