//! What several endpoints of this area need.

use runtime::need::Need;
use store::table::{ItemAction, Table};

/// What everybody may know, and what is there.
pub const READ: [Need; 1] = [Need::Items(
    Table::Pharmacies,
    &[ItemAction::Get, ItemAction::BatchGet, ItemAction::Query],
)];

/// Reservations, and by what right.
pub const READ_RESERVATIONS: [Need; 4] = [
    READ[0],
    Need::Items(Table::Identity, &[ItemAction::Get]),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

/// Changing stock, with all that follows from it.
pub const MOVE: [Need; 5] = [
    Need::Items(
        Table::Pharmacies,
        &[
            ItemAction::Get,
            ItemAction::BatchGet,
            ItemAction::Query,
            ItemAction::Put,
            ItemAction::Update,
            ItemAction::Delete,
            // Of a lot that comes, that it was not recalled.
            ItemAction::Check,
        ],
    ),
    // Patients, and whom they let in.
    Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::BatchGet]),
    // Prescriptions.
    Need::Items(Table::Records, &[ItemAction::Get, ItemAction::Check]),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];
