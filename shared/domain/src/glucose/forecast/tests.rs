use super::*;
use proptest::prelude::*;

fn at(minute: i64) -> Timestamp {
    "2026-03-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

/// Readings up to minute 0, the last first.
fn before(interval: i64, newest_first: &[f64]) -> Series {
    let readings = (0..).zip(newest_first);
    Series::new(readings.map(|(steps, value)| Reading::measured(at(-steps * interval), *value)))
}

#[test]
fn what_does_not_move_is_expected_to_stay_about_where_it_is() {
    for interval in [5, 15] {
        let found = forecast(&before(interval, &[110.0; 60]), at(3)).unwrap();
        assert_eq!((found.from, found.newest, found.note), (at(0), 110.0, NOTE));
        let minutes: Vec<i64> = found.ahead.iter().map(|ahead| ahead.minutes).collect();
        assert_eq!(minutes, [30, 60]);
        for ahead in &found.ahead {
            assert!((ahead.expected - 110.0).abs() < 10.0, "{ahead:?}");
            assert_eq!(ahead.at, at(ahead.minutes));
        }
    }
}

#[test]
fn what_rises_is_expected_to_rise_on_and_more_is_less_certain() {
    let rising: Vec<f64> = (0..40).map(|step| (180.0 - f64::from(step) * 5.0).max(100.0)).collect();
    let found = forecast(&before(5, &rising), at(0)).unwrap();
    let [half, whole] = &found.ahead[..] else { panic!() };
    assert!(half.expected > 180.0, "{half:?}");
    let width = |interval: Interval| interval.high - interval.low;
    assert!(width(whole.likely) > width(half.likely) && width(half.nearly_certain) > width(half.likely));
}

#[test]
fn nothing_is_foretold_where_it_cannot_be() {
    let flat = before(5, &[110.0; 60]);
    assert_eq!(forecast(&Series::new([]), at(0)), Err(NoForecast::NoReadings));
    assert_eq!(forecast(&flat, at(16)), Err(NoForecast::TooOld));
    assert!(forecast(&flat, at(15)).is_ok());
    assert_eq!(forecast(&flat, at(-3)), Err(NoForecast::AheadOfTheClock));
    assert_eq!(
        forecast(&before(10, &[110.0; 60]), at(0)),
        Err(NoForecast::UnknownInterval)
    );
    assert_eq!(forecast(&before(5, &[110.0; 12]), at(0)), Err(NoForecast::Gap));
    let without = |steps: usize| {
        let readings = flat.readings().iter().enumerate();
        Series::new(
            readings
                .filter(|(place, _)| *place != 59 - steps)
                .map(|(_, reading)| *reading),
        )
    };
    assert_eq!(forecast(&without(7), at(0)), Err(NoForecast::Gap));
    assert!(forecast(&without(13), at(0)).is_ok());
    let mut leaping = vec![110.0; 60];
    leaping[3] = 155.0;
    assert_eq!(forecast(&before(5, &leaping), at(0)), Err(NoForecast::Implausible));
    let low = Reading {
        at: at(0),
        value: Value::Low,
    };
    let falling = before(5, &(0..60).map(|step| 39.0 + f64::from(step)).collect::<Vec<_>>());
    let ends_low = Series::new(falling.readings().iter().copied().chain([low]));
    assert_eq!(forecast(&ends_low, at(0)), Err(NoForecast::Implausible));
    assert_eq!(NoForecast::Gap.code(), "gap_in_readings");
}

proptest! {
    #[test]
    fn intervals_hold_what_is_expected(
        values in prop::collection::vec(100.0_f64..130.0, 5..300), quick: bool, by in -60.0_f64..270.0
    ) {
        let values: Vec<f64> = values.iter().map(|value| value + by).collect();
        let Ok(found) = forecast(&before(if quick { 5 } else { 15 }, &values), at(1)) else {
            prop_assert!(values.len() < 13);
            return Ok(());
        };
        for ahead in found.ahead {
            let (likely, certain) = (ahead.likely, ahead.nearly_certain);
            prop_assert!(certain.low <= likely.low && likely.low <= ahead.expected);
            prop_assert!(ahead.expected <= likely.high && likely.high <= certain.high);
            prop_assert!((39.0..=501.0).contains(&certain.low) && (39.0..=501.0).contains(&certain.high));
        }
    }
}
