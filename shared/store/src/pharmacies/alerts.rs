//! Of what there is little: each medicine of a pharmacy once, from when it comes to that until there is enough.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::PharmacyId;
use domain::pharmacy::Pharmacy;
use domain::pharmacy::lot::Moment;
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
    let houses = houses(store, &pointers).await?;
    let low = found.into_iter().flatten().map(|item| {
        let shelf = read(item)?.shelf;
        let zone = houses
            .get(&shelf.pharmacy)
            .and_then(|house| house.details.time_zone.as_ref());
        Ok(Low {
            left: shelf.available(Moment::at(now, zone)),
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

/// Each once: the same may have little of many things.
async fn houses(store: &Store, pointers: &[Pointer]) -> Result<BTreeMap<PharmacyId, Pharmacy>, Error> {
    let ids: BTreeSet<PharmacyId> = pointers.iter().map(|pointer| pointer.pharmacy).collect();
    let places: Vec<_> = ids.into_iter().map(key::pharmacy).collect();
    let found = store.batch_get(&places).await?.into_iter().flatten();
    let houses = found.map(|item| {
        let house: Pharmacy = serde_dynamo::from_item(item)?;
        Ok((house.id, house))
    });
    houses.collect()
}
