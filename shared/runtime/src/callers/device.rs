//! A registered device that asks by itself, without a person.

use domain::firmware::EnrolledDevice;
use domain::firmware::enrolled::DeviceToken;
use domain::id::UserId;
use domain::refusal::{Kind, Refusal};
use http::HeaderName;
use store::fleet;
use store::table::{ItemAction, Table};

use super::{Access, Caller};
use crate::context::Context;
use crate::need::Need;
use crate::problem::Problem;
use crate::request::Incoming;

/// Not `Authorization`: stock devices send that along to storage when they are redirected there, which refuses it.
const HEADER: HeaderName = HeaderName::from_static("x-device-token");

/// A device with its own token, or anybody without one; a token that is sent must be good.
#[derive(Clone)]
pub struct MaybeDevice(pub Option<EnrolledDevice>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Invalid device token")]
struct InvalidToken;

impl Refusal for InvalidToken {
    fn kind(&self) -> Kind {
        Kind::Unauthenticated
    }

    fn code(&self) -> &'static str {
        "device_token_invalid"
    }
}

impl Caller for MaybeDevice {
    const ACCESS: Access = Access::MaybeDevice;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Get])];

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        let Some(text) = request.header(&HEADER).filter(|text| !text.trim().is_empty()) else {
            return Ok(Self(None));
        };
        let token: DeviceToken = text.trim().parse().map_err(|_| InvalidToken)?;
        let device = fleet::get(&context.store, token.label()).await?;
        let device = device.filter(|device| device.is_opened_by(&token));
        Ok(Self(Some(device.ok_or(InvalidToken)?)))
    }

    fn user(&self) -> Option<UserId> {
        None
    }

    fn name(&self) -> Option<String> {
        self.0.as_ref().map(|device| format!("device {}", device.label))
    }
}
