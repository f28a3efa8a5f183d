//! Lists of appointments, noted in the log of every patient in them.

use std::collections::BTreeSet;

use domain::audit::{Action, Why};
use domain::id::UserId;
use domain::scheduling::appointment::{Appointment, Side};
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

/// A patient's, as patient.
pub async fn of_patient(
    context: &Context,
    session: &Session,
    patient: &access::Patient,
    listing: Listing,
    request: &PageRequest,
) -> Result<Views, Problem> {
    let why = patient.why.clone();
    let note = context.audit(session, patient.id, Action::List, access::all(), why)?;
    let reading = scheduling::list(&context.store, patient.id, Side::Patient, listing, request);
    let page = context.audited(&note, reading).await?;
    Ok(views(context, page))
}

/// A doctor's own, as doctor, before any of which is shown all patients' logs say so.
pub async fn of_doctor(
    context: &Context,
    session: &Session,
    listing: Listing,
    request: &PageRequest,
) -> Result<Views, Problem> {
    let page = scheduling::list(&context.store, session.user_id, Side::Doctor, listing, request).await?;
    let patients: BTreeSet<UserId> = page.items.iter().map(|appointment| appointment.patient).collect();
    let note = |patient| context.audit(session, patient, Action::List, access::all(), Why::Care);
    let notes = patients.into_iter().map(note).collect::<Result<Vec<_>, _>>()?;
    outbox::add_all(&context.store, &notes).await?;
    Ok(views(context, page))
}

fn views(context: &Context, page: Page<Appointment>) -> Views {
    let view = |appointment| AppointmentView::of(appointment, context.now);
    Views {
        items: page.items.into_iter().map(view).collect(),
        next: page.next,
    }
}
