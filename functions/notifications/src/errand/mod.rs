//! One try of an errand, and what becomes of it: done, due again later, or left to a person.

mod erase;
mod failure;
mod in_app;
mod mail;
mod phone;
mod push;
mod recipient;
mod tell;
mod visits;

use domain::errand::wait_after;
use domain::id::OutboxId;
use domain::notice::{Destination, Notice};
use domain::wording::Reader;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use store::bucket::{Bucket, ObjectAction};
use store::consultations::mailbox;
use store::outbox::{self, Entry, Errand};
use store::table::{ItemAction, Table};
use store::{audit, exports, pictures};

use failure::Failure;

/// What running errands needs, whatever sets it off.
pub const NEEDS: &[Need] = &[
    Need::Items(
        Table::Notifications,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    ),
    Need::Items(
        Table::Identity,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Query,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    ),
    Need::Items(
        Table::Scheduling,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    ),
    Need::Items(Table::Records, &[ItemAction::Query, ItemAction::Delete]),
    Need::Items(
        Table::Diagnosis,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    ),
    Need::Items(
        Table::Platform,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Put, ItemAction::Delete],
    ),
    Need::Items(
        Table::Consultations,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Delete],
    ),
    Need::Items(
        Table::Pharmacies,
        &[
            ItemAction::Get,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
        ],
    ),
    Need::Items(Table::Vitals, &[ItemAction::Query, ItemAction::Delete]),
    Need::Items(Table::Audit, &[ItemAction::Get, ItemAction::Put]),
    Need::Secret(Secret::AuditKey),
    Need::Objects(Bucket::Images, &[ObjectAction::Delete]),
    Need::Objects(Bucket::Documents, &[ObjectAction::Delete]),
    Need::Objects(Bucket::Exports, &[ObjectAction::Delete]),
    Need::Objects(Bucket::Uploads, &[ObjectAction::Delete]),
    Need::Objects(Bucket::Parts, &[ObjectAction::Get, ObjectAction::Delete]),
    Need::Secret(Secret::SmtpUrl),
    Need::Secret(Secret::FcmServiceAccount),
    Need::Secret(Secret::TwilioAuthToken),
    Need::Messages,
    Need::Connections,
    Need::FieldKeys,
];

/// How a try went well.
enum Outcome {
    Done,
    /// The entry went in the same transaction as what it led to.
    Removed,
}

/// Fails only when storage does: then nothing has been noted, and whoever handed the entry over must do so again.
pub async fn run(context: &Context, entry: &Entry) -> Result<(), Problem> {
    match attempt(context, entry).await {
        Ok(Outcome::Removed) => Ok(()),
        Ok(Outcome::Done) => Ok(outbox::finish(&context.store, entry).await?),
        Err(failure) => note_failure(context, entry, &failure).await,
    }
}

async fn attempt(context: &Context, entry: &Entry) -> Result<Outcome, Failure> {
    if visits::is_past(context, &entry.errand).await? {
        return Ok(Outcome::Done);
    }
    match &entry.errand {
        Errand::Tell { user, notice } => return tell::everywhere(context, entry, *user, notice).await,
        Errand::TellAdmins { notice } => return tell::admins(context, entry, notice).await,
        Errand::TellPharmacy { pharmacy, notice } => return tell::pharmacy(context, entry, *pharmacy, notice).await,
        Errand::TellInApp {
            user,
            notification,
            notice,
        } => return in_app::add(context, entry, (*user, *notification), notice).await,
        Errand::Erase { user, pictures, again } => return erase::go_on(context, entry, *user, pictures, *again).await,
        Errand::ForgetRecord(erased) => return erase::forget_record(context, entry, erased).await,
        Errand::CallOffVisits { user } => visits::call_off(context, entry, *user).await?,
        Errand::OfferTime {
            doctor,
            from,
            until,
            slot,
            passed,
        } => {
            let freed = visits::freed(*doctor, (*from, *until), *slot, *passed);
            visits::offer(context, &freed).await?;
        }
        Errand::TellByMail { user, notice } => mail::to_user(context, entry.id, *user, notice).await?,
        Errand::TellByTextMessage { user, notice } => phone::to_user(context, *user, notice).await?,
        Errand::TellByPush {
            user,
            device,
            kind,
            notification,
        } => push::to_device(context, (*user, *device), kind, *notification).await?,
        Errand::Send { to, notice, language } => send(context, entry.id, to, notice, &(*language).into()).await?,
        Errand::StartVerification { phone, language } => phone::start_verification(context, phone, *language).await?,
        Errand::RemovePicture { picture } => pictures::remove(&context.store, picture).await?,
        Errand::RemoveArchive { patient, export } => {
            exports::remove_archives(&context.store, *patient, *export).await?;
        }
        Errand::CloseSockets { user } => context.end_sockets(*user).await?,
        Errand::RemoveSignals { patient, consultation } => {
            mailbox::purge(&context.store, *patient, *consultation).await?;
        }
        Errand::AnnounceFirmware { version } => push::announce_firmware(context, version).await?,
        Errand::Audit { event } => {
            let key = context.chain_key().await?;
            audit::append(&context.store, &key, entry.id, event).await?;
        }
    }
    Ok(Outcome::Done)
}

async fn send(
    context: &Context,
    id: OutboxId,
    to: &Destination,
    notice: &Notice,
    reader: &Reader,
) -> Result<(), Failure> {
    match to {
        Destination::Email(address) => mail::send(context, id, address, notice, reader).await,
        Destination::Phone(number) => phone::text(context, number, notice, reader).await,
    }
}

async fn note_failure(context: &Context, entry: &Entry, failure: &Failure) -> Result<(), Problem> {
    // Runs of many errands last longer than the moment they began.
    let now = context.platform.clock.now();
    let [chance] = context.random()?;
    let wait = wait_after(entry.attempts + 1, chance).filter(|_| failure.may_pass);
    match wait {
        Some(wait) => outbox::postpone(&context.store, entry, now + wait).await?,
        None => outbox::park(&context.store, entry, failure.reason, now).await?,
    }
    Ok(())
}
