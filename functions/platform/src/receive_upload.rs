//! Worker: looks at each file that came past the API; what is no picture, or was not expected, is removed at once.

use domain::upload::{LARGEST_PHOTO_BYTES, UploadState};
use runtime::need::Need;
use runtime::{Context, Function, ObjectCreated, Problem, Trigger, Worker};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{Error, uploads};

pub static FUNCTION: Function = Function::worker::<ReceiveUpload>();

pub struct ReceiveUpload;

impl Worker for ReceiveUpload {
    const NAME: &'static str = "receive-upload";
    const SUMMARY: &'static str = "Looks at files that came past the API and removes what is no picture";
    const TRIGGER: Trigger = Trigger::NewObjects(Bucket::Uploads);
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Update]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
    ];

    type Event = ObjectCreated;

    async fn handle(context: &Context, event: ObjectCreated) -> Result<(), Problem> {
        let Some((owner, id)) = uploads::parse_object_key(&event.key) else {
            return Ok(());
        };
        let start = uploads::read_start(&context.store, owner, id).await?;
        let is_picture = start.is_some_and(|bytes| domain::upload::begins_like_a_picture(&bytes));
        let is_good = is_picture && event.size_bytes <= LARGEST_PHOTO_BYTES;
        let state = if is_good {
            UploadState::Received
        } else {
            UploadState::Refused
        };
        let is_expected = match uploads::settle(&context.store, owner, id, state).await {
            Ok(()) => true,
            Err(Error::ConditionFailed(_)) => false,
            Err(error) => return Err(error.into()),
        };
        if !is_good || !is_expected {
            uploads::remove_file(&context.store, owner, id).await?;
        }
        Ok(())
    }
}
