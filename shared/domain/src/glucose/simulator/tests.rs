use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn person(seed: u64, condition: Condition) -> Person {
    Person::new(seed, condition, TimeZone::get("Asia/Kolkata").unwrap())
}

fn fortnight(seed: u64, condition: Condition) -> Vec<Reading> {
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    person(seed, condition).readings(from, from + SignedDuration::from_hours(14 * 24))
}

#[test]
fn a_seed_always_lives_the_same_days() {
    let first = day(7, date("2026-03-01"));
    assert_eq!(first, day(7, date("2026-03-01")));
    assert_ne!(first, day(8, date("2026-03-01")));
    assert_ne!(first, day(7, date("2026-03-02")));
    assert!(first.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn days_join_without_a_seam() {
    let person = person(3, Condition::TypeOne);
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let whole = person.readings(from, from + SignedDuration::from_hours(72));
    let mut joined = Vec::new();
    for hour in (0..72).step_by(6) {
        let begin = from + SignedDuration::from_hours(hour);
        joined.extend(person.readings(begin, begin + SignedDuration::from_hours(6)));
    }
    assert_eq!(whole, joined);
}

#[test]
fn readings_are_five_minutes_apart_but_for_gaps() {
    for seed in 0..20 {
        let readings = fortnight(seed, Condition::TypeOne);
        let share = readings.len() as f64 / (14.0 * 288.0);
        assert!((0.85..=1.0).contains(&share), "{seed}: {share}");
        for pair in readings.windows(2) {
            let apart = pair[1].at.duration_since(pair[0].at);
            assert!(apart >= INTERVAL && apart <= sensor::LONGEST_SILENCE * 2, "{apart:?}");
            assert_eq!(apart.as_secs() % INTERVAL.as_secs(), 0);
        }
    }
}

#[test]
fn conditions_look_as_they_do_in_people() {
    let figures = |condition| {
        let values: Vec<f64> = (0..30)
            .flat_map(|seed| fortnight(seed, condition))
            .map(|reading| reading.mg_per_dl())
            .collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let square: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let share = |is: fn(f64) -> bool| values.iter().filter(|value| is(**value)).count() as f64 / count;
        let (low, high) = (share(|value| value < 70.0), share(|value| value > 180.0));
        println!(
            "{condition:?}: mean {mean:.1}, SD {:.1}, below {low:.4}, above {high:.4}",
            (square / count).sqrt()
        );
        (mean, (square / count).sqrt() / mean, low, high)
    };
    let (mean, variation, low, high) = figures(Condition::None);
    assert!((90.0..115.0).contains(&mean) && (0.08..0.25).contains(&variation) && low < 0.03 && high < 0.005);
    let (mean, variation, low, high) = figures(Condition::TypeOne);
    assert!((135.0..185.0).contains(&mean) && (0.28..0.45).contains(&variation));
    assert!((0.01..0.10).contains(&low) && (0.15..0.50).contains(&high));
    let (mean, variation, low, high) = figures(Condition::TypeTwo);
    assert!((140.0..200.0).contains(&mean) && (0.15..0.35).contains(&variation) && low < 0.02 && high > 0.10);
}

#[test]
fn people_eat_by_their_own_clock() {
    let zone = TimeZone::get("America/New_York").unwrap();
    let person = Person::new(5, Condition::TypeOne, zone.clone());
    // The night that has 25 hours.
    let begin = zone.to_timestamp(date("2026-11-01").at(0, 0, 0, 0)).unwrap();
    let events = person.events(begin, begin + SignedDuration::from_hours(25));
    let meals = events.iter().filter(|event| matches!(event.act, Act::Meal { .. }));
    let hours: Vec<i8> = meals.map(|event| zone.to_datetime(event.at).hour()).collect();
    assert!(
        (2..=4).contains(&hours.len()) && hours.iter().all(|hour| (5..23).contains(hour)),
        "{hours:?}"
    );
    assert!(person.day(date("2026-11-01")).len() <= 25 * 12);
}
