//! Support tickets, sealed; found by status, by writer and by id. How many there are of each status is counted in the
//! same transactions.

use domain::id::{TicketId, UserId};
use domain::ticket::{Ticket, TicketRefused, TicketStatus};
use serde::{Deserialize, Serialize};

use crate::key::KeyRange;
use crate::outbox::Entry;
use crate::query::place_in;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, RefusedOr, Store, key};

/// Tickets that one list reads past, at most: who wants older ones asks by status.
pub const MOST_SKIPPED: usize = 2_000;
/// How often a change is tried again while others change the same ticket.
const ATTEMPTS: u32 = 8;

impl Sealed for Ticket {
    const SEALED: &'static [&'static str] = &["name", "email", "subject", "message", "response"];
}

/// A place in a list, without what the ticket says.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: TicketId,
}

/// Why a ticket could not be changed.
pub type ChangeError = RefusedOr<TicketRefused>;

impl From<TicketRefused> for ChangeError {
    fn from(refused: TicketRefused) -> Self {
        Self::Refused(refused)
    }
}

pub async fn open(store: &Store, ticket: &Ticket) -> Result<(), Error> {
    let pointer = Pointer { id: ticket.id };
    let mut writes = vec![
        store.sealed_put(key::ticket(ticket.id), ticket).await?.if_absent(),
        Write::put(key::ticket_by_status(ticket.status, ticket.id), &pointer)?,
        Write::update(key::ticket_counts()).add(ticket.status.word(), 1),
    ];
    if let Some(writer) = ticket.writer {
        writes.push(Write::put(key::ticket_of(writer, ticket.id), &pointer)?);
    }
    store.transact(writes).await
}

/// Reads, changes and writes until nobody else was between. `notice`: what goes out with the change from one to the
/// other, if anything.
pub async fn change(
    store: &Store,
    id: TicketId,
    change: impl Fn(&Ticket) -> Result<Ticket, TicketRefused>,
    notice: impl Fn(&Ticket, &Ticket) -> Option<Entry>,
) -> Result<Ticket, ChangeError> {
    for _ in 0..ATTEMPTS {
        let before = find(store, id).await?;
        let after = change(&before)?;
        let put = store.sealed_put(key::ticket(id), &after).await?;
        let mut writes = vec![put.if_equals("revision", &before.revision)?];
        if before.status != after.status {
            let counts = Write::update(key::ticket_counts()).add(before.status.word(), -1);
            writes.push(counts.add(after.status.word(), 1));
            writes.push(Write::delete(key::ticket_by_status(before.status, id)));
            writes.push(Write::put(key::ticket_by_status(after.status, id), &Pointer { id })?);
        }
        if let Some(notice) = notice(&before, &after) {
            writes.push(notice.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            outcome => return Ok(outcome.map(|()| after)?),
        }
    }
    Err(busy().into())
}

pub async fn remove(store: &Store, id: TicketId) -> Result<(), ChangeError> {
    for _ in 0..ATTEMPTS {
        let ticket = find(store, id).await?;
        let mut writes = vec![
            Write::delete(key::ticket(id)).if_equals("revision", &ticket.revision)?,
            Write::delete(key::ticket_by_status(ticket.status, id)),
            Write::update(key::ticket_counts()).add(ticket.status.word(), -1),
        ];
        writes.extend(ticket.writer.map(|writer| Write::delete(key::ticket_of(writer, id))));
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(busy().into())
}

/// Keeps what was asked, without who asked, when the writer's account goes. Repeatable.
pub(crate) async fn forget_writer(store: &Store, writer: UserId, id: TicketId) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let mut writes = vec![Write::delete(key::ticket_of(writer, id))];
        let ticket: Option<Ticket> = store.get_sealed(&key::ticket(id)).await?;
        if let Some(ticket) = ticket.filter(|ticket| ticket.writer == Some(writer)) {
            let put = store.sealed_put(key::ticket(id), &ticket.without_writer()).await?;
            writes.push(put.if_equals("revision", &ticket.revision)?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(_)) => {}
            outcome => return outcome,
        }
    }
    Err(busy())
}

pub async fn find(store: &Store, id: TicketId) -> Result<Ticket, ChangeError> {
    let ticket = store.get_sealed(&key::ticket(id)).await?;
    Ok(ticket.ok_or(TicketRefused::NotFound)?)
}

/// A writer's own, newest first.
pub async fn list_own(store: &Store, writer: UserId, most: usize) -> Result<Vec<Ticket>, Error> {
    pointed_at(store, &key::tickets_of(writer), 0, most).await
}

/// Everybody's, newest first.
pub async fn list(
    store: &Store,
    status: Option<TicketStatus>,
    skip: usize,
    limit: usize,
) -> Result<Vec<Ticket>, Error> {
    let skip = skip.min(MOST_SKIPPED);
    if let Some(status) = status {
        return pointed_at(store, &key::tickets_by_status(status), skip, limit).await;
    }
    let range = key::tickets();
    let mut tickets = Vec::new();
    for item in store
        .query_all_backwards(&range, skip + limit)
        .await?
        .into_iter()
        .skip(skip)
    {
        let place = place_in(&range, &item)?;
        tickets.push(store.open_item(&place, item).await?);
    }
    Ok(tickets)
}

/// Of a status, or of all.
pub async fn count(store: &Store, status: Option<TicketStatus>) -> Result<u64, Error> {
    let counts: Item = store.get_item(&key::ticket_counts()).await?.unwrap_or_default();
    let number = |status: TicketStatus| -> u64 {
        let value = counts.get(status.word()).and_then(|value| value.as_n().ok());
        value.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Ok(match status {
        Some(status) => number(status),
        None => TicketStatus::ALL.into_iter().map(number).sum(),
    })
}

/// A ticket that went while the list was read is left out.
async fn pointed_at(store: &Store, range: &KeyRange, skip: usize, limit: usize) -> Result<Vec<Ticket>, Error> {
    let pointers = store.query_all_backwards(range, skip + limit).await?;
    let mut places = Vec::new();
    for pointer in pointers.into_iter().skip(skip) {
        let Pointer { id } = serde_dynamo::from_item(pointer)?;
        places.push(key::ticket(id));
    }
    let mut tickets = Vec::new();
    for (place, item) in places.iter().zip(store.batch_get(&places).await?) {
        if let Some(item) = item {
            tickets.push(store.open_item(place, item).await?);
        }
    }
    Ok(tickets)
}

fn busy() -> Error {
    Error::Unavailable("a ticket kept changing".to_owned())
}
