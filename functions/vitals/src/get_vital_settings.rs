//! `GET /api/vitals/settings`: when a person is told of vital signs, and from where on.

use domain::audit::Action;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::vitals;

use crate::access::{self, Whose};
use crate::settings_answer::SettingsAnswer;

pub static FUNCTION: Function = Function::endpoint::<GetVitalSettings>();

pub struct GetVitalSettings;

impl Endpoint for GetVitalSettings {
    const NAME: &'static str = "get-vital-settings";
    const SUMMARY: &'static str = "Limits, and when somebody is told";
    const ROUTES: &'static [Route] = &[Route::get("/api/vitals/settings")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = Query<Whose>;
    type Output = Json<SettingsAnswer>;

    async fn handle(context: &Context, caller: SignedIn, Query(whose): Query<Whose>) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose, Action::Read, access::all()).await?;
        let note = patient.note(context, session, Action::Read, access::all())?;
        let settings = context
            .audited(&note, vitals::get_settings(&context.store, patient.id))
            .await?;
        Ok(Json(settings.into()))
    }
}
