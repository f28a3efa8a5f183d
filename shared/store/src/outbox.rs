//! What must happen after a change, written in the same transaction as the change.
//!
//! A worker fed by the table's stream runs each errand and then removes its entry. Lambda freezes a process once it has
//! answered, so nothing may be left to "afterwards" in memory. What fails for now is noted in a queue by the time it
//! is due again; what fails for good is parked for a person.

mod queue;

use domain::account::Account;
use domain::audit::{Action, AuditEvent, Versions, Why};
use domain::email_address::EmailAddress;
use domain::firmware::FirmwareVersion;
use domain::id::{
    ConsultationId, DeviceId, ExportId, NotificationId, OutboxId, PharmacyId, SlotNumber, UserId, WaitingId,
};
use domain::language::Language;
use domain::notice::{Destination, Notice};
use domain::phone_number::PhoneNumber;
use domain::picture_link::PictureName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::records::Erased;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key};

pub use queue::{Parked, Reason, claim, due, list_parked, park, postpone, redrive, replace_later};

/// How long an entry that nobody could deliver is kept for an operator to see.
const KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// Tell a person something, by all that reaches them: leads to one of the next four for each.
    Tell {
        user: UserId,
        notice: Notice,
    },
    TellByMail {
        user: UserId,
        notice: Notice,
    },
    TellByTextMessage {
        user: UserId,
        notice: Notice,
    },
    TellInApp {
        user: UserId,
        notification: NotificationId,
        notice: Notice,
    },
    /// Says no more than that there is something.
    TellByPush {
        user: UserId,
        device: DeviceId,
        kind: String,
        notification: NotificationId,
    },
    /// Tell somebody who may have no account, or no longer.
    Send {
        to: Destination,
        notice: Notice,
        language: Language,
    },
    /// Let the provider of one-time codes make and send one.
    StartVerification {
        phone: PhoneNumber,
        language: Language,
    },
    /// Remove a picture that nothing refers to any more.
    RemovePicture {
        picture: PictureName,
    },
    /// Remove what a record said that is erased, and its files.
    #[serde(alias = "remove_record_files")]
    ForgetRecord(Erased),
    /// Remove what was gathered for somebody who does not want it any more.
    RemoveArchive {
        patient: UserId,
        export: ExportId,
    },
    /// Remove all that belonged to somebody whose account is gone.
    Erase {
        user: UserId,
        /// Those that the account named.
        #[serde(default)]
        pictures: Vec<PictureName>,
        /// Whether it has been done once, and this is for what came while it was done.
        #[serde(default)]
        again: bool,
    },
    /// Remove what still waits in the mailboxes of a call that is over.
    RemoveSignals {
        patient: UserId,
        consultation: ConsultationId,
    },
    /// Add to the log of whose health data it was.
    Audit {
        event: AuditEvent,
    },
    /// Call off all that is ahead of somebody who is no longer there to come.
    CallOffVisits {
        user: UserId,
    },
    /// Offer a time that became free to the next who waits for the doctor.
    OfferTime {
        doctor: UserId,
        from: Timestamp,
        until: Timestamp,
        slot: Option<SlotNumber>,
        passed: Option<WaitingId>,
    },
    /// Tell those who look after the product.
    TellAdmins {
        notice: Notice,
    },
    /// Tell those who run a pharmacy.
    TellPharmacy {
        pharmacy: PharmacyId,
        notice: Notice,
    },
    /// End those connections of a person whose sign-in is over.
    CloseSockets {
        user: UserId,
    },
    /// Push to everybody's apps that there is new firmware.
    AnnounceFirmware {
        version: FirmwareVersion,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: OutboxId,
    pub errand: Errand,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
    /// How often it was tried in vain.
    #[serde(default)]
    pub attempts: u32,
    /// Until it has failed once, it waits for the stream.
    #[serde(default)]
    pub next_at: Option<Timestamp>,
    #[serde(default)]
    pub is_parked: bool,
}

impl Errand {
    /// What removes all that belonged to somebody whose account goes.
    pub fn erase(account: &Account) -> Self {
        Errand::Erase {
            user: account.id,
            pictures: account.personal.pictures().chain(account.papers()).cloned().collect(),
            again: false,
        }
    }

    pub fn mail(to: EmailAddress, notice: Notice, language: Language) -> Self {
        Errand::Send {
            to: Destination::Email(to),
            notice,
            language,
        }
    }

    pub fn text_message(to: PhoneNumber, notice: Notice, language: Language) -> Self {
        Errand::Send {
            to: Destination::Phone(to),
            notice,
            language,
        }
    }

    /// What sort of errand it is, for an operator.
    pub fn kind(&self) -> &'static str {
        match self {
            Errand::Tell { .. } => "tell",
            Errand::TellByMail { .. } => "tell_by_mail",
            Errand::TellByTextMessage { .. } => "tell_by_text_message",
            Errand::TellInApp { .. } => "tell_in_app",
            Errand::TellByPush { .. } => "tell_by_push",
            Errand::Send {
                to: Destination::Email(_),
                ..
            } => "send_mail",
            Errand::Send {
                to: Destination::Phone(_),
                ..
            } => "send_text_message",
            Errand::StartVerification { .. } => "start_verification",
            Errand::RemovePicture { .. } => "remove_picture",
            Errand::ForgetRecord(_) => "forget_record",
            Errand::RemoveArchive { .. } => "remove_archive",
            Errand::Erase { .. } => "erase",
            Errand::RemoveSignals { .. } => "remove_signals",
            Errand::Audit { .. } => "audit",
            Errand::CallOffVisits { .. } => "call_off_visits",
            Errand::OfferTime { .. } => "offer_time",
            Errand::TellAdmins { .. } => "tell_admins",
            Errand::TellPharmacy { .. } => "tell_pharmacy",
            Errand::AnnounceFirmware { .. } => "announce_firmware",
            Errand::CloseSockets { .. } => "close_sockets",
        }
    }
}

impl Entry {
    pub fn new(id: OutboxId, errand: Errand, now: Timestamp) -> Self {
        Self {
            id,
            errand,
            created_at: now,
            expires_at: now + KEPT,
            attempts: 0,
            next_at: None,
            is_parked: false,
        }
    }

    /// What this entry leads to.
    pub fn child(&self, part: &str, errand: Errand, now: Timestamp) -> Self {
        Self::new(self.id.derived(part), errand, now)
    }

    /// The note of what was done, by the right that it turns out to be done by.
    pub(crate) fn by(&self, right: &Why) -> Self {
        let mut entry = self.clone();
        if let Errand::Audit { event } = &mut entry.errand {
            event.why = right.clone();
        }
        entry
    }

    /// The note of a write, with what it turned out to do when it was made. Of other errands nothing changes.
    pub(crate) fn noting(&self, (action, versions): (Action, Versions)) -> Self {
        let mut entry = self.clone();
        if let Errand::Audit { event } = &mut entry.errand {
            event.action = action;
            event.versions = Some(versions);
        }
        entry
    }

    /// The note of a request that found all as it wanted it.
    pub(crate) fn noting_no_change(&self, version: u64) -> Self {
        let mut entry = self.clone();
        if let Errand::Audit { event } = &mut entry.errand {
            event.versions = Some(Versions {
                from: version,
                to: version,
            });
        }
        entry
    }

    pub(crate) async fn write(&self, store: &Store) -> Result<Write, Error> {
        let put = store.sealed_put(key::outbox_entry(self.id), self).await?;
        Ok(put.if_absent())
    }

    /// Removes it with what it led to; fails where it is done already.
    pub(crate) fn done(&self) -> Write {
        Write::delete(key::outbox_entry(self.id)).if_present()
    }

    /// Its place in the queue, if it has one.
    pub(crate) fn queued(&self) -> Option<key::Key> {
        self.next_at.map(|due_at| key::retry(due_at, self.id))
    }
}

/// Codes, links and addresses are in it.
impl Sealed for Entry {
    const SEALED: &'static [&'static str] = &["errand"];
}

/// Keys of an item as the table's stream shows it; most of the table's items are no errands.
#[derive(Deserialize)]
pub struct Streamed {
    pk: String,
    sk: String,
}

impl Streamed {
    pub fn entry_id(&self) -> Option<OutboxId> {
        key::read_outbox_entry(&self.pk, &self.sk)
    }
}

/// Notes an errand that follows no change of the database.
pub async fn add(store: &Store, entry: &Entry) -> Result<(), Error> {
    store.write(entry.write(store).await?).await
}

/// The same for several, at most 100: all or none.
pub async fn add_all(store: &Store, entries: &[Entry]) -> Result<(), Error> {
    let mut writes = Vec::new();
    for entry in entries {
        writes.push(entry.write(store).await?);
    }
    if writes.is_empty() {
        return Ok(());
    }
    store.transact(writes).await
}

/// An entry that still waits to be run: a stream record may come twice.
pub async fn waiting(store: &Store, id: OutboxId) -> Result<Option<Entry>, Error> {
    let entry: Option<Entry> = store.get_sealed(&key::outbox_entry(id)).await?;
    Ok(entry.filter(|entry| !entry.is_parked))
}

/// Removes an entry whose errand is done.
pub async fn finish(store: &Store, entry: &Entry) -> Result<(), Error> {
    let remove = Write::delete(key::outbox_entry(entry.id));
    match entry.queued() {
        None => store.write(remove).await,
        Some(queued) => store.transact(vec![remove, Write::delete(queued)]).await,
    }
}

/// Puts entries in place of one, all or none; nothing happens the second time.
pub async fn replace(store: &Store, entry: &Entry, children: &[Entry]) -> Result<(), Error> {
    let mut writes = vec![entry.done()];
    writes.extend(entry.queued().map(Write::delete));
    for child in children {
        writes.push(child.write(store).await?);
    }
    match store.transact(writes).await {
        Err(Error::ConditionFailed(0)) => Ok(()),
        other => other,
    }
}
