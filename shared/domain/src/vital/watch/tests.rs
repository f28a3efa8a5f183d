//! Streams of readings, and exactly whom they lead to be told of what.

mod faults;
mod stream;

use stream::{Stream, follower, owner, source};

use super::*;
use crate::vital::{AlarmState, Level, Night, NoData, Personal, Timing, VitalRefused};

#[test]
fn nobody_is_told_of_what_is_usual() {
    let mut stream = Stream::usual();
    for (time, pulse, oxygen) in [("08:00", 72.0, 98.0), ("09:00", 51.0, 96.0), ("10:00", 95.0, 95.0)] {
        stream.reads(
            time,
            &[
                (VitalKind::HeartRate, pulse),
                (VitalKind::Spo2, oxygen),
                (VitalKind::SystolicBp, 125.0),
                (VitalKind::DiastolicBp, 82.0),
            ],
        );
    }
    stream.until("1+00:00").told(&[]);
}

#[test]
fn a_warning_repeats_by_its_interval_until_it_is_over() {
    let mut stream = Stream::usual();
    stream.glucose(&[
        ("08:00", 65.0),
        ("08:05", 62.0),
        ("08:55", 60.0),
        ("09:30", 61.0),
        ("09:40", 80.0),
    ]);
    stream.until("12:00").told(&[
        "30T08:00 owner glucose_low_warning",
        "30T09:00 owner glucose_low_warning again",
    ]);
    assert!(stream.watch.alarms().is_empty());
}

#[test]
fn whoever_is_told_ten_times_is_left_in_peace() {
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 65.0)]);
    stream.until("2+00:00");
    assert_eq!(stream.told.len(), 10);
    assert_eq!(stream.told[9], "30T17:00 owner glucose_low_warning again");
}

#[test]
fn flapping_is_told_once_for_each_interval() {
    let mut stream = Stream::usual();
    for minute in 0..90 {
        let number = if minute % 2 == 0 { 69.0 } else { 71.0 };
        let time = format!("{:02}:{:02}", 8 + minute / 60, minute % 60);
        stream.glucose(&[(time.as_str(), number)]);
    }
    stream.told(&[
        "30T08:00 owner glucose_low_warning",
        "30T09:00 owner glucose_low_warning again",
    ]);
}

#[test]
fn a_warning_that_is_snoozed_does_not_silence_what_is_urgent() {
    let mut stream = Stream::usual();
    stream
        .glucose(&[("08:00", 65.0)])
        .snooze("08:01", "glucose_low_warning", "12:00");
    stream.glucose(&[("08:05", 50.0), ("08:10", 49.0)]).restart();
    stream
        .glucose(&[("08:15", 49.0), ("08:20", 49.0)])
        .until("08:31")
        .told(&[
            "30T08:00 owner glucose_low_warning",
            "30T08:05 owner glucose_low_critical",
            "30T08:20 owner glucose_low_critical again",
        ]);
    // What is urgent speaks for the warning beside it.
    let mut stream = Stream::usual();
    stream
        .glucose(&[("08:00", 50.0)])
        .snooze("08:01", "glucose_low_critical", "10:00");
    stream
        .glucose(&[("08:05", 65.0), ("09:30", 65.0)])
        .until("10:30")
        .told(&[
            "30T08:00 owner glucose_low_critical",
            "30T10:00 owner glucose_low_warning",
        ]);
}

#[test]
fn a_snooze_holds_over_new_readings_and_restarts_and_ends() {
    let mut stream = Stream::usual();
    stream
        .glucose(&[("08:00", 50.0)])
        .snooze("08:03", "glucose_low_critical", "09:00");
    assert_eq!(
        stream.open("glucose_low_critical").state(stream.now),
        AlarmState::Snoozed
    );
    for time in ["08:05", "08:10", "08:20", "08:30", "08:40", "08:50"] {
        stream.restart().glucose(&[(time, 49.0)]);
    }
    // It is over, and comes again within the snooze.
    stream.glucose(&[("08:52", 90.0), ("08:55", 50.0)]);
    stream.until("09:20").told(&[
        "30T08:00 owner glucose_low_critical",
        "30T09:00 owner glucose_low_critical",
        "30T09:15 owner glucose_low_critical again",
    ]);
}

#[test]
fn what_is_acknowledged_is_told_no_more_until_it_comes_again() {
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1)];
    stream
        .glucose(&[("08:00", 50.0)])
        .acknowledge("08:10", "glucose_low_critical");
    assert_eq!(
        stream.open("glucose_low_critical").state(stream.now),
        AlarmState::Acknowledged
    );
    stream.glucose(&[("08:30", 50.0), ("09:00", 90.0), ("09:20", 50.0)]);
    stream.told(&[
        "30T08:00 owner glucose_low_critical",
        "30T09:20 owner glucose_low_critical",
    ]);
}

#[test]
fn the_next_follower_is_told_after_a_while_without_an_answer() {
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1)];
    stream.glucose(&[("08:00", 50.0)]).until("08:31");
    assert_eq!(
        stream.open("glucose_low_critical").state(stream.now),
        AlarmState::Escalated
    );
    stream.restart().until("08:59").told(&[
        "30T08:00 owner glucose_low_critical",
        "30T08:15 owner glucose_low_critical again",
        "30T08:15 follower 0 glucose_low_critical",
        "30T08:30 owner glucose_low_critical again",
        "30T08:30 follower 1 glucose_low_critical",
        "30T08:45 owner glucose_low_critical again",
    ]);
    // Nobody escalates a warning, or what was answered.
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1)];
    stream.glucose(&[("08:00", 65.0)]).until("08:59");
    stream.told(&["30T08:00 owner glucose_low_warning"]);
}

#[test]
fn an_alarm_waits_until_it_was_so_for_long_enough() {
    let sustained = VitalSettings {
        warning: Timing {
            sustained_minutes: 15,
            repeat_minutes: 60,
        },
        ..VitalSettings::default()
    };
    let mut stream = Stream::new(sustained);
    stream.glucose(&[
        ("08:00", 65.0),
        ("08:05", 65.0),
        ("08:10", 80.0),
        ("08:14", 65.0),
        ("08:24", 65.0),
    ]);
    stream.until("08:28").told(&[]);
    stream.glucose(&[("08:29", 65.0)]);
    stream.told(&["30T08:29 owner glucose_low_warning"]);
    // Whoever measures now and then says nothing else in that time.
    stream.glucose(&[("08:35", 90.0)]).told.clear();
    stream.glucose(&[("12:00", 65.0)]).until("12:14").told(&[]);
    stream
        .glucose(&[("12:40", 65.0)])
        .told(&["30T12:15 owner glucose_low_warning"]);
    // What is critical does not wait.
    stream.glucose(&[("12:45", 50.0)]).told(&[
        "30T12:15 owner glucose_low_warning",
        "30T12:45 owner glucose_low_critical",
    ]);
}

#[test]
fn one_very_high_glucose_is_not_enough() {
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 320.0), ("08:05", 120.0), ("09:10", 310.0), ("09:15", 305.0)]);
    stream.told(&[
        "30T08:00 owner glucose_high_warning",
        "30T09:10 owner glucose_high_warning",
        "30T09:15 owner glucose_high_critical",
    ]);
}

#[test]
fn pressures_are_judged_together() {
    let mut stream = Stream::usual();
    let changed = stream.reads(
        "08:00",
        &[(VitalKind::SystolicBp, 150.0), (VitalKind::DiastolicBp, 125.0)],
    );
    let critical = changed
        .iter()
        .find(|alarm| alarm.rule.level() == Level::Critical)
        .unwrap();
    assert_eq!(critical.kind, VitalKind::DiastolicBp);
    stream.told(&["30T08:00 owner blood_pressure_high_critical"]);
}

#[test]
fn warnings_wait_for_the_morning_of_the_persons_own_clock() {
    // The clock is put back within this night: it has ten hours.
    let mut stream = Stream::new(VitalSettings {
        zone: "Europe/Berlin".to_owned().try_into().unwrap(),
        night: Some(Night {
            from: "22:00".parse().unwrap(),
            until: "07:00".parse().unwrap(),
        }),
        ..VitalSettings::default()
    });
    stream.day = "2026-10-24";
    stream.now = stream.at("12:00");
    stream.glucose(&[
        ("19:59", 65.0),
        ("20:10", 90.0),
        ("1+00:30", 65.0),
        ("1+01:30", 50.0),
        ("1+01:40", 65.0),
    ]);
    stream.until("1+07:30").told(&[
        "24T19:59 owner glucose_low_warning",
        "25T01:30 owner glucose_low_critical",
        "25T06:00 owner glucose_low_warning",
        "25T07:00 owner glucose_low_warning again",
    ]);
}

fn missed(delay_minutes: u16) -> VitalSettings {
    VitalSettings {
        no_data: vec![NoData {
            kind: VitalKind::Glucose,
            after_minutes: 30,
            delay_minutes,
        }],
        ..VitalSettings::default()
    }
}

#[test]
fn silence_is_told_once_and_ends_with_the_next_reading() {
    let mut stream = Stream::new(missed(0));
    stream.until("08:00").told(&[]);
    stream
        .glucose(&[("08:00", 90.0), ("08:20", 90.0)])
        .until("10:00")
        .told(&["30T08:50 owner glucose_no_data"]);
    stream.restart().glucose(&[("10:00", 91.0)]);
    assert!(stream.watch.alarms().is_empty());
    stream
        .until("10:45")
        .told(&["30T08:50 owner glucose_no_data", "30T10:30 owner glucose_no_data"]);
    // A vendor who is late by an hour is not silent.
    let mut late = Stream::new(missed(60));
    late.glucose(&[("08:00", 90.0)]).until("09:29").told(&[]);
    late.until("09:45").told(&["30T09:30 owner glucose_no_data"]);
}

#[test]
fn a_sensor_that_warms_up_is_not_missed() {
    let mut stream = Stream::new(missed(0));
    stream.glucose(&[("08:00", 90.0)]).until("08:10");
    let until = stream.at("10:10");
    stream.finish(|step| step.warm_up(source(), until));
    stream.until("10:09").told(&[]);
    stream.until("12:00").told(&["30T10:10 owner glucose_no_data"]);
}

#[test]
fn what_is_switched_off_is_silent_at_once() {
    let mut stream = Stream::new(missed(0));
    stream.glucose(&[("08:00", 50.0)]);
    stream.settings.off = vec![Subject::Glucose];
    let changed = stream.finish(|_| ());
    assert!(changed.iter().all(|alarm| !alarm.is_open()) && !changed.is_empty());
    stream.glucose(&[("08:05", 40.0)]).until("2+00:00");
    stream.told(&["30T08:00 owner glucose_low_critical"]);
    assert_eq!(stream.watch.next_deadline(&stream.settings, &[], stream.now), None);
}

#[test]
fn what_comes_late_raises_nothing() {
    let mut stream = Stream::usual();
    stream.until("12:00");
    let old = |time: &str, number| Reading {
        kind: VitalKind::Glucose,
        amount: Amount::whole(number),
        at: format!("2026-11-30T{time}:00Z").parse().unwrap(),
    };
    let backlog = [old("06:00", 50), old("10:59", 50), old("11:58", 95)];
    let samples = Sample::of(source(), &backlog);
    stream.finish(|step| samples.iter().for_each(|sample| step.take(sample)));
    stream.told(&[]);
    assert_eq!(
        stream.watch.latest_of(VitalKind::Glucose).unwrap().amount,
        Amount::whole(95)
    );
    // And out of order it changes no alarm.
    stream.glucose(&[("12:05", 50.0)]);
    let samples = Sample::of(source(), &[old("12:01", 95)]);
    stream.finish(|step| samples.iter().for_each(|sample| step.take(sample)));
    assert_eq!(stream.open("glucose_low_critical").told, 1);
}

#[test]
fn weight_that_rises_is_told_where_it_is_watched() {
    let weights = [
        ("08:00", 80.0),
        ("1+07:00", 80.6),
        ("2+08:00", 81.7),
        ("3+08:00", 81.8),
        ("5+08:00", 82.1),
    ];
    let weigh = |stream: &mut Stream| {
        for (time, number) in weights {
            stream.reads(time, &[(VitalKind::Weight, number)]);
        }
    };
    let mut unwatched = Stream::usual();
    weigh(&mut unwatched);
    unwatched.told(&[]);
    let mut stream = Stream::new(VitalSettings {
        weight_gain: true,
        ..VitalSettings::default()
    });
    weigh(&mut stream);
    stream.told.retain(|line| !line.ends_with("again"));
    stream.told(&[
        "02T08:00 owner weight_gain_warning",
        "05T08:00 owner weight_gain_critical",
    ]);
}

#[test]
fn personal_limits_hold() {
    let mut stream = Stream::new(VitalSettings {
        limits: vec![Personal {
            kind: VitalKind::Glucose,
            critical_low: None,
            warning_low: Some(Amount::whole(80)),
            warning_high: None,
            critical_high: None,
            set_by: owner(),
            by_clinician: true,
        }],
        ..VitalSettings::default()
    });
    stream
        .glucose(&[("08:00", 81.0), ("08:05", 80.0)])
        .told(&["30T08:05 owner glucose_low_warning"]);
}

#[test]
fn an_alarm_that_is_over_cannot_be_answered() {
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 50.0)]);
    let alarm = stream.open("glucose_low_critical");
    let changed = stream.reads("08:05", &[(VitalKind::Glucose, 95.0)]);
    let over = changed.iter().find(|changed| changed.id == alarm.id).unwrap();
    assert_eq!(over.state(stream.now), AlarmState::Cleared);
    stream.finish(|step| assert_eq!(step.acknowledge(alarm.id, owner()), Err(VitalRefused::AlertNotFound)));
}
