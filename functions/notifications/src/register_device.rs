//! `POST /api/notifications/devices`: let an installed app be pushed to. Apps call it at each start.

use domain::id::DeviceId;
use domain::notification::{Device, DevicePlatform, PushToken};
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::devices;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<RegisterDevice>();

pub struct RegisterDevice;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// What the push service gave to the app.
    #[schemars(with = "String")]
    token: PushToken,
    platform: DevicePlatform,
    /// Which app, for its owner to know it by.
    #[serde(default)]
    app: Option<AppName>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct AppName(#[schemars(length(max = 100))] String);

impl TryFrom<String> for AppName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.chars().count() <= 100 && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err("must be one line of up to 100 characters")
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// The same for the same token.
    id: DeviceId,
}

impl Endpoint for RegisterDevice {
    const NAME: &'static str = "register-device";
    const SUMMARY: &'static str = "Let an installed app be pushed to";
    const ROUTES: &'static [Route] = &[Route::post("/api/notifications/devices")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Notifications,
            &[ItemAction::Get, ItemAction::Query, ItemAction::Put, ItemAction::Delete],
        ),
        Need::FieldKeys,
    ];

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let device = Device {
            id: context.new_id(DeviceId::new)?,
            user: caller.user_id(),
            session: caller.session.id,
            token: body.token,
            platform: body.platform,
            app: body.app.map(|name| name.0),
            last_seen_at: context.now,
            expires_at: context.now + Device::UNSEEN,
        };
        let id = devices::register(&context.store, &device).await?;
        Ok(Created(Answer { id }))
    }
}
