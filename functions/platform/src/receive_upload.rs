//! Worker: looks at each file that came past the API; what is not of the kind that was announced, or was not expected
//! at all, is removed at once.

use domain::upload::{FileKind, UploadState};
use runtime::need::Need;
use runtime::{Context, Function, ObjectCreated, Problem, Trigger, Worker};
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{Error, uploads};

pub static FUNCTION: Function = Function::worker::<ReceiveUpload>();

pub struct ReceiveUpload;

impl Worker for ReceiveUpload {
    const NAME: &'static str = "receive-upload";
    const SUMMARY: &'static str = "Looks at files that came past the API and removes what is not as announced";
    const TRIGGER: Trigger = Trigger::NewObjects(Bucket::Uploads);
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Get, ItemAction::Update]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
    ];

    type Event = ObjectCreated;

    async fn handle(context: &Context, event: ObjectCreated) -> Result<(), Problem> {
        let Some((owner, id)) = uploads::parse_object_key(&event.key) else {
            return Ok(());
        };
        let expected = uploads::expected_kind(&context.store, owner, id).await?;
        let start = uploads::read_start(&context.store, owner, id).await?;
        let kind = start.and_then(|bytes| FileKind::of(&bytes));
        let is_good = kind.is_some_and(|kind| expected == Some(kind) && event.size_bytes <= kind.largest_bytes());
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
