//! Whose appointments somebody sees and changes, and by what right; the patient's log says so, also of those who were turned away.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use domain::id::{AppointmentId, AppointmentNumber, UserId};
use domain::role::Role;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::{Appointment, Side};
use domain::session::{NotAllowed, Session};
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::Entry;
use store::scheduling::{self, Parties};
use store::{accounts, families};

/// An appointment in a path.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentName")]
pub struct Parameters {
    /// The number, or the `appointment_id`.
    id: String,
}

impl Parameters {
    fn number(&self) -> Result<AppointmentNumber, SchedulingRefused> {
        AppointmentNumber::named(&self.id).ok_or(SchedulingRefused::NotFound)
    }
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentsOf")]
pub struct Whose {
    /// Whoever was let in names the patient; without it, it is about the caller.
    #[serde(default)]
    pub patient_id: Option<UserId>,
}

/// An appointment and what its caller is in it.
pub struct Found {
    pub appointment: Appointment,
    pub side: Side,
    why: Why,
}

impl Found {
    pub fn audit(&self, context: &Context, session: &Session, action: Action) -> Result<Entry, Problem> {
        let patient = self.appointment.patient;
        let resource = one(self.appointment.id);
        Ok(context.audit(session, patient, action, resource, self.why.clone())?)
    }
}

/// Without a right there is nothing to be seen, and the attempt is noted.
pub async fn find(context: &Context, session: &Session, name: &Parameters, action: Action) -> Result<Found, Problem> {
    let parties = scheduling::parties(&context.store, name.number()?).await?;
    let parties = parties.ok_or(SchedulingRefused::NotFound)?;
    let Some((side, why)) = right(context, session, &parties).await? else {
        return refused(context, session, parties.patient, action, one(parties.id)).await;
    };
    let appointment = scheduling::get(&context.store, parties.patient, parties.id).await?;
    Ok(Found {
        appointment: appointment.ok_or(SchedulingRefused::NotFound)?,
        side,
        why,
    })
}

async fn right(context: &Context, session: &Session, parties: &Parties) -> Result<Option<(Side, Why)>, Problem> {
    if session.user_id == parties.patient {
        return Ok(Some((Side::Patient, Why::Own)));
    }
    if session.user_id == parties.doctor {
        let is_doctor = session.is_verified_doctor();
        return Ok(is_doctor.then_some((Side::Doctor, Why::Care)));
    }
    let is_let_in = is_let_in(context, session, parties.patient).await?;
    Ok(is_let_in.then_some((Side::Patient, Why::Grant)))
}

async fn is_let_in(context: &Context, session: &Session, patient: UserId) -> Result<bool, Problem> {
    let grant = families::find_grant(&context.store, patient, session.user_id).await?;
    Ok(grant.is_some_and(|grant| grant.allows(Scope::Appointments, context.now)))
}

/// What a doctor lets somebody see is not their patients'.
async fn is_patient(context: &Context, id: UserId) -> Result<bool, Problem> {
    let account = accounts::get(&context.store, id).await?;
    Ok(account.is_some_and(|account| account.role == Role::Patient))
}

async fn refused<T>(
    context: &Context,
    session: &Session,
    patient: UserId,
    action: Action,
    resource: Resource,
) -> Result<T, Problem> {
    context.note_refused(session, patient, action, resource).await?;
    Err(SchedulingRefused::NotFound.into())
}

/// A patient that the caller is or may speak for.
pub struct Patient {
    pub id: UserId,
    pub why: Why,
}

pub async fn patient(
    context: &Context,
    session: &Session,
    whose: Option<UserId>,
    action: Action,
    resource: Resource,
) -> Result<Patient, Problem> {
    let id = whose.unwrap_or(session.user_id);
    if id != session.user_id {
        return match is_let_in(context, session, id).await? && is_patient(context, id).await? {
            true => Ok(Patient { id, why: Why::Grant }),
            false => refused(context, session, id, action, resource).await,
        };
    }
    match session.role {
        Role::Patient => Ok(Patient { id, why: Why::Own }),
        _ => Err(NotAllowed::PatientsOnly.into()),
    }
}

pub fn one(id: AppointmentId) -> Resource {
    Resource::one(ResourceKind::Appointment, id)
}

pub fn all() -> Resource {
    Resource::all(ResourceKind::Appointment)
}
