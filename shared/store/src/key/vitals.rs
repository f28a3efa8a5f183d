//! Keys of devices that measure, of readings, and of alarms. All of a person's is in their partition; beside it stands only
//! when somebody's alarms are due to be looked at.

use domain::id::{UserId, VitalAlertId, VitalDeviceId};
use domain::vital::{Source, VitalKind};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Key, KeyRange, item_of, range};
use crate::table::Table;

fn of(user: UserId, sort_prefix: impl Into<String>) -> KeyRange {
    range(Table::Vitals, format!("{}{user}", super::PATIENT), sort_prefix)
}

fn one(user: UserId, sort: &str) -> Key {
    item_of(&whole_vitals(user), sort)
}

pub(crate) fn whole_vitals(user: UserId) -> KeyRange {
    of(user, "")
}

const HEAD: &str = "HEAD";

pub(crate) fn vital_head(user: UserId) -> Key {
    one(user, HEAD)
}

/// The one of a person.
pub(crate) fn vital_heads(user: UserId) -> KeyRange {
    of(user, HEAD)
}

pub(crate) fn vital_settings(user: UserId) -> Key {
    one(user, "SETTINGS")
}

const DEVICE: &str = "DEVICE#";

pub(crate) fn vital_device(user: UserId, id: VitalDeviceId) -> Key {
    one(user, &format!("{DEVICE}{id}"))
}

pub(crate) fn vital_devices(user: UserId) -> KeyRange {
    of(user, DEVICE)
}

pub(crate) fn vital_device_count(user: UserId) -> Key {
    one(user, "DEVICES")
}

/// A day's sums, in the order of the days.
pub(crate) fn vital_day(user: UserId, kind: VitalKind, day: Date) -> Key {
    one(user, &format!("DAY#{}#{day}", kind.word()))
}

pub(crate) fn vital_days(user: UserId, kind: VitalKind) -> KeyRange {
    of(user, format!("DAY#{}#", kind.word()))
}

/// The day that a key of sums names.
pub(crate) fn day_of_vital(sort: &str) -> Option<Date> {
    sort.rsplit('#').next()?.parse().ok()
}

const RAW: &str = "RAW#";

/// All readings of a day that has few. It sorts after the hours of its day, so what is looked for from an hour on is found.
pub(crate) fn vital_whole_day(user: UserId, kind: VitalKind, day: Date) -> Key {
    one(user, &format!("{RAW}{}#{day}TALL", kind.word()))
}

pub(crate) fn vital_hour(user: UserId, kind: VitalKind, day: Date, hour: usize) -> Key {
    one(user, &format!("{RAW}{}#{day}T{hour:02}", kind.word()))
}

pub(crate) fn vital_raw(user: UserId, kind: VitalKind) -> KeyRange {
    of(user, format!("{RAW}{}#", kind.word()))
}

/// Of what, and of which day and hour, a key of readings is; no hour for the whole day.
pub(crate) fn read_vital_raw(sort: &str) -> Option<(VitalKind, Date, Option<usize>)> {
    let (word, time) = sort.strip_prefix(RAW)?.split_once('#')?;
    let (day, hour) = time.split_once('T')?;
    let kind = VitalKind::ALL.into_iter().find(|kind| kind.word() == word)?;
    Some((kind, day.parse().ok()?, hour.parse().ok()))
}

pub(crate) fn vital_quarantine(user: UserId, source: Source) -> Key {
    one(user, &format!("QUARANTINE#{source}"))
}

pub(crate) fn vital_quarantines(user: UserId) -> KeyRange {
    of(user, "QUARANTINE#")
}

const ALERT: &str = "ALERT#";

pub(crate) fn vital_alert(user: UserId, id: VitalAlertId) -> Key {
    one(user, &format!("{ALERT}{id}"))
}

pub(crate) fn vital_alerts(user: UserId) -> KeyRange {
    of(user, ALERT)
}

/// Each is asked once a minute.
pub(crate) const VITAL_DUE_SHARDS: u8 = 4;

pub(crate) fn vitals_due(shard: u8) -> KeyRange {
    range(Table::Vitals, format!("DUE#{shard}"), "")
}

pub(crate) fn vital_due(user: UserId, at: Timestamp) -> Key {
    // Ids end in what is random.
    let last = user.to_string().bytes().last().unwrap_or_default();
    let shard = last % VITAL_DUE_SHARDS;
    item_of(&vitals_due(shard), &format!("{}#{user}", vitals_due_at(at)))
}

/// What sorts before all that is due then or later.
pub(crate) fn vitals_due_at(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_whole_day_is_found_from_any_of_its_hours_on() {
        let user = UserId::new(Timestamp::UNIX_EPOCH, [1; 6]);
        let (day, next) = (date(2026, 11, 30), date(2026, 12, 1));
        let hour = |day, hour| vital_hour(user, VitalKind::Glucose, day, hour).sort;
        let whole = vital_whole_day(user, VitalKind::Glucose, day).sort;
        assert!(hour(day, 0) < hour(day, 23) && hour(day, 23) < whole && whole < hour(next, 0));
        assert_eq!(read_vital_raw(&whole), Some((VitalKind::Glucose, day, None)));
        assert_eq!(read_vital_raw(&hour(day, 7)), Some((VitalKind::Glucose, day, Some(7))));
        assert_eq!(day_of_vital(&vital_day(user, VitalKind::Glucose, day).sort), Some(day));
    }
}
