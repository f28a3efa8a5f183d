//! Keys of all items, and the questions they answer.
//!
//! | Question | Table | Partition | Sort | How |
//! |---|---|---|---|---|
//! | The account of a user | identity | `USER#<user>` | `ACCOUNT` | get |
//! | A session of a user, with their account | identity | `USER#<user>` | `SESSION#<session>` | batch get |
//! | A user's sessions | identity | `USER#<user>` | `SESSION#` | query |
//! | Who holds this e-mail address, number, licence | identity | `EMAIL#<index>`, `PHONE#<index>`, `LICENSE#<index>` | `HOLDER` | get |
//! | Who holds this user name | identity | `USERNAME#<name>` | `HOLDER` | get |
//! | Who holds this user number | identity | `NUMBER#<number>` | `HOLDER` | get |
//! | Which outside identities a user has | identity | `USER#<user>` | `IDENTITY#<index>` | query |
//! | Who holds such an identity | identity | `IDENTITY#<index>` | `HOLDER` | get |
//! | Users of a list, by age | identity | `DIRECTORY#<list>` | `USER#<user>` | query |
//! | Doctors that patients can find | identity | `DOCTORS` | `ALL#<user>`, `TERM#<text>#<user>` | query |
//! | How many there are | identity | `COUNT#<counter>` | `SHARD#<n>` | query |
//! | Codes that wait for an answer | identity | `CODE#<index of destination>` | `<purpose>#<network>` | query |
//! | How much of a budget is spent | identity | `BUDGET#<kind>#<index>` | `<window>#<start>` | update |
//! | Failed sign-ins for a name from a network | identity | `FAILURES#<index of name>` | `<network>` | get |
//! | Networks somebody has signed in from | identity | `HOME#<index>` | `<network>` | get |
//! | A person's family links | identity | `USER#<user>` | `FAMILY#<link>` | query |
//! | Whether two people are linked | identity | `PAIR#<user>#<user>` | `HOLDER` | get |
//! | What a caregiver may see of an owner's | identity | `USER#<owner>` | `GRANT#<caregiver>` | get |
//! | Why a doctor treats a patient | identity | `USER#<patient>` | `CARE#<doctor>#<cause>` | query backwards |
//! | Whether a doctor may see a patient's records in an emergency | identity | `USER#<patient>` | `EMERGENCY#<doctor>#<id>` | query backwards |
//! | Emergency accesses, newest first; those to be reviewed | identity | `EMERGENCIES` | `ACCESS#<id>`, `WAITING#<id>` | query backwards, get |
//! | What happened to accounts, newest first | identity | `ACTIVITY#<month>` | `<id>` | query backwards |
//! | A patient's predictions, newest first | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | query backwards |
//! | One prediction of a patient | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | get |
//! | A patient's skin records, newest first; one by its number | diagnosis | `PATIENT#<user>` | `SKIN#<number>` | query backwards, get |
//! | Opinions on one of those results | diagnosis | `PATIENT#<user>` | `OPINION#<sort key of the result>#<reading>#<doctor>#<version>` | query |
//! | A patient's dental analyses, newest first | diagnosis | `PATIENT#<user>` | `DENTAL#<number>` | query backwards |
//! | How many of those there are | diagnosis | `PATIENT#<user>` | `DENTALCOUNT` | get |
//! | A review request | diagnosis | `REVIEWS#<last digit of id>` | `REQUEST#<id>` | get |
//! | A person's review requests, newest first, all and by status | diagnosis | `REVIEWER#<user>` | `ALL#<id>`, `<status>#<id>` | query backwards |
//! | How many there are of each status | diagnosis | `REVIEWER#<user>` | `COUNT` | get |
//! | Whom a patient has asked about a prediction | diagnosis | `PATIENT#<user>` | `ASKED#<prediction>#<doctor>` | query |
//! | How many of those requests are open | diagnosis | `PATIENT#<user>` | `OPEN#<prediction>` | update |
//! | How many reports a day has | diagnosis | `REPORTS#<day>` | `COUNT` | update |
//! | What must still happen | notifications | `OUTBOX#<id>` | `ENTRY` | stream, get |
//! | Which errands are due to be tried again | notifications | `RETRY` | `<due>#<id>` | query up to now |
//! | Which errands wait for a person, newest first | notifications | `PARKED` | `ID#<id>` | query backwards |
//! | A user's notifications, newest first | notifications | `INBOX#<user>` | `NOTE#<id>` | query backwards, query |
//! | Those that are unread, newest first | notifications | `INBOX#<user>` | `UNREAD#<id>` | query backwards |
//! | How many of both | notifications | `INBOX#<user>` | `COUNT` | get |
//! | A user's devices | notifications | `DEVICES#<user>` | `DEVICE#<id>` | query backwards, get |
//! | Whose a push token is | notifications | `PUSH#<index>` | `HOLDER` | get |
//! | A user's upload; all of them, to remove them | platform | `USER#<user>` | `UPLOAD#<id>` | get, query |
//! | A support ticket; all of them, newest first | platform | `TICKETS` | `TICKET#<id>` | get, query backwards |
//! | Tickets of a status, newest first | platform | `TICKETSTATUS#<status>` | `TICKET#<id>` | query backwards |
//! | A writer's tickets, newest first | platform | `USER#<user>` | `TICKET#<id>` | query backwards |
//! | How many tickets there are of each status | platform | `TICKETCOUNTS` | `COUNT` | get |
//! | A patient's exports, newest first; one of them | platform | `USER#<user>` | `EXPORT#<id>` | query backwards, get |
//! | Which of them is under way, and how many a day has seen | platform | `USER#<user>` | `EXPORTBOOK` | get |
//! | Which exports a worker may take | platform | `EXPORTS` | `<due>#<id>` | query up to now |
//! | Treatment suggestions that admins have changed or added | platform | `TREATMENTS` | `ID#<id>` | query, get |
//! | How many of them are added | platform | `TREATMENTS` | `COUNT` | update |
//! | Which of them has a name | platform | `TREATMENTS` | `NAME#<name>` | check |
//! | Skin clinics around a cell of the map | platform | `CLINICS#<cell>` | `WITHIN#<metres>` | get |
//! | What the devices of a hardware may run | firmware | `FIRMWARE#<hardware>` | `HEAD` | get |
//! | Whether a version has been published | firmware | `FIRMWARE#<hardware>` | `RELEASE#<version>` | put if absent |
//! | A registered device | firmware | `DEVICE#<label>` | `DEVICE` | get |
//! | How many devices are how far with a release | firmware | `ROLLOUT#<hardware>#<version>` | `COUNTS#<shard>` | query |
//! | Devices that are silent for too long | firmware | `WATCH#<shard>` | `LOST#<time>#<label>` | query until |
//! | Reports of updates, newest first: all, a device's, a version's | firmware | `REPORTS#<source>#<shard>`, `REPORTS#<source>#DEVICE#<label>`, `REPORTS#<source>#VERSION#<version>#<shard>` | `REPORT#<id>` | query backwards |
//! | Registered devices of a hardware | firmware | `FLEET#<hardware>` | `DEVICE#<label>` | query |
//! | How many records a patient has, and the last number drawn | records | `PATIENT#<user>` | `RECORDS` | get |
//! | A record; one of its versions | records | `PATIENT#<user>` | `RECORD#<id>`, `VERSION#<id>#<version>` | get, query backwards |
//! | Records in the order of their changes | records | `PATIENT#<user>` | `CHANGE#<sequence>` | query |
//! | Records of a type that are not deleted, latest change first | records | `PATIENT#<user>` | `LIVE#<type>#<sequence>` | query backwards |
//! | Conflicts that are open; those that are settled | records | `PATIENT#<user>` | `OPEN#<record>#<id>`, `SETTLED#<record>#<id>` | query, get |
//! | What a doctor writes and has not signed | records | `AUTHOR#<doctor>` | `DRAFT#<id>` | get, query backwards |
//! | Drafts about a patient, to remove them | records | `PATIENT#<user>` | `DRAFTED#<doctor>#<id>` | query |
//! | Records that wait for files; files that are attached | records | `PATIENT#<user>` | `PENDING#<record>`, `FILE#<record>#<id>` | query, get |
//! | What became of a device's change | records | `PATIENT#<user>` | `PUSHED#<id>` | get |
//! | A patient's devices that sync records | records | `PATIENT#<user>` | `SYNC#<device>` | query, get |
//! | Devices, silent for longest first: all to the day; those that need attention to the hour, all, by trouble, by app version, by both | records | `SYNCING#<list>#<shard>` | `SEEN#<hour>#<user>#<device>` | query |
//! | When a doctor may be booked | scheduling | `AGENDA#<doctor>` | `AVAILABILITY` | get |
//! | What of a person's day is taken, and which slots they offer | scheduling | `AGENDA#<user>` | `DAY#<day>` | batch get, query from a day |
//! | A person's appointments by their time | scheduling | `AGENDA#<user>` | `VISIT#<start>#<id>` | query from now, query backwards |
//! | How many there are of each status, as patient or as doctor | scheduling | `AGENDA#<user>` | `COUNT#<side>` | get |
//! | An appointment | scheduling | `PATIENT#<user>` | `APPOINTMENT#<id>` | get |
//! | Whose appointment has this number | scheduling | `NUMBER#<number>` | `HOLDER` | get |
//! | Whose slots have numbers of this block | scheduling | `SLOTS#<block>` | `HOLDER` | get |
//! | Which doctors may be free next, and when | scheduling | `OPENINGS` | `DOCTOR#<user>` | query |
//! | Which times are held for too long | scheduling | `HELD` | `<end>#<id>` | query up to now |
//! | Who is to be reminded of a visit now | scheduling | `REMINDERS` | `<due>#<id>#day`, `hour` | query up to now |
//! | Who waits for a doctor, first come first | scheduling | `WAITLIST#<doctor>` | `WAITING#<id>` | query |
//! | Whom a patient waits for | scheduling | `AGENDA#<user>` | `WAITING#<doctor>` | query, get |
//! | How many of those there are | scheduling | `AGENDA#<user>` | `WAITS` | update |
//! | A consultation | consultations | `PATIENT#<patient>` | `CALL#<id>` | get |
//! | Consultations that somebody is in, newest first; whose one is | consultations | `USER#<user>` | `CALL#<id>` | query backwards, get |
//! | Whose it is that somebody asks for in vain | consultations | `CALL#<id>` | `PATIENT` | get |
//! | How far a party's mailbox is, and which connection reads it | consultations | `PATIENT#<patient>` | `MAILBOX#<id>#<party>` | get |
//! | Signals that wait for a party, in order; the one of a client's name | consultations | `PATIENT#<patient>` | `SIGNAL#<id>#<party>#<sequence>`, `SIGNAL#<id>#sent by <party>#<digest>` | query, get |
//! | How many messages there are; those after one; the one of a client's name | consultations | `PATIENT#<patient>` | `TALK#<id>`, `MESSAGE#<id>#<sequence>`, `SAID#<id>#<party>#<digest>` | get, query |
//! | Who was invited to a consultation | consultations | `PATIENT#<patient>` | `INVITE#<id>#<invite>` | query, get |
//! | What an invite's token is good for | consultations | `INVITE#<hash of token>` | `HOLDER` | get |
//! | A pharmacy | pharmacies | `PHARMACY#<id>` | `PHARMACY` | get |
//! | How much of a medicine a pharmacy has, by lot | pharmacies | `PHARMACY#<id>` | `SHELF#<medicine>` | get, batch get, query |
//! | A change of stock that was sent before; a recall | pharmacies | `PHARMACY#<id>` | `MOVEMENT#<id>`, `RECALL#<medicine>#<lot>` | get, check |
//! | What was done with a lot, oldest first | pharmacies | `LEDGER#<pharmacy>` | `<medicine>#<lot>#<movement>` | query |
//! | Where a medicine is offered: in a cell of the earth, and where nobody knows | pharmacies | `FIND#<name>` | `AT#<digits>#<pharmacy>#<medicine>`, `NOWHERE#<pharmacy>#<medicine>` | query |
//! | The same by postal code, city and state | pharmacies | `FIND#<name>#<area>#<its name>` | `<pharmacy>#<medicine>` | query |
//! | Of what there is little | pharmacies | `LOW` | `SHELF#<pharmacy>#<medicine>` | query |
//! | Which reservations are over; which lots have expired | pharmacies | `HELD`, `EXPIRING` | `<end>#<id>`, `<end>#<pharmacy>#<medicine>#<lot>` | query up to now |
//! | What a pharmacy keeps for patients, newest first | pharmacies | `PHARMACY#<id>` | `RESERVATION#<id>` | query backwards |
//! | Whose a reservation is | pharmacies | `RESERVATION#<id>` | `HOLDER` | get |
//! | A patient's reservations, newest first; one of them | pharmacies | `PATIENT#<patient>` | `RESERVATION#<id>` | query backwards, get |
//! | How many are open; how much of a prescription is used up | pharmacies | `PATIENT#<patient>` | `RESERVED`, `FILLS#<record>#<hash of the medication>` | get, update |
//! | What medicine a patient was given | pharmacies | `PATIENT#<patient>` | `RECEIVED#<movement>#<pharmacy>#<number>` | query |
//! | A device that measures; all of a person's; how many they have | vitals | `PATIENT#<user>` | `DEVICE#<id>`, `DEVICES` | get, query |
//! | The newest vital signs of a person, and how far alarms are | vitals | `PATIENT#<user>` | `HEAD` | get |
//! | When a person wants to be told of vital signs | vitals | `PATIENT#<user>` | `SETTINGS` | get |
//! | Vital signs of a kind by hours | vitals | `PATIENT#<user>` | `DAY#<kind>#<day>` | query between, batch get |
//! | Single readings of a kind | vitals | `PATIENT#<user>` | `RAW#<kind>#<day>TALL`, `RAW#<kind>#<day>T<hour>` | query between, batch get |
//! | Readings that cannot be true | vitals | `PATIENT#<user>` | `QUARANTINE#<device>` | query, get |
//! | Alarms of a person, newest first | vitals | `PATIENT#<user>` | `ALERT#<id>` | query backwards, get |
//! | Whose alarms are due to be looked at | vitals | `DUE#<shard>` | `<due>#<user>` | query up to now |
//! | A firmware upload | firmware | `UPLOAD#<id>` | `UPLOAD` | get |
//! | What was done with a person's health data, newest first | audit | `SUBJECT#<user>` | `ENTRY#<position>` | query backwards |
//! | How long that chain is | audit | `SUBJECT#<user>` | `HEAD` | get |
//! | What was done on a day, newest first | audit | `DAY#<day>#<shard>` | `EVENT#<errand>` | query backwards |
//! | What was done with one health record, or read of all by others, newest first | audit | `TRAIL#<user>#<record>`, `TRAIL#<user>#ALL` | `ENTRY#<position>` | query backwards |
//! | How often a caller called lately | limits | `CALLER#<hash>` | `<class>` | update |
//! | What was answered to a request with a key | ledger | `REQUEST#<hash of caller and key>` | `ANSWER` | get |
//! | What a ticket for the WebSocket API is good for | sockets | `TICKET#<hash>` | `TICKET` | get |
//! | Whose a connection is | sockets | `CONNECTION#<connection>` | `CONNECTION` | get |
//! | What a broken connection is resumed at; what was listened to there | sockets | `PLACE#<place>` | `PLACE`, `LISTENS#<channel>` | get, query |
//! | Who listens to a channel | sockets | `CHANNEL#<channel>` | `SEAT#<name>` | query, get |
//! | The keys of sealed fields | platform | `KEYRING` | `RING` | get |
//! | How far the current change of keys is | platform | `KEYRING` | `ROTATION` | get |
//! | All items of a user, to seal them anew or remove them | identity, diagnosis | `USER#<user>`, `PATIENT#<user>` | all | query |
//! | All that is theirs to have: see `holdings` | all of theirs | all of theirs | all | query |

mod audit;
mod care;
mod catalogue;
mod consultations;
mod diagnosis;
mod exports;
mod firmware;
mod fleet;
mod notifications;
mod opinions;
mod pharmacies;
mod records;
mod reviews;
mod scheduling;
mod sockets;
mod sync_devices;
mod tickets;
mod vitals;

use domain::id::{FamilyLinkId, OutboxId, SessionId, UploadId, UserId, UserNumber};
use domain::one_time_code::Purpose;
use domain::username::Username;

use crate::table::Table;

pub(crate) use audit::*;
pub(crate) use care::*;
pub(crate) use catalogue::*;
pub(crate) use consultations::*;
pub(crate) use diagnosis::*;
pub(crate) use exports::*;
pub(crate) use firmware::*;
pub(crate) use fleet::*;
pub(crate) use notifications::*;
pub(crate) use opinions::*;
pub(crate) use pharmacies::*;
pub(crate) use records::*;
pub(crate) use reviews::*;
pub(crate) use scheduling::*;
pub(crate) use sockets::*;
pub(crate) use sync_devices::*;
pub(crate) use tickets::*;
pub(crate) use vitals::*;

/// Where one item is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub table: Table,
    pub partition: String,
    pub sort: String,
}

/// Where a list of items is: all those of a partition whose sort key begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRange {
    pub table: Table,
    pub partition: String,
    pub sort_prefix: String,
}

/// What the partitions of a user begin with, and their names in the directory.
pub(crate) const USER: &str = "USER#";
pub(crate) const PATIENT: &str = "PATIENT#";

fn key(table: Table, partition: String, sort: impl Into<String>) -> Key {
    Key {
        table,
        partition,
        sort: sort.into(),
    }
}

fn range(table: Table, partition: String, sort_prefix: impl Into<String>) -> KeyRange {
    KeyRange {
        table,
        partition,
        sort_prefix: sort_prefix.into(),
    }
}

pub(crate) fn account(user: UserId) -> Key {
    key(Table::Identity, format!("{USER}{user}"), "ACCOUNT")
}

/// Where no account is: read in place of one that a log-in does not find.
pub(crate) fn no_account() -> Key {
    key(Table::Identity, "USER#none".to_owned(), "ACCOUNT")
}

pub(crate) fn session(user: UserId, session: SessionId) -> Key {
    key(Table::Identity, format!("{USER}{user}"), format!("SESSION#{session}"))
}

/// Where the one is noted who holds something unique; `index` is the blind index of it.
pub(crate) fn holder(kind: &str, index: &str) -> Key {
    key(Table::Identity, format!("{kind}#{index}"), "HOLDER")
}

pub(crate) fn username_holder(name: &Username) -> Key {
    key(Table::Identity, format!("USERNAME#{}", name.normalized()), "HOLDER")
}

pub(crate) fn number_holder(number: UserNumber) -> Key {
    key(Table::Identity, format!("NUMBER#{number}"), "HOLDER")
}

const SESSION: &str = "SESSION#";
const IDENTITY: &str = "IDENTITY#";
const FAMILY: &str = "FAMILY#";

pub(crate) fn sessions(user: UserId) -> KeyRange {
    range(Table::Identity, format!("{USER}{user}"), SESSION)
}

/// `index` is the blind index of who they are at an outside provider.
pub(crate) fn identity_of(user: UserId, index: &str) -> Key {
    item_of(&identities_of(user), &format!("{IDENTITY}{index}"))
}

pub(crate) fn identities_of(user: UserId) -> KeyRange {
    range(Table::Identity, format!("{USER}{user}"), IDENTITY)
}

pub(crate) fn listed(list: &str, user: UserId) -> Key {
    key(Table::Identity, format!("DIRECTORY#{list}"), format!("{USER}{user}"))
}

pub(crate) fn directory(list: &str) -> KeyRange {
    range(Table::Identity, format!("DIRECTORY#{list}"), USER)
}

pub(crate) fn doctor(user: UserId) -> Key {
    key(Table::Identity, "DOCTORS".to_owned(), format!("ALL#{user}"))
}

pub(crate) fn doctor_term(text: &str, user: UserId) -> Key {
    key(Table::Identity, "DOCTORS".to_owned(), format!("TERM#{text}#{user}"))
}

pub(crate) fn all_doctors() -> KeyRange {
    range(Table::Identity, "DOCTORS".to_owned(), "ALL#")
}

pub(crate) fn doctors_beginning_with(text: &str) -> KeyRange {
    range(Table::Identity, "DOCTORS".to_owned(), format!("TERM#{text}"))
}

pub(crate) fn counter_shard(counter: &str, shard: u8) -> Key {
    key(Table::Identity, format!("COUNT#{counter}"), format!("SHARD#{shard}"))
}

pub(crate) fn counter(counter: &str) -> KeyRange {
    range(Table::Identity, format!("COUNT#{counter}"), "SHARD#")
}

pub(crate) fn code(destination: &str, purpose: Purpose, network: &str) -> Key {
    let sort = format!("{}#{network}", purpose.word());
    key(Table::Identity, format!("CODE#{destination}"), sort)
}

pub(crate) fn codes(destination: &str, purpose: Purpose) -> KeyRange {
    let prefix = format!("{}#", purpose.word());
    range(Table::Identity, format!("CODE#{destination}"), prefix)
}

pub(crate) fn budget(kind: &str, index: &str, window_seconds: i64, start: i64) -> Key {
    let sort = format!("{window_seconds}#{start}");
    key(Table::Identity, format!("BUDGET#{kind}#{index}"), sort)
}

pub(crate) fn failures(name: &str, network: &str) -> Key {
    key(Table::Identity, format!("FAILURES#{name}"), network)
}

pub(crate) fn home(whose: &str, network: &str) -> Key {
    key(Table::Identity, format!("HOME#{whose}"), network)
}

pub(crate) fn family_link(user: UserId, link: FamilyLinkId) -> Key {
    key(Table::Identity, format!("{USER}{user}"), format!("{FAMILY}{link}"))
}

pub(crate) fn family_links(user: UserId) -> KeyRange {
    range(Table::Identity, format!("{USER}{user}"), FAMILY)
}

/// The same for both orders.
pub(crate) fn family_pair(one: UserId, other: UserId) -> Key {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    key(Table::Identity, format!("PAIR#{first}#{second}"), "HOLDER")
}

pub(crate) fn grant(owner: UserId, caregiver: UserId) -> Key {
    key(Table::Identity, format!("{USER}{owner}"), format!("GRANT#{caregiver}"))
}

pub(crate) fn activity(month: &str, id: OutboxId) -> Key {
    key(Table::Identity, format!("ACTIVITY#{month}"), id.to_string())
}

pub(crate) fn activities(month: &str) -> KeyRange {
    range(Table::Identity, format!("ACTIVITY#{month}"), "")
}

/// All that is kept of a user but their account's holders and lists.
pub(crate) fn everything_of(user: UserId) -> KeyRange {
    whole_partition(Table::Identity, &account(user).partition)
}

const UPLOAD: &str = "UPLOAD#";

pub(crate) fn upload(owner: UserId, id: UploadId) -> Key {
    item_of(&uploads(owner), &format!("{UPLOAD}{id}"))
}

pub(crate) fn uploads(owner: UserId) -> KeyRange {
    range(Table::Platform, format!("{USER}{owner}"), UPLOAD)
}

pub(crate) fn key_ring() -> Key {
    key(Table::Platform, "KEYRING".to_owned(), "RING")
}

pub(crate) fn key_rotation() -> Key {
    key(Table::Platform, "KEYRING".to_owned(), "ROTATION")
}

/// Every item of a partition, of whatever kind.
pub(crate) fn whole_partition(table: Table, partition: &str) -> KeyRange {
    range(table, partition.to_owned(), "")
}

/// An item found in a range.
pub(crate) fn item_of(range: &KeyRange, sort: &str) -> Key {
    key(range.table, range.partition.clone(), sort)
}

pub(crate) fn bucket(caller_hash: &str, class: &str) -> Key {
    key(Table::Limits, format!("CALLER#{caller_hash}"), class)
}

/// `hash`: of who asked and the key they gave.
pub(crate) fn kept_answer(hash: &str) -> Key {
    key(Table::Ledger, format!("REQUEST#{hash}"), "ANSWER")
}
