//! Finding one result of a picture of skin, for its patient or a doctor who may see it; the patient's log says so.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use domain::id::UserId;
use domain::readings::ResultId;
use domain::role::Role;
use domain::session::Session;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::Entry;
use store::results::Kept;
use store::{care, families, reviews};

use crate::review_rights::must_see_patients;

#[derive(Clone, Copy, Deserialize, JsonSchema)]
pub struct Whose {
    /// A doctor names the patient; without it, the result is the caller's own.
    #[serde(default, alias = "patientId")]
    patient_id: Option<UserId>,
}

/// A result that somebody may see, and by what right.
pub struct Found<R> {
    pub result: R,
    why: Why,
}

/// None where there is none, or none for this caller.
pub async fn find<R: Kept>(
    context: &Context,
    session: &Session,
    whose: Whose,
    id: R::Id,
) -> Result<Option<Found<R>>, Problem> {
    let patient = whose.patient_id.unwrap_or(session.user_id);
    let Some(why) = right(context, session, patient, id.into()).await? else {
        return Ok(None);
    };
    let note = context.audit(session, patient, Action::Read, resource(id.into()), why.clone())?;
    let result = context.audited(&note, R::get(&context.store, patient, id)).await?;
    Ok(result.map(|result| Found { result, why }))
}

impl<R: Kept> Found<R> {
    /// The note of a change of it.
    pub fn change(&self, context: &Context, session: &Session) -> Result<Entry, Problem> {
        let (patient, resource) = (self.result.patient(), resource(self.result.id()));
        Ok(context.audit(session, patient, Action::Update, resource, self.why.clone())?)
    }
}

/// A doctor sees what they were asked about and have not declined, what the patient lets them see, and the skin records of whom
/// they treat. That a consultation is asked for lets nobody in before a visit names the doctor.
async fn right(
    context: &Context,
    session: &Session,
    patient: UserId,
    result: ResultId,
) -> Result<Option<Why>, Problem> {
    let person = session.user_id;
    if patient == person {
        return Ok(Some(Why::Own));
    }
    must_see_patients(session)?;
    if session.role != Role::Doctor {
        return Ok(None);
    }
    if let ResultId::Prediction(id) = result
        && reviews::is_asked(&context.store, person, patient, id).await?
    {
        return Ok(Some(Why::Care));
    }
    if let ResultId::SkinRecord(_) = result
        && care::stands(&context.store, patient, person, context.now).await?
    {
        return Ok(Some(Why::Care));
    }
    let grant = families::find_grant(&context.store, patient, person).await?;
    let allows = grant.is_some_and(|grant| grant.allows(Scope::Predictions, context.now));
    Ok(allows.then_some(Why::Grant))
}

fn resource(result: ResultId) -> Resource {
    match result {
        ResultId::Prediction(id) => Resource::one(ResourceKind::Prediction, id),
        ResultId::SkinRecord(number) => Resource::one(ResourceKind::SkinRecord, number),
    }
}
