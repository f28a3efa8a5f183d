//! Writes the report and the chart of somebody who does not exist into a folder, in each language, to be looked at.

use std::fs;
use std::path::PathBuf;

use domain::glucose::chart::{self, Chart};
use domain::glucose::report::{self, Report};
use domain::glucose::simulator::{Condition, Person};
use domain::glucose::words::Words;
use domain::glucose::{Profile, Series, Unit};
use domain::language::Language;
use domain::scheduling::zone::Zone;
use jiff::{SignedDuration, Timestamp};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    let zone = Zone::utc();
    let person = Person::new(11, Condition::TypeOne, zone.rules().clone());
    let until = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(20_500 * 24);
    let series = Series::new(person.readings(until - SignedDuration::from_hours(20 * 24), until));
    let profile = Profile::of(&series, zone.rules());
    for (language, unit) in Language::ALL
        .into_iter()
        .zip([Unit::MgPerDl, Unit::MmolPerL, Unit::MgPerDl])
    {
        let report = report::pdf(&Report {
            series: &series,
            unit,
            zone: &zone,
            language,
            name: None,
            made_at: until,
        });
        let chart = chart::draw(&Chart {
            profile: &profile,
            unit,
            zone: &zone,
            words: Words::of(language),
        });
        fs::write(folder.join(format!("glucose-{}.pdf", language.tag())), report)?;
        fs::write(folder.join(format!("glucose-{}.svg", language.tag())), chart)?;
    }
    Ok(())
}
