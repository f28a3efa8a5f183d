//! Signals on their way: one mailbox for each party of a call, read at least once and in order.
//!
//! Every signal draws the next number of its mailbox in the transaction that puts it there, over the number that it saw,
//! so whoever has read up to a number misses none below it. What is read stays until it is acknowledged; reading and
//! acknowledging are two things, so that any transport can do them ([`pending_after`], [`acknowledge`]). The newest
//! connection of a party has the mailbox ([`take_over`]). The first clients get each signal once ([`hand_out`]), which is
//! decided here as well: of two that ask at once, one gets it. What has waited for more than five minutes is taken for read.

use domain::consultation::signal::{MOST_WAITING, Signal, SignalType};
use domain::consultation::{Consultation, ConsultationRefused, Party};
use domain::id::{ConsultationId, UserId};
use domain::socket::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ATTEMPTS, ConsultationError, busy, goes_on, row_after};
use crate::key::Key;
use crate::outbox::Entry;
use crate::query::place_in;
use crate::sealing::Sealed;
use crate::sockets::{Connection, seats};
use crate::write::{Item, Write};
use crate::{Error, Store, key, pause, table};

/// Removed with one acknowledgement: a transaction takes 4 MB, what it removes included. The rest goes with the next, or with
/// the call.
const MOST_REMOVED: u64 = 30;
/// Read at once.
const PAGE: u16 = 100;

impl Sealed for Signal {
    const SEALED: &'static [&'static str] = &["data"];
}

/// What is known of a mailbox.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Head {
    /// The last number drawn.
    sequence: u64,
    /// Up to here its reader has said that they have it.
    acknowledged: u64,
    /// Up to here it was handed out to a reader who says nothing.
    handed: u64,
    /// Up to here nothing is kept.
    removed: u64,
    /// The newest connection of its party.
    connection: u64,
}

/// A mailbox, and the connection that uses it, if that is known.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub consultation: &'a Consultation,
    pub party: Party,
    /// From the token that joining gave; none for the first clients, who show none.
    pub connection: Option<u64>,
}

/// What waits in a mailbox.
#[derive(Default)]
pub struct Waiting {
    pub signals: Vec<Signal>,
    /// More than were read at once.
    pub has_more: bool,
}

/// What somebody sends.
pub struct Letter {
    pub to: Party,
    pub signal_type: SignalType,
    pub data: Map<String, Value>,
    /// Of the name that the client gave it: under one name the first counts.
    pub digest: Option<String>,
}

/// What became of a letter.
pub struct Posted {
    /// Its place in the mailbox.
    pub sequence: u64,
    /// None where it had been sent before and is acknowledged by now.
    pub signal: Option<Signal>,
    pub is_repeated: bool,
}

/// What a client's name for a letter stands for.
#[derive(Serialize, Deserialize)]
struct Sent {
    to: Party,
    sequence: u64,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

impl Posted {
    fn new(signal: Signal) -> Self {
        Self {
            sequence: signal.sequence,
            signal: Some(signal),
            is_repeated: false,
        }
    }
}

impl Head {
    /// Up to here its reader has everything, as far as is known.
    fn known(&self) -> u64 {
        self.acknowledged.max(self.handed).min(self.sequence)
    }
}

impl Reader<'_> {
    fn place(&self) -> Key {
        key::mailbox(self.consultation.patient, self.consultation.id, self.party)
    }

    fn must_be_newest(&self, head: &Head) -> Result<(), ConsultationRefused> {
        match self.connection {
            Some(number) if number < head.connection => Err(ConsultationRefused::TakenOver),
            _ => Ok(()),
        }
    }
}

/// Puts a signal into the mailbox of whom it is for, while the call goes on.
pub async fn put(
    store: &Store,
    sender: Reader<'_>,
    letter: &Letter,
    now: Timestamp,
) -> Result<Posted, ConsultationError> {
    let call = sender.consultation;
    let to = key::mailbox(call.patient, call.id, letter.to);
    let named = letter.digest.as_deref();
    let named = named.map(|digest| key::call_signal_named(call.patient, call.id, sender.party, digest));
    let keys: Vec<_> = [to, sender.place()].into_iter().chain(named.clone()).collect();
    for attempt in 0..ATTEMPTS {
        let mut items = store.batch_get(&keys).await?.into_iter();
        let (item, own, known) = (items.next().flatten(), items.next().flatten(), items.next().flatten());
        // A guest has a mailbox once they are here.
        let is_known = item.is_some() || !matches!(letter.to, Party::Guest(_));
        is_known.then_some(()).ok_or(ConsultationRefused::NoAddressee)?;
        sender.must_be_newest(&head(own.as_ref())?)?;
        if let Some(known) = known {
            return Ok(posted_before(store, call, known).await?);
        }
        let item = item.unwrap_or_default();
        let signal = Signal {
            consultation: call.id,
            sequence: head(Some(&item))?.sequence + 1,
            from: sender.party,
            to: letter.to,
            signal_type: letter.signal_type,
            data: letter.data.clone(),
            sent_at: now,
            expires_at: call.over_by(),
        };
        let mut writes = vec![goes_on(call)?];
        writes.extend(drawing(store, &signal, call, &item, now).await?);
        writes.extend(posting(store, call, &signal, named.clone()).await?);
        if sender.connection.is_some() {
            let own = own.unwrap_or_default();
            writes.push(Write::check(sender.place()).if_unchanged("connection", &own));
        }
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(Posted::new(signal)),
            Err(Error::ConditionFailed(0)) => return Err(ConsultationRefused::NotActive.into()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// Draws the number of a signal, if there is room for it. Where there is none, what waits for too long makes some.
async fn drawing(
    store: &Store,
    signal: &Signal,
    call: &Consultation,
    item: &Item,
    now: Timestamp,
) -> Result<Vec<Write>, ConsultationError> {
    let seen = head(Some(item))?;
    let place = key::mailbox(call.patient, call.id, signal.to);
    let draw = Write::update(place).set("sequence", &signal.sequence)?;
    let draw = expiring(draw, call)?.if_unchanged("sequence", item);
    if seen.sequence - seen.known() < MOST_WAITING {
        return Ok(vec![draw]);
    }
    let oldest = key::signal(call.patient, call.id, signal.to, seen.known() + 1);
    let oldest: Option<Signal> = store.get_sealed(&oldest).await?;
    if !oldest.is_some_and(|oldest| oldest.is_stale(now)) {
        return Err(ConsultationRefused::MailboxFull.into());
    }
    let reader = Reader {
        consultation: call,
        party: signal.to,
        connection: None,
    };
    let found = waiting(store, reader, seen.known()).await?;
    let stale = last_stale(&found, now).unwrap_or(seen.known());
    Ok(removing(
        reader,
        draw.set("acknowledged", &stale)?,
        item,
        seen.removed,
        stale,
    )?)
}

/// The signal, and what its client's name for it stands for.
async fn posting(store: &Store, call: &Consultation, signal: &Signal, named: Option<Key>) -> Result<Vec<Write>, Error> {
    let (to, sequence) = (signal.to, signal.sequence);
    let place = key::signal(call.patient, call.id, to, sequence);
    let mut writes = vec![store.sealed_put(place, signal).await?.if_absent()];
    if let Some(named) = named {
        let expires_at = signal.expires_at;
        let sent = Sent {
            to,
            sequence,
            expires_at,
        };
        writes.push(Write::put(named, &sent)?.if_absent());
    }
    Ok(writes)
}

async fn posted_before(store: &Store, call: &Consultation, known: Item) -> Result<Posted, Error> {
    let Sent { to, sequence, .. } = serde_dynamo::from_item(known)?;
    let place = key::signal(call.patient, call.id, to, sequence);
    Ok(Posted {
        sequence,
        signal: store.get_sealed(&place).await?,
        is_repeated: true,
    })
}

/// What came after a number and is not acknowledged, in order; again each time it is asked for.
pub async fn pending_after(
    store: &Store,
    reader: Reader<'_>,
    after: u64,
    now: Timestamp,
) -> Result<Waiting, ConsultationError> {
    let seen = head(store.get_item(&reader.place()).await?.as_ref())?;
    reader.must_be_newest(&seen)?;
    let mut known = after.max(seen.acknowledged).max(seen.removed);
    loop {
        let mut found = waiting(store, reader, known).await?;
        let Some(stale) = last_stale(&found, now) else {
            return Ok(found);
        };
        acknowledge(store, reader, stale).await?;
        found.signals.retain(|signal| signal.sequence > stale);
        if !found.signals.is_empty() || !found.has_more {
            return Ok(found);
        }
        known = stale;
    }
}

/// The reader has all up to this number: it is not given again.
pub async fn acknowledge(store: &Store, reader: Reader<'_>, upto: u64) -> Result<(), ConsultationError> {
    for attempt in 0..ATTEMPTS {
        let item = store.get_item(&reader.place()).await?;
        let seen = head(item.as_ref())?;
        reader.must_be_newest(&seen)?;
        let upto = upto.min(seen.sequence);
        let Some(item) = item.filter(|_| upto > seen.acknowledged) else {
            return Ok(());
        };
        let acknowledged = Write::update(reader.place()).set("acknowledged", &upto)?;
        match store
            .transact_as_seen(removing(reader, acknowledged, &item, seen.removed, upto)?)
            .await
        {
            Ok(()) => return Ok(()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// What has not been handed out yet: each signal once, whoever asks. What was handed out before goes now; the last stays
/// for whoever asks for it by its number, since an answer may be lost.
pub async fn hand_out(store: &Store, reader: Reader<'_>, now: Timestamp) -> Result<Waiting, ConsultationError> {
    for attempt in 0..ATTEMPTS {
        let item = store.get_item(&reader.place()).await?;
        let seen = head(item.as_ref())?;
        reader.must_be_newest(&seen)?;
        let known = seen.handed.max(seen.acknowledged);
        let mut found = waiting(store, reader, known).await?;
        let (Some(item), Some(last)) = (item, found.signals.last()) else {
            return Ok(found);
        };
        let handed = Write::update(reader.place()).set("handed", &last.sequence)?;
        match store
            .transact_as_seen(removing(reader, handed, &item, seen.removed, known)?)
            .await
        {
            Ok(()) => {
                found.signals.retain(|signal| !signal.is_stale(now));
                return Ok(found);
            }
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// A party listens over a connection of the WebSocket API: gives the number that the connection has from now on. Only
/// while it has the party's seat: of two that listen, the one that has the seat has the mailbox.
pub async fn take_over(
    store: &Store,
    consultation: &Consultation,
    party: Party,
    connection: &Connection,
    note: &Entry,
) -> Result<u64, ConsultationError> {
    let place = key::mailbox(consultation.patient, consultation.id, party);
    let (channel, name) = (Channel::Consultation(consultation.id), party.to_string());
    for attempt in 0..ATTEMPTS {
        let item = store.get_item(&place).await?.unwrap_or_default();
        let (number, write) = taken_over(consultation, party, item)?;
        let writes = vec![
            goes_on(consultation)?,
            seats::is_held(connection, &channel, &name)?,
            write,
            note.write(store).await?,
        ];
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(number),
            Err(Error::ConditionFailed(0)) => return Err(ConsultationRefused::NotActive.into()),
            Err(Error::ConditionFailed(1)) => return Err(ConsultationRefused::TakenOver.into()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

pub(super) fn taken_over(consultation: &Consultation, party: Party, item: Item) -> Result<(u64, Write), Error> {
    let number = head(Some(&item))?.connection + 1;
    let place = key::mailbox(consultation.patient, consultation.id, party);
    let write = Write::update(place).set("connection", &number)?;
    let write = expiring(write, consultation)?.if_unchanged("connection", &item);
    Ok((number, write))
}

/// Signals after a number.
async fn waiting(store: &Store, reader: Reader<'_>, after: u64) -> Result<Waiting, Error> {
    let (call, party) = (reader.consultation, reader.party);
    let range = key::signals(call.patient, call.id, party);
    let start = key::signal(call.patient, call.id, party, after);
    let number = |signal: &Signal| signal.sequence;
    let (signals, has_more) = row_after(store, &range, (start, after), PAGE, number).await?;
    Ok(Waiting { signals, has_more })
}

/// The last of those that have waited for too long, of which all before it have.
fn last_stale(found: &Waiting, now: Timestamp) -> Option<u64> {
    let stale = found.signals.iter().take_while(|signal| signal.is_stale(now));
    stale.last().map(|signal| signal.sequence)
}

/// With the removal of what is known to its reader, who has the mailbox still.
fn removing(reader: Reader<'_>, write: Write, item: &Item, removed: u64, known: u64) -> Result<Vec<Write>, Error> {
    let upto = known.min(removed + MOST_REMOVED).max(removed);
    let write = write.set("removed", &upto)?;
    let write = ["acknowledged", "handed", "removed", "connection"]
        .into_iter()
        .fold(write, |write, name| write.if_unchanged(name, item));
    let call = reader.consultation;
    let place = |sequence| key::signal(call.patient, call.id, reader.party, sequence);
    let gone = (removed + 1..=upto).map(|sequence| Write::delete(place(sequence)));
    Ok([write].into_iter().chain(gone).collect())
}

fn head(item: Option<&Item>) -> Result<Head, Error> {
    match item {
        Some(item) => Ok(serde_dynamo::from_item(item.clone())?),
        None => Ok(Head::default()),
    }
}

/// A mailbox goes with its call.
fn expiring(write: Write, consultation: &Consultation) -> Result<Write, Error> {
    write.set(table::EXPIRY, &consultation.over_by().as_second())
}

/// Removes what is left in the mailboxes of a call that is over: bounded, and repeatable until nothing is left.
pub async fn purge(store: &Store, patient: UserId, id: ConsultationId) -> Result<(), Error> {
    let range = key::signals_of_call(patient, id);
    loop {
        let items = store.query_all(&range, usize::from(PAGE)).await?;
        if items.is_empty() {
            return Ok(());
        }
        for item in items {
            store.write(Write::delete(place_in(&range, &item)?)).await?;
        }
    }
}
