//! The DynamoDB tables, by area. Both the local product and `template.yaml` are made from this list.
//!
//! All have a partition key `pk` and a sort key `sk`, both strings, are billed on demand and encrypted, and but
//! for `limits`, `ledger` and `sockets` kept for point-in-time recovery. Items with `expires_at` (seconds since 1970) are removed some time after it; since that
//! may take days, reads check it too.

/// Name of the partition key attribute in every table.
pub const PARTITION_KEY: &str = "pk";
/// Name of the sort key attribute in every table.
pub const SORT_KEY: &str = "sk";
/// Name of the attribute after which an item may be removed.
pub const EXPIRY: &str = "expires_at";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Accounts, what is unique about them, sessions.
    Identity,
    /// Predictions, report numbers.
    Diagnosis,
    /// The outbox, notifications, devices.
    Notifications,
    /// Uploads on their way; exports; the keys of sealed fields.
    Platform,
    /// How often callers called lately.
    Limits,
    /// What was answered to requests that may come again.
    Ledger,
    /// Who did what with whose health data: only ever added to.
    Audit,
    /// Published firmware, and who runs which.
    Firmware,
    /// Health records with all their versions.
    Records,
    /// Doctors' hours, appointments and whose time they take, waiting lists.
    Scheduling,
    /// Connections of the WebSocket API, and who listens to what.
    Sockets,
    /// Consultations, what is signalled and written in them, and their guests.
    Consultations,
    /// Pharmacies, their stock with its ledger, and what is set apart for patients.
    Pharmacies,
    /// Devices that measure, what they measured, and alarms of it.
    Vitals,
}

impl Table {
    pub const ALL: [Table; 14] = [
        Table::Identity,
        Table::Diagnosis,
        Table::Notifications,
        Table::Platform,
        Table::Limits,
        Table::Ledger,
        Table::Audit,
        Table::Firmware,
        Table::Records,
        Table::Scheduling,
        Table::Sockets,
        Table::Consultations,
        Table::Pharmacies,
        Table::Vitals,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Table::Identity => "identity",
            Table::Diagnosis => "diagnosis",
            Table::Notifications => "notifications",
            Table::Platform => "platform",
            Table::Limits => "limits",
            Table::Ledger => "ledger",
            Table::Audit => "audit",
            Table::Firmware => "firmware",
            Table::Records => "records",
            Table::Scheduling => "scheduling",
            Table::Sockets => "sockets",
            Table::Consultations => "consultations",
            Table::Pharmacies => "pharmacies",
            Table::Vitals => "vitals",
        }
    }

    /// Whether it can be brought back to any second of the last weeks. Not what is worthless a minute
    /// or two days later.
    pub fn is_restorable(self) -> bool {
        !matches!(self, Table::Limits | Table::Ledger | Table::Sockets)
    }

    /// Whether changes are streamed to a worker.
    pub fn has_stream(self) -> bool {
        self.streamed_sort_key().is_some()
    }

    /// The sort key of those items that the worker on the stream is there for.
    pub fn streamed_sort_key(self) -> Option<&'static str> {
        match self {
            Table::Notifications => Some(crate::key::ENTRY),
            Table::Identity
            | Table::Diagnosis
            | Table::Platform
            | Table::Limits
            | Table::Ledger
            | Table::Audit
            | Table::Firmware
            | Table::Records
            | Table::Scheduling
            | Table::Sockets
            | Table::Consultations
            | Table::Pharmacies
            | Table::Vitals => None,
        }
    }
}

/// What a function does with the items of a table; also what it is allowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemAction {
    Get,
    /// Several items at once.
    BatchGet,
    Query,
    Put,
    Update,
    Delete,
    /// A condition on an item that a transaction does not write.
    Check,
}

impl ItemAction {
    /// The IAM action, which transactions need as well.
    pub fn iam(self) -> &'static str {
        match self {
            ItemAction::Get => "dynamodb:GetItem",
            ItemAction::BatchGet => "dynamodb:BatchGetItem",
            ItemAction::Query => "dynamodb:Query",
            ItemAction::Put => "dynamodb:PutItem",
            ItemAction::Update => "dynamodb:UpdateItem",
            ItemAction::Delete => "dynamodb:DeleteItem",
            ItemAction::Check => "dynamodb:ConditionCheckItem",
        }
    }
}
