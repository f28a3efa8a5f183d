//! Names of things: 96 bits, time-ordered, 24 hex digits on the wire (what the facial-derma clients check).
//!
//! The first 48 bits are milliseconds since 1970, the rest is random, so ids sort by age and cannot be guessed
//! from one another. One newtype per kind: a prediction's id never passes as a user's.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

const HEX: data_encoding::Encoding = data_encoding::HEXLOWER;

/// Not 24 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 24 hexadecimal digits")]
pub struct MalformedId;

fn from_parts(now: Timestamp, random: [u8; 6]) -> [u8; 12] {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0).to_be_bytes();
    let mut bytes = [0; 12];
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes
}

fn parse(text: &str) -> Result<[u8; 12], MalformedId> {
    HEX.decode(text.to_ascii_lowercase().as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(MalformedId)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 12]);

        impl $name {
            /// A new id; `random` must come from the system's generator.
            pub fn new(now: Timestamp, random: [u8; 6]) -> Self {
                Self(from_parts(now, random))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&HEX.encode(&self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                parse(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedId;
            fn try_from(text: String) -> Result<Self, MalformedId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-fA-F]{24}$" })
            }
        }
    )+};
}

ids! {
    /// A person's account.
    UserId
    /// One signed-in device of a person.
    SessionId
    /// One answer of the facial-skin classifier.
    PredictionId
    /// One file on its way into storage, past the API.
    UploadId
    /// A tie between two people.
    FamilyLinkId
    /// One request for a one-time code.
    CodeRequestId
    /// One question to support.
    TicketId
    /// One thing that must happen after a change: a message to send, an object to remove.
    OutboxId
    /// One line in the list of a person's notifications.
    NotificationId
    /// One installed app that can be pushed to.
    DeviceId
    /// A health record. Clients may draw it.
    RecordId
    /// Two changes of one version of a record.
    RecordConflictId
    /// A file of a health record. Clients draw it.
    RecordFileId
    /// A patient's request that a doctor look at a prediction.
    ReviewRequestId
    /// One suggestion of what helps against a condition.
    TreatmentId
    /// What a device said of an update.
    FirmwareReportId
    /// A change of the key that personal fields are sealed with.
    RotationId
    /// One firmware image on its way into storage, past the API.
    FirmwareUploadId
    /// A visit that is booked.
    AppointmentId
    /// A call of a doctor and a patient.
    ConsultationId
    /// One time that a doctor opened a patient's records in an emergency.
    EmergencyAccessId
    /// One archive of all that is kept of a patient.
    ExportId
    /// A place on a doctor's waiting list.
    WaitingId
    /// What a client of the WebSocket API comes back to after its connection broke.
    SocketPlaceId
    /// A place that gives out medicines.
    PharmacyId
    /// A medicine at a pharmacy, with all its lots.
    ShelfId
    /// One change of stock. Clients may draw it.
    StockMovementId
    /// Medicine that is set apart for a patient.
    ReservationId
    /// Leave for a guest to join such a call once; also what the guest is called in it.
    ConsultationInviteId
    /// A device that measures vital signs.
    VitalDeviceId
    /// What one source measured at one moment.
    VitalReadingId
    /// One time that vital signs needed somebody's attention.
    VitalAlertId
}

impl OutboxId {
    /// The id of what one entry leads to, told apart by `part`: the same each time it is asked for, so that doing it
    /// twice makes one.
    pub fn derived(self, part: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(part);
        let mut bytes = self.0;
        bytes[6..].copy_from_slice(&hash.finalize()[..6]);
        Self(bytes)
    }
}

impl From<SessionId> for OutboxId {
    /// What is noted of a session, once.
    fn from(session: SessionId) -> Self {
        Self(session.0)
    }
}

impl From<ReservationId> for OutboxId {
    /// What is noted of its end, once.
    fn from(reservation: ReservationId) -> Self {
        Self(reservation.0)
    }
}

impl StockMovementId {
    /// Of the stock that a reservation held, when it is over by its time: the same for whoever notes it at that moment.
    pub fn of(reservation: ReservationId, now: Timestamp) -> Self {
        let mut random = [0; 6];
        random.copy_from_slice(&reservation.0[6..]);
        Self::new(now, random)
    }
}

impl TreatmentId {
    /// Of a suggestion that comes with the product: the same wherever it is asked for.
    pub fn shipped(name: &str) -> Self {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&Sha256::digest(name.as_bytes())[..12]);
        Self(bytes)
    }
}

impl NotificationId {
    /// The line that an errand leads to.
    pub fn of(errand: OutboxId) -> Self {
        Self(errand.0)
    }
}

impl VitalReadingId {
    /// The same each time it is asked for, so readings that are sent twice have one id.
    pub fn of(source: &str, at: Timestamp) -> Self {
        Self(from_parts(at, digest(source)))
    }
}

impl VitalAlertId {
    /// A rule is broken once at a moment.
    pub fn of(owner: UserId, rule: &str, at: Timestamp) -> Self {
        Self(from_parts(at, digest(&format!("{owner} {rule}"))))
    }
}

fn digest(text: &str) -> [u8; 6] {
    let mut bytes = [0; 6];
    bytes.copy_from_slice(&Sha256::digest(text.as_bytes())[..6]);
    bytes
}

impl AppointmentId {
    /// The same appointment for clients that want an integer: all that is random in the id, and five bits of its time.
    pub fn number(self) -> AppointmentNumber {
        let mut bytes = [0; 8];
        bytes[1..].copy_from_slice(&self.0[5..]);
        AppointmentNumber((u64::from_be_bytes(bytes) & EXACT).max(1))
    }
}

/// The largest whole number that every JSON reader keeps exact.
const EXACT: u64 = (1 << 53) - 1;

/// An appointment for clients that want an integer: below 2^53; unique by a condition in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct AppointmentNumber(u64);

impl AppointmentNumber {
    /// Of the appointment that goes by this name: its number, or its id.
    pub fn named(name: &str) -> Option<Self> {
        let id = name.parse::<AppointmentId>().map(AppointmentId::number);
        id.ok().or_else(|| name.parse().ok())
    }
}

impl std::fmt::Display for AppointmentNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for AppointmentNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Slots that were offered at once, with numbers of their own; unique by a condition in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotBlock(u64);

impl SlotBlock {
    /// Slots of one block at most.
    pub const MOST: u16 = 2_048;

    pub fn from_random(random: [u8; 8]) -> Self {
        Self((u64::from_be_bytes(random) >> 22).max(1))
    }
}

impl std::fmt::Display for SlotBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A slot that a doctor offers: below 2^53.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct SlotNumber(u64);

impl SlotNumber {
    pub fn in_block(block: SlotBlock, place: u16) -> Self {
        Self(block.0 * u64::from(SlotBlock::MOST) + u64::from(place % SlotBlock::MOST))
    }

    pub fn block(self) -> SlotBlock {
        SlotBlock(self.0 / u64::from(SlotBlock::MOST))
    }

    pub fn place(self) -> u16 {
        u16::try_from(self.0 % u64::from(SlotBlock::MOST)).unwrap_or_default()
    }
}

impl std::fmt::Display for SlotNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for SlotNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A number for products whose clients want an integer: below 2^53, so that every JSON reader keeps it exact.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct UserNumber(u64);

impl UserNumber {
    /// Random and never zero; unique by a condition in the store.
    pub fn from_random(random: [u8; 8]) -> Self {
        Self((u64::from_be_bytes(random) >> 11).max(1))
    }
}

impl std::fmt::Display for UserNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A number for records of products whose clients want an integer: below 2^53, rising with time to the millisecond.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct RecordNumber(u64);

impl RecordNumber {
    /// Two of one person in one millisecond differ but for one in 4,096, which a condition in the store finds.
    pub fn new(now: jiff::Timestamp, random: [u8; 2]) -> Self {
        let millisecond = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Self((millisecond << 12) | u64::from(u16::from_be_bytes(random) & 0xfff))
    }

    /// Digits whose order is that of the numbers.
    pub fn sortable(self) -> String {
        format!("{:016}", self.0)
    }
}

impl std::fmt::Display for RecordNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for RecordNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_being_printed_and_parsed(millis in 0_i64..4_000_000_000_000, random: [u8; 6]) {
            let id = UserId::new(Timestamp::from_millisecond(millis).unwrap(), random);
            prop_assert_eq!(id.to_string().len(), 24);
            prop_assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
        }

        #[test]
        fn later_ids_sort_after_earlier_ones(millis in 0_i64..4_000_000_000_000, a: [u8; 6], b: [u8; 6]) {
            let earlier = UserId::new(Timestamp::from_millisecond(millis).unwrap(), a);
            let later = UserId::new(Timestamp::from_millisecond(millis + 1).unwrap(), b);
            prop_assert!(earlier < later);
            prop_assert!(earlier.to_string() < later.to_string());
        }

        #[test]
        fn derived_ids_repeat_and_differ_by_part(millis in 0_i64..4_000_000_000_000, random: [u8; 6]) {
            let id = OutboxId::new(Timestamp::from_millisecond(millis).unwrap(), random);
            prop_assert_eq!(id.derived("mail"), id.derived("mail"));
            prop_assert!(id.derived("mail") != id.derived("in-app") && id.derived("mail") != id);
            prop_assert_eq!(&id.derived("mail").to_string()[..12], &id.to_string()[..12]);
        }

        #[test]
        fn a_user_number_is_exact_in_json(random: [u8; 8]) {
            prop_assert!((1..1 << 53).contains(&UserNumber::from_random(random).0));
        }

        #[test]
        fn numbers_of_appointments_and_slots_are_exact_in_json(random: [u8; 6], block: [u8; 8], place in 0_u16..2_048) {
            let id = AppointmentId::new(Timestamp::UNIX_EPOCH, random);
            prop_assert!((1..1 << 53).contains(&id.number().0));
            let slot = SlotNumber::in_block(SlotBlock::from_random(block), place);
            prop_assert!((1..1 << 53).contains(&slot.0));
            prop_assert_eq!((slot.block(), slot.place()), (SlotBlock::from_random(block), place));
        }

        #[test]
        fn anything_but_24_hex_digits_is_refused(text in "\\PC*") {
            prop_assume!(text.len() != 24 || !text.bytes().all(|b| b.is_ascii_hexdigit()));
            prop_assert_eq!(text.parse::<UserId>(), Err(MalformedId));
        }
    }
}
