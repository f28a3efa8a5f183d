//! `PUT /api/vitals/settings`: change limits, and when somebody is told. Doctors who treat the patient set limits, which then
//! only doctors change.

use domain::audit::{Action, Why};
use domain::vital::VitalRefused;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::vitals;

use crate::access::{self, Whose};
use crate::settings_answer::SettingsAnswer;
use crate::settings_form::{Body, By};

pub static FUNCTION: Function = Function::endpoint::<SetVitalSettings>();

pub struct SetVitalSettings;

impl Endpoint for SetVitalSettings {
    const NAME: &'static str = "set-vital-settings";
    const SUMMARY: &'static str = "Change limits, and when somebody is told";
    const ROUTES: &'static [Route] = &[Route::put("/api/vitals/settings")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = (Json<Body>, Query<Whose>);
    type Output = answer::Json<SettingsAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Json(body), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose, Action::Update, access::all()).await?;
        let by = match session.user_id {
            id if id == patient.id => By::Owner(id),
            // Whoever was only let in is a relative here, whatever else they are.
            id if patient.why == Why::Care => By::Clinician(id),
            _ => return Err(VitalRefused::OwnerOnly.into()),
        };
        let note = patient.note(context, session, Action::Update, access::all())?;
        let of = (patient.id, context.now);
        let rule = |before: &_| body.apply(before, by);
        let tell = access::telling(context);
        let settings = vitals::set_settings::<Problem>(&context.store, of, rule, &note, tell).await?;
        Ok(answer::Json(settings.into()))
    }
}
