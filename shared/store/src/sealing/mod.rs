//! Personal fields, encrypted before they reach the database.
//!
//! A type names the fields that are sealed. They are encrypted together under a data key of 32 bytes (AES-256-GCM),
//! bound to the place of the item, so that a sealed part moved to another item does not open. Data keys are wrapped by
//! KMS and rotate; what must be found by a sealed value goes through a keyed blind index.

mod envelope;
mod key_ring;

use std::time::Duration;

use ring::hmac;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::RwLock;
use tokio::time::Instant;

use crate::key::Key;
use crate::write::{Item, Write};
use crate::{Error, Store};
pub(crate) use envelope::{key_id_of, open, seal};
pub(crate) use key_ring::KeyRing;

/// A stored type with fields that only we can read.
pub trait Sealed: Serialize + DeserializeOwned {
    /// Top-level members, as they are called when serialised.
    const SEALED: &'static [&'static str];
}

/// The attribute that holds all sealed fields of an item.
pub(crate) const SEALED_ATTRIBUTE: &str = "sealed";

/// How long a process goes on with the keys it has read. A rotation is complete only after this.
pub(crate) const KEYS_FRESH: Duration = Duration::from_secs(300);

#[derive(Default)]
pub(crate) struct Keys(RwLock<Option<(Instant, KeyRing)>>);

impl Store {
    /// A write of an item whose sealed fields are encrypted.
    pub(crate) async fn sealed_put<T: Sealed>(&self, key: Key, item: &T) -> Result<Write, Error> {
        let Value::Object(mut clear) = serde_json::to_value(item)? else {
            return Err(Error::Rejected("a sealed item must be an object".to_owned()));
        };
        let mut secret = Map::new();
        for field in T::SEALED {
            if let Some(value) = clear.remove(*field) {
                secret.insert((*field).to_owned(), value);
            }
        }
        let plain = serde_json::to_vec(&secret)?;
        let ring = self.key_ring(None).await?;
        let sealed = seal(ring.current(), &associated_data(&key), &plain)?;
        clear.insert(SEALED_ATTRIBUTE.to_owned(), Value::String(sealed));
        Ok(Write::put_item(key, serde_dynamo::to_item(clear)?))
    }

    pub(crate) async fn get_sealed<T: Sealed>(&self, key: &Key) -> Result<Option<T>, Error> {
        match self.get_item(key).await? {
            Some(item) => Ok(Some(self.open_item(key, item).await?)),
            None => Ok(None),
        }
    }

    /// An item that came from a query, a batch or a stream.
    pub(crate) async fn open_item<T: Sealed>(&self, key: &Key, item: Item) -> Result<T, Error> {
        let mut fields: Map<String, Value> = serde_dynamo::from_item(item)?;
        let sealed = match fields.remove(SEALED_ATTRIBUTE) {
            Some(Value::String(sealed)) => sealed,
            _ => return Err(Error::Sealed("an item has no sealed part")),
        };
        let id = key_id_of(&sealed).ok_or(Error::Sealed("a sealed part is malformed"))?;
        let ring = self.key_ring(Some(id)).await?;
        let data_key = ring.find(id).ok_or(Error::Sealed("a key is missing"))?;
        let plain = open(data_key, &associated_data(key), &sealed)?;
        let secret: Map<String, Value> = serde_json::from_slice(&plain)?;
        fields.extend(secret);
        Ok(serde_json::from_value(Value::Object(fields))?)
    }

    /// A name for a value that tells nothing of it: the first half of an HMAC-SHA-256 under a key of its own.
    /// `purpose` keeps indexes of different things apart.
    pub(crate) async fn blind_index(&self, purpose: &str, normalized: &str) -> Result<String, Error> {
        let hash = self.keyed_hash(purpose, normalized.as_bytes()).await?;
        Ok(data_encoding::HEXLOWER.encode(&hash[..16]))
    }

    /// HMAC-SHA-256 over purpose, a zero byte and the message, under the index key.
    pub(crate) async fn keyed_hash(&self, purpose: &str, message: &[u8]) -> Result<[u8; 32], Error> {
        let ring = self.key_ring(None).await?;
        let mut context = hmac::Context::with_key(ring.index_key());
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(message);
        context
            .sign()
            .as_ref()
            .try_into()
            .map_err(|_| Error::Sealed("a hash has the wrong length"))
    }

    /// The keys, from memory while they are fresh and hold the one that is asked for.
    pub(crate) async fn key_ring(&self, wanted: Option<&str>) -> Result<KeyRing, Error> {
        let usable = |kept: &Option<(Instant, KeyRing)>| match kept {
            Some((read_at, ring))
                if read_at.elapsed() < KEYS_FRESH && wanted.is_none_or(|id| ring.find(id).is_some()) =>
            {
                Some(ring.clone())
            }
            _ => None,
        };
        if let Some(ring) = usable(&*self.shared.keys.0.read().await) {
            return Ok(ring);
        }
        let mut kept = self.shared.keys.0.write().await;
        if let Some(ring) = usable(&kept) {
            return Ok(ring);
        }
        let known = kept.as_ref().map(|(_, ring)| ring);
        let ring = key_ring::load(self, known).await?;
        *kept = Some((Instant::now(), ring.clone()));
        Ok(ring)
    }

    /// Reads the keys again at the next use.
    pub(crate) async fn forget_keys(&self) {
        *self.shared.keys.0.write().await = None;
    }
}

/// An item's identity. Not the deployment's prefix: a restored copy must open.
pub(crate) fn associated_data(key: &Key) -> Vec<u8> {
    [key.table.name(), key.partition.as_str(), key.sort.as_str()]
        .join("\0")
        .into_bytes()
}
