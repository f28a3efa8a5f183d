//! `GET /api/iot/devices`: the devices that measure somebody's vital signs, revoked ones too, without their tokens.

use domain::audit::Action;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::vitals;

use crate::access::{self, Whose};
use crate::device_answer::DeviceAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListVitalDevices>();

pub struct ListVitalDevices;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalDevices")]
pub struct Answer {
    devices: Vec<DeviceAnswer>,
}

impl Endpoint for ListVitalDevices {
    const NAME: &'static str = "list-vital-devices";
    const SUMMARY: &'static str = "Devices that measure vital signs";
    const ROUTES: &'static [Route] = &[Route::get("/api/iot/devices")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = Query<Whose>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Query(whose): Query<Whose>) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose, Action::List, access::all()).await?;
        let note = patient.note(context, session, Action::List, access::all())?;
        let devices = context
            .audited(&note, vitals::list_devices(&context.store, patient.id))
            .await?;
        Ok(Json(Answer {
            devices: devices.into_iter().map(DeviceAnswer::from).collect(),
        }))
    }
}
