//! Draws a profile as SVG. It says in words what it shows, names its curves where they end, tells them apart by line as
//! well as by colour, and follows the reader's choice of light or dark.

use std::fmt::Write as _;

use crate::scheduling::zone::Zone;

use super::plot::{self, Frame, Of, Points, TARGET};
use super::profile::Profile;
use super::said;
use super::unit::Unit;
use super::words::{Words, filled};

pub struct Chart<'a> {
    pub profile: &'a Profile,
    pub unit: Unit,
    /// The clock that the profile was made by.
    pub zone: &'a Zone,
    pub words: &'a Words,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 96.0;
const TOP: f64 = 74.0;
const BOTTOM: f64 = 44.0;

/// Plain colours, since not everything that shows SVG knows variables.
const STYLE: &str = "svg{background:#fff;font:13px system-ui,sans-serif}text{fill:#1f2328}text.faint{fill:#5b626a}\
.grid{stroke:#6b727a;stroke-opacity:.35}.outer{fill:#0b57d0;fill-opacity:.13}.inner{fill:#0b57d0;fill-opacity:.26}\
.median{fill:none;stroke:#0b57d0;stroke-width:3}.edge{fill:none;stroke:#0b57d0;stroke-width:1}\
.far{stroke-dasharray:2 3}.target{stroke:#1f2328;stroke-width:1.4;stroke-dasharray:8 4}\
@media(prefers-color-scheme:dark){svg{background:#14161a}text{fill:#e8eaed}text.faint{fill:#9aa0a6}\
.grid{stroke:#9aa0a6}.outer,.inner{fill:#8ab4f8}.median,.edge{stroke:#8ab4f8}.target{stroke:#e8eaed}}";

/// The curves from the lowest to the highest.
const CURVES: [(u8, Of); 5] = [
    (5, |bucket| bucket.p5),
    (25, |bucket| bucket.p25),
    (50, |bucket| bucket.p50),
    (75, |bucket| bucket.p75),
    (95, |bucket| bucket.p95),
];

pub fn draw(chart: &Chart<'_>) -> String {
    let mut svg = String::new();
    // Writing into memory does not fail.
    let _ = chart.write(&mut svg);
    svg
}

type Written = Result<(), std::fmt::Error>;

impl Chart<'_> {
    fn write(&self, svg: &mut String) -> Written {
        let words = self.words;
        let title = escaped(&format!("{} ({})", words.profile_title, self.unit.symbol()));
        let period = said::period(self.profile, self.zone, words).join(" ");
        let course = said::course(self.profile, self.unit, words).join(" ");
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"profile-title profile-text\" lang=\"{}\"><title id=\"profile-title\">{title}</title>\
             <desc id=\"profile-text\">{} {}</desc><style>{STYLE}</style>\
             <text x=\"{LEFT}\" y=\"24\" font-size=\"16\" font-weight=\"600\">{title}</text>",
            words.language.tag(),
            escaped(&period),
            escaped(&course),
        )?;
        for (line, sentence) in (0..).zip(self.shown_period()) {
            let y = 42 + 16 * line;
            write!(
                svg,
                "<text class=\"faint\" x=\"{LEFT}\" y=\"{y}\" font-size=\"11\">{}</text>",
                escaped(&sentence)
            )?;
        }
        self.write_plot(svg)?;
        svg.push_str("</svg>");
        Ok(())
    }

    /// In two lines at most.
    fn shown_period(&self) -> Vec<String> {
        let sentences = said::period(self.profile, self.zone, self.words);
        sentences.chunks(2).map(|some| some.join(" ")).collect()
    }

    fn write_plot(&self, svg: &mut String) -> Written {
        let frame = Frame {
            left: LEFT,
            top: TOP,
            width: WIDTH - LEFT - RIGHT,
            height: HEIGHT - TOP - BOTTOM,
            most: plot::most(plot::highest(self.profile)),
        };
        self.write_axes(svg, &frame)?;
        for run in plot::runs(self.profile) {
            let outer = path(&frame.area(run, |bucket| bucket.p5, |bucket| bucket.p95));
            let inner = path(&frame.area(run, |bucket| bucket.p25, |bucket| bucket.p75));
            write!(
                svg,
                "<path class=\"outer\" d=\"{outer}Z\"/><path class=\"inner\" d=\"{inner}Z\"/>"
            )?;
            for (percent, of) in CURVES {
                let class = match percent {
                    50 => "median",
                    5 | 95 => "edge far",
                    _ => "edge",
                };
                write!(svg, "<path class=\"{class}\" d=\"{}\"/>", path(&frame.line(run, of)))?;
            }
        }
        self.write_names(svg, &frame)
    }

    fn write_axes(&self, svg: &mut String, frame: &Frame) -> Written {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for limit in TARGET {
            let y = frame.y(limit);
            write!(svg, "<path class=\"target\" d=\"M{LEFT} {y:.1}H{right}\"/>")?;
        }
        for value in [54.0, 70.0, 120.0, 180.0, 250.0, 300.0, 350.0, 400.0, 450.0, 500.0] {
            if value > frame.most {
                break;
            }
            let y = frame.y(value);
            write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>\
                 <text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                y + 4.0,
                self.unit.shown(value),
            )?;
        }
        for hour in (0..=24_u32).step_by(3) {
            let x = frame.x(f64::from(hour) * 60.0);
            write!(
                svg,
                "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>\
                 <text class=\"faint\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{hour:02}:00</text>",
                bottom + 22.0,
            )?;
        }
        Ok(())
    }

    fn write_names(&self, svg: &mut String, frame: &Frame) -> Written {
        let Some(last) = self.profile.buckets.last() else {
            return write!(
                svg,
                "<text x=\"{}\" y=\"{}\">{}</text>",
                LEFT + 20.0,
                HEIGHT / 2.0,
                escaped(self.words.no_readings)
            );
        };
        let names = CURVES.map(|(percent, of)| {
            let name = match percent {
                50 => self.words.median.to_owned(),
                _ => filled(self.words.percentile, &[("percent", percent.to_string())]),
            };
            (frame.y(of(last)) + 4.0, name)
        });
        for (y, name) in plot::apart(names.to_vec(), 14.0, HEIGHT - BOTTOM + 4.0) {
            let weight = if name == self.words.median { 600 } else { 400 };
            write!(
                svg,
                "<text x=\"{}\" y=\"{y:.1}\" font-size=\"11\" font-weight=\"{weight}\">{}</text>",
                WIDTH - RIGHT + 6.0,
                escaped(&name),
            )?;
        }
        Ok(())
    }
}

fn path(points: &Points) -> String {
    let mut path = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        let command = if place == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{command}{x:.1} {y:.1}");
    }
    path
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::Series;
    use crate::glucose::simulator::{Condition, Person};
    use crate::language::Language;
    use jiff::{SignedDuration, Timestamp};

    fn drawn(days: i64, language: Language, unit: Unit) -> String {
        let zone: Zone = "Asia/Kolkata".to_owned().try_into().unwrap();
        let person = Person::new(11, Condition::TypeOne, zone.rules().clone());
        let from: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let series = Series::new(person.readings(from, from + SignedDuration::from_hours(24 * days)));
        draw(&Chart {
            profile: &Profile::of(&series, zone.rules()),
            unit,
            zone: &zone,
            words: Words::of(language),
        })
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows() {
        let svg = drawn(14, Language::En, Unit::MgPerDl);
        assert!(
            svg.contains("role=\"img\"")
                && svg.contains("<title id=\"profile-title\">Daily glucose profile (mg/dL)</title>")
        );
        assert!(
            svg.contains("From 2026-03-01 to 2026-03-15, times of Asia/Kolkata.")
                && svg.contains("The median is lowest at ")
        );
        assert!(
            svg.contains("prefers-color-scheme:dark") && svg.contains(">Median</text>") && svg.contains(">95 %</text>")
        );
        assert!(!svg.contains("Less than 14 days") && !svg.contains("NaN") && !svg.contains("inf"));
        assert_eq!(svg.matches("class=\"median\"").count(), 1);
    }

    #[test]
    fn a_chart_speaks_each_language_and_says_when_there_is_too_little() {
        let hindi = drawn(2, Language::Hi, Unit::MmolPerL);
        assert!(hindi.contains("lang=\"hi\"") && hindi.contains("mmol/L") && hindi.contains("माध्यिका"));
        assert!(drawn(2, Language::En, Unit::MgPerDl).contains("Less than 14 days"));
        let empty = drawn(0, Language::Es, Unit::MgPerDl);
        assert!(empty.contains("Sin lecturas") && !empty.contains("<path class=\"median\""));
    }
}
