//! What the app shows in its list. Lines and their counts change in one transaction, so the counts are exact, and a
//! look at the list costs two reads however long it is.
//!
//! Unread lines are there twice: once among all, once among the unread.

use domain::id::{NotificationId, UserId};
use domain::notification::{Counts, KEPT, MOST_KEPT, Notification};
use jiff::Timestamp;

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, PageRequest, Store, key};

/// Lines that make room for one new one at most. More than one, so that a list shrinks whose lines grow old.
const MOST_REMOVED: usize = 3;
/// How often adding is tried anew when lines were read or removed at that moment.
const TRIES: u32 = 5;

/// Adds a line and removes the errand that led to it; nothing happens the second time. The oldest lines make room.
pub async fn add(store: &Store, note: &Notification, errand: &Entry, now: Timestamp) -> Result<(), Error> {
    for _ in 0..TRIES {
        let old = old_lines(store, note.user, now).await?;
        let unread = old.iter().filter(|line| !line.is_read).count() as i64;
        let mut writes = vec![
            errand.done(),
            Write::put(key::note(note.user, note.id), note)?.if_absent(),
            Write::put(key::unread_note(note.user, note.id), note)?,
            count(note.user, 1 - old.len() as i64, 1 - unread),
        ];
        writes.extend(errand.queued().map(Write::delete));
        for line in &old {
            writes.push(remove_line(line.user, line.id, line.is_read)?);
            writes.push(Write::delete(key::unread_note(line.user, line.id)));
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => return Ok(()),
            Err(Error::ConditionFailed(place)) if place > 1 => {}
            other => return other,
        }
    }
    Err(Error::Unavailable("a list of notifications kept changing".to_owned()))
}

/// The oldest lines, if they are too old or too many.
async fn old_lines(store: &Store, user: UserId, now: Timestamp) -> Result<Vec<Notification>, Error> {
    let total = counts(store, user).await?.total;
    if total == 0 {
        return Ok(Vec::new());
    }
    let oldest = store.query_all(&key::notes(user), MOST_REMOVED).await?;
    let oldest: Vec<Notification> = serde_dynamo::from_items(oldest)?;
    let surplus = (total + 1).saturating_sub(MOST_KEPT) as usize;
    let is_old = |line: &Notification| now.duration_since(line.created_at) > KEPT;
    Ok(oldest
        .into_iter()
        .enumerate()
        .filter(|(place, line)| *place < surplus || is_old(line))
        .map(|(_, line)| line)
        .collect())
}

/// A part of a person's list, newest first, and how many lines there are.
pub async fn list(
    store: &Store,
    user: UserId,
    unread_only: bool,
    offset: u16,
    limit: u16,
) -> Result<(Vec<Notification>, Counts), Error> {
    let range = if unread_only {
        key::unread_notes(user)
    } else {
        key::notes(user)
    };
    let page = PageRequest {
        limit: offset + limit,
        after: None,
    };
    let (lines, counts) = tokio::try_join!(store.query_backwards(&range, &page), counts(store, user))?;
    Ok((lines.items.into_iter().skip(usize::from(offset)).collect(), counts))
}

pub async fn counts(store: &Store, user: UserId) -> Result<Counts, Error> {
    let counts: Option<Counts> = store.get(&key::note_counts(user)).await?;
    Ok(counts.unwrap_or_default())
}

/// Marks a line as read, which may have happened before. Fails as `ConditionFailed` where there is none.
pub async fn mark_read(store: &Store, user: UserId, id: NotificationId) -> Result<(), Error> {
    let mark = Write::update(key::note(user, id)).set("is_read", &true)?.if_present();
    let writes = vec![
        mark.if_equals("is_read", &false)?,
        Write::delete(key::unread_note(user, id)),
        count(user, 0, -1),
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(place)) => {
            let line: Option<Notification> = store.get(&key::note(user, id)).await?;
            line.map(|_| ()).ok_or(Error::ConditionFailed(place))
        }
        other => other,
    }
}

/// Fails as `ConditionFailed` where there is none.
pub async fn remove(store: &Store, user: UserId, id: NotificationId) -> Result<(), Error> {
    let unread = vec![
        remove_line(user, id, false)?,
        Write::delete(key::unread_note(user, id)),
        count(user, -1, -1),
    ];
    match store.transact(unread).await {
        // Lines become read, never unread again.
        Err(Error::ConditionFailed(_)) => {
            let read = vec![remove_line(user, id, true)?, count(user, -1, 0)];
            store.transact(read).await
        }
        other => other,
    }
}

fn remove_line(user: UserId, id: NotificationId, is_read: bool) -> Result<Write, Error> {
    Write::delete(key::note(user, id))
        .if_present()
        .if_equals("is_read", &is_read)
}

fn count(user: UserId, total: i64, unread: i64) -> Write {
    let counts = Write::update(key::note_counts(user));
    counts.add("total", total).add("unread", unread)
}
