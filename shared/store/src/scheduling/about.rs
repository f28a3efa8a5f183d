//! Visits about a diagnosis of skin: at most one that is still to be.

use domain::id::RecordNumber;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;

use super::apart::Apart;
use super::{Booking, BookingError, SkinLink, book_first, find};
use crate::outbox::Entry;
use crate::{Error, RefusedOr, Store, skin_records};

/// How often it is tried again while others book for the same record.
const ATTEMPTS: u32 = 8;

/// Books the first free time for a patient's own record, or gives the visit that is booked for it already: of many calls at once,
/// one books.
pub async fn book_about<E: From<BookingError> + From<Error>>(
    store: &Store,
    booking: &Booking,
    record: RecordNumber,
    specialization: Option<&str>,
    entries: impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Appointment, E> {
    for _ in 0..ATTEMPTS {
        let link = match open_visit(store, booking, record).await? {
            Seen::Booked(appointment) => return Ok(*appointment),
            Seen::Free(link) => link,
        };
        let booking = Booking {
            skin_record: Some(link),
            ..booking.clone()
        };
        let booked = book_first::<Apart<E>>(store, &booking, None, specialization, |appointment| {
            entries(appointment).map_err(Apart::Other)
        });
        match booked.await {
            Ok(appointment) => return Ok(appointment),
            // Somebody has booked for it, or it is gone.
            Err(Apart::Booking(RefusedOr::Refused(SchedulingRefused::NoRecord))) => {}
            Err(error) => return Err(error.joined()),
        }
    }
    Err(BookingError::from(SchedulingRefused::Busy).into())
}

enum Seen {
    Booked(Box<Appointment>),
    Free(SkinLink),
}

async fn open_visit(store: &Store, booking: &Booking, number: RecordNumber) -> Result<Seen, BookingError> {
    let record = skin_records::get(store, booking.patient, number).await?;
    let record = record.ok_or(SchedulingRefused::NoRecord)?;
    let booked = match record.appointment {
        Some(id) => find::get(store, booking.patient, id).await?,
        None => None,
    };
    let ahead = booked.filter(|appointment| appointment.is_ahead(booking.now));
    Ok(match ahead {
        Some(appointment) => Seen::Booked(Box::new(appointment)),
        None => Seen::Free(SkinLink {
            number,
            appointment: record.appointment,
            asked_at: record.consultation_asked_at,
        }),
    })
}
