//! Where a medicine is to be had. Each medicine of a pharmacy stands in the index once for each name that it is found by, under
//! the cell that the pharmacy is in, and under its postal code, city and state; how much there is, is read where it lies.

use std::collections::HashSet;

use domain::id::PharmacyId;
use domain::pharmacy::cell::Cell;
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::{MedicineName, folded_place};
use domain::pharmacy::nearest::{Frontier, Reading, Step};
use domain::pharmacy::shelf::Shelf;
use domain::pharmacy::{Details, Pharmacy};
use domain::place::Position;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{reservations, shelf};
use crate::key::{Area, KeyRange, LOCATED};
use crate::query::Order;
use crate::write::{Item, Write};
use crate::{Cursor, Error, PageRequest, Store, key};

/// Of the index, read at once.
const PAGE: u16 = 32;
/// Pages that one search reads, pharmacies that it looks at, and medicines of theirs: with what it found by then it ends, and
/// says that it was cut off.
const MOST_PAGES: usize = 120;
const MOST_LOOKED_AT: usize = 400;
const MOST_SHELVES: usize = 800;
/// Of an area that is read as a whole, so that the nearest in it are known; a larger one is searched from where somebody is.
const PAGE_OF_AREA: u16 = 100;
const MOST_PAGES_OF_AREA: usize = 16;
/// Left for those of whom nobody knows where they are, whatever it took to look at the others.
const PAGES_OF_NOWHERE: usize = 8;
/// Of one pharmacy under one name.
const MOST_AT_ONE: usize = 40;
/// Looked at in one batch, and in the last.
const BATCH: usize = 25;
const FEW: usize = 8;

/// Where it should be: names as people write them.
#[derive(Debug, Clone, Default)]
pub struct Where<'a> {
    pub near: Option<Position>,
    pub reach_metres: f64,
    pub city: Option<&'a str>,
    pub state: Option<&'a str>,
    pub pincode: Option<&'a str>,
}

pub struct Search<'a> {
    pub term: MedicineName,
    pub place: &'a Where<'a>,
    pub at_least: u64,
    pub only_open: bool,
    pub limit: usize,
    pub now: Timestamp,
}

/// A medicine at a pharmacy.
pub struct Hit {
    pub pharmacy: Pharmacy,
    pub shelf: Shelf,
    /// What can be had of it.
    pub available: u64,
    pub metres: Option<f64>,
}

/// What a search came to.
pub struct Found {
    pub hits: Vec<Hit>,
    /// There may be more: it looked at as much as one search does.
    pub is_cut_off: bool,
}

/// An entry of the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Offer {
    pharmacy: PharmacyId,
    medicine: MedicineName,
    latitude: Option<f64>,
    longitude: Option<f64>,
    city: String,
    state: String,
    pincode: String,
}

impl Eq for Offer {}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.pharmacy, &self.medicine).cmp(&(other.pharmacy, &other.medicine))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Offer {
    fn of(details: &Details, shelf: &Shelf) -> Self {
        Self {
            pharmacy: shelf.pharmacy,
            medicine: shelf.medicine.clone(),
            latitude: details.latitude,
            longitude: details.longitude,
            city: folded_place(&details.city),
            state: folded_place(&details.state),
            pincode: folded_place(&details.pincode),
        }
    }

    fn position(&self) -> Option<Position> {
        Position::new(self.latitude?, self.longitude?).ok()
    }

    fn area(&self, area: Area) -> &str {
        match area {
            Area::Pincode => &self.pincode,
            Area::City => &self.city,
            Area::State => &self.state,
        }
    }
}

/// What makes a medicine of a pharmacy be found, where it was not found by that name before. What was never there is not found.
pub(super) fn offers(pharmacy: &Pharmacy, before: Option<&Shelf>, after: &Shelf) -> Result<Vec<Write>, Error> {
    if !after.was_stocked() {
        return Ok(Vec::new());
    }
    let known = before.filter(|shelf| shelf.was_stocked());
    let known = known.map(|shelf| shelf.medicine.terms(shelf.generic.as_ref()));
    let offer = Offer::of(&pharmacy.details, after);
    let digits = offer.position().map(|position| Cell::of(position).digits());
    let mut writes = Vec::new();
    for term in after.medicine.terms(after.generic.as_ref()) {
        if known.as_ref().is_some_and(|known| known.contains(&term)) {
            continue;
        }
        let (pharmacy, medicine) = (after.pharmacy, &after.medicine);
        writes.push(Write::put(
            key::offer(&term, digits.as_deref(), pharmacy, medicine),
            &offer,
        )?);
        for area in Area::ALL {
            let name = offer.area(area);
            if !name.is_empty() {
                writes.push(Write::put(
                    key::offer_in_area(&term, (area, name), pharmacy, medicine),
                    &offer,
                )?);
            }
        }
    }
    Ok(writes)
}

/// What one pharmacy has that is found by any of these names, in their order.
pub(super) async fn offered_by(
    store: &Store,
    pharmacy: &Pharmacy,
    terms: &[MedicineName],
) -> Result<Vec<Shelf>, Error> {
    let digits = pharmacy.details.position().map(|position| Cell::of(position).digits());
    let mut keys = Vec::new();
    for term in terms {
        let range = key::offers_of(term, digits.as_deref(), pharmacy.id);
        for item in store.query_all(&range, MOST_AT_ONE).await? {
            let offer: Offer = serde_dynamo::from_item(item)?;
            let key = key::shelf(pharmacy.id, &offer.medicine);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let found = store.batch_get(&keys).await?.into_iter().flatten();
    let shelves = found.map(|item| Ok(shelf::read(item)?.shelf));
    let mut shelves = shelves.collect::<Result<Vec<_>, Error>>()?;
    // It may have had another generic name once.
    shelves.retain(|shelf| shelf.is_one_of(terms));
    Ok(shelves)
}

/// Near a position, the nearest first, and after them those of whom nobody knows where they are; else those of a postal code, a
/// city or a state, or any.
pub async fn search(store: &Store, search: &Search<'_>) -> Result<Found, Error> {
    let mut looking = Looking::new(store, search);
    let asked = looking.filter.first().cloned();
    let area = asked.map(|(area, name)| key::offers_in_area(&search.term, area, &name));
    match (search.place.near, area) {
        (Some(from), Some(area)) if looking.nearest_of(&area, from).await? => {}
        (Some(from), _) => {
            looking.nearest(from).await?;
            looking.most_pages = looking.pages + PAGES_OF_NOWHERE;
            looking.all_of(&key::offers_nowhere(&search.term)).await?;
        }
        (None, Some(area)) => looking.all_of(&area).await?,
        (None, None) => looking.all_of(&key::offers(&search.term)).await?,
    }
    Ok(Found {
        is_cut_off: looking.is_cut_off && looking.found.len() < search.limit,
        hits: looking.found,
    })
}

struct Looking<'a> {
    store: &'a Store,
    search: &'a Search<'a>,
    /// What a place must be in, the narrowest first.
    filter: Vec<(Area, String)>,
    found: Vec<Hit>,
    pages: usize,
    most_pages: usize,
    /// Each once, whatever it has.
    pharmacies: HashSet<PharmacyId>,
    shelves: usize,
    is_cut_off: bool,
    /// What reservations hold that are over, once it was looked for.
    lapsed: Option<reservations::LotsOfShelves>,
}

impl<'a> Looking<'a> {
    fn new(store: &'a Store, search: &'a Search<'a>) -> Self {
        let place = search.place;
        let asked = [
            (Area::Pincode, place.pincode),
            (Area::City, place.city),
            (Area::State, place.state),
        ];
        let asked = asked
            .into_iter()
            .filter_map(|(area, name)| Some((area, folded_place(name?))));
        Self {
            store,
            search,
            filter: asked.filter(|(_, name)| !name.is_empty()).collect(),
            found: Vec::new(),
            pages: 0,
            most_pages: MOST_PAGES,
            pharmacies: HashSet::new(),
            shelves: 0,
            is_cut_off: false,
            lapsed: None,
        }
    }

    fn has_enough(&self) -> bool {
        self.found.len() >= self.search.limit
    }

    fn has_looked_at_most(&self) -> bool {
        self.pharmacies.len() >= MOST_LOOKED_AT || self.shelves >= MOST_SHELVES
    }

    /// Whether it ends with what it has found, or without more.
    fn is_done(&self) -> bool {
        self.has_enough() || self.has_looked_at_most() || self.pages >= self.most_pages
    }

    /// No more at once than can still be wanted, unless many were in vain.
    fn batch(&self) -> usize {
        BATCH.min(self.search.limit.saturating_sub(self.found.len()).max(FEW))
    }

    fn is_wanted(&self, offer: &Offer) -> bool {
        self.filter.iter().all(|(area, name)| offer.area(*area) == name)
    }

    /// Of an area, the nearest first. `false` where it is too large to be read as a whole, and nothing was looked at.
    async fn nearest_of(&mut self, area: &KeyRange, from: Position) -> Result<bool, Error> {
        let (mut near, mut nowhere, mut after) = (Vec::new(), Vec::new(), None);
        for _ in 0..MOST_PAGES_OF_AREA {
            let limit = PAGE_OF_AREA;
            let request = PageRequest { limit, after };
            let page = self.store.query(area, &request, Order::Forwards).await?;
            for item in page.items {
                let offer: Offer = serde_dynamo::from_item(item)?;
                match offer.position().map(|position| from.metres_to(position)) {
                    _ if !self.is_wanted(&offer) => {}
                    Some(metres) if metres <= self.search.place.reach_metres => near.push((metres, offer)),
                    Some(_) => {}
                    None => nowhere.push((offer, None)),
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if after.is_some() {
            return Ok(false);
        }
        near.sort_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| a.cmp(b)));
        let near = near.into_iter().map(|(metres, offer)| (offer, Some(metres)));
        let mut waiting = near.chain(nowhere).peekable();
        while waiting.peek().is_some() && !self.is_done() {
            let batch = waiting.by_ref().take(self.batch()).collect();
            self.look(batch).await?;
        }
        self.is_cut_off = waiting.peek().is_some();
        Ok(true)
    }

    async fn nearest(&mut self, from: Position) -> Result<(), Error> {
        let mut frontier = Frontier::new(from, self.search.place.reach_metres);
        let mut batch: Vec<(Offer, Option<f64>)> = Vec::new();
        while !self.is_done() {
            match frontier.step() {
                Step::Read(reading) => self.read(&mut frontier, &reading).await?,
                Step::Found { metres, thing } => {
                    batch.push((thing, Some(metres)));
                    if batch.len() >= self.batch() {
                        self.look(std::mem::take(&mut batch)).await?;
                    }
                }
                Step::Done => return self.look(batch).await,
            }
        }
        self.is_cut_off = true;
        // What was found before the pages were used up.
        self.look(batch).await
    }

    async fn read(&mut self, frontier: &mut Frontier<Offer>, reading: &Reading) -> Result<(), Error> {
        self.pages += 1;
        let range = key::offers_in_cell(&self.search.term, &reading.cell.digits());
        let page = PageRequest {
            limit: PAGE,
            after: reading
                .after
                .as_ref()
                .map(|after| Cursor::at(&format!("{LOCATED}{after}"))),
        };
        let page = self.store.query(&range, &page, Order::Forwards).await?;
        for item in page.items {
            let offer: Offer = serde_dynamo::from_item(item)?;
            if let Some(position) = offer.position().filter(|_| self.is_wanted(&offer)) {
                frontier.add(position, offer);
            }
        }
        if let Some(last) = page
            .next
            .as_ref()
            .and_then(|next| next.sort_key().strip_prefix(LOCATED))
        {
            frontier.more(reading, last);
        }
        Ok(())
    }

    async fn all_of(&mut self, range: &KeyRange) -> Result<(), Error> {
        let mut after = None;
        while !self.is_done() {
            self.pages += 1;
            let page = self
                .store
                .query(range, &PageRequest { limit: PAGE, after }, Order::Forwards)
                .await?;
            let offers = page.items.into_iter().map(serde_dynamo::from_item);
            let offers = offers.collect::<Result<Vec<Offer>, _>>()?;
            let wanted = offers.into_iter().filter(|offer| self.is_wanted(offer));
            self.look(wanted.map(|offer| (offer, None)).collect()).await?;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
        self.is_cut_off = true;
        Ok(())
    }

    /// At what there is of it now.
    async fn look(&mut self, offers: Vec<(Offer, Option<f64>)>) -> Result<(), Error> {
        if offers.is_empty() || self.has_enough() {
            return Ok(());
        }
        self.shelves += offers.len();
        self.pharmacies.extend(offers.iter().map(|(offer, _)| offer.pharmacy));
        let keys: Vec<_> = offers
            .iter()
            .flat_map(|(offer, _)| {
                [
                    key::pharmacy(offer.pharmacy),
                    key::shelf(offer.pharmacy, &offer.medicine),
                ]
            })
            .collect();
        let mut items = self.store.batch_get(&keys).await?.into_iter();
        for (_, metres) in offers {
            let both: (Option<Item>, Option<Item>) = (items.next().flatten(), items.next().flatten());
            if let ((Some(pharmacy), Some(shelf)), true) = (both, self.found.len() < self.search.limit) {
                let hit = self
                    .hit(serde_dynamo::from_item(pharmacy)?, shelf::read(shelf)?.shelf, metres)
                    .await?;
                self.found.extend(hit);
            }
        }
        Ok(())
    }

    async fn hit(&mut self, pharmacy: Pharmacy, shelf: Shelf, metres: Option<f64>) -> Result<Option<Hit>, Error> {
        let search = self.search;
        // It may have had another generic name once.
        let is_it = shelf.is_one_of(std::slice::from_ref(&search.term));
        if !is_it || (search.only_open && !pharmacy.details.is_open(search.now)) {
            return Ok(None);
        }
        let now = pharmacy.details.moment(search.now);
        let mut available = shelf.available(now);
        if available < search.at_least && shelf.held() > 0 {
            available = shelf.available_with(self.lapsed_of(&shelf).await?, now);
        }
        let is_enough = available >= search.at_least.max(1);
        Ok(is_enough.then_some(Hit {
            pharmacy,
            shelf,
            available,
            metres,
        }))
    }

    async fn lapsed_of(&mut self, shelf: &Shelf) -> Result<&[(LotCode, u64)], Error> {
        let lapsed = match self.lapsed.take() {
            Some(lapsed) => lapsed,
            None => reservations::lapsed_lots(self.store, self.search.now).await?,
        };
        let lapsed = self.lapsed.insert(lapsed);
        let found = lapsed.get(&(shelf.pharmacy, shelf.medicine.clone()));
        Ok(found.map(Vec::as_slice).unwrap_or_default())
    }
}
