//! All that is kept of a person and is theirs to have, read partition by partition.
//!
//! [`RULES`] names everything that lies in a person's partitions by the beginning of its sort key, and says what it is or
//! why it is not handed out. What has no rule is told of, so that nothing new is forgotten in silence.

mod given;

use domain::id::UserId;

use crate::key::{KeyRange, whole_partition};
use crate::query::{Order, sort_key};
use crate::table::Table;
use crate::{Error, Page, PageRequest, Store};

pub use given::{Holding, LinkWithGrants};

/// A kind of things, in the order in which they are read; things of one kind come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Account,
    Care,
    EmergencyAccess,
    FamilyLinks,
    Sessions,
    DentalAnalyses,
    Opinions,
    Predictions,
    SkinRecords,
    ReviewRequests,
    RecordFiles,
    OpenConflicts,
    Records,
    SettledConflicts,
    SyncingDevices,
    RecordVersions,
    Appointments,
    WaitingLists,
    Consultations,
    Invites,
    Messages,
    Medicines,
    Reservations,
    VitalAlerts,
    VitalDevices,
    VitalQuarantines,
    VitalReadings,
    VitalSettings,
    Notifications,
    Devices,
    Tickets,
    AuditLog,
}

impl Kind {
    pub const ALL: [Kind; 32] = [
        Kind::Account,
        Kind::Care,
        Kind::EmergencyAccess,
        Kind::FamilyLinks,
        Kind::Sessions,
        Kind::DentalAnalyses,
        Kind::Opinions,
        Kind::Predictions,
        Kind::SkinRecords,
        Kind::ReviewRequests,
        Kind::RecordFiles,
        Kind::OpenConflicts,
        Kind::Records,
        Kind::SettledConflicts,
        Kind::SyncingDevices,
        Kind::RecordVersions,
        Kind::Appointments,
        Kind::WaitingLists,
        Kind::Consultations,
        Kind::Invites,
        Kind::Messages,
        Kind::Medicines,
        Kind::Reservations,
        Kind::VitalAlerts,
        Kind::VitalDevices,
        Kind::VitalQuarantines,
        Kind::VitalReadings,
        Kind::VitalSettings,
        Kind::Notifications,
        Kind::Devices,
        Kind::Tickets,
        Kind::AuditLog,
    ];

    /// What it is called in files.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Account => "account",
            Kind::Care => "care",
            Kind::EmergencyAccess => "emergency_access",
            Kind::FamilyLinks => "family_links",
            Kind::Sessions => "sessions",
            Kind::DentalAnalyses => "dental_analyses",
            Kind::Opinions => "opinions",
            Kind::Predictions => "predictions",
            Kind::SkinRecords => "skin_records",
            Kind::ReviewRequests => "review_requests",
            Kind::RecordFiles => "record_files",
            Kind::OpenConflicts => "open_record_conflicts",
            Kind::Records => "records",
            Kind::SettledConflicts => "settled_record_conflicts",
            Kind::SyncingDevices => "syncing_devices",
            Kind::RecordVersions => "record_versions",
            Kind::Appointments => "appointments",
            Kind::WaitingLists => "waiting_lists",
            Kind::Consultations => "consultations",
            Kind::Invites => "consultation_invites",
            Kind::Messages => "consultation_messages",
            Kind::Medicines => "medicines",
            Kind::Reservations => "reservations",
            Kind::VitalAlerts => "vital_alerts",
            Kind::VitalDevices => "vital_devices",
            Kind::VitalQuarantines => "vital_quarantines",
            Kind::VitalReadings => "vital_readings",
            Kind::VitalSettings => "vital_settings",
            Kind::Notifications => "notifications",
            Kind::Devices => "devices",
            Kind::Tickets => "tickets",
            Kind::AuditLog => "audit_log",
        }
    }
}

/// A partition of a person: a table, and what stands before their id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    pub table: Table,
    pub prefix: &'static str,
}

const IDENTITY: Partition = Partition {
    table: Table::Identity,
    prefix: "USER#",
};
const DIAGNOSIS: Partition = Partition {
    table: Table::Diagnosis,
    prefix: "PATIENT#",
};
const REVIEWS: Partition = Partition {
    table: Table::Diagnosis,
    prefix: "REVIEWER#",
};
const RECORDS: Partition = Partition {
    table: Table::Records,
    prefix: "PATIENT#",
};
const VISITS: Partition = Partition {
    table: Table::Scheduling,
    prefix: "PATIENT#",
};
const AGENDA: Partition = Partition {
    table: Table::Scheduling,
    prefix: "AGENDA#",
};
const CALLS: Partition = Partition {
    table: Table::Consultations,
    prefix: "PATIENT#",
};
const CALL_LIST: Partition = Partition {
    table: Table::Consultations,
    prefix: "USER#",
};
const PHARMACIES: Partition = Partition {
    table: Table::Pharmacies,
    prefix: "PATIENT#",
};
const VITALS: Partition = Partition {
    table: Table::Vitals,
    prefix: "PATIENT#",
};
const INBOX: Partition = Partition {
    table: Table::Notifications,
    prefix: "INBOX#",
};
const DEVICES: Partition = Partition {
    table: Table::Notifications,
    prefix: "DEVICES#",
};
const PLATFORM: Partition = Partition {
    table: Table::Platform,
    prefix: "USER#",
};
const AUDIT: Partition = Partition {
    table: Table::Audit,
    prefix: "SUBJECT#",
};

/// All that a person has.
pub const PARTITIONS: [Partition; 14] = [
    IDENTITY, DIAGNOSIS, REVIEWS, RECORDS, VISITS, AGENDA, CALLS, CALL_LIST, PHARMACIES, VITALS, INBOX, DEVICES,
    PLATFORM, AUDIT,
];

/// What becomes of things of a partition whose sort keys begin so.
pub struct Rule {
    pub partition: Partition,
    pub sort_prefix: &'static str,
    pub fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Given(Kind),
    /// For this reason.
    Left(&'static str),
}

/// Of two that fit, the longer one holds.
pub const RULES: &[Rule] = &[
    given(IDENTITY, "ACCOUNT", Kind::Account),
    given(IDENTITY, "CARE#", Kind::Care),
    given(IDENTITY, "EMERGENCY#", Kind::EmergencyAccess),
    given(IDENTITY, "FAMILY#", Kind::FamilyLinks),
    left(IDENTITY, "GRANT#", "stands with the family link that it came with"),
    left(
        IDENTITY,
        "IDENTITY#",
        "a keyed hash of who somebody is at an outside provider; nothing else of it is kept",
    ),
    given(IDENTITY, "SESSION#", Kind::Sessions),
    left(
        DIAGNOSIS,
        "ASKED#",
        "a mark that a doctor was asked, which the review request says in full",
    ),
    given(DIAGNOSIS, "DENTAL#", Kind::DentalAnalyses),
    left(DIAGNOSIS, "DENTALCOUNT", "a count"),
    left(DIAGNOSIS, "OPEN#", "a count of review requests that are open"),
    given(DIAGNOSIS, "OPINION#", Kind::Opinions),
    given(DIAGNOSIS, "PREDICTION#", Kind::Predictions),
    given(DIAGNOSIS, "SKIN#", Kind::SkinRecords),
    given(REVIEWS, "ALL#", Kind::ReviewRequests),
    left(REVIEWS, "COUNT", "a count"),
    left(REVIEWS, "pending#", "the same review requests, by status"),
    left(REVIEWS, "reviewed#", "the same review requests, by status"),
    left(REVIEWS, "rejected#", "the same review requests, by status"),
    left(
        RECORDS,
        "CHANGE#",
        "the order in which records were changed, which each record says",
    ),
    left(
        RECORDS,
        "DRAFTED#",
        "that a doctor is writing something, which becomes a record when it is signed",
    ),
    given(RECORDS, "FILE#", Kind::RecordFiles),
    left(RECORDS, "LIVE#", "the same records, by type"),
    given(RECORDS, "OPEN#", Kind::OpenConflicts),
    left(RECORDS, "PENDING#", "the same records, those that wait for files"),
    left(
        RECORDS,
        "PUSHED#",
        "a digest by which a change that a device sends twice is known again",
    ),
    given(RECORDS, "RECORD#", Kind::Records),
    left(RECORDS, "RECORDS", "a count"),
    given(RECORDS, "SETTLED#", Kind::SettledConflicts),
    given(RECORDS, "SYNC#", Kind::SyncingDevices),
    given(RECORDS, "VERSION#", Kind::RecordVersions),
    given(VISITS, "APPOINTMENT#", Kind::Appointments),
    left(
        AGENDA,
        "AVAILABILITY",
        "a doctor's hours, which patients see when they book",
    ),
    left(AGENDA, "COUNT#", "a count"),
    left(AGENDA, "DAY#", "the same appointments, by the day that they take up"),
    left(AGENDA, "VISIT#", "the same appointments, by their time"),
    given(AGENDA, "WAITING#", Kind::WaitingLists),
    left(AGENDA, "WAITS", "a count"),
    given(CALLS, "CALL#", Kind::Consultations),
    given(CALLS, "INVITE#", Kind::Invites),
    left(
        CALLS,
        "MAILBOX#",
        "how far apps have read what they tell each other to connect",
    ),
    given(CALLS, "MESSAGE#", Kind::Messages),
    left(
        CALLS,
        "SAID#",
        "a digest by which a message that is sent twice is known again",
    ),
    left(
        CALLS,
        "SIGNAL#",
        "what apps tell each other to connect, gone when the call is over",
    ),
    left(CALLS, "TALK#", "a count"),
    left(
        CALL_LIST,
        "CALL#",
        "the same consultations, and a doctor's with their patients",
    ),
    left(
        PHARMACIES,
        "FILLS#",
        "how much of a prescription is used up, which its reservations say",
    ),
    given(PHARMACIES, "RECEIVED#", Kind::Medicines),
    given(PHARMACIES, "RESERVATION#", Kind::Reservations),
    left(PHARMACIES, "RESERVED", "a count"),
    given(VITALS, "ALERT#", Kind::VitalAlerts),
    left(VITALS, "DAY#", "sums of the readings of each hour"),
    given(VITALS, "DEVICE#", Kind::VitalDevices),
    left(VITALS, "DEVICES", "a count"),
    left(
        VITALS,
        "HEAD",
        "the newest of the readings, and alarms as far as they are",
    ),
    given(VITALS, "QUARANTINE#", Kind::VitalQuarantines),
    given(VITALS, "RAW#", Kind::VitalReadings),
    given(VITALS, "SETTINGS", Kind::VitalSettings),
    left(INBOX, "COUNT", "a count"),
    given(INBOX, "NOTE#", Kind::Notifications),
    left(INBOX, "UNREAD#", "the same notifications, those that are unread"),
    given(DEVICES, "DEVICE#", Kind::Devices),
    left(PLATFORM, "EXPORT", "this archive, and those before it"),
    given(PLATFORM, "TICKET#", Kind::Tickets),
    left(
        PLATFORM,
        "UPLOAD#",
        "a file on its way, until what it was sent for is kept",
    ),
    given(AUDIT, "ENTRY#", Kind::AuditLog),
    left(AUDIT, "HEAD", "how long the log is, for checking it"),
];

const fn given(partition: Partition, sort_prefix: &'static str, kind: Kind) -> Rule {
    Rule {
        partition,
        sort_prefix,
        fate: Fate::Given(kind),
    }
}

const fn left(partition: Partition, sort_prefix: &'static str, reason: &'static str) -> Rule {
    Rule {
        partition,
        sort_prefix,
        fate: Fate::Left(reason),
    }
}

/// What becomes of an item; none where no rule says it.
pub fn fate(partition: Partition, sort: &str) -> Option<Fate> {
    let fitting = RULES
        .iter()
        .filter(|rule| rule.partition == partition && sort.starts_with(rule.sort_prefix));
    let longest = fitting.max_by_key(|rule| rule.sort_prefix.len());
    longest.map(|rule| rule.fate)
}

/// What was found in a partition.
pub enum Found {
    Given(Kind, Box<Holding>),
    Left,
    /// No rule says what it is. Its sort key, up to the first `#`.
    Unknown(String),
}

/// A page of one of a person's partitions, in the order of their sort keys.
pub async fn page(
    store: &Store,
    user: UserId,
    partition: Partition,
    request: &PageRequest,
) -> Result<Page<Found>, Error> {
    let range = range(user, partition);
    let Page { items, next } = store.query(&range, request, Order::Forwards).await?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let sort = sort_key(&item).unwrap_or_default().to_owned();
        found.push(match fate(partition, &sort) {
            Some(Fate::Given(kind)) => match given::open(store, user, kind, &range, item).await? {
                Some(holding) => Found::Given(kind, Box::new(holding)),
                // What it points to went meanwhile, or is another's.
                None => Found::Left,
            },
            Some(Fate::Left(_)) => Found::Left,
            None => Found::Unknown(sort.split('#').next().unwrap_or_default().to_owned()),
        });
    }
    Ok(Page { items: found, next })
}

fn range(user: UserId, partition: Partition) -> KeyRange {
    whole_partition(partition.table, &format!("{}{user}", partition.prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_a_kind_come_together_and_in_order() {
        let mut kinds = Vec::new();
        for partition in PARTITIONS {
            let mut rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.partition == partition).collect();
            rules.sort_by_key(|rule| rule.sort_prefix);
            for rule in rules {
                if let Fate::Given(kind) = rule.fate {
                    kinds.push(kind);
                }
            }
        }
        assert_eq!(kinds, Kind::ALL);
        assert!(kinds.is_sorted());
    }

    #[test]
    fn every_reason_is_one_and_every_rule_is_needed() {
        for rule in RULES {
            assert!(PARTITIONS.contains(&rule.partition), "{}", rule.sort_prefix);
            assert_eq!(fate(rule.partition, rule.sort_prefix), Some(rule.fate));
            if let Fate::Left(reason) = rule.fate {
                assert!(reason.len() > 6, "{reason}");
            }
        }
        assert_eq!(fate(IDENTITY, "SOMETHING#NEW"), None);
    }
}
