//! What several endpoints of this area need.

use runtime::need::Need;
use store::table::{ItemAction, Table};

/// Reading appointments, and by what right.
pub const READ: [Need; 3] = [
    Need::Items(
        Table::Scheduling,
        &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
    ),
    // The grants of caregivers.
    Need::Items(Table::Identity, &[ItemAction::Get]),
    Need::FieldKeys,
];

/// Booking and changing, with all that follows from it.
pub const BOOK: [Need; 5] = [
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
    // Doctors, whether they can be booked, grants, and ties of care.
    Need::Items(
        Table::Identity,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Put,
            ItemAction::Delete,
            ItemAction::Check,
        ],
    ),
    // The diagnosis that a visit is about.
    Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Update]),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

/// What a doctor offers.
pub const OFFER: [Need; 2] = [
    Need::Items(
        Table::Scheduling,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Put,
            ItemAction::Update,
        ],
    ),
    // Whether they can be booked.
    Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Check]),
];
