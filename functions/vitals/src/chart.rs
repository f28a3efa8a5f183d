//! Draws vital signs over time as SVG: the means as a line, the least and the most as an area around it, limits as dashed
//! lines with words. It says in words what it shows, reads without colours, and follows the reader's choice of light or dark.

use std::fmt::Write as _;

use domain::scheduling::zone::Zone;
use domain::vital::{Amount, Side, Summary, Unit};
use jiff::{SignedDuration, Timestamp};

pub struct Chart<'a> {
    /// One, or two that share a unit.
    pub lines: Vec<Line>,
    pub unit: Unit,
    pub from: Timestamp,
    pub until: Timestamp,
    /// Times are shown as this clock shows them.
    pub zone: &'a Zone,
    /// How far apart points are.
    pub step: SignedDuration,
}

pub struct Line {
    pub title: &'static str,
    pub points: Vec<(Timestamp, Summary)>,
    pub thresholds: Vec<Threshold>,
}

pub struct Threshold {
    pub word: &'static str,
    pub side: Side,
    pub amount: Amount,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 170.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 44.0;

const STYLE: &str = "svg{--paper:#fff;--ink:#1f2328;--faint:#6b727a;--one:#0b57d0;--two:#8f3a08;background:var(--paper);\
font:13px system-ui,sans-serif}text{fill:var(--ink)}.faint{fill:var(--faint)}.grid{stroke:var(--faint);stroke-opacity:.35}\
.line{fill:none;stroke:var(--one);stroke-width:2.5}.mark{fill:var(--one)}.area{fill:var(--one);fill-opacity:.16}\
.second .line{stroke:var(--two);stroke-dasharray:9 4}.second .mark{fill:var(--two)}.second .area{fill:var(--two)}\
.limit{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 4}.critical{stroke-dasharray:10 3 2 3}\
.beyond{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}\
@media(prefers-color-scheme:dark){svg{--paper:#14161a;--ink:#e8eaed;--faint:#9aa0a6;--one:#8ab4f8;--two:#f6b26b}}";

/// How numbers and times become places.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    until: f64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f64 {
        let part = (seconds(at) - self.from) / (self.until - self.from).max(1.0);
        LEFT + part * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, number: f64) -> f64 {
        let part = (number - self.least) / (self.most - self.least);
        HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)
    }

    fn has(&self, number: f64) -> bool {
        (self.least..=self.most).contains(&number)
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

pub fn draw(chart: &Chart<'_>) -> String {
    let mut svg = String::new();
    // Writing into memory does not fail.
    let _ = chart.write(&mut svg);
    svg
}

type Written = Result<(), std::fmt::Error>;

impl Chart<'_> {
    fn write(&self, svg: &mut String) -> Written {
        let (title, description) = (escaped(&self.title()), escaped(&self.description()));
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"chart-title chart-text\" lang=\"en\"><title id=\"chart-title\">{title}</title>\
             <desc id=\"chart-text\">{description}</desc><style>{STYLE}</style>\
             <text x=\"{LEFT}\" y=\"24\" font-size=\"16\" font-weight=\"600\">{title}</text>"
        )?;
        match self.scale() {
            Some(scale) => self.write_plot(svg, &scale)?,
            None => write!(svg, "<text x=\"{LEFT}\" y=\"{}\">No readings</text>", HEIGHT / 2.0)?,
        }
        svg.push_str("</svg>");
        Ok(())
    }

    fn write_plot(&self, svg: &mut String, scale: &Scale) -> Written {
        self.write_axes(svg, scale)?;
        for (place, line) in self.lines.iter().enumerate() {
            self.write_limits(svg, scale, line)?;
            let class = if place == 0 { "first" } else { "second" };
            write!(svg, "<g class=\"{class}\">")?;
            self.write_line(svg, scale, line)?;
            svg.push_str("</g>");
        }
        Ok(())
    }

    fn title(&self) -> String {
        let titles: Vec<&str> = self.lines.iter().map(|line| line.title).collect();
        format!("{} ({})", titles.join(" and "), self.unit.symbol())
    }

    /// What somebody who does not see it would ask for.
    fn description(&self) -> String {
        let mut text = format!(
            "From {} to {}, {}.",
            self.clock(self.from, "%Y-%m-%d %H:%M"),
            self.clock(self.until, "%Y-%m-%d %H:%M"),
            self.zone.name()
        );
        for line in &self.lines {
            let all = line.points.iter().map(|(_, summary)| *summary).reduce(Summary::and);
            let Some(all) = all else {
                let _ = write!(text, " {}: no readings.", line.title);
                continue;
            };
            let shown = |amount: Amount| amount.shown(self.unit);
            let last = line.points.last().map_or(all, |(_, summary)| *summary);
            let _ = write!(
                text,
                " {}: {} readings, lowest {}, highest {}, mean {}, last {}; {} of {} points beyond a limit.",
                line.title,
                all.count,
                shown(all.min),
                shown(all.max),
                all.mean_shown(self.unit),
                last.mean_shown(self.unit),
                line.points
                    .iter()
                    .filter(|(_, summary)| line.beyond(summary).is_some())
                    .count(),
                line.points.len(),
            );
        }
        text
    }

    fn clock(&self, at: Timestamp, format: &str) -> String {
        self.zone.rules().to_datetime(at).strftime(format).to_string()
    }

    fn number(&self, amount: Amount) -> f64 {
        amount.shown(self.unit).value()
    }

    /// None where there is nothing to be shown.
    fn scale(&self) -> Option<Scale> {
        let summaries = || {
            self.lines
                .iter()
                .flat_map(|line| &line.points)
                .map(|(_, summary)| summary)
        };
        let least = summaries().map(|summary| self.number(summary.min)).reduce(f64::min)?;
        let most = summaries().map(|summary| self.number(summary.max)).reduce(f64::max)?;
        let margin = ((most - least) * 0.12).max(most.abs() * 0.02).max(0.5);
        Some(Scale {
            least: least - margin,
            most: most + margin,
            from: seconds(self.from),
            until: seconds(self.until),
        })
    }

    fn write_axes(&self, svg: &mut String, scale: &Scale) -> Written {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let step = round_step((scale.most - scale.least) / 5.0);
        let first = (scale.least / step).ceil() as i64;
        let last = (scale.most / step).floor() as i64;
        for tick in first..=last {
            let number = tick as f64 * step;
            let y = scale.y(number);
            write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/>\
                 <text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                y + 4.0,
                (number * 100.0).round() / 100.0,
            )?;
        }
        let span = self.until.duration_since(self.from);
        let format = if span <= SignedDuration::from_hours(49) {
            "%d. %H:%M"
        } else {
            "%Y-%m-%d"
        };
        for part in 0..=4 {
            let at = self.from + span * part / 4;
            write!(
                svg,
                "<text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                scale.x(at),
                bottom + 22.0,
                self.clock(at, format),
            )?;
        }
        Ok(())
    }

    fn write_limits(&self, svg: &mut String, scale: &Scale, line: &Line) -> Written {
        for limit in &line.thresholds {
            let number = self.number(limit.amount);
            if !scale.has(number) {
                continue;
            }
            let y = scale.y(number);
            write!(
                svg,
                "<path class=\"limit {}\" d=\"M{LEFT} {y:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" font-size=\"11\">{} {} \
                 {}</text>",
                limit.word,
                WIDTH - RIGHT,
                WIDTH - RIGHT + 6.0,
                y + 4.0,
                limit.word,
                if limit.side == Side::Low { "below" } else { "above" },
                number,
            )?;
        }
        Ok(())
    }

    fn write_line(&self, svg: &mut String, scale: &Scale, line: &Line) -> Written {
        // The middle of the stretch that a point sums up.
        let middle = |at: Timestamp| scale.x((at + self.step / 2).clamp(self.from, self.until));
        for part in self.unbroken(&line.points) {
            let upper = part
                .iter()
                .map(|(at, summary)| (middle(*at), scale.y(self.number(summary.max))));
            let lower = part
                .iter()
                .rev()
                .map(|(at, summary)| (middle(*at), scale.y(self.number(summary.min))));
            let means = part
                .iter()
                .map(|(at, summary)| (middle(*at), scale.y(self.number(summary.mean()))));
            if part.len() > 1 {
                write!(svg, "<path class=\"area\" d=\"{}Z\"/>", path(upper.chain(lower)))?;
                write!(svg, "<path class=\"line\" d=\"{}\"/>", path(means))?;
            } else {
                for (x, y) in means {
                    write!(svg, "<circle class=\"mark\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>")?;
                }
            }
        }
        for (at, summary) in &line.points {
            if let Some((side, amount)) = line.beyond(summary) {
                let (x, y) = (middle(*at), scale.y(self.number(amount)));
                let tip = if side == Side::High { -7.0 } else { 7.0 };
                write!(
                    svg,
                    "<path class=\"beyond\" d=\"M{x:.1} {:.1}l5.5 {:.1}h-11z\"/>",
                    y + tip,
                    -tip * 1.4,
                )?;
            }
        }
        if let Some((_, last)) = line.points.last() {
            let y = scale.y(self.number(last.mean()));
            write!(
                svg,
                "<text x=\"{}\" y=\"{:.1}\" font-weight=\"600\">{} {}</text>",
                WIDTH - RIGHT + 6.0,
                y - 6.0,
                short(line.title),
                last.mean_shown(self.unit),
            )?;
        }
        Ok(())
    }

    /// Where nothing was measured there is no line.
    fn unbroken<'p>(&self, points: &'p [(Timestamp, Summary)]) -> Vec<&'p [(Timestamp, Summary)]> {
        let longest = self.step * 3;
        points
            .chunk_by(|(one, _), (next, _)| next.duration_since(*one) <= longest)
            .collect()
    }
}

impl Line {
    /// What of a point is beyond a limit: it gets a mark of its own.
    fn beyond(&self, summary: &Summary) -> Option<(Side, Amount)> {
        let is_past = |limit: &&Threshold| match limit.side {
            Side::Low => summary.min <= limit.amount,
            Side::High => summary.max >= limit.amount,
        };
        let limit = self.thresholds.iter().find(is_past)?;
        Some(match limit.side {
            Side::Low => (Side::Low, summary.min),
            Side::High => (Side::High, summary.max),
        })
    }
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (place, (x, y)) in points.enumerate() {
        let command = if place == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{command}{x:.1} {y:.1}");
    }
    path
}

/// 1, 2 or 5 times a power of ten, and not less.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1e-6).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= least).unwrap_or(power * 10.0)
}

/// The first word, for beside the line.
fn short(title: &str) -> &str {
    title.split(' ').next().unwrap_or(title)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: Vec<(Timestamp, Summary)>, zone: &Zone) -> String {
        draw(&Chart {
            lines: vec![Line {
                title: "Glucose",
                points,
                thresholds: vec![Threshold {
                    word: "warning",
                    side: Side::Low,
                    amount: Amount::whole(70),
                }],
            }],
            unit: Unit::MgPerDl,
            from: at(0),
            until: at(24 * 60),
            zone,
            step: SignedDuration::from_mins(5),
        })
    }

    fn at(minute: i64) -> Timestamp {
        let begin: Timestamp = "2026-11-30T00:00:00Z".parse().unwrap();
        begin + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows() {
        let zone = Zone::utc();
        let points = [(10, 60), (15, 90), (20, 120), (600, 110)];
        let points = points.map(|(minute, number)| (at(minute), Summary::of(Amount::whole(number))));
        let svg = chart(points.to_vec(), &zone);
        assert!(svg.contains("role=\"img\"") && svg.contains("<title id=\"chart-title\">Glucose (mg/dL)</title>"));
        let said = "Glucose: 4 readings, lowest 60, highest 120, mean 95, last 110; 1 of 4 points beyond a limit.";
        assert!(svg.contains(said), "{svg}");
        assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("warning below 70"));
        // A gap is none of the line, and a lone point is a dot.
        assert_eq!(
            (svg.matches("class=\"line\"").count(), svg.matches("<circle").count()),
            (1, 1)
        );
        assert_eq!(svg.matches("class=\"beyond\"").count(), 1);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn a_chart_of_nothing_or_of_one_number_is_one() {
        let zone = Zone::utc();
        let empty = chart(Vec::new(), &zone);
        assert!(empty.contains("No readings") && empty.contains("Glucose: no readings."));
        let one = chart(vec![(at(3), Summary::of(Amount::whole(100)))], &zone);
        assert!(one.contains("<circle") && !one.contains("NaN"));
    }
}
