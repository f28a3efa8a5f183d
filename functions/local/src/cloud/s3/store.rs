//! Buckets and objects behind one mutex. Whatever must be decided and done at once (conditional writes
//! above all) happens inside it; bodies are read and hashed before it is taken.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;

use super::conditions::WriteConditions;
use super::cors::CorsRule;
use super::directory::Directory;
use super::object::{Content, Object, ObjectEvent, Tags, Upload};

pub struct ObjectStore {
    state: Mutex<State>,
    directory: Option<Directory>,
    events: UnboundedSender<ObjectEvent>,
}

#[derive(Default)]
pub struct State {
    pub buckets: BTreeMap<String, Bucket>,
    pub uploads: BTreeMap<String, Upload>,
    pub sequence: u64,
}

#[derive(Serialize, Deserialize)]
pub struct Bucket {
    pub created: Timestamp,
    pub cors: Vec<CorsRule>,
    #[serde(skip)]
    pub objects: BTreeMap<String, Object>,
}

impl ObjectStore {
    /// Without a directory, everything is forgotten with the store.
    pub fn open(directory: Option<Directory>, events: UnboundedSender<ObjectEvent>) -> io::Result<Self> {
        let state = match &directory {
            Some(directory) => directory.load()?,
            None => State::default(),
        };
        Ok(Self {
            state: Mutex::new(state),
            directory,
            events,
        })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts content where it will stay, under a name of its own, before anybody can see it.
    pub fn keep(&self, content: Bytes) -> S3Result<Content> {
        match &self.directory {
            None => Ok(Content::Memory(content)),
            Some(directory) => directory
                .keep(&content)
                .map(Content::File)
                .map_err(S3Error::internal_error),
        }
    }

    /// An object with its content. In a directory an object that was just replaced may lose its file
    /// between the two steps: then there is a newer one to read.
    pub fn fetch(&self, bucket: &str, key: &str) -> S3Result<(Object, Bytes)> {
        for _ in 0..8 {
            let object = self.state().object(bucket, key)?.clone();
            match self.content(&object.content) {
                Ok(content) => return Ok((object, content)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(S3Error::internal_error(error)),
            }
        }
        Err(s3_error!(SlowDown))
    }

    pub fn content(&self, content: &Content) -> io::Result<Bytes> {
        match (content, &self.directory) {
            (Content::Memory(bytes), _) => Ok(bytes.clone()),
            (Content::File(name), Some(directory)) => directory.content(name),
            (Content::File(_), None) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Checks the conditions and stores, as one step: of many racers on `If-None-Match: *` one wins.
    pub fn put(
        &self,
        event: &'static str,
        bucket: &str,
        mut object: Object,
        conditions: &WriteConditions,
    ) -> S3Result<Object> {
        let mut state = self.state();
        let stored = state
            .place(bucket, &mut object, conditions)
            .and_then(|()| self.persist(bucket, &object));
        if let Err(error) = stored {
            drop(state);
            self.forget(&object.content);
            return Err(error);
        }
        let replaced = state.bucket(bucket)?.objects.insert(object.key.clone(), object.clone());
        // Sent inside the section, so that events leave in the order of the changes.
        let _ = self.events.send(object.event(event, bucket));
        drop(state);
        if let Some(replaced) = replaced {
            self.remove_files(bucket, &replaced);
        }
        Ok(object)
    }

    /// Deleting what is not there succeeds, as in S3, but is no change and so no event.
    pub fn delete(&self, bucket: &str, key: &str, conditions: &WriteConditions) -> S3Result<()> {
        let mut state = self.state();
        let current = state.bucket(bucket)?.objects.get(key);
        conditions.check(current)?;
        let Some(mut object) = state.bucket(bucket)?.objects.remove(key) else {
            return Ok(());
        };
        self.remove_files(bucket, &object);
        object.sequence = state.next_sequence();
        object.modified = Timestamp::now();
        let _ = self.events.send(object.event("ObjectRemoved:Delete", bucket));
        Ok(())
    }

    pub fn set_tags(&self, bucket: &str, key: &str, tags: Tags) -> S3Result<()> {
        let mut state = self.state();
        let mut object = state.object(bucket, key)?.clone();
        object.tags = tags;
        self.persist(bucket, &object)?;
        state.bucket(bucket)?.objects.insert(object.key.clone(), object);
        Ok(())
    }

    pub fn persist_bucket(&self, name: &str, bucket: Option<&Bucket>) -> S3Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        directory.write_bucket(name, bucket).map_err(S3Error::internal_error)
    }

    /// Uploads survive a restart too: resuming one is what they are for.
    pub fn persist_upload(&self, id: &str, upload: Option<&Upload>) -> S3Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        directory.write_upload(id, upload).map_err(S3Error::internal_error)
    }

    /// Gives up content that nothing refers to any more. At worst a file stays until the next start.
    pub fn forget(&self, content: &Content) {
        if let (Content::File(name), Some(directory)) = (content, &self.directory) {
            directory.forget(name);
        }
    }

    fn persist(&self, bucket: &str, object: &Object) -> S3Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        directory.write_object(bucket, object).map_err(S3Error::internal_error)
    }

    fn remove_files(&self, bucket: &str, object: &Object) {
        if let Some(directory) = &self.directory {
            directory.remove_object(bucket, object);
        }
    }
}

impl State {
    pub fn bucket(&mut self, name: &str) -> S3Result<&mut Bucket> {
        self.buckets.get_mut(name).ok_or_else(|| s3_error!(NoSuchBucket))
    }

    pub fn object(&self, bucket: &str, key: &str) -> S3Result<&Object> {
        let bucket = self.buckets.get(bucket).ok_or_else(|| s3_error!(NoSuchBucket))?;
        bucket
            .objects
            .get(key)
            .ok_or_else(|| S3Error::new(S3ErrorCode::NoSuchKey))
    }

    pub fn upload(&mut self, bucket: &str, key: &str, id: &str) -> S3Result<&mut Upload> {
        let upload = self
            .uploads
            .get_mut(id)
            .filter(|upload| upload.bucket == bucket && upload.key == key);
        upload.ok_or_else(|| s3_error!(NoSuchUpload))
    }

    /// Follows the clock, so that numbers grow across restarts even when the newest object is gone.
    pub fn next_sequence(&mut self) -> u64 {
        let now = u64::try_from(Timestamp::now().as_microsecond()).unwrap_or_default();
        self.sequence = now.max(self.sequence + 1);
        self.sequence
    }

    fn place(&mut self, bucket: &str, object: &mut Object, conditions: &WriteConditions) -> S3Result<()> {
        conditions.check(self.bucket(bucket)?.objects.get(&object.key))?;
        object.sequence = self.next_sequence();
        object.modified = Timestamp::now();
        Ok(())
    }
}
