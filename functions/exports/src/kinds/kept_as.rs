//! Things of which not all that is kept is handed out: secrets, numbers that only we have a use for, and licences of doctors,
//! which only signed records show.

use domain::family::{FamilyLink, Grant};
use domain::id::{DeviceId, SessionId};
use domain::notification::DevicePlatform;
use domain::opinion::Opinion;
use domain::review::ReviewRequest;
use domain::session::Product;
use jiff::Timestamp;
use serde::Serialize;
use store::holdings::LinkWithGrants;
use store::sessions::StoredSession;

#[derive(Serialize)]
pub struct Link<'a> {
    #[serde(flatten)]
    link: &'a FamilyLink,
    /// What the other may see.
    given: Option<&'a Grant>,
    /// What may be seen of the other.
    received: Option<&'a Grant>,
}

impl<'a> From<&'a LinkWithGrants> for Link<'a> {
    fn from(LinkWithGrants { link, given, received }: &'a LinkWithGrants) -> Self {
        Self {
            link,
            given: given.as_ref(),
            received: received.as_ref(),
        }
    }
}

#[derive(Serialize)]
pub struct Session<'a> {
    id: SessionId,
    product: Product,
    created_at: Timestamp,
    refreshed_at: Timestamp,
    expires_at: Timestamp,
    address: &'a str,
    user_agent: &'a str,
}

impl<'a> From<&'a StoredSession> for Session<'a> {
    fn from(stored: &'a StoredSession) -> Self {
        Self {
            id: stored.id,
            product: stored.product,
            created_at: stored.created_at,
            refreshed_at: stored.moved_at,
            expires_at: stored.expires_at,
            address: &stored.device.address,
            user_agent: &stored.device.user_agent,
        }
    }
}

/// Without its token, which is a secret.
#[derive(Serialize)]
pub struct Device<'a> {
    id: DeviceId,
    session: SessionId,
    platform: DevicePlatform,
    app: Option<&'a str>,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
}

impl<'a> From<&'a domain::notification::Device> for Device<'a> {
    fn from(device: &'a domain::notification::Device) -> Self {
        Self {
            id: device.id,
            session: device.session,
            platform: device.platform,
            app: device.app.as_deref(),
            last_seen_at: device.last_seen_at,
            expires_at: device.expires_at,
        }
    }
}

pub fn opinion(opinion: &Opinion) -> Opinion {
    let mut shown = opinion.clone();
    shown.signer.license = None;
    shown
}

pub fn review_request(request: &ReviewRequest) -> ReviewRequest {
    let mut shown = request.clone();
    if let Some(answer) = &mut shown.opinion {
        answer.license = None;
    }
    shown
}
