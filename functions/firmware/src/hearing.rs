//! What a registered device says of itself, and what follows from it.

use domain::firmware::rollout::Limits;
use domain::firmware::update::{Evidence, ReportStatus, UpdateState};
use domain::firmware::{DeviceLabel, EnrolledDevice, FirmwareVersion, Head, Release};
use domain::notice::Notice;
use jiff::SignedDuration;
use runtime::{Context, Problem};
use store::fleet::{self, With};

use crate::campaign;

/// Keeps what a device says, with its report.
pub async fn hear(
    context: &Context,
    head: &Head,
    device: &EnrolledDevice,
    evidence: &Evidence,
    with: With<'_>,
) -> Result<(), Problem> {
    let silence = silence(head, device);
    let learned = |device: &EnrolledDevice| device.learned(evidence, silence, context.now);
    let (before, after) = fleet::change(&context.store, &device.label, learned, with).await?;
    follow(context, &before, &after).await
}

/// A poll of a device that is offered a release: it is noted, and its owner told, once. Costs nothing where all of it
/// is known. If it ended another update, answers the device as it is now: the choice may have changed with that.
pub async fn offer(
    context: &Context,
    (head, release): (&Head, &Release),
    device: &EnrolledDevice,
    evidence: &Evidence,
) -> Result<Option<EnrolledDevice>, Problem> {
    let silence = silence(head, device);
    let change = |device: &EnrolledDevice| {
        let learned = device.learned(evidence, silence, context.now);
        if learned
            .as_ref()
            .is_some_and(|learned| newly_over(device, learned).is_some())
        {
            return learned;
        }
        let offered = learned.as_ref().unwrap_or(device).offered(head, release, context.now);
        offered.or(learned)
    };
    let Some(planned) = change(device) else {
        return Ok(None);
    };
    let offered = |device: &EnrolledDevice| device.update.as_ref().map(|update| update.version.clone());
    let notice = match device.owner.filter(|_| offered(device) != offered(&planned)) {
        Some(owner) => Some(context.tell(owner, Notice::firmware_available(release.version.as_str()))?),
        None => None,
    };
    let with = With {
        notice: notice.as_ref(),
        report: None,
    };
    let (before, after) = fleet::change(&context.store, &device.label, change, with).await?;
    follow(context, &before, &after).await?;
    Ok(newly_over(&before, &after).is_some().then_some(after))
}

/// A device that fetches what it was offered has begun, and is waited for, even if it never says a word of it.
pub async fn fetches(
    context: &Context,
    head: &Head,
    device: &EnrolledDevice,
    release: &Release,
) -> Result<(), Problem> {
    let update = device.update.as_ref();
    if update.is_none_or(|update| update.version != release.version || update.state != UpdateState::Queued) {
        return Ok(());
    }
    let evidence = Evidence {
        status: Some(ReportStatus::InProgress),
        about: Some(release.version.to_string()),
        ..Evidence::default()
    };
    hear(context, head, device, &evidence, With::default()).await
}

/// A device is lost, unless it has said something meanwhile.
pub async fn give_up(context: &Context, label: &DeviceLabel) -> Result<(), Problem> {
    let lost = |device: &EnrolledDevice| device.lost(context.now);
    let (before, after) = fleet::change(&context.store, label, lost, With::default()).await?;
    follow(context, &before, &after).await
}

/// A failure may be the one too many.
async fn follow(context: &Context, before: &EnrolledDevice, after: &EnrolledDevice) -> Result<(), Problem> {
    match newly_over(before, after) {
        Some((version, state)) if state != UpdateState::Confirmed => {
            campaign::review(context, after.hardware, version).await
        }
        _ => Ok(()),
    }
}

fn newly_over<'a>(before: &EnrolledDevice, after: &'a EnrolledDevice) -> Option<(&'a FirmwareVersion, UpdateState)> {
    let (from, to) = (before.update.as_ref()?, after.update.as_ref()?);
    let is_new = from.version == to.version && from.state != to.state;
    (is_new && to.state.is_over()).then_some((&to.version, to.state))
}

fn silence(head: &Head, device: &EnrolledDevice) -> SignedDuration {
    let release = device
        .update
        .as_ref()
        .and_then(|update| head.known(&update.version).ok());
    let limits = release.map_or_else(Limits::default, |release| release.rollout.limits);
    SignedDuration::from_mins(i64::from(limits.silence_minutes))
}
