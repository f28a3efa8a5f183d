//! Worker: publishes images that came past the API, or notes why not. What nobody expects is removed.

use domain::firmware::upload::{FirmwareUpload, FirmwareUploadState, UploadReason};
use runtime::need::Need;
use runtime::{Context, Function, ObjectCreated, Problem, Trigger, Worker};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{Error, firmware_uploads};

use crate::publishing::{self, Wish, publish};

pub static FUNCTION: Function = Function::worker::<PublishFirmware>();

pub struct PublishFirmware;

impl Worker for PublishFirmware {
    const NAME: &'static str = "publish-firmware";
    const SUMMARY: &'static str = "Publishes firmware images that came past the API";
    const TRIGGER: Trigger = Trigger::NewObjects(Bucket::Firmware);
    const NEEDS: &'static [Need] = &[
        publishing::NEEDS[0],
        publishing::NEEDS[1],
        publishing::NEEDS[2],
        publishing::NEEDS[3],
        publishing::NEEDS[4],
        Need::Items(Table::Firmware, &[ItemAction::Update]),
        Need::Objects(Bucket::Firmware, &[ObjectAction::Get, ObjectAction::Delete]),
    ];
    const MEMORY_MB: u16 = 512;
    const TIMEOUT_SECONDS: u16 = 60;

    type Event = ObjectCreated;

    async fn handle(context: &Context, event: ObjectCreated) -> Result<(), Problem> {
        let Some(id) = firmware_uploads::parse_object_key(&event.key) else {
            return Ok(());
        };
        let upload = firmware_uploads::get(&context.store, id, context.now).await?;
        // One that is settled has been handed over before.
        if let Some(upload) = upload.filter(|upload| upload.state == FirmwareUploadState::Expected) {
            settle(context, upload).await?;
        }
        Ok(firmware_uploads::remove_file(&context.store, id).await?)
    }
}

async fn settle(context: &Context, upload: FirmwareUpload) -> Result<(), Problem> {
    let Some(file) = firmware_uploads::received(&context.store, upload.id).await? else {
        return Ok(());
    };
    let wish = Wish {
        draft: upload.draft,
        file: file.to_vec(),
        operator: upload.operator,
        upload: Some(upload.id),
    };
    let problem = match publish(context, wish).await {
        Ok(_) => return Ok(()),
        Err(problem) => problem,
    };
    // What failed on our side is handed over again.
    if !problem.status.is_client_error() {
        return Err(problem);
    }
    let reason = UploadReason {
        code: problem.code.to_owned(),
        detail: problem.detail,
    };
    match firmware_uploads::refuse(&context.store, upload.id, &reason).await {
        // Handed over twice at once, and published by the other.
        Err(Error::ConditionFailed(_)) => Ok(()),
        outcome => Ok(outcome?),
    }
}
