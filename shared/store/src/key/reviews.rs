//! Keys of review requests.

use domain::id::{PredictionId, ReviewRequestId, UserId};
use domain::review::ReviewStatus;

use super::{Key, KeyRange, PATIENT, item_of, key, predictions, range, whole_partition};
use crate::table::Table;

/// In sixteen partitions, where a change of keys finds them.
pub(crate) const REVIEWS: [&str; 16] = [
    "REVIEWS#0",
    "REVIEWS#1",
    "REVIEWS#2",
    "REVIEWS#3",
    "REVIEWS#4",
    "REVIEWS#5",
    "REVIEWS#6",
    "REVIEWS#7",
    "REVIEWS#8",
    "REVIEWS#9",
    "REVIEWS#a",
    "REVIEWS#b",
    "REVIEWS#c",
    "REVIEWS#d",
    "REVIEWS#e",
    "REVIEWS#f",
];

pub(crate) fn review_request(id: ReviewRequestId) -> Key {
    // The last digit is random.
    let digit = id.to_string().pop().unwrap_or('0');
    key(Table::Diagnosis, format!("REVIEWS#{digit}"), format!("REQUEST#{id}"))
}

pub(crate) fn review_of(person: UserId, status: Option<ReviewStatus>, id: ReviewRequestId) -> Key {
    let range = reviews_of(person, status);
    let sort = format!("{}{id}", range.sort_prefix);
    item_of(&range, &sort)
}

/// Sent ones of a patient, received ones of a doctor.
pub(crate) fn reviews_of(person: UserId, status: Option<ReviewStatus>) -> KeyRange {
    let prefix = format!("{}#", status.map_or("ALL", ReviewStatus::word));
    range(Table::Diagnosis, format!("REVIEWER#{person}"), prefix)
}

pub(crate) fn review_counts(person: UserId) -> Key {
    key(Table::Diagnosis, format!("REVIEWER#{person}"), "COUNT")
}

/// All that is kept of a person's review requests but the requests.
pub(crate) fn all_reviews_of(person: UserId) -> KeyRange {
    whole_partition(Table::Diagnosis, &review_counts(person).partition)
}

pub(crate) fn asked(patient: UserId, prediction: PredictionId, doctor: UserId) -> Key {
    item_of(&all_asked(patient, prediction), &format!("ASKED#{prediction}#{doctor}"))
}

pub(crate) fn all_asked(patient: UserId, prediction: PredictionId) -> KeyRange {
    range(
        Table::Diagnosis,
        format!("{PATIENT}{patient}"),
        format!("ASKED#{prediction}#"),
    )
}

pub(crate) fn open_reviews(patient: UserId, prediction: PredictionId) -> Key {
    key(
        Table::Diagnosis,
        format!("{PATIENT}{patient}"),
        format!("OPEN#{prediction}"),
    )
}

/// All that is kept of what pictures of a patient show.
pub(crate) fn whole_patient(patient: UserId) -> KeyRange {
    whole_partition(Table::Diagnosis, &predictions(patient).partition)
}
