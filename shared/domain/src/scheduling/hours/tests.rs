use super::*;
use crate::scheduling::availability::{OnDate, OnWeekday, Terms, TimeOff, WeeklyHours};
use crate::scheduling::clock_time::Weekday;

fn doctor(zone: &str, visit_minutes: u16, from: &str, until: &str) -> Availability {
    let span = Span {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
    };
    let weekly = Weekday::ALL.map(|weekday| OnWeekday { weekday, span });
    Availability {
        zone: zone.to_owned().try_into().unwrap(),
        terms: Terms {
            visit_minutes,
            ..Terms::default()
        },
        hours: WeeklyHours {
            weekly: weekly.to_vec(),
            ..WeeklyHours::default()
        },
        ..Availability::unsaid()
    }
}

/// Starts on a date of the doctor's clock, as moments.
fn on(doctor: &Availability, date: Date) -> Vec<String> {
    let (before, after) = (date.yesterday().unwrap(), date.tomorrow().unwrap());
    let utc = |date: Date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
    let within = Stretch {
        from: utc(before),
        until: utc(after.tomorrow().unwrap()),
    };
    let zone = doctor.zone.rules();
    let starts = starts(doctor, within, doctor.terms.visit()).into_iter();
    let starts = starts.filter(|start| zone.to_datetime(*start).date() == date);
    starts.map(|start| start.to_string()).collect()
}

use jiff::civil::date;

#[test]
fn half_hours_from_utc_are_kept() {
    let kolkata = doctor("Asia/Kolkata", 60, "09:00", "11:00");
    assert_eq!(
        on(&kolkata, date(2026, 12, 7)),
        ["2026-12-07T03:30:00Z", "2026-12-07T04:30:00Z"]
    );
}

#[test]
fn a_skipped_hour_has_no_starts() {
    // The clock goes from 01:59 to 03:00.
    let york = doctor("America/New_York", 30, "01:00", "04:00");
    assert_eq!(
        on(&york, date(2027, 3, 14)),
        [
            "2027-03-14T06:00:00Z",
            "2027-03-14T06:30:00Z",
            "2027-03-14T07:00:00Z",
            "2027-03-14T07:30:00Z"
        ]
    );
    assert_eq!(on(&york, date(2027, 3, 13)).len(), 6);
    // The other hemisphere's summer begins in October.
    let sydney = doctor("Australia/Sydney", 30, "02:00", "03:00");
    assert_eq!(on(&sydney, date(2026, 10, 4)), [""; 0]);
    assert_eq!(on(&sydney, date(2026, 10, 5)).len(), 2);
}

#[test]
fn a_repeated_hour_is_offered_the_first_time() {
    // The clock goes from 01:59 back to 01:00.
    let york = doctor("America/New_York", 30, "00:30", "02:30");
    assert_eq!(
        on(&york, date(2026, 11, 1)),
        [
            "2026-11-01T04:30:00Z",
            "2026-11-01T05:00:00Z",
            "2026-11-01T05:30:00Z",
            "2026-11-01T07:00:00Z"
        ]
    );
    let sydney = doctor("Australia/Sydney", 30, "02:00", "03:00");
    assert_eq!(
        on(&sydney, date(2027, 4, 4)),
        ["2027-04-03T15:00:00Z", "2027-04-03T15:30:00Z"]
    );
}

#[test]
fn a_visit_may_reach_into_the_repeated_hour() {
    let york = doctor("America/New_York", 90, "00:00", "02:00");
    // An hour more on the clock's 25-hour day: 01:30 is ninety minutes before 02:00 then.
    assert_eq!(
        on(&york, date(2026, 11, 1)),
        ["2026-11-01T04:00:00Z", "2026-11-01T05:30:00Z"]
    );
    assert_eq!(on(&york, date(2026, 11, 2)), ["2026-11-02T05:00:00Z"]);
}

#[test]
fn lord_howe_moves_its_clock_by_half_an_hour() {
    let island = doctor("Australia/Lord_Howe", 15, "01:45", "02:45");
    // From 01:59 to 02:30.
    assert_eq!(
        on(&island, date(2026, 10, 4)),
        ["2026-10-03T15:15:00Z", "2026-10-03T15:30:00Z"]
    );
    // From 01:59 back to 01:30.
    assert_eq!(
        on(&island, date(2027, 4, 4)),
        [
            "2027-04-03T14:45:00Z",
            "2027-04-03T15:30:00Z",
            "2027-04-03T15:45:00Z",
            "2027-04-03T16:00:00Z"
        ]
    );
}

#[test]
fn days_have_23_24_or_25_hours() {
    let york = doctor("America/New_York", 60, "00:00", "24:00");
    for (day, hours) in [
        (date(2027, 3, 14), 23),
        (date(2027, 3, 15), 24),
        // Each hour of the clock once, although the day has 25.
        (date(2026, 11, 1), 24),
    ] {
        assert_eq!(on(&york, day).len(), hours, "{day}");
    }
    let apia = doctor("Pacific/Apia", 60, "00:00", "24:00");
    // Samoa left this day out.
    assert_eq!(on(&apia, date(2011, 12, 30)), [""; 0]);
    assert_eq!(on(&apia, date(2011, 12, 31)).len(), 24);
}

#[test]
fn a_visit_may_pass_midnight_where_the_next_day_is_open() {
    let night = doctor("Europe/Berlin", 60, "00:00", "24:00");
    let mut evening = doctor("Europe/Berlin", 60, "22:30", "24:00");
    let late = |doctor: &Availability| on(doctor, date(2026, 12, 7)).pop().unwrap();
    assert_eq!(late(&night), "2026-12-07T22:00:00Z");
    assert_eq!(late(&evening), "2026-12-07T21:30:00Z");
    let early = Span {
        from: "00:00".parse().unwrap(),
        until: "01:00".parse().unwrap(),
    };
    let weekly = Weekday::ALL.map(|weekday| OnWeekday { weekday, span: early });
    evening.hours.weekly.extend(weekly);
    assert_eq!(late(&evening), "2026-12-07T22:30:00Z");
}

#[test]
fn time_off_and_closed_dates_leave_nothing() {
    let mut berlin = doctor("Europe/Berlin", 60, "09:00", "12:00");
    let day = date(2026, 12, 24);
    berlin.hours.time_off.push(TimeOff {
        from: day.at(10, 30, 0, 0),
        until: day.at(11, 0, 0, 0),
    });
    assert_eq!(on(&berlin, day), ["2026-12-24T08:00:00Z", "2026-12-24T10:00:00Z"]);
    berlin.hours.dates.push(OnDate {
        date: day,
        hours: Vec::new(),
    });
    assert_eq!(on(&berlin, day), [""; 0]);
    assert_eq!(on(&berlin, date(2026, 12, 25)).len(), 3);
}

#[test]
fn time_off_without_an_end_is_time_off() {
    let far = [
        (date(2026, 12, 7).at(10, 0, 0, 0), DateTime::MAX),
        (DateTime::MIN, date(2026, 12, 7).at(10, 0, 0, 0)),
    ];
    for zone in ["Pacific/Honolulu", "UTC", "Pacific/Auckland"] {
        for (from, until) in far {
            let mut doctor = doctor(zone, 60, "09:00", "11:00");
            doctor.hours.time_off.push(TimeOff { from, until });
            let is_last = until == DateTime::MAX;
            let days = [6, 7, 8].map(|day| on(&doctor, date(2026, 12, day)).len());
            assert_eq!(
                days,
                if is_last { [2, 1, 0] } else { [0, 1, 2] },
                "{zone} {from} {until}"
            );
        }
    }
}
