//! What belonged to somebody whose account is gone, removed piece by piece. Repeatable: what is gone stays gone.
//!
//! What stays: the log of who touched their health data, lines about the account and tickets, none of which names them
//! by more than an id; a doctor's opinions, signed records and consultations, which are part of their patients' records; and what is kept under a keyed hash
//! until it expires, such as counts of failed sign-ins. Ledgers of pharmacies keep what was given out, and not to whom.

use domain::id::{EmergencyAccessId, RecordId, ReviewRequestId, TicketId, UploadId, UserId};
use domain::picture_link::PictureName;
use domain::record::file::Kept;
use jiff::Timestamp;
use serde::Deserialize;

use crate::key::{Key, KeyRange};
use crate::query::{Order, place_in};
use crate::write::{Item, Write};
use crate::{
    Error, PageRequest, Store, consultations, devices, emergencies, exports, families, identities, key, pharmacies,
    pictures, predictions, records, reviews, scheduling, sync_devices, tickets, uploads, vitals,
};

/// How far a walk came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    Finished,
    /// Long enough for one go. There is more.
    Paused,
}

/// Items that are removed in one go: well within the time of a worker, at tens of milliseconds each.
pub const MOST_AT_ONCE: usize = 500;
/// Items of one page.
const PAGE: usize = 100;

/// What the items of a range are, and so what goes with them.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Reviews,
    Predictions,
    /// Items that name the pictures that go with them.
    Pictured,
    RecordFiles,
    Uploads,
    Tickets,
    /// What a doctor was writing, and that it is about a patient: both go with either of them.
    Drafts,
    Emergencies,
    SyncDevices,
    /// With their archives.
    Exports,
    Visits,
    Waiting,
    /// Places in lists of consultations.
    Calls,
    /// What is held for them is free for others.
    Reservations,
    /// Of which a pharmacy's ledger names them.
    Received,
    /// With the time at which alarms are looked at next.
    VitalHeads,
}

/// `named`: pictures that the account named.
pub async fn erase(
    store: &Store,
    user: UserId,
    named: &[PictureName],
    most: usize,
    now: Timestamp,
) -> Result<Walk, Error> {
    for picture in named {
        pictures::remove(store, picture).await?;
    }
    families::erase(store, user).await?;
    devices::erase(store, user).await?;
    identities::erase(store, user).await?;
    scheduling::forget_doctor(store, user).await?;
    let mut left = most;
    for (kind, range) in parts(user) {
        if erase_part(store, (user, now), kind, &range, &mut left).await? == Walk::Paused {
            return Ok(Walk::Paused);
        }
    }
    Ok(Walk::Finished)
}

fn parts(user: UserId) -> [(Kind, KeyRange); 32] {
    [
        (Kind::Emergencies, key::emergencies_of(user)),
        (Kind::Plain, key::everything_of(user)),
        (Kind::Plain, key::whole_inbox(user)),
        (Kind::Plain, key::devices(user)),
        // Each goes from both people's lists.
        (Kind::Reviews, key::reviews_of(user, None)),
        (Kind::Plain, key::all_reviews_of(user)),
        (Kind::Predictions, key::predictions(user)),
        (Kind::Pictured, key::skin_records(user)),
        (Kind::Pictured, key::dental_analyses(user)),
        (Kind::Plain, key::whole_patient(user)),
        (Kind::Drafts, key::all_drafted(user)),
        // Each goes from the lists of those that need attention.
        (Kind::SyncDevices, key::sync_devices(user)),
        (Kind::RecordFiles, key::record_files_of(user)),
        (Kind::Plain, key::whole_record_partition(user)),
        (Kind::Drafts, key::drafts_by(user)),
        (Kind::Calls, key::consultations_of(user)),
        (Kind::Plain, key::whole_consultation_partition(user)),
        (Kind::Reservations, key::reservations_of(user)),
        (Kind::Received, key::received_by(user)),
        (Kind::Plain, key::whole_pharmacy_partition(user)),
        (Kind::Uploads, key::uploads(user)),
        (Kind::Tickets, key::tickets_of(user)),
        (Kind::Exports, key::exports(user)),
        (Kind::Plain, key::export_books(user)),
        (Kind::Visits, key::visits(user)),
        (Kind::Waiting, key::waits(user)),
        (Kind::Waiting, key::waitlist(user)),
        (Kind::Plain, key::whole_agenda(user)),
        (Kind::Plain, key::appointments_of(user)),
        // Devices first: what they send from then on is nobody's.
        (Kind::Plain, key::vital_devices(user)),
        (Kind::VitalHeads, key::vital_heads(user)),
        (Kind::Plain, key::whole_vitals(user)),
    ]
}

async fn erase_part(
    store: &Store,
    (user, now): (UserId, Timestamp),
    kind: Kind,
    range: &KeyRange,
    left: &mut usize,
) -> Result<Walk, Error> {
    loop {
        // Always from the beginning, since what was there is gone.
        let request = PageRequest {
            limit: u16::try_from(PAGE.min(*left).max(1)).unwrap_or(u16::MAX),
            after: None,
        };
        let page = store.query(range, &request, Order::Forwards).await?;
        if page.items.is_empty() {
            return Ok(Walk::Finished);
        }
        if *left == 0 {
            return Ok(Walk::Paused);
        }
        for item in page.items {
            remove(store, (user, now), kind, range, item).await?;
            *left = left.saturating_sub(1);
        }
        if page.next.is_none() {
            return Ok(Walk::Finished);
        }
    }
}

async fn remove(
    store: &Store,
    (user, now): (UserId, Timestamp),
    kind: Kind,
    range: &KeyRange,
    item: Item,
) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Named<T> {
        id: T,
    }
    match kind {
        Kind::Pictured => {
            #[derive(Deserialize)]
            struct Pictured {
                picture: PictureName,
                thumbnail: Option<PictureName>,
            }
            let place = place_in(range, &item)?;
            let Pictured { picture, thumbnail } = serde_dynamo::from_item(item)?;
            for picture in [Some(picture), thumbnail].into_iter().flatten() {
                pictures::remove(store, &picture).await?;
            }
            store.write(Write::delete(place)).await
        }
        Kind::RecordFiles => remove_file(store, place_in(range, &item)?, item).await,
        Kind::Plain => store.write(Write::delete(place_in(range, &item)?)).await,
        Kind::SyncDevices => sync_devices::erase(store, &serde_dynamo::from_item(item)?).await,
        Kind::Reviews => {
            let Named::<ReviewRequestId> { id } = serde_dynamo::from_item(item)?;
            reviews::erase(store, user, id).await
        }
        Kind::Predictions => predictions::erase(store, &serde_dynamo::from_item(item)?).await,
        Kind::Drafts => remove_draft(store, item).await,
        Kind::Emergencies => {
            let place = place_in(range, &item)?;
            let Named::<EmergencyAccessId> { id } = serde_dynamo::from_item(item)?;
            emergencies::forget(store, id).await?;
            store.write(Write::delete(place)).await
        }
        Kind::Exports => exports::erase(store, &serde_dynamo::from_item(item)?).await,
        Kind::Visits => {
            let place = place_in(range, &item)?;
            scheduling::erase_visit(store, user, item, place).await
        }
        Kind::Waiting => scheduling::erase_waiting(store, user, item).await,
        Kind::VitalHeads => vitals::erase_head(store, user, item).await,
        Kind::Calls => consultations::erase_pointer(store, user, item).await,
        Kind::Reservations => pharmacies::erase_reservation(store, place_in(range, &item)?, item, now).await,
        Kind::Received => pharmacies::erase_received(store, place_in(range, &item)?, item).await,
        Kind::Uploads => {
            let Named::<UploadId> { id } = serde_dynamo::from_item(item)?;
            uploads::erase(store, user, id).await
        }
        Kind::Tickets => {
            let Named::<TicketId> { id } = serde_dynamo::from_item(item)?;
            tickets::forget_writer(store, user, id).await
        }
    }
}

async fn remove_draft(store: &Store, item: Item) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Drafted {
        id: RecordId,
        author: UserId,
        patient: UserId,
    }
    let Drafted { id, author, patient } = serde_dynamo::from_item(item)?;
    records::forget_draft(store, (author, id), patient).await
}

async fn remove_file(store: &Store, place: Key, item: Item) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct File {
        kept: Kept,
    }
    let File { kept } = serde_dynamo::from_item(item)?;
    records::remove_kept(store, &kept).await?;
    store.write(Write::delete(place)).await
}
