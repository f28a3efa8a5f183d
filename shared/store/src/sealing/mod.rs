//! Encryption of personal fields, beyond what DynamoDB does: who reads a table, a backup or a stream sees them sealed.
//!
//! A type says which of its members are sealed ([`Sealed`]). Those travel as one JSON object in the attribute `sealed`,
//! encrypted for the very place of the item ([`envelope`]); the others stay attributes, for conditions and updates. The
//! keys lie wrapped by KMS in the key ring ([`key_ring`]). What must be found by a sealed value is found by its blind
//! index ([`blind_index`]).

mod blind_index;
mod envelope;
mod key_ring;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::key::{Key, KeyRange};
use crate::query::{Order, place_in, text};
use crate::table::{PARTITION_KEY, SORT_KEY};
use crate::write::{Item, Write};
use crate::{Error, Page, PageRequest, Store};

pub(crate) use envelope::{key_id, place};
pub(crate) use key_ring::KeyCache;

/// The attribute that holds all sealed members of an item.
pub(crate) const SEALED: &str = "sealed";

/// A stored thing some of whose members nobody may read in the table.
pub trait Sealed: Serialize + DeserializeOwned {
    /// Names of members, as they are written.
    const SEALED: &'static [&'static str];
}

impl Store {
    /// The write that puts an item, sealed for its place.
    pub(crate) async fn sealed_put<T: Sealed>(&self, key: Key, item: &T) -> Result<Write, Error> {
        let Parts { open, sealed } = split(item)?;
        let mut attributes: Item = serde_dynamo::to_item(open)?;
        let sealed = self.seal(&key, &sealed).await?;
        attributes.extend(serde_dynamo::to_item::<_, Item>(Map::from_iter([(
            SEALED.to_owned(),
            sealed.into(),
        )]))?);
        Ok(Write::put_item(key, attributes))
    }

    pub(crate) async fn get_sealed<T: Sealed>(&self, key: &Key) -> Result<Option<T>, Error> {
        match self.get_item(key).await? {
            Some(item) => self.open_item(key, item).await.map(Some),
            None => Ok(None),
        }
    }

    /// An item that came from a list, a batch or a stream. What was sealed for another place does not open.
    pub(crate) async fn open_item<T: Sealed>(&self, key: &Key, item: Item) -> Result<T, Error> {
        let sealed = text(&item, SEALED).ok_or(Error::Sealed("it has no sealed part"))?;
        let plaintext = self.unseal(key, sealed).await?;
        join(item, &plaintext)
    }

    /// Items that were found in a range.
    pub(crate) async fn open_items<T: Sealed>(&self, range: &KeyRange, items: Vec<Item>) -> Result<Vec<T>, Error> {
        let mut opened = Vec::with_capacity(items.len());
        for item in items {
            opened.push(self.open_item(&place_in(range, &item)?, item).await?);
        }
        Ok(opened)
    }

    /// One page of a range.
    pub(crate) async fn query_sealed<T: Sealed>(
        &self,
        range: &KeyRange,
        page: &PageRequest,
        order: Order,
    ) -> Result<Page<T>, Error> {
        let Page { items, next } = self.query(range, page, order).await?;
        let items = self.open_items(range, items).await?;
        Ok(Page { items, next })
    }

    /// Items by their keys, without those that are not there.
    pub(crate) async fn batch_get_sealed<T: Sealed>(&self, keys: &[Key]) -> Result<Vec<T>, Error> {
        let mut opened = Vec::with_capacity(keys.len());
        for (key, item) in keys.iter().zip(self.batch_get(keys).await?) {
            if let Some(item) = item {
                opened.push(self.open_item(key, item).await?);
            }
        }
        Ok(opened)
    }

    async fn seal(&self, key: &Key, members: &Map<String, Value>) -> Result<String, Error> {
        let plaintext = serde_json::to_vec(members).map_err(|_| Error::Sealed("its members are no JSON"))?;
        self.current_key().await?.seal(&place(key), plaintext)
    }

    async fn unseal(&self, key: &Key, sealed: &str) -> Result<Vec<u8>, Error> {
        let id = key_id(sealed).ok_or(Error::Sealed("its sealed part names no key"))?;
        self.data_key(id).await?.open(&place(key), sealed)
    }

    /// A text for somebody outside who can neither read nor change what it says. `purpose` keeps those of one use apart
    /// from others, and from items.
    pub(crate) async fn seal_text(&self, purpose: &str, plaintext: Vec<u8>) -> Result<String, Error> {
        self.current_key().await?.seal(purpose.as_bytes(), plaintext)
    }

    /// None where it is none of ours.
    pub(crate) async fn open_text(&self, purpose: &str, sealed: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(id) = key_id(sealed) else { return Ok(None) };
        let key = match self.data_key_from_outside(id).await {
            Err(Error::Sealed(_)) => return Ok(None),
            key => key?,
        };
        Ok(key.open(purpose.as_bytes(), sealed).ok())
    }

    /// The same members under the current key.
    pub(crate) async fn seal_anew(&self, key: &Key, sealed: &str) -> Result<String, Error> {
        let plaintext = self.unseal(key, sealed).await?;
        self.current_key().await?.seal(&place(key), plaintext)
    }
}

struct Parts {
    open: Map<String, Value>,
    sealed: Map<String, Value>,
}

fn split<T: Sealed>(item: &T) -> Result<Parts, Error> {
    let Ok(Value::Object(members)) = serde_json::to_value(item) else {
        return Err(Error::Sealed("it is no JSON object"));
    };
    let is_sealed = |name: &String| T::SEALED.contains(&name.as_str());
    let (sealed, open) = members.into_iter().partition(|(name, _)| is_sealed(name));
    Ok(Parts { open, sealed })
}

/// Errors name no values: they go to the log.
fn join<T: Sealed>(mut item: Item, plaintext: &[u8]) -> Result<T, Error> {
    for name in [PARTITION_KEY, SORT_KEY, SEALED] {
        item.remove(name);
    }
    if T::SEALED.iter().any(|name| item.contains_key(*name)) {
        return Err(Error::Sealed("a member that must be sealed stands open"));
    }
    let mut members: Map<String, Value> = serde_dynamo::from_item(item)?;
    let sealed: Map<String, Value> =
        serde_json::from_slice(plaintext).map_err(|_| Error::Sealed("its sealed part is no JSON object"))?;
    members.extend(sealed);
    serde_json::from_value(members.into()).map_err(|_| Error::Sealed("its members do not fit its type"))
}

#[cfg(test)]
mod tests;
