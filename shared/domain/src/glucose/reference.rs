//! Against figures of a published package over real people. The data may not be committed: set `GLUCOSE_DATA` to its
//! folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::episode::{Grid, Kind};
use super::{Profile, Reading, Series, Summary};

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells = line.split(',').map(str::to_owned);
        names.iter().map(|name| (*name).to_owned()).zip(cells).collect()
    };
    lines.map(row).collect()
}

fn number(row: &Row, name: &str) -> Option<f64> {
    row[name].parse().ok()
}

fn at(text: &str) -> Timestamp {
    let clock: DateTime = text.parse().unwrap();
    TimeZone::UTC.to_timestamp(clock).unwrap()
}

/// By how much the two differ, as a part of the second.
fn difference(ours: f64, theirs: f64) -> f64 {
    (ours - theirs).abs() / theirs.abs().max(1e-9)
}

fn people(folder: &Path, set: &str) -> BTreeMap<String, Series> {
    let mut readings = BTreeMap::<String, Vec<Reading>>::new();
    for row in rows(&folder.join(format!("{set}.csv"))) {
        let name = match row.get("patient") {
            Some(patient) => format!("{patient}_{}", row["record"]),
            None => row["id"].clone(),
        };
        if let Some(value) = number(&row, "gl") {
            readings
                .entry(name)
                .or_default()
                .push(Reading::measured(at(&row["time"]), value));
        }
    }
    let series = readings
        .into_iter()
        .map(|(name, readings)| (name, Series::new(readings)));
    series.collect()
}

/// The largest difference by name of the figure, with whose it is.
#[derive(Default)]
struct Worst(BTreeMap<String, (f64, String)>);

impl Worst {
    fn note(&mut self, figure: &str, who: &str, ours: f64, theirs: f64) {
        let by = difference(ours, theirs);
        let worst = self.0.entry(figure.to_owned()).or_default();
        if by > worst.0 || worst.1.is_empty() {
            *worst = (by, format!("{who}: {ours} against {theirs}"));
        }
    }

    fn check(&self, tolerance: f64, loose: &[&str]) {
        for (figure, (by, whose)) in &self.0 {
            println!("{figure:>16}: {by:.2e} ({whose})");
            assert!(
                *by <= tolerance || loose.contains(&figure.as_str()),
                "{figure}: {whose}"
            );
        }
    }
}

fn compare_metrics(folder: &Path, set: &str, people: &BTreeMap<String, Series>, worst: &mut Worst) -> usize {
    let reference = rows(&folder.join(format!("ref_{set}_metrics.csv")));
    for row in &reference {
        let who = &row["id"];
        let summary = Summary::of(&people[who]).unwrap();
        let ranges = summary.ranges;
        for (figure, ours) in [
            ("mean", summary.mean),
            ("SD", summary.sd),
            ("CV", summary.cv),
            ("GMI", summary.gmi),
            ("eA1C", summary.ea1c),
            ("in_range_70_180", ranges.in_range),
            ("below_54", ranges.very_low),
            ("below_70", ranges.very_low + ranges.low),
            ("above_180", ranges.high + ranges.very_high),
            ("above_250", ranges.very_high),
            ("J_index", summary.j_index),
            ("LBGI", summary.lbgi),
            ("HBGI", summary.hbgi),
            ("GRI", summary.gri),
            ("active_percent", 100.0 * summary.coverage.share),
        ] {
            worst.note(figure, who, ours, number(row, figure).unwrap());
        }
        worst.note(
            "MAGE",
            who,
            summary.mage.unwrap_or_default(),
            number(row, "MAGE").unwrap(),
        );
    }
    reference.len()
}

fn compare_episodes(folder: &Path, set: &str, people: &BTreeMap<String, Series>, worst: &mut Worst) -> usize {
    let mut compared = 0;
    for row in rows(&folder.join(format!("ref_{set}_episodes.csv"))) {
        let kind = match (row["type"].as_str(), row["level"].as_str()) {
            ("hypo", "lv1") => Kind::Low,
            ("hypo", "lv2") => Kind::VeryLow,
            ("hypo", "extended") => Kind::ProlongedLow,
            ("hyper", "lv1") => Kind::High,
            ("hyper", "lv2") => Kind::VeryHigh,
            _ => continue,
        };
        let who = &row["id"];
        let ours = Grid::of(&people[who]).count(kind);
        let name = |figure: &str| format!("{figure} {kind:?}");
        worst.note(
            &name("episodes"),
            who,
            ours.count as f64,
            number(&row, "total_episodes").unwrap(),
        );
        worst.note(
            &name("per day"),
            who,
            ours.per_day,
            number(&row, "avg_ep_per_day").unwrap(),
        );
        let minutes = ours.mean_minutes.unwrap_or_default();
        worst.note(&name("minutes"), who, minutes, number(&row, "avg_ep_duration").unwrap());
        worst.note(
            &name("level"),
            who,
            ours.mean.unwrap_or_default(),
            number(&row, "avg_ep_gl").unwrap_or_default(),
        );
        compared += 1;
    }
    compared
}

/// The reference laid all days over each other, also those of records that are longer than ours may be.
fn whole(series: &Series) -> Profile {
    let (first, last) = series.span().unwrap();
    Profile::between(series, first, last + series.interval(), &TimeZone::UTC)
}

fn compare_profiles(folder: &Path, people: &BTreeMap<&str, BTreeMap<String, Series>>, worst: &mut Worst) -> usize {
    let mut profiles = BTreeMap::new();
    let reference = rows(&folder.join("ref_agp_percentiles.csv"));
    for row in &reference {
        let (set, who) = (row["set"].as_str(), &row["id"]);
        let Some(series) = people.get(set).and_then(|people| people.get(who)) else {
            panic!("{set} {who}");
        };
        let minute: u16 = row["minute_of_day"].parse().unwrap();
        let profile = profiles
            .entry((set.to_owned(), who.clone()))
            .or_insert_with(|| whole(series));
        let found = profile.buckets.iter().find(|bucket| bucket.minute == minute).unwrap();
        worst.note("profile n", who, found.readings as f64, number(row, "n").unwrap());
        for (name, ours) in ["p5", "p25", "p50", "p75", "p95"].iter().zip(found.in_order()) {
            worst.note(&format!("profile {name}"), who, ours, number(row, name).unwrap());
        }
    }
    reference.len()
}

#[test]
fn figures_are_those_of_the_reference() {
    let Some(folder) = std::env::var_os("GLUCOSE_DATA") else {
        println!("skipped: GLUCOSE_DATA does not name the folder of the reference data");
        return;
    };
    let folder = Path::new(&folder);
    let sets = ["hall19", "iglu5", "shanghai_t1dm"];
    let people: BTreeMap<&str, BTreeMap<String, Series>> = sets.map(|set| (set, people(folder, set))).into();
    let (mut metrics, mut episodes, mut profiles) = (Worst::default(), Worst::default(), Worst::default());
    let (mut records, mut counts) = (0, 0);
    for set in sets {
        records += compare_metrics(folder, set, &people[set], &mut metrics);
        counts += compare_episodes(folder, set, &people[set], &mut episodes);
    }
    let buckets = compare_profiles(folder, &people, &mut profiles);
    println!("{records} records, {counts} counts of episodes, {buckets} buckets");
    assert!(records == 40 && counts > 150 && buckets > 3_000);
    // The reference counts coverage and MAGE in other ways.
    metrics.check(1e-6, &["MAGE", "active_percent"]);
    episodes.check(1e-6, &[]);
    profiles.check(1e-6, &[]);
}
