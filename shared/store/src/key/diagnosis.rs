//! Keys of what pictures showed.

use domain::id::{PredictionId, RecordNumber, UserId};
use domain::prediction::ReportDay;

use super::{Key, KeyRange, PATIENT, item_of, key, range};
use crate::table::Table;

const PREDICTION: &str = "PREDICTION#";

pub(crate) fn prediction(patient: UserId, id: PredictionId) -> Key {
    key(
        Table::Diagnosis,
        format!("{PATIENT}{patient}"),
        format!("{PREDICTION}{id}"),
    )
}

pub(crate) fn predictions(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("{PATIENT}{patient}"), PREDICTION)
}

pub(crate) const SKIN_RECORD: &str = "SKIN#";
const DENTAL_ANALYSIS: &str = "DENTAL#";

pub(crate) fn skin_record(patient: UserId, number: RecordNumber) -> Key {
    item_of(&skin_records(patient), &format!("{SKIN_RECORD}{}", number.sortable()))
}

pub(crate) fn skin_records(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("{PATIENT}{patient}"), SKIN_RECORD)
}

pub(crate) fn dental_analysis(patient: UserId, number: RecordNumber) -> Key {
    item_of(
        &dental_analyses(patient),
        &format!("{DENTAL_ANALYSIS}{}", number.sortable()),
    )
}

pub(crate) fn dental_analyses(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("{PATIENT}{patient}"), DENTAL_ANALYSIS)
}

pub(crate) fn dental_count(patient: UserId) -> Key {
    key(Table::Diagnosis, format!("{PATIENT}{patient}"), "DENTALCOUNT")
}

pub(crate) fn report_count(day: &ReportDay) -> Key {
    key(Table::Diagnosis, format!("REPORTS#{}", day.as_str()), "COUNT")
}
