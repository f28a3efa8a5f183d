//! What several endpoints of this area need.

use runtime::need::Need;
use runtime::secrets::Secret;
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};

/// Reading accounts, alone and in lists.
pub const READ: [Need; 3] = [
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    Need::FieldKeys,
    Need::Secret(Secret::LinkSigningKey),
];

/// Changing accounts with all that follows from them.
pub const WRITE: [Need; 4] = [
    Need::Items(
        Table::Identity,
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
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::LinkSigningKey),
];

/// The same of somebody whom patients may find and book from then on.
pub const LIST: [Need; 5] = [
    WRITE[0],
    WRITE[1],
    WRITE[2],
    WRITE[3],
    Need::Items(Table::Scheduling, &[ItemAction::Update]),
];

/// The same, with the person's picture.
pub const WRITE_WITH_PICTURES: [Need; 5] = [
    WRITE[0],
    WRITE[1],
    WRITE[2],
    WRITE[3],
    Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
];
