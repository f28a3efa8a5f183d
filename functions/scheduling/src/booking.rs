//! What booking has in common, whichever way it is asked for.

use domain::audit::{Action, Resource, ResourceKind};
use domain::id::{AppointmentId, UserId};
use domain::scheduling::appointment::Appointment;
use domain::scheduling::view::AppointmentView;
use domain::session::Session;
use jiff::SignedDuration;
use runtime::{Context, Problem};
use store::outbox::Entry;
use store::scheduling::Booking;

use crate::access::{self, Patient};

/// What is known before a time is chosen.
pub struct Desk<'a> {
    pub context: &'a Context,
    pub session: &'a Session,
    pub patient: Patient,
    pub id: AppointmentId,
}

impl<'a> Desk<'a> {
    pub async fn open(context: &'a Context, session: &'a Session, whose: Option<UserId>) -> Result<Self, Problem> {
        let resource = Resource::all(ResourceKind::Appointment);
        let patient = access::patient(context, session, whose, Action::Create, resource).await?;
        Ok(Self {
            context,
            session,
            patient,
            id: context.new_id(AppointmentId::new)?,
        })
    }

    pub fn booking(&self, hold: Option<SignedDuration>, reason: Option<String>) -> Booking {
        Booking {
            id: self.id,
            patient: self.patient.id,
            booked_by: self.session.user_id,
            hold,
            waiting: None,
            reason,
            skin_record: None,
            now: self.context.now,
        }
    }

    /// What goes out and is noted.
    pub fn entries(&self, appointment: &Appointment) -> Result<Vec<Entry>, Problem> {
        let resource = access::one(appointment.id);
        let why = self.patient.why.clone();
        let mut entries = self.context.after_appointment(None, appointment)?;
        entries.push(
            self.context
                .audit(self.session, self.patient.id, Action::Create, resource, why)?,
        );
        Ok(entries)
    }

    pub fn answer(&self, appointment: Appointment) -> AppointmentView {
        AppointmentView::of(appointment, self.context.now)
    }
}
