//! Against figures that another implementation, in Python with numpy, worked out of the same simulated readings:
//! `shared/models/training/glucose_figures.py`. Unlike those of real people they may be committed.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::episode::{Grid, Kind};
use super::forecast::forecast;
use super::simulator::{Condition, Person};
use super::{Profile, Series, Summary};

const FIGURES: &str = include_str!("../../fixtures/glucose_figures.json");

fn simulated(sample: &Json) -> Series {
    let condition = match sample["condition"].as_str().unwrap() {
        "none" => Condition::None,
        "type_one" => Condition::TypeOne,
        "type_two" => Condition::TypeTwo,
        other => panic!("{other}"),
    };
    let number = |name: &str| sample[name].as_i64().unwrap();
    let person = Person::new(number("seed").unsigned_abs(), condition, TimeZone::UTC);
    let from = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(20_500 * 24);
    let readings = person.readings(from, from + SignedDuration::from_hours(24 * number("days")));
    let every = number("every");
    Series::new(
        readings
            .into_iter()
            .filter(|reading| reading.at.as_second().div_euclid(300) * 5 % every == 0),
    )
}

fn samples() -> Vec<(Json, Series)> {
    let figures: Json = serde_json::from_str(FIGURES).unwrap();
    let samples: Vec<Json> = figures["samples"].as_array().unwrap().clone();
    assert_eq!(samples.len(), 4);
    samples
        .into_iter()
        .map(|sample| {
            let series = simulated(&sample);
            (sample, series)
        })
        .collect()
}

fn same(ours: f64, theirs: &Json, what: &str) {
    let theirs = theirs.as_f64().unwrap_or(0.0);
    assert!(
        (ours - theirs).abs() <= 1e-6 * theirs.abs().max(1.0),
        "{what}: {ours} against {theirs}"
    );
}

#[test]
fn figures_are_those_that_numpy_finds() {
    for (sample, series) in samples() {
        let (theirs, ours) = (&sample["summary"], Summary::of(&series).unwrap());
        let [very_low, low, in_range, high, very_high] = ours.ranges.in_order();
        for (name, ours) in [
            ("count", ours.coverage.readings as f64),
            ("expected", ours.coverage.expected as f64),
            ("mean", ours.mean),
            ("sd", ours.sd),
            ("cv", ours.cv),
            ("gmi", ours.gmi),
            ("ea1c", ours.ea1c),
            ("very_low", very_low),
            ("low", low),
            ("in_range", in_range),
            ("high", high),
            ("very_high", very_high),
            ("gri", ours.gri),
            ("j_index", ours.j_index),
            ("lbgi", ours.lbgi),
            ("hbgi", ours.hbgi),
            ("mage", ours.mage.unwrap_or_default()),
        ] {
            same(ours, &theirs[name], &format!("{name} of {}", sample["seed"]));
        }
    }
}

#[test]
fn episodes_are_those_that_python_finds() {
    let mut found = 0;
    for (sample, series) in samples() {
        let grid = Grid::of(&series);
        let names = ["low", "very_low", "prolonged_low", "high", "very_high"];
        for (kind, name) in Kind::ALL.into_iter().zip(names) {
            let theirs = sample["episodes"][name].as_array().unwrap();
            let ours = grid.episodes(kind);
            assert_eq!(ours.len(), theirs.len(), "{name} of {}", sample["seed"]);
            for (ours, theirs) in ours.iter().zip(theirs) {
                same(ours.from.as_second() as f64, &theirs["from"], "from");
                same(ours.minutes, &theirs["minutes"], "minutes");
                same(ours.mean, &theirs["mean"], "mean");
                same(ours.extreme, &theirs["extreme"], "extreme");
                found += 1;
            }
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn profiles_are_those_that_numpy_finds() {
    for (sample, series) in samples() {
        let (theirs, ours) = (
            sample["profile"].as_array().unwrap(),
            Profile::of(&series, &TimeZone::UTC),
        );
        assert_eq!(theirs.len(), ours.buckets.len());
        for (theirs, ours) in theirs.iter().zip(&ours.buckets) {
            same(f64::from(ours.minute), &theirs[0], "minute");
            for (place, ours) in ours.in_order().into_iter().enumerate() {
                same(ours, &theirs[place + 1], "percentile");
            }
        }
    }
}

#[test]
fn forecasts_are_those_that_numpy_makes() {
    let mut found = 0;
    for (sample, series) in samples() {
        for theirs in sample["forecasts"].as_array().unwrap() {
            let at = Timestamp::from_second(theirs["at"].as_i64().unwrap()).unwrap();
            let known = series.between(Timestamp::UNIX_EPOCH, at + SignedDuration::from_secs(1));
            let ours = forecast(&Series::new(known.iter().copied()), at);
            let Some(ahead) = theirs["ahead"].as_array() else {
                assert!(ours.is_err(), "{at}");
                continue;
            };
            for (ours, theirs) in ours.unwrap().ahead.iter().zip(ahead) {
                let (likely, certain) = (ours.likely, ours.nearly_certain);
                let ours = [ours.expected, likely.low, likely.high, certain.low, certain.high];
                for (place, ours) in ours.into_iter().enumerate() {
                    same(ours, &theirs[place], &format!("forecast at {at}"));
                }
                found += 1;
            }
        }
    }
    assert!(found > 60, "{found}");
}
