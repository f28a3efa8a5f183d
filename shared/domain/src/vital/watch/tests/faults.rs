//! Several sources, corrections, clocks that are wrong, readings now and then, and alarms that come and go.

use super::stream::{Stream, device, follower, source};
use super::*;
use crate::vital::{Level, Night, Personal, Side, Timing};

const GLUCOSE: VitalKind = VitalKind::Glucose;
const LOW: &str = "glucose_low_critical";

fn sustained(minutes: u16) -> VitalSettings {
    let timing = |repeat_minutes| Timing {
        sustained_minutes: minutes,
        repeat_minutes,
    };
    VitalSettings {
        weight_gain: true,
        warning: timing(60),
        critical: timing(15),
        ..VitalSettings::default()
    }
}

#[test]
fn what_one_source_says_is_not_hidden_by_another() {
    // A clock that is four minutes fast.
    let mut stream = Stream::usual();
    stream.hears("08:00", device(3), GLUCOSE, &[("08:04", 100.0)]);
    stream.glucose(&[("08:01", 48.0)]);
    stream.told(&["30T08:01 owner glucose_low_critical"]);
    // A device that sends each ten minutes beside one that sends live.
    let mut stream = Stream::usual();
    stream.hears("08:09", device(3), VitalKind::HeartRate, &[("08:09", 80.0)]);
    let readings = [("08:03", 80.0), ("08:06", 145.0)];
    stream.hears("08:10", device(4), VitalKind::HeartRate, &readings);
    stream.told(&["30T08:10 owner heart_rate_high_critical"]);
    // Pressures in two requests.
    let mut stream = Stream::usual();
    stream.hears("08:00", source(), VitalKind::DiastolicBp, &[("08:00", 80.0)]);
    stream.hears("08:00", source(), VitalKind::SystolicBp, &[("08:00", 190.0)]);
    stream.told(&["30T08:00 owner blood_pressure_high_critical"]);
    stream.hears("08:01", source(), VitalKind::DiastolicBp, &[("08:01", 80.0)]);
    assert!(stream.is_open("blood_pressure_high_critical"));
}

#[test]
fn an_alarm_is_over_when_its_source_says_so_or_has_long_said_nothing() {
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 48.0)]);
    stream.hears("08:02", device(3), GLUCOSE, &[("08:02", 95.0)]);
    assert!(stream.is_open(LOW));
    stream.glucose(&[("08:05", 90.0)]);
    assert!(!stream.is_open(LOW));
    stream.glucose(&[("10:00", 48.0)]);
    stream.hears("10:20", device(3), GLUCOSE, &[("10:20", 95.0)]);
    assert!(stream.is_open(LOW));
    stream.hears("10:31", device(3), GLUCOSE, &[("10:31", 95.0)]);
    assert!(!stream.is_open(LOW));
}

#[test]
fn an_alarm_begins_no_later_than_now() {
    let mut stream = Stream::usual();
    stream.hears("08:00", source(), GLUCOSE, &[("08:04", 48.0)]);
    assert_eq!(stream.open(LOW).raised_at, stream.now);
    stream.told(&["30T08:00 owner glucose_low_critical"]);
}

#[test]
fn a_correction_raises_and_ends_alarms() {
    let mut stream = Stream::usual();
    stream.hears("08:10", Source::Hand, GLUCOSE, &[("08:00", 50.0)]);
    assert!(stream.is_open(LOW));
    // Hours later too.
    stream.acknowledge("08:11", LOW);
    stream.hears("10:00", Source::Hand, GLUCOSE, &[("08:00", 150.0)]);
    assert!(stream.watch.alarms().is_empty());
    stream.hears("10:05", Source::Hand, GLUCOSE, &[("10:04", 150.0)]);
    stream.hears("10:06", Source::Hand, GLUCOSE, &[("10:04", 50.0)]);
    stream.told(&[
        "30T08:10 owner glucose_low_critical",
        "30T10:06 owner glucose_low_critical",
    ]);
    // What is sent again is no second reading, corrected or not.
    let mut stream = Stream::usual();
    for number in [320.0, 320.0, 330.0] {
        stream.hears("12:00", Source::Hand, GLUCOSE, &[("12:00", number)]);
    }
    assert!(!stream.is_open("glucose_high_critical"));
    // What is over for long raises nothing, corrected or not.
    stream.hears("14:00", Source::Hand, GLUCOSE, &[("12:00", 50.0)]);
    assert!(!stream.is_open(LOW));
}

#[test]
fn a_weight_that_was_corrected_is_forgotten() {
    let mut stream = Stream::new(sustained(0));
    stream.reads("08:00", &[(VitalKind::Weight, 80.0)]);
    stream.reads("1+08:00", &[(VitalKind::Weight, 8.0)]);
    stream.reads("2+08:00", &[(VitalKind::Weight, 80.2)]);
    assert!(stream.is_open("weight_gain_critical"));
    stream.hears("2+09:00", source(), VitalKind::Weight, &[("1+08:00", 80.1)]);
    assert!(stream.watch.alarms().is_empty());
    stream.told.clear();
    stream.reads("3+08:00", &[(VitalKind::Weight, 80.9)]);
    stream.told(&[]);
    // A scale that sends a week at once.
    let mut stream = Stream::new(sustained(0));
    let week = [("08:00", 80.0), ("2+08:00", 81.0), ("4+08:00", 82.1)];
    stream.hears("4+08:05", source(), VitalKind::Weight, &week);
    stream.told(&["04T08:05 owner weight_gain_critical"]);
}

#[test]
fn whoever_measures_now_and_then_is_told_too() {
    let mut stream = Stream::new(sustained(15));
    stream.glucose(&[("08:00", 50.0)]).until("08:16");
    assert!(stream.is_open(LOW));
    let mut stream = Stream::new(sustained(15));
    stream.reads("08:00", &[(VitalKind::Weight, 80.0)]);
    stream.reads("1+08:00", &[(VitalKind::Weight, 82.5)]);
    stream.until("1+08:16");
    assert!(stream.is_open("weight_gain_critical"));
    // Who follows is told too, however seldom the person is.
    let mut settings = sustained(15);
    settings.critical.repeat_minutes = 1_440;
    let mut stream = Stream::new(settings);
    stream.followers = vec![follower(0)];
    stream.glucose(&[("08:00", 50.0)]).until("09:00").told(&[
        "30T08:15 owner glucose_low_critical",
        "30T08:30 follower 0 glucose_low_critical",
    ]);
    // Very high once a day, with nothing else between.
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 400.0), ("1+08:00", 400.0)]);
    assert!(stream.is_open("glucose_high_critical"));
    // Nor does a month count.
    let mut stream = Stream::usual();
    stream.glucose(&[("08:00", 400.0), ("30+08:00", 400.0)]);
    assert!(!stream.is_open("glucose_high_critical"));
}

#[test]
fn flapping_undoes_neither_an_answer_nor_the_wait_for_one() {
    let flap = |stream: &mut Stream, from: i64, until: i64| {
        for minute in (from..until).step_by(5) {
            let number = if minute % 10 == 0 { 53.0 } else { 55.0 };
            let time = format!("{:02}:{:02}", 8 + minute / 60, minute % 60);
            stream.glucose(&[(time.as_str(), number)]);
        }
    };
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1)];
    flap(&mut stream, 0, 35);
    let of_followers: Vec<&String> = stream.told.iter().filter(|line| line.contains("follower")).collect();
    let expected = [
        "30T08:20 follower 0 glucose_low_critical",
        "30T08:30 follower 1 glucose_low_critical",
    ];
    assert_eq!(of_followers, expected);
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1)];
    flap(&mut stream, 0, 5);
    stream.acknowledge("08:01", LOW);
    flap(&mut stream, 5, 120);
    stream.told(&["30T08:00 owner glucose_low_critical"]);
}

#[test]
fn a_step_changes_one_alarm_of_a_rule_at_most() {
    let mut stream = Stream::usual();
    stream.until("09:00");
    let begin = stream.at("08:10");
    let readings: Vec<Reading> = (0..1_000)
        .map(|place| Reading {
            kind: VitalKind::HeartRate,
            amount: Amount::whole(130 + place % 2),
            at: begin + SignedDuration::from_secs(i64::from(place) * 3),
        })
        .collect();
    let samples = Sample::of(source(), &readings);
    let changed = stream.finish(|step| samples.iter().for_each(|sample| step.take(sample)));
    assert_eq!(changed.len(), 2);
    // Also where each lasts longer than what is soon: here the vendor is late by a day.
    let mut stream = Stream::usual();
    stream.until("1+00:00");
    let samples: Vec<Sample> = (0..40)
        .map(|place: i64| Sample {
            at: stream.at("00:00") + SignedDuration::from_mins(place * 30),
            source: source(),
            amounts: vec![(
                VitalKind::HeartRate,
                Amount::whole(if place % 2 == 0 { 150 } else { 70 }),
            )],
        })
        .collect();
    let changed = stream.finish(|step| {
        step.late_by(SignedDuration::from_hours(24));
        samples.iter().for_each(|sample| step.take(sample));
    });
    assert_eq!(changed.len(), 2);
}

#[test]
fn a_warm_up_ends_and_is_of_its_source() {
    let missed = || VitalSettings {
        no_data: vec![crate::vital::NoData {
            kind: GLUCOSE,
            after_minutes: 30,
            delay_minutes: 0,
        }],
        ..VitalSettings::default()
    };
    let warm = |stream: &mut Stream, source, until: &str| {
        let until = stream.at(until);
        stream.finish(|step| step.warm_up(source, until));
    };
    // For a day at most, whatever the device says.
    let mut stream = Stream::new(missed());
    stream.glucose(&[("08:00", 90.0)]);
    warm(&mut stream, source(), "400+00:00");
    stream.until("2+00:00").told(&["01T08:00 owner glucose_no_data"]);
    // A later word counts, an earlier end too.
    let mut stream = Stream::new(missed());
    stream.glucose(&[("08:00", 90.0)]);
    warm(&mut stream, source(), "12:00");
    warm(&mut stream, source(), "08:05");
    stream.until("11:00").told(&["30T08:30 owner glucose_no_data"]);
    // A cuff that warms up is no sensor of glucose.
    let mut stream = Stream::new(missed());
    stream.glucose(&[("08:00", 90.0)]);
    stream.hears("08:01", device(3), VitalKind::SystolicBp, &[("08:01", 120.0)]);
    warm(&mut stream, device(3), "12:00");
    stream.until("11:00").told(&["30T08:30 owner glucose_no_data"]);
}

#[test]
fn a_list_of_followers_may_change() {
    let mut stream = Stream::usual();
    stream.followers = vec![follower(0), follower(1), follower(2)];
    stream.glucose(&[("08:00", 50.0)]).until("08:16");
    // The first who was told is gone: the next is who was not told.
    stream.followers = vec![follower(1), follower(2)];
    stream.until("08:31");
    // And somebody new comes first.
    stream.followers = vec![follower(3), follower(1), follower(2)];
    stream.until("09:16");
    let of_followers: Vec<&str> = stream
        .told
        .iter()
        .filter(|line| line.contains("follower"))
        .map(|line| &line[..20])
        .collect();
    assert_eq!(
        of_followers,
        [
            "30T08:15 follower 0 ",
            "30T08:30 follower 1 ",
            "30T08:45 follower 3 ",
            "30T09:00 follower 2 "
        ]
    );
}

#[test]
fn a_snooze_after_ten_tellings_ends_like_any_other() {
    let mut stream = Stream::usual();
    stream.settings.escalate_after_minutes = Some(240);
    stream.followers = vec![follower(0)];
    stream.glucose(&[("08:00", 50.0)]).snooze("10:30", LOW, "11:00");
    assert_eq!(stream.told.len(), 10);
    stream.told.clear();
    stream.until("11:16").told(&[
        "30T11:00 owner glucose_low_critical",
        "30T11:15 owner glucose_low_critical again",
    ]);
    stream.until("15:01");
    assert_eq!(stream.told.last().unwrap(), "30T15:00 follower 0 glucose_low_critical");
}

#[test]
fn limits_of_weight_alarm() {
    let limit = Personal {
        kind: VitalKind::Weight,
        critical_low: None,
        warning_low: Some(Amount::whole(60)),
        warning_high: None,
        critical_high: Some(Amount::whole(90)),
        set_by: super::owner(),
        by_clinician: true,
    };
    let mut stream = Stream::new(VitalSettings {
        limits: vec![limit],
        ..VitalSettings::default()
    });
    stream.reads("08:00", &[(VitalKind::Weight, 90.0)]);
    let alarm = stream.open("weight_high_critical");
    let (side, level) = (Side::High, Level::Critical);
    let subject = Subject::Weight;
    assert_eq!(alarm.rule, Rule::Bounds { subject, side, level });
    stream.told(&["30T08:00 owner weight_high_critical"]);
}

#[test]
fn many_are_told_in_several_steps() {
    let mut stream = Stream::new(VitalSettings {
        night: None::<Night>,
        ..VitalSettings::default()
    });
    stream.followers = (0..5).map(follower).collect();
    let all = [
        (VitalKind::HeartRate, 150.0),
        (VitalKind::Spo2, 80.0),
        (VitalKind::Temperature, 42.0),
        (VitalKind::RespiratoryRate, 40.0),
        (VitalKind::Glucose, 40.0),
        (VitalKind::SystolicBp, 200.0),
    ];
    stream.reads("08:00", &all);
    // Nothing has looked for hours.
    stream.now = stream.at("12:00");
    stream.finish(|_| ());
    let so_far = stream.told.len();
    assert_eq!(so_far, 6 + 25);
    stream.finish(|_| ());
    assert_eq!(stream.told.len(), 6 + 6 + 30);
}
