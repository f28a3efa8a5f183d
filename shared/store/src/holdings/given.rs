//! Opening what is found, by its kind.

use domain::account::Account;
use domain::audit::ChainEntry;
use domain::care::Care;
use domain::consultation::Consultation;
use domain::consultation::invite::Invite;
use domain::consultation::message::CallMessage;
use domain::dental::DentalAnalysis;
use domain::emergency::EmergencyAccess;
use domain::family::{FamilyLink, Grant};
use domain::id::UserId;
use domain::notification::{Device, Notification};
use domain::opinion::Opinion;
use domain::pharmacy::movement::Received;
use domain::pharmacy::reservation::Reservation;
use domain::prediction::Prediction;
use domain::record::conflict::RecordConflict;
use domain::record::file::RecordFile;
use domain::record::sync_health::SyncDevice;
use domain::record::{Record, RecordVersion};
use domain::review::ReviewRequest;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::waiting::Waiting;
use domain::skin_record::SkinRecord;
use domain::ticket::Ticket;
use domain::vital::{Alarm, VitalDevice, VitalSettings};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Kind;
use crate::accounts::StoredAccount;
use crate::devices::StoredDevice;
use crate::key::{Key, KeyRange};
use crate::query::place_in;
use crate::sealing::Sealed;
use crate::sessions::StoredSession;
use crate::vitals::{self, QuarantineBook, ReadingsOfKind};
use crate::write::Item;
use crate::{Error, Store, audit, families, key};

/// One thing that is somebody's to have.
pub enum Holding {
    Account(Box<Account>),
    Care(Care),
    EmergencyAccess(EmergencyAccess),
    FamilyLink(LinkWithGrants),
    Session(StoredSession),
    DentalAnalysis(DentalAnalysis),
    Opinion(Opinion),
    Prediction(Prediction),
    SkinRecord(SkinRecord),
    ReviewRequest(ReviewRequest),
    RecordFile(RecordFile),
    OpenConflict(RecordConflict),
    Record(Record),
    SettledConflict(RecordConflict),
    SyncingDevice(SyncDevice),
    RecordVersion(RecordVersion),
    Appointment(Appointment),
    WaitingList(Waiting),
    Consultation(Consultation),
    Invite(Invite),
    Message(CallMessage),
    Medicine(Received),
    Reservation(Reservation),
    VitalAlert(Alarm),
    VitalDevice(VitalDevice),
    VitalQuarantine(QuarantineBook),
    /// Of a kind within an hour or a day.
    VitalReadings(ReadingsOfKind),
    VitalSettings(VitalSettings),
    Notification(Notification),
    Device(Device),
    Ticket(Ticket),
    AuditEntry(ChainEntry),
}

/// A tie to somebody, with what both let each other see.
pub struct LinkWithGrants {
    pub link: FamilyLink,
    pub given: Option<Grant>,
    pub received: Option<Grant>,
}

/// None where it only points to what is gone, or is another's to have.
pub(super) async fn open(
    store: &Store,
    user: UserId,
    kind: Kind,
    range: &KeyRange,
    item: Item,
) -> Result<Option<Holding>, Error> {
    let place = place_in(range, &item)?;
    Ok(Some(match kind {
        Kind::Account => Holding::Account(Box::new(sealed::<StoredAccount>(store, &place, item).await?.account)),
        Kind::Care => Holding::Care(plain(item)?),
        Kind::EmergencyAccess => Holding::EmergencyAccess(sealed(store, &place, item).await?),
        Kind::FamilyLinks => Holding::FamilyLink(with_grants(store, user, plain(item)?).await?),
        Kind::Sessions => Holding::Session(sealed(store, &place, item).await?),
        Kind::DentalAnalyses => Holding::DentalAnalysis(plain(item)?),
        Kind::Opinions => Holding::Opinion(sealed(store, &place, item).await?),
        Kind::Predictions => Holding::Prediction(plain(item)?),
        Kind::SkinRecords => Holding::SkinRecord(sealed(store, &place, item).await?),
        Kind::ReviewRequests => {
            let request: Option<ReviewRequest> = pointed_at(store, item, key::review_request).await?;
            // Who was a doctor has those that patients sent on the same list.
            let own = request.filter(|request| request.patient == user);
            return Ok(own.map(Holding::ReviewRequest));
        }
        Kind::RecordFiles => Holding::RecordFile(sealed(store, &place, item).await?),
        Kind::OpenConflicts => Holding::OpenConflict(sealed(store, &place, item).await?),
        Kind::Records => Holding::Record(sealed(store, &place, item).await?),
        Kind::SettledConflicts => Holding::SettledConflict(sealed(store, &place, item).await?),
        Kind::SyncingDevices => Holding::SyncingDevice(plain(item)?),
        Kind::RecordVersions => Holding::RecordVersion(sealed(store, &place, item).await?),
        Kind::Appointments => Holding::Appointment(sealed(store, &place, item).await?),
        Kind::WaitingLists => Holding::WaitingList(plain(item)?),
        Kind::Consultations => Holding::Consultation(sealed(store, &place, item).await?),
        Kind::Invites => Holding::Invite(sealed(store, &place, item).await?),
        Kind::Messages => Holding::Message(sealed(store, &place, item).await?),
        Kind::Medicines => Holding::Medicine(sealed(store, &place, item).await?),
        Kind::Reservations => Holding::Reservation(sealed(store, &place, item).await?),
        Kind::VitalAlerts => Holding::VitalAlert(sealed(store, &place, item).await?),
        Kind::VitalDevices => Holding::VitalDevice(sealed(store, &place, item).await?),
        Kind::VitalQuarantines => Holding::VitalQuarantine(sealed(store, &place, item).await?),
        Kind::VitalReadings => Holding::VitalReadings(vitals::open_readings(store, &place, item).await?),
        Kind::VitalSettings => Holding::VitalSettings(sealed(store, &place, item).await?),
        Kind::Notifications => Holding::Notification(plain(item)?),
        Kind::Devices => Holding::Device(sealed::<StoredDevice>(store, &place, item).await?.device),
        Kind::Tickets => {
            let ticket: Option<Ticket> = pointed_at(store, item, key::ticket).await?;
            return Ok(ticket.map(Holding::Ticket));
        }
        Kind::AuditLog => return Ok(audit::stored_entry(item)?.map(Holding::AuditEntry)),
    }))
}

fn plain<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    Ok(serde_dynamo::from_item(item)?)
}

async fn sealed<T: Sealed>(store: &Store, place: &Key, item: Item) -> Result<T, Error> {
    store.open_item(place, item).await
}

/// What an item stands for that holds nothing but an id.
async fn pointed_at<I, T>(store: &Store, item: Item, place: impl Fn(I) -> Key) -> Result<Option<T>, Error>
where
    I: DeserializeOwned,
    T: Sealed,
{
    #[derive(Deserialize)]
    struct Pointer<I> {
        id: I,
    }
    let Pointer { id } = plain::<Pointer<I>>(item)?;
    store.get_sealed(&place(id)).await
}

async fn with_grants(store: &Store, user: UserId, link: FamilyLink) -> Result<LinkWithGrants, Error> {
    let (other, _) = link.seen_by(user);
    let (given, received) = futures_util::try_join!(
        families::find_grant(store, user, other),
        families::find_grant(store, other, user)
    )?;
    Ok(LinkWithGrants { link, given, received })
}
