//! What a profile says in words: the description of its drawing, on screens and on paper.

use jiff::{SignedDuration, Timestamp};

use crate::scheduling::zone::Zone;

use super::profile::{BUCKET, Bucket, Profile};
use super::unit::Unit;
use super::words::{Words, filled};

/// The stretch of time, how much of it was measured, and whether that is enough.
pub(super) fn period(profile: &Profile, zone: &Zone, words: &Words) -> Vec<String> {
    let day = |at| zone.rules().to_datetime(at).strftime("%Y-%m-%d").to_string();
    if profile.buckets.is_empty() {
        return vec![words.no_readings.to_owned()];
    }
    let coverage = profile.coverage;
    let mut sentences = vec![
        filled(
            words.period,
            &[
                ("from", day(profile.from)),
                // The last moment that counts.
                ("until", day(before(profile.until))),
                ("zone", zone.name().to_owned()),
            ],
        ),
        filled(
            words.coverage,
            &[
                ("readings", coverage.readings.to_string()),
                ("days", format!("{:.0}", coverage.days)),
                ("share", format!("{:.0}", coverage.share * 100.0)),
            ],
        ),
    ];
    if !profile.is_sufficient {
        sentences.push(words.not_enough.to_owned());
    }
    sentences
}

/// What somebody who does not see the curves would ask for.
pub(super) fn course(profile: &Profile, unit: Unit, words: &Words) -> Vec<String> {
    let by = |of: fn(&Bucket) -> f64| {
        let mut sorted: Vec<&Bucket> = profile.buckets.iter().collect();
        sorted.sort_by(|one, other| of(one).total_cmp(&of(other)));
        sorted
    };
    let medians = by(|bucket| bucket.p50);
    let widths = by(|bucket| bucket.p95 - bucket.p5);
    let (Some(lowest), Some(highest), Some(widest)) = (medians.first(), medians.last(), widths.last()) else {
        return Vec::new();
    };
    let shown = |value| with_unit(unit, value);
    vec![
        filled(
            words.median_goes,
            &[
                ("low", shown(lowest.p50)),
                ("low_at", clock(lowest)),
                ("high", shown(highest.p50)),
                ("high_at", clock(highest)),
            ],
        ),
        filled(
            words.widest,
            &[
                ("at", clock(widest)),
                ("low", shown(widest.p5)),
                ("high", shown(widest.p95)),
            ],
        ),
    ]
}

pub(super) fn with_unit(unit: Unit, mg_per_dl: f64) -> String {
    format!("{} {}", unit.shown(mg_per_dl), unit.symbol())
}

/// What a range goes from and to, such as `54–69` or `> 250`.
pub(super) fn bounds(unit: Unit) -> [String; 5] {
    let shown = |value| unit.shown(value);
    // The last that is below a limit, as the unit is shown.
    let under = |value: f64| match unit {
        Unit::MgPerDl => shown(value - 1.0),
        Unit::MmolPerL => format!("{:.1}", unit.number(value) - 0.1),
    };
    let over = |value: f64| match unit {
        Unit::MgPerDl => shown(value + 1.0),
        Unit::MmolPerL => format!("{:.1}", unit.number(value) + 0.1),
    };
    [
        format!("< {}", shown(54.0)),
        format!("{}–{}", shown(54.0), under(70.0)),
        format!("{}–{}", shown(70.0), shown(180.0)),
        format!("{}–{}", over(180.0), shown(250.0)),
        format!("> {}", shown(250.0)),
    ]
}

fn before(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(at)
}

fn clock(bucket: &Bucket) -> String {
    let middle = bucket.minute + BUCKET / 2;
    format!("{:02}:{:02}", middle / 60, middle % 60 / 15 * 15)
}
