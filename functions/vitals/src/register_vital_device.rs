//! `POST /api/iot/devices`: give a device that measures an identity of its own.

use domain::audit::{Action, Why};
use domain::id::VitalDeviceId;
use domain::vital::{VitalDevice, VitalDeviceToken, checked_name};
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::vitals;

use crate::access;
use crate::device_answer::WithToken;

pub static FUNCTION: Function = Function::endpoint::<RegisterVitalDevice>();

pub struct RegisterVitalDevice;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewVitalDevice")]
pub struct Body {
    /// What you call it: 1 to 80 characters.
    name: String,
    #[serde(default)]
    model: Option<String>,
}

impl Endpoint for RegisterVitalDevice {
    const NAME: &'static str = "register-vital-device";
    const SUMMARY: &'static str = "Register a device that measures vital signs; its token is shown once";
    const ROUTES: &'static [Route] = &[Route::post("/api/iot/devices")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<WithToken>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let (session, owner) = (&caller.session, caller.user_id());
        let token = VitalDeviceToken::new(owner, context.random()?);
        let device = VitalDevice {
            id: context.new_id(VitalDeviceId::new)?,
            owner,
            name: checked_name("name", &body.name)?,
            model: body
                .model
                .as_deref()
                .map(|model| checked_name("model", model))
                .transpose()?,
            token: token.digest(),
            created_at: context.now,
            token_at: context.now,
            revoked_at: None,
            revision: 1,
        };
        let note = context.audit(session, owner, Action::Create, access::one(device.id), Why::Own)?;
        vitals::register(&context.store, &device, &note).await?;
        Ok(Created(WithToken {
            device: device.into(),
            device_token: token.text(),
        }))
    }
}
