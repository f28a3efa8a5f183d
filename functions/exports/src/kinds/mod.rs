//! How things of each kind stand in an archive: one file for each that says more than how it is kept.
//!
//! A new kind of things gets a rule in `store::holdings`; the compiler then asks for it here and for its title.

mod account;
mod dental;
mod kept_as;
mod opinion;
mod record;
mod review;
mod skin;
mod vital;

use domain::picture_link::{DocumentName, PictureName};
use domain::record::file::{Kept, RecordFile};
use runtime::Problem;
use serde::Serialize;
use store::holdings::Holding;

use crate::archive::Clinical;

/// One thing, as the archive has it.
pub struct Shown {
    /// With the names of pictures as they are in the archive.
    pub json: Vec<u8>,
    pub pictures: Vec<PictureName>,
    pub documents: Vec<DocumentName>,
}

impl Shown {
    /// As it is kept, member by member: what is added to it later is in it by itself.
    fn as_kept(thing: &impl Serialize) -> Result<Self, Problem> {
        let json = serde_json::to_vec(thing).map_err(|error| Problem::internal(error.to_string()))?;
        let (pictures, documents) = (Vec::new(), Vec::new());
        Ok(Self {
            json,
            pictures,
            documents,
        })
    }

    fn with<'a>(mut self, pictures: impl IntoIterator<Item = &'a PictureName>) -> Self {
        self.pictures.extend(pictures.into_iter().cloned());
        self
    }
}

pub fn show(holding: &Holding, clinical: &mut Clinical) -> Result<Shown, Problem> {
    match holding {
        Holding::Account(account) => account::show(account, clinical),
        Holding::Care(care) => Shown::as_kept(care),
        Holding::EmergencyAccess(access) => Shown::as_kept(access),
        Holding::FamilyLink(link) => Shown::as_kept(&kept_as::Link::from(link)),
        Holding::Session(session) => Shown::as_kept(&kept_as::Session::from(session)),
        Holding::DentalAnalysis(analysis) => dental::show(analysis, clinical),
        Holding::Opinion(opinion) => opinion::show(opinion, clinical),
        Holding::Prediction(prediction) => skin::show_prediction(prediction, clinical),
        Holding::SkinRecord(record) => skin::show_record(record, clinical),
        Holding::ReviewRequest(request) => review::show(request, clinical),
        Holding::RecordFile(file) => show_file(file),
        Holding::OpenConflict(conflict) | Holding::SettledConflict(conflict) => Shown::as_kept(conflict),
        Holding::Record(record) => record::show(record, clinical),
        Holding::SyncingDevice(device) => Shown::as_kept(device),
        Holding::RecordVersion(version) => Shown::as_kept(version),
        Holding::Appointment(appointment) => Shown::as_kept(appointment),
        Holding::WaitingList(waiting) => Shown::as_kept(waiting),
        Holding::Consultation(consultation) => Shown::as_kept(consultation),
        Holding::Invite(invite) => Shown::as_kept(invite),
        Holding::Message(message) => Shown::as_kept(message),
        Holding::Medicine(received) => Shown::as_kept(received),
        Holding::Reservation(reservation) => Shown::as_kept(reservation),
        Holding::VitalAlert(alarm) => Shown::as_kept(&vital::VitalAlert::from(alarm)),
        Holding::VitalDevice(device) => Shown::as_kept(&vital::VitalDevice::from(device)),
        Holding::VitalQuarantine(book) => Shown::as_kept(&vital::Quarantine::from(book)),
        Holding::VitalReadings(readings) => Shown::as_kept(&vital::VitalReadings::from(readings)),
        Holding::VitalSettings(settings) => Shown::as_kept(&vital::VitalSettings::from(settings)),
        Holding::Notification(notification) => Shown::as_kept(notification),
        Holding::Device(device) => Shown::as_kept(&kept_as::Device::from(device)),
        Holding::Ticket(ticket) => Shown::as_kept(ticket),
        Holding::AuditEntry(entry) => Shown::as_kept(entry),
    }
}

fn show_file(file: &RecordFile) -> Result<Shown, Problem> {
    let mut shown = Shown::as_kept(file)?;
    match &file.kept {
        Kept::Picture(name) => shown.pictures.push(name.clone()),
        Kept::Document(name) => shown.documents.push(name.clone()),
    }
    Ok(shown)
}
