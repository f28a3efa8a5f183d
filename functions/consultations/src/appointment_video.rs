//! The video channel of an appointment, for the two people in it; the patient's log says who asked, also in vain.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::consultation::{Party, channel};
use domain::id::AppointmentNumber;
use domain::scheduling::appointment::Appointment;
use domain::session::Session;
use runtime::{Context, Problem};
use store::outbox;
use store::scheduling::{self, Parties};

use crate::video_channel::{self, Ticket};

/// An appointment, and what its caller is in it.
pub struct Visit {
    appointment: Appointment,
    party: Party,
    why: Why,
}

/// None for others, whose attempt is noted. Whoever speaks for the patient elsewhere is not in it.
pub async fn find(context: &Context, session: &Session, number: AppointmentNumber) -> Result<Option<Visit>, Problem> {
    let Some(parties) = scheduling::parties(&context.store, number).await? else {
        return Ok(None);
    };
    let Some((party, why)) = right(session, &parties) else {
        let resource = Resource::one(ResourceKind::Appointment, parties.id);
        context
            .note_refused(session, parties.patient, Action::Read, resource)
            .await?;
        return Ok(None);
    };
    let appointment = scheduling::get(&context.store, parties.patient, parties.id).await?;
    Ok(appointment.map(|appointment| Visit {
        appointment,
        party,
        why,
    }))
}

fn right(session: &Session, parties: &Parties) -> Option<(Party, Why)> {
    match session.user_id {
        user if user == parties.patient => Some((Party::Patient, Why::Own)),
        user if user == parties.doctor && session.is_verified_doctor() => Some((Party::Doctor, Why::Care)),
        _ => None,
    }
}

impl Visit {
    pub async fn ticket(&self, context: &Context, session: &Session) -> Result<Ticket, Problem> {
        let appointment = &self.appointment;
        let seconds = appointment.video_seconds(context.now)?;
        let channel = channel::of_appointment(appointment.id.number());
        let ticket = video_channel::ticket(context, channel, self.party, seconds).await?;
        let resource = Resource::one(ResourceKind::Appointment, appointment.id);
        let note = context.audit(session, appointment.patient, Action::Read, resource, self.why.clone())?;
        outbox::add(&context.store, &note).await?;
        Ok(ticket)
    }
}
