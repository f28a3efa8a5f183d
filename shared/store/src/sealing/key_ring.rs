//! The data keys, wrapped by KMS in one item; unwrapped only in a process's memory.

use std::sync::Arc;

use aws_sdk_kms::primitives::Blob;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use crate::write::Write;
use crate::{Error, Store, key};

/// Shared by all who read it; cheap to clone.
#[derive(Clone)]
pub(crate) struct KeyRing(Arc<Unwrapped>);

struct Unwrapped {
    /// The current one first.
    keys: Vec<DataKey>,
    index_key: hmac::Key,
}

#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct DataKey {
    #[zeroize(skip)]
    pub id: String,
    pub bytes: [u8; 32],
}

/// As it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredRing {
    pub version: u32,
    /// What new items are sealed under.
    pub current: String,
    pub keys: Vec<WrappedKey>,
    /// Never rotates: indexes made with it are keys of items.
    pub index_key: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WrappedKey {
    pub id: String,
    /// Base64 of what KMS gave.
    pub wrapped: String,
    /// Nothing is sealed under it any more; kept for copies of old data.
    #[serde(default)]
    pub is_retired: bool,
}

impl KeyRing {
    pub fn current(&self) -> &DataKey {
        // The ring is only built with its current key in the first place.
        &self.0.keys[0]
    }

    pub fn find(&self, id: &str) -> Option<&DataKey> {
        self.0.keys.iter().find(|key| key.id == id)
    }

    pub fn index_key(&self) -> &hmac::Key {
        &self.0.index_key
    }
}

/// The ring as it is stored now; the first to look makes it. Keys that `known` holds are not unwrapped again.
pub(crate) async fn load(store: &Store, known: Option<&KeyRing>) -> Result<KeyRing, Error> {
    let stored = match store.get::<StoredRing>(&key::key_ring()).await? {
        Some(stored) => stored,
        None => make(store).await?,
    };
    unwrap(store, &stored, known).await
}

async fn make(store: &Store) -> Result<StoredRing, Error> {
    let first = new_key(store).await?;
    let ring = StoredRing {
        version: 1,
        current: first.id.clone(),
        keys: vec![first],
        index_key: wrap(store, "index", &random()?).await?,
    };
    match store.write(Write::put(key::key_ring(), &ring)?.if_absent()).await {
        // Another process was first.
        Err(Error::ConditionFailed(_)) => {
            let theirs = store.get(&key::key_ring()).await?;
            theirs.ok_or(Error::Sealed("the key ring is gone"))
        }
        Err(error) => Err(error),
        Ok(()) => Ok(ring),
    }
}

async fn unwrap(store: &Store, stored: &StoredRing, known: Option<&KeyRing>) -> Result<KeyRing, Error> {
    let mut keys = Vec::new();
    for wrapped in &stored.keys {
        let bytes = match known.and_then(|ring| ring.find(&wrapped.id)) {
            Some(known) => known.bytes,
            None => unwrap_bytes(store, &wrapped.id, &wrapped.wrapped).await?,
        };
        let id = wrapped.id.clone();
        keys.push(DataKey { id, bytes });
    }
    // The current one comes first.
    keys.sort_by_key(|key| key.id != stored.current);
    if keys.first().is_none_or(|key| key.id != stored.current) {
        return Err(Error::Sealed("the current key is missing"));
    }
    let index_key = match known {
        Some(ring) => ring.index_key().clone(),
        None => hmac::Key::new(
            hmac::HMAC_SHA256,
            &unwrap_bytes(store, "index", &stored.index_key).await?,
        ),
    };
    Ok(KeyRing(Arc::new(Unwrapped { keys, index_key })))
}

/// A fresh data key, wrapped.
pub(crate) async fn new_key(store: &Store) -> Result<WrappedKey, Error> {
    let id = data_encoding::HEXLOWER.encode(&random()?[..6]);
    Ok(WrappedKey {
        wrapped: wrap(store, &id, &random()?).await?,
        id,
        is_retired: false,
    })
}

fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Error::Sealed("there is no randomness"))?;
    Ok(bytes)
}

/// KMS checks this again when it unwraps: a wrapped key put in the place of another does not open.
const CONTEXT: &str = "polyclinic-data-key";

async fn wrap(store: &Store, id: &str, bytes: &[u8; 32]) -> Result<String, Error> {
    let answer = store
        .kms()
        .encrypt()
        .key_id(&store.shared.names.field_key)
        .plaintext(Blob::new(bytes.as_slice()))
        .encryption_context(CONTEXT, id)
        .send()
        .await
        .map_err(Error::from_sdk)?;
    let blob = answer.ciphertext_blob.ok_or(Error::Sealed("KMS wrapped nothing"))?;
    Ok(data_encoding::BASE64.encode(blob.as_ref()))
}

async fn unwrap_bytes(store: &Store, id: &str, wrapped: &str) -> Result<[u8; 32], Error> {
    let malformed = || Error::Sealed("a wrapped key is malformed");
    let blob = data_encoding::BASE64
        .decode(wrapped.as_bytes())
        .map_err(|_| malformed())?;
    let answer = store
        .kms()
        .decrypt()
        .key_id(&store.shared.names.field_key)
        .ciphertext_blob(Blob::new(blob))
        .encryption_context(CONTEXT, id)
        .send()
        .await
        .map_err(Error::from_sdk)?;
    let plain = answer.plaintext.ok_or_else(malformed)?;
    plain.as_ref().try_into().map_err(|_| malformed())
}
