//! What becomes of a rollout by itself: it halts when too many devices fail, and goes on to the next wave when one has
//! proved itself. Looked at after every failure, and once a minute in case somebody who should have looked has died.

use domain::firmware::rollout::Step;
use domain::firmware::{FirmwareVersion, Hardware, Head};
use domain::notice::Notice;
use runtime::need::Need;
use runtime::{Context, Problem};
use store::firmware::Notices;
use store::outbox::Errand;
use store::table::{ItemAction, Table};
use store::{firmware, fleet};

use crate::publishing;

pub const NEEDS: [Need; 3] = [
    Need::Items(
        Table::Firmware,
        &[
            ItemAction::Get,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Query,
        ],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

/// Takes the step that is due, if one is. Of many who see it at once, one takes it.
pub async fn review(context: &Context, hardware: Hardware, version: &FirmwareVersion) -> Result<(), Problem> {
    let (store, now) = (&context.store, context.now);
    let counts = fleet::counts(store, hardware, version).await?;
    let due = |head: &Head| head.known(version).ok()?.rollout.due(&counts, now);
    let head = firmware::head(store, hardware).await?;
    let Some(step) = due(&head) else {
        return Ok(());
    };
    let take = |head: &Head| head.with_rollout(version, now, |rollout| rollout.take(step, &counts, now));
    let change = |head: &Head| (due(head) == Some(step)).then(|| take(head)).transpose();
    let (mut always, mut announcement) = (Vec::new(), None);
    match step {
        // Operators by name and password have no address; admins have.
        Step::Halt => {
            let notice = Notice::firmware_halted(version.as_str());
            always.push(context.entry(Errand::TellAdmins { notice })?);
        }
        Step::NextWave => announcement = Some(publishing::announcement(context, version)?),
    }
    let notices = Notices {
        always: &always,
        announcement: announcement.as_ref(),
    };
    firmware::change_head(store, hardware, change, &notices).await?;
    Ok(())
}
