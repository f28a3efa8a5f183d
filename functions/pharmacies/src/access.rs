//! Who runs which pharmacy, and whose medicine somebody sees, by what right; the patient's log says so, also of those who were
//! turned away.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use domain::id::{PharmacyId, UserId};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use domain::role::Role;
use domain::session::Session;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{families, pharmacies};

/// A pharmacy in a path.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PharmacyName")]
pub struct Parameters {
    id: String,
}

impl Parameters {
    pub fn id(&self) -> Result<PharmacyId, PharmacyRefused> {
        self.id.parse().map_err(|_| PharmacyRefused::NotFound)
    }

    pub async fn find(&self, context: &Context) -> Result<Pharmacy, Problem> {
        let found = pharmacies::get(&context.store, self.id()?).await?;
        Ok(found.ok_or(PharmacyRefused::NotFound)?)
    }

    /// For those who may change what is there.
    pub async fn find_to_stock(&self, context: &Context, session: &Session) -> Result<Pharmacy, Problem> {
        if session.role == Role::Doctor && !session.is_verified {
            return Err(PharmacyRefused::VerifiedOnly.into());
        }
        let pharmacy = self.find(context).await?;
        match pharmacy.may_be_stocked_by(session) {
            true => Ok(pharmacy),
            false => Err(PharmacyRefused::NotFound.into()),
        }
    }
}

/// Who may see whom it was given to.
pub fn must_run(pharmacy: &Pharmacy, session: &Session) -> Result<(), PharmacyRefused> {
    match pharmacy.is_run_by(session) {
        true => Ok(()),
        false => Err(PharmacyRefused::NotFound),
    }
}

/// A pharmacist treats, an admin does not.
pub fn right_of(session: &Session) -> Why {
    match session.role {
        Role::Admin => Why::Admin,
        _ => Why::Care,
    }
}

/// A patient that the caller is or may speak for.
pub struct Patient {
    pub id: UserId,
    pub why: Why,
}

/// None where there is no such right.
pub async fn speaks_for(context: &Context, session: &Session, patient: UserId) -> Result<Option<Why>, Problem> {
    if session.user_id == patient {
        return Ok((session.role == Role::Patient).then_some(Why::Own));
    }
    let grant = families::find_grant(&context.store, patient, session.user_id).await?;
    let is_let_in = grant.is_some_and(|grant| grant.allows(Scope::Prescriptions, context.now));
    Ok(is_let_in.then_some(Why::Grant))
}

pub async fn patient(
    context: &Context,
    session: &Session,
    whose: Option<UserId>,
    action: Action,
    refused: PharmacyRefused,
) -> Result<Patient, Problem> {
    let id = whose.unwrap_or(session.user_id);
    if let Some(why) = speaks_for(context, session, id).await? {
        return Ok(Patient { id, why });
    }
    if id == session.user_id {
        return Err(domain::session::NotAllowed::PatientsOnly.into());
    }
    context.note_refused(session, id, action, all()).await?;
    Err(refused.into())
}

pub fn one(id: impl ToString) -> Resource {
    Resource::one(ResourceKind::Medicine, id)
}

pub fn all() -> Resource {
    Resource::all(ResourceKind::Medicine)
}
