//! Of what there is little: each medicine of a pharmacy once, from when it comes to that until there is enough.

use domain::id::PharmacyId;
use domain::pharmacy::medicine::MedicineName;
use jiff::Timestamp;

use super::shelf::{Pointer, read};
use crate::query::Order;
use crate::{Error, Page, PageRequest, Store, key};

pub struct Low {
    pub pharmacy: PharmacyId,
    pub medicine: MedicineName,
    pub name: String,
    pub left: u64,
    pub since: Option<Timestamp>,
}

/// Of one pharmacy or of all.
pub async fn list_low(
    store: &Store,
    pharmacy: Option<PharmacyId>,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<Low>, Error> {
    let range = key::low_stocks(pharmacy);
    let Page { items, next } = store.query(&range, page, Order::Forwards).await?;
    let pointers: Vec<Pointer> = serde_dynamo::from_items(items)?;
    let places = pointers
        .iter()
        .map(|pointer| key::shelf(pointer.pharmacy, &pointer.medicine));
    let found = store.batch_get(&places.collect::<Vec<_>>()).await?;
    let low = found.into_iter().flatten().map(|item| {
        let shelf = read(item)?.shelf;
        Ok(Low {
            left: shelf.available(now),
            pharmacy: shelf.pharmacy,
            since: shelf.low_since,
            name: shelf.name,
            medicine: shelf.medicine,
        })
    });
    Ok(Page {
        items: low.collect::<Result<_, Error>>()?,
        next,
    })
}
