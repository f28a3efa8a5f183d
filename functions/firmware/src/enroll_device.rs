//! `POST /api/firmware/devices`: give a device an identity of its own.

use domain::firmware::enrolled::DeviceToken;
use domain::firmware::{DeviceLabel, EnrolledDevice, Hardware};
use domain::id::UserId;
use domain::refusal::FieldError;
use runtime::answer::Created;
use runtime::callers::Operator;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::fleet;
use store::table::{ItemAction, Table};

use crate::device_answer::WithToken;

pub static FUNCTION: Function = Function::endpoint::<EnrollDevice>();

pub struct EnrollDevice;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewFirmwareDevice")]
pub struct Body {
    /// Its name among all devices, such as the serial number: 1 to 64 letters, digits, `.`, `_`, `:` and `-`.
    device_id: DeviceLabel,
    /// Its chip; `esp32p4` without it.
    #[serde(default)]
    hardware: Hardware,
    /// Whose account is told of new firmware for it.
    #[serde(default)]
    owner_id: Option<UserId>,
}

impl Endpoint for EnrollDevice {
    const NAME: &'static str = "enroll-device";
    const SUMMARY: &'static str = "Register a device; its token is shown once";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/devices")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Put])];

    type Caller = Operator;
    type Input = Json<Body>;
    type Output = Created<WithToken>;

    async fn handle(context: &Context, operator: Operator, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        if !body.device_id.is_plain() {
            let rule = "must have 1 to 64 characters: letters, digits, `.`, `_`, `:` and `-`, not only dots";
            return Err(Problem::invalid(vec![FieldError::new(
                "body",
                "device_id",
                "invalid",
                rule,
            )]));
        }
        let token = DeviceToken::new(body.device_id.clone(), context.random()?);
        let device = EnrolledDevice {
            label: body.device_id,
            hardware: body.hardware,
            owner: body.owner_id,
            token: token.digest(),
            is_revoked: false,
            running: None,
            partition: None,
            update: None,
            offered_before: Vec::new(),
            registered_by: operator.name().to_owned(),
            created_at: context.now,
            changed_at: context.now,
            revision: 1,
        };
        fleet::register(&context.store, &device).await?;
        Ok(Created(WithToken {
            device: device.into(),
            token: token.text(),
        }))
    }
}
