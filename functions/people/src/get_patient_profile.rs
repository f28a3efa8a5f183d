//! `GET /patients/me`: the own patient profile (contract #42).

use domain::account::AccountGone;
use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::accounts;

use crate::needs;
use crate::patient_profile::{self, PatientProfile};

pub static FUNCTION: Function = Function::endpoint::<GetPatientProfile>();

pub struct GetPatientProfile;

impl Endpoint for GetPatientProfile {
    const NAME: &'static str = "get-patient-profile";
    const SUMMARY: &'static str = "The own patient profile";
    const ROUTES: &'static [Route] = &[Route::get("/patients/me").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Patient;
    type Input = ();
    type Output = Json<PatientProfile>;

    async fn handle(context: &Context, caller: Patient, (): ()) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        let note = context.audit(
            &caller.session,
            user,
            Action::Read,
            Resource::one(ResourceKind::Profile, user),
            Why::Own,
        )?;
        let account = context.audited(&note, accounts::get(&context.store, user)).await?;
        Ok(Json(patient_profile::of(context, account.ok_or(AccountGone)?).await?))
    }
}
