//! One notice becomes one errand for each way that it goes, so that trying one again repeats no other.

use domain::account::Account;
use domain::id::{NotificationId, PharmacyId, UserId};
use domain::notice::Notice;
use domain::role::Role;
use runtime::Context;
use runtime::messaging::PushProvider;
use store::Window;
use store::devices;
use store::directory::{self, List};
use store::outbox::{self, Entry, Errand};
use store::pharmacies;

use super::{Failure, Outcome, recipient};

pub async fn everywhere(context: &Context, entry: &Entry, user: UserId, notice: &Notice) -> Result<Outcome, Failure> {
    let Some(recipient) = recipient::find(&context.store, user).await? else {
        return Ok(Outcome::Done);
    };
    let channels = notice.channels();
    let notification = NotificationId::of(entry.id);
    let mut children = Vec::new();
    if channels.mail && recipient.email.is_some() {
        let notice = notice.clone();
        children.push(entry.child("mail", Errand::TellByMail { user, notice }, context.now));
    }
    if channels.in_app {
        let errand = Errand::TellInApp {
            user,
            notification,
            notice: notice.clone(),
        };
        children.push(entry.child("in-app", errand, context.now));
    }
    let mut has_app = false;
    if channels.push && context.platform.settings.messaging.push != PushProvider::Off {
        let pushes = pushes(context, entry, (user, notification), notice.kind()).await?;
        has_app = !pushes.is_empty();
        children.extend(pushes);
    }
    if channels.text_message && !has_app && recipient.phone.is_some() {
        let notice = notice.clone();
        let errand = Errand::TellByTextMessage { user, notice };
        children.push(entry.child("text message", errand, context.now));
    }
    if notice.ends_sessions() {
        children.push(entry.child("sockets", Errand::CloseSockets { user }, context.now));
    }
    outbox::replace(&context.store, entry, &children).await?;
    Ok(Outcome::Removed)
}

/// More need not hear of it at once.
const MOST_ADMINS: usize = 20;

/// One notice becomes one for each admin.
pub async fn admins(context: &Context, entry: &Entry, notice: &Notice) -> Result<Outcome, Failure> {
    let window = Window {
        skip: 0,
        limit: MOST_ADMINS,
    };
    let admins = directory::list(&context.store, List::Role(Role::Admin), false, window).await?;
    let tell = |admin: &Account| {
        let errand = Errand::Tell {
            user: admin.id,
            notice: notice.clone(),
        };
        entry.child(&format!("admin {}", admin.id), errand, context.now)
    };
    let children: Vec<Entry> = admins.accounts.iter().map(tell).collect();
    outbox::replace(&context.store, entry, &children).await?;
    Ok(Outcome::Removed)
}

/// One notice becomes one for each who runs a pharmacy, as it is now.
pub async fn pharmacy(context: &Context, entry: &Entry, id: PharmacyId, notice: &Notice) -> Result<Outcome, Failure> {
    let found = pharmacies::get(&context.store, id).await?;
    let tell = |user: UserId| {
        let notice = notice.clone();
        entry.child(&format!("runs it {user}"), Errand::Tell { user, notice }, context.now)
    };
    let children: Vec<Entry> = found.iter().flat_map(|pharmacy| pharmacy.people()).map(tell).collect();
    outbox::replace(&context.store, entry, &children).await?;
    Ok(Outcome::Removed)
}

async fn pushes(
    context: &Context,
    entry: &Entry,
    (user, notification): (UserId, NotificationId),
    kind: &str,
) -> Result<Vec<Entry>, Failure> {
    let devices = devices::list(&context.store, user, context.now).await?;
    let errand = |stored: devices::StoredDevice| {
        let errand = Errand::TellByPush {
            user,
            device: stored.device.id,
            kind: kind.to_owned(),
            notification,
        };
        entry.child(&format!("push {}", stored.device.id), errand, context.now)
    };
    Ok(devices.into_iter().map(errand).collect())
}
