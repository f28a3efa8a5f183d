//! Lists of appointments, noted in the log of every patient in them.

use std::collections::BTreeSet;

use domain::audit::{Action, Why};
use domain::id::UserId;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::view::AppointmentView;
use domain::session::Session;
use runtime::{Context, Problem};
use store::scheduling::{self, Listing};
use store::{Page, PageRequest, outbox};

use crate::access;

pub struct Views {
    pub items: Vec<AppointmentView>,
    pub next: Option<store::Cursor>,
}

/// A patient's.
pub async fn of_patient(
    context: &Context,
    session: &Session,
    patient: &access::Patient,
    listing: Listing,
    request: &PageRequest,
) -> Result<Views, Problem> {
    let why = patient.why.clone();
    let note = context.audit(session, patient.id, Action::List, access::all(), why)?;
    let reading = scheduling::list(&context.store, patient.id, listing, request);
    let page = context.audited(&note, reading).await?;
    Ok(views(context, listing, page))
}

/// A doctor's own, before any of which is shown all patients' logs say so.
pub async fn of_doctor(
    context: &Context,
    session: &Session,
    listing: Listing,
    request: &PageRequest,
) -> Result<Views, Problem> {
    let page = scheduling::list(&context.store, session.user_id, listing, request).await?;
    let patients: BTreeSet<UserId> = page.items.iter().map(|appointment| appointment.patient).collect();
    let note = |patient| context.audit(session, patient, Action::List, access::all(), Why::Care);
    let notes = patients.into_iter().map(note).collect::<Result<Vec<_>, _>>()?;
    outbox::add_all(&context.store, &notes).await?;
    Ok(views(context, listing, page))
}

/// What is ahead is what is still to be.
fn views(context: &Context, listing: Listing, page: Page<Appointment>) -> Views {
    let is_ahead =
        |appointment: &Appointment| listing == Listing::LatestFirst || appointment.status_at(context.now).is_open();
    let items = page.items.into_iter().filter(is_ahead);
    Views {
        items: items
            .map(|appointment| AppointmentView::of(appointment, context.now))
            .collect(),
        next: page.next,
    }
}
