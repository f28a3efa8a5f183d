//! What is written in a call: numbered in the transaction that keeps it, each once, however often its client sends it.

use domain::consultation::message::{CallMessage, MOST_BY_GUEST, MOST_MESSAGES};
use domain::consultation::{Consultation, ConsultationRefused, Party};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ATTEMPTS, ConsultationError, busy, goes_on, row_after};
use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, Store, key, pause};

impl Sealed for CallMessage {
    const SEALED: &'static [&'static str] = &["text"];
}

/// How many there are, and the number that a client's name stands for.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Numbered {
    sequence: u64,
}

/// What somebody writes.
pub struct Note<'a> {
    pub from: Party,
    pub text: &'a str,
    /// Of the name that the client gave it.
    pub digest: Option<&'a str>,
    pub now: Timestamp,
}

/// What became of a message, and whether it had been sent before.
pub struct Said {
    pub message: CallMessage,
    pub is_repeated: bool,
}

/// Keeps a message, while the call goes on.
pub async fn say(
    store: &Store,
    call: &Consultation,
    note: &Note<'_>,
    audit: &Entry,
) -> Result<Said, ConsultationError> {
    let book = key::call_talk(call.patient, call.id);
    let named = note
        .digest
        .map(|digest| key::call_message_named(call.patient, call.id, note.from, digest));
    let keys: Vec<_> = [book.clone()].into_iter().chain(named.clone()).collect();
    for attempt in 0..ATTEMPTS {
        let mut items = store.batch_get(&keys).await?.into_iter();
        let (item, known) = (items.next().flatten().unwrap_or_default(), items.next().flatten());
        if let Some(known) = known {
            return repeated(store, call, note, serde_dynamo::from_item(known).map_err(Error::from)?).await;
        }
        let seen: Numbered = serde_dynamo::from_item(item.clone()).map_err(Error::from)?;
        if seen.sequence >= MOST_MESSAGES {
            return Err(ConsultationRefused::TooManyMessages.into());
        }
        let message = CallMessage {
            consultation: call.id,
            sequence: seen.sequence + 1,
            from: note.from,
            text: note.text.to_owned(),
            sent_at: note.now,
        };
        let sequence = message.sequence;
        let place = key::call_message(call.patient, call.id, sequence);
        let draw = Write::update(book.clone()).set("sequence", &sequence)?;
        let mut writes = vec![
            goes_on(call)?,
            counting_guest(draw, note.from, &item)?.if_unchanged("sequence", &item),
            store.sealed_put(place, &message).await?.if_absent(),
            audit.write(store).await?,
        ];
        if let Some(named) = &named {
            writes.push(Write::put(named.clone(), &Numbered { sequence })?.if_absent());
        }
        match store.transact_as_seen(writes).await {
            Ok(()) => {
                return Ok(Said {
                    message,
                    is_repeated: false,
                });
            }
            Err(Error::ConditionFailed(0)) => return Err(ConsultationRefused::NotActive.into()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// What one guest writes is counted beside the messages of all.
fn counting_guest(draw: Write, from: Party, book: &Item) -> Result<Write, ConsultationError> {
    if !matches!(from, Party::Guest(_)) {
        return Ok(draw);
    }
    let guest = from.to_string();
    let written: u64 = match book.get(&guest) {
        Some(count) => serde_dynamo::from_attribute_value(count.clone()).map_err(Error::from)?,
        None => 0,
    };
    if written >= MOST_BY_GUEST {
        return Err(ConsultationRefused::TooManyByGuest.into());
    }
    Ok(draw.set(&guest, &(written + 1))?)
}

async fn repeated(
    store: &Store,
    call: &Consultation,
    note: &Note<'_>,
    known: Numbered,
) -> Result<Said, ConsultationError> {
    let place = key::call_message(call.patient, call.id, known.sequence);
    let message: Option<CallMessage> = store.get_sealed(&place).await?;
    let message = message.filter(|message| message.text == note.text);
    Ok(Said {
        message: message.ok_or(ConsultationRefused::AnotherMessage)?,
        is_repeated: true,
    })
}

/// Messages after a number, in order, and whether there are more.
pub async fn list(
    store: &Store,
    call: &Consultation,
    after: u64,
    limit: u16,
) -> Result<(Vec<CallMessage>, bool), Error> {
    let range = key::call_messages(call.patient, call.id);
    let start = key::call_message(call.patient, call.id, after);
    let number = |message: &CallMessage| message.sequence;
    row_after(store, &range, (start, after), limit, number).await
}
