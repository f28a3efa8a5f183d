//! The key ring: one item with all data keys, wrapped by KMS, and the one that hashes blind indexes.
//!
//! Made at first use. A process keeps what it has unwrapped and looks at the ring again every few minutes, or at once
//! when it meets a key that it does not know. Old keys stay for ever: backups are sealed with them.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_kms::primitives::Blob;
use data_encoding::{BASE64, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::blind_index::IndexKey;
use super::envelope::{DataKey, random};
use crate::write::Write;
use crate::{Error, Store, key};

/// For so long a process may go on sealing with the key before.
pub(crate) const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// For so long a process believes the ring that it knows when somebody outside names another key: anybody can make one up.
const FRESH_ENOUGH: SignedDuration = SignedDuration::from_secs(5);

/// Of all keys on the ring, in bytes.
const KEY_LEN: usize = 32;

/// The name of the index key, beside which data keys have random ones.
const INDEX: &str = "index";

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyRing {
    /// What is sealed from now on is sealed with this one.
    pub current: String,
    keys: Vec<RingKey>,
    index_key: Wrapped,
    /// Counts changes: a write names the one it saw.
    version: u32,
}

#[derive(Clone, Serialize, Deserialize)]
struct RingKey {
    id: String,
    #[serde(flatten)]
    key: Wrapped,
    created_at: Timestamp,
    /// Since then nothing lies under it any more, but for backups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retired_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Wrapped {
    /// KMS's ciphertext, in base64.
    wrapped: String,
}

/// What this process has unwrapped.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<Unwrapped>);

#[derive(Default)]
struct Unwrapped {
    ring: Option<(Timestamp, KeyRing)>,
    keys: HashMap<String, Arc<DataKey>>,
    index: Option<Arc<IndexKey>>,
}

impl KeyRing {
    fn wrapped(&self, id: &str) -> Option<&Wrapped> {
        self.keys.iter().find(|key| key.id == id).map(|key| &key.key)
    }

    fn write(&self) -> Result<Write, Error> {
        Write::put(key::key_ring(), self)
    }

    /// In place of the version before it.
    fn write_next(&self) -> Result<Write, Error> {
        self.write()?.if_equals("version", &(self.version - 1))
    }

    /// All but the current key are needed for backups only.
    pub fn retire_old(mut self, now: Timestamp) -> Result<Write, Error> {
        let old = self.keys.iter_mut().filter(|key| key.id != self.current);
        for key in old.filter(|key| key.retired_at.is_none()) {
            key.retired_at = Some(now);
        }
        self.version += 1;
        self.write_next()
    }
}

impl Store {
    /// The key that is sealed with now.
    pub(super) async fn current_key(&self) -> Result<Arc<DataKey>, Error> {
        let mut unwrapped = self.shared.keys.0.lock().await;
        let ring = self.fresh_ring(&mut unwrapped, FRESH).await?;
        self.unwrapped(&mut unwrapped, &ring, &ring.current).await
    }

    /// Of an item: one that is not on the ring as it is known here has just been added.
    pub(super) async fn data_key(&self, id: &str) -> Result<Arc<DataKey>, Error> {
        self.find_key(id, SignedDuration::ZERO).await
    }

    /// Of a text from outside.
    pub(super) async fn data_key_from_outside(&self, id: &str) -> Result<Arc<DataKey>, Error> {
        self.find_key(id, FRESH_ENOUGH).await
    }

    /// `fresh`: for one that is not on it, the ring is read anew once it is as old as this.
    async fn find_key(&self, id: &str, fresh: SignedDuration) -> Result<Arc<DataKey>, Error> {
        let mut unwrapped = self.shared.keys.0.lock().await;
        if let Some(key) = unwrapped.keys.get(id) {
            return Ok(key.clone());
        }
        let mut ring = self.fresh_ring(&mut unwrapped, FRESH).await?;
        if ring.wrapped(id).is_none() {
            ring = self.fresh_ring(&mut unwrapped, fresh).await?;
        }
        self.unwrapped(&mut unwrapped, &ring, id).await
    }

    pub(super) async fn index_key(&self) -> Result<Arc<IndexKey>, Error> {
        let mut unwrapped = self.shared.keys.0.lock().await;
        if let Some(index) = &unwrapped.index {
            return Ok(index.clone());
        }
        let ring = self.fresh_ring(&mut unwrapped, FRESH).await?;
        let index = Arc::new(IndexKey::new(&self.unwrap(INDEX, &ring.index_key).await?));
        unwrapped.index = Some(index.clone());
        Ok(index)
    }

    /// A ring with a new current key, and the write that puts it in place of the one there.
    pub(crate) async fn next_ring(&self, now: Timestamp) -> Result<(KeyRing, Write), Error> {
        let mut ring = self.stored_ring().await?;
        let key = self.new_key(now).await?;
        ring.current.clone_from(&key.id);
        ring.keys.push(key);
        ring.version += 1;
        let write = ring.write_next()?;
        Ok((ring, write))
    }

    /// As it is in the table.
    pub(crate) async fn stored_ring(&self) -> Result<KeyRing, Error> {
        match self.get(&key::key_ring()).await? {
            Some(ring) => Ok(ring),
            None => self.first_ring().await,
        }
    }

    /// So that what is sealed next is sealed with this one.
    pub(crate) async fn know_current_key(&self, id: &str) -> Result<(), Error> {
        let mut unwrapped = self.shared.keys.0.lock().await;
        if self.fresh_ring(&mut unwrapped, FRESH).await?.current != id {
            unwrapped.ring = None;
        }
        if self.fresh_ring(&mut unwrapped, FRESH).await?.current == id {
            Ok(())
        } else {
            Err(Error::Unavailable("another key is current".to_owned()))
        }
    }

    /// Forgets which key is current, so that the next use asks the table.
    pub(crate) async fn refresh_keys(&self) {
        self.shared.keys.0.lock().await.ring = None;
    }

    /// Read less than so long ago, by the system's clock: requests of one process may each have their own time.
    async fn fresh_ring(&self, unwrapped: &mut Unwrapped, fresh: SignedDuration) -> Result<KeyRing, Error> {
        let now = Timestamp::now();
        if let Some((read_at, ring)) = &unwrapped.ring
            && now.duration_since(*read_at).abs() < fresh
        {
            return Ok(ring.clone());
        }
        let ring = self.stored_ring().await?;
        unwrapped.ring = Some((now, ring.clone()));
        Ok(ring)
    }

    async fn unwrapped(&self, unwrapped: &mut Unwrapped, ring: &KeyRing, id: &str) -> Result<Arc<DataKey>, Error> {
        if let Some(key) = unwrapped.keys.get(id) {
            return Ok(key.clone());
        }
        let wrapped = ring.wrapped(id).ok_or(Error::Sealed("its key is not on the ring"))?;
        let key = Arc::new(DataKey::new(id, &self.unwrap(id, wrapped).await?)?);
        unwrapped.keys.insert(id.to_owned(), key.clone());
        Ok(key)
    }

    /// Of many processes that begin at once, one makes the ring and the others take it.
    async fn first_ring(&self) -> Result<KeyRing, Error> {
        let key = self.new_key(Timestamp::now()).await?;
        let ring = KeyRing {
            current: key.id.clone(),
            keys: vec![key],
            index_key: self.new_wrapped(INDEX).await?,
            version: 1,
        };
        match self.write_now(ring.write()?.if_absent()).await {
            Ok(()) => Ok(ring),
            Err(Error::ConditionFailed(_)) => {
                let ring = self.get(&key::key_ring()).await?;
                ring.ok_or_else(|| Error::Unavailable("the key ring came and went".to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    async fn new_key(&self, now: Timestamp) -> Result<RingKey, Error> {
        let id = HEXLOWER.encode(&random::<8>()?);
        Ok(RingKey {
            key: self.new_wrapped(&id).await?,
            id,
            created_at: now,
            retired_at: None,
        })
    }

    async fn new_wrapped(&self, id: &str) -> Result<Wrapped, Error> {
        let bytes = Zeroizing::new(random::<KEY_LEN>()?);
        let answer = self
            .kms()
            .encrypt()
            .key_id(&self.shared.names.field_key)
            .encryption_context(CONTEXT, id)
            .plaintext(Blob::new(*bytes))
            .send()
            .await
            .map_err(Error::from_sdk)?;
        let wrapped = answer.ciphertext_blob;
        let wrapped = wrapped.ok_or_else(|| Error::Unavailable("KMS wrapped nothing".to_owned()))?;
        Ok(Wrapped {
            wrapped: BASE64.encode(wrapped.as_ref()),
        })
    }

    async fn unwrap(&self, id: &str, key: &Wrapped) -> Result<Zeroizing<Vec<u8>>, Error> {
        let wrapped = BASE64.decode(key.wrapped.as_bytes());
        let wrapped = wrapped.map_err(|_| Error::Sealed("its key is malformed"))?;
        let answer = self
            .kms()
            .decrypt()
            .key_id(&self.shared.names.field_key)
            .encryption_context(CONTEXT, id)
            .ciphertext_blob(Blob::new(wrapped))
            .send()
            .await
            .map_err(Error::from_sdk)?;
        let bytes = Zeroizing::new(answer.plaintext.map(Blob::into_inner).unwrap_or_default());
        if bytes.len() == KEY_LEN {
            Ok(bytes)
        } else {
            Err(Error::Sealed("its key has another length"))
        }
    }
}

/// Whatever KMS wraps is bound to the name of the key, so that two cannot be exchanged.
const CONTEXT: &str = "polyclinic-key";
