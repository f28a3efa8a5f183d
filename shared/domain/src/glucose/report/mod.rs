//! A report on one A4 page, as PDF: figures, time in ranges, the daily profile and the last days one by one. Its text
//! can be selected, its parts are tagged for screen readers, and nothing is told by colour alone.

mod days;
mod sheet;
mod text;

use jiff::Timestamp;
use pdf_writer::types::StructRole;

use crate::language::Language;
use crate::scheduling::zone::Zone;

use super::episode::{Grid, Kind};
use super::metrics::Summary;
use super::plot::{self, Frame, TARGET};
use super::profile::Profile;
use super::said;
use super::series::Series;
use super::unit::Unit;
use super::words::{Words, filled};
use sheet::{Anchor, HEIGHT, Sheet, WIDTH};
use text::Weight;

pub struct Report<'a> {
    /// 90 days at most are looked at.
    pub series: &'a Series,
    pub unit: Unit,
    pub zone: &'a Zone,
    pub language: Language,
    /// Whose it is. What Helvetica cannot write leaves a line to write on by hand.
    pub name: Option<&'a str>,
    pub made_at: Timestamp,
}

const MARGIN: f64 = 40.0;
const INK: [f32; 3] = [0.1, 0.11, 0.13];
const FAINT: [f32; 3] = [0.72, 0.74, 0.77];
const BLUE: [f32; 3] = [0.04, 0.34, 0.82];
/// As if seen through.
const OUTER: [f32; 3] = [0.88, 0.92, 0.98];
const INNER: [f32; 3] = [0.66, 0.77, 0.94];
/// From the lowest range to the highest; they differ in lightness also where all is grey.
const RANGES: [[f32; 3]; 5] = [
    [0.55, 0.08, 0.08],
    [0.86, 0.42, 0.36],
    [0.45, 0.75, 0.55],
    [0.98, 0.87, 0.55],
    [0.85, 0.62, 0.12],
];

/// The language that a report is in: Helvetica has no Devanagari.
pub fn printable(language: Language) -> Language {
    match language {
        Language::Hi => Language::En,
        other => other,
    }
}

pub fn pdf(report: &Report<'_>) -> Vec<u8> {
    let words = Words::of(printable(report.language));
    let profile = Profile::of(report.series, report.zone.rules());
    let mut sheet = Sheet::new();
    let page = Page { report, words, profile };
    page.write_head(&mut sheet);
    if let Some(summary) = page.summary() {
        page.write_figures(&mut sheet, &summary);
        page.write_ranges(&mut sheet, &summary);
        page.write_profile(&mut sheet);
        days::write(&page, &mut sheet);
    }
    page.write_foot(&mut sheet);
    sheet.finish(words.report_title, words.language.tag())
}

struct Page<'a> {
    report: &'a Report<'a>,
    words: &'static Words,
    profile: Profile,
}

impl Page<'_> {
    /// The part of the series that the profile is of.
    fn series(&self) -> Series {
        self.report.series.part(self.profile.from, self.profile.until)
    }

    fn summary(&self) -> Option<Summary> {
        Summary::with_coverage(&self.series(), self.profile.coverage)
    }

    fn write_head(&self, sheet: &mut Sheet) {
        sheet.block(StructRole::H1, None, |sheet| {
            let title = self.words.report_title;
            sheet.text((MARGIN, 56.0), 20.0, Weight::Bold, Anchor::Start, title);
        });
        let name = self.report.name.filter(|name| text::encoded(name).is_some());
        let line = format!("{}: {}", self.words.name, name.unwrap_or("______________________"));
        sheet.block(StructRole::P, None, |sheet| {
            sheet.text((WIDTH - MARGIN, 56.0), 10.0, Weight::Plain, Anchor::End, &line);
        });
        let period = said::period(&self.profile, self.report.zone, self.words).join(" ");
        sheet.block(StructRole::P, None, |sheet| write_lines(sheet, &period, 76.0, 9.0));
    }

    fn write_foot(&self, sheet: &mut Sheet) {
        let made = self.report.zone.rules().to_datetime(self.report.made_at);
        let line = filled(
            self.words.footer,
            &[("made", made.strftime("%Y-%m-%d %H:%M").to_string())],
        );
        sheet.block(StructRole::P, None, |sheet| {
            write_lines(sheet, &line, HEIGHT - 34.0, 8.0)
        });
    }

    fn heading(&self, sheet: &mut Sheet, x: f64, y: f64, what: &str) {
        sheet.block(StructRole::H2, None, |sheet| {
            sheet.text((x, y), 12.0, Weight::Bold, Anchor::Start, what);
        });
    }

    fn write_figures(&self, sheet: &mut Sheet, summary: &Summary) {
        let (top, middle) = (126.0, WIDTH / 2.0 + 14.0);
        self.heading(sheet, MARGIN, top, self.words.figures_title);
        sheet.group(StructRole::Table, |sheet| {
            for (row, (name, value)) in (0..).zip(self.figures(summary)) {
                let y = top + 17.0 + 12.6 * f64::from(row);
                sheet.group(StructRole::TR, |sheet| {
                    sheet.block(StructRole::TH, None, |sheet| {
                        sheet.text((MARGIN, y), 9.0, Weight::Plain, Anchor::Start, &name);
                    });
                    sheet.block(StructRole::TD, None, |sheet| {
                        sheet.text((middle, y), 9.0, Weight::Bold, Anchor::End, &value);
                    });
                });
            }
        });
    }

    fn figures(&self, summary: &Summary) -> Vec<(String, String)> {
        let (words, unit) = (self.words, self.report.unit);
        let percent = |number: f64| format!("{number:.1} %");
        let mut rows = vec![
            (words.mean, said::with_unit(unit, summary.mean)),
            (words.gmi, percent(summary.gmi)),
            (words.ea1c, percent(summary.ea1c)),
            (words.sd, said::with_unit(unit, summary.sd)),
            (words.cv, percent(summary.cv)),
            (words.gri, format!("{:.0}", summary.gri)),
            (words.risks, format!("{:.1} / {:.1}", summary.lbgi, summary.hbgi)),
            (words.j_index, format!("{:.0}", summary.j_index)),
        ];
        let mage = summary.mage.map_or("–".to_owned(), |mage| said::with_unit(unit, mage));
        rows.push((words.mage, mage));
        let grid = Grid::of(&self.series());
        for (kind, name) in Kind::ALL.into_iter().zip(words.episodes) {
            let count = grid.count(kind);
            let text = match count.mean_minutes {
                None => "0".to_owned(),
                Some(minutes) => filled(
                    words.episode_count,
                    &[("count", count.count.to_string()), ("minutes", format!("{minutes:.0}"))],
                ),
            };
            rows.push((name, text));
        }
        if summary.set_aside > 0 {
            rows.push((words.set_aside, summary.set_aside.to_string()));
        }
        rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A bar from the lowest range below to the highest above, and beside it what each is, apart enough to be read.
    fn write_ranges(&self, sheet: &mut Sheet, summary: &Summary) {
        const TOP: f64 = 140.0;
        const TALL: f64 = 166.0;
        let (left, right) = (WIDTH / 2.0 + 46.0, WIDTH / 2.0 + 76.0);
        self.heading(sheet, left, 126.0, self.words.ranges_title);
        let shares = summary.ranges.in_order();
        let (mut bottom, mut places) = (TOP + TALL, Vec::new());
        sheet.ornament(|sheet| {
            for (share, colour) in shares.into_iter().zip(RANGES) {
                let top = bottom - share / 100.0 * TALL;
                let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
                sheet.area(&corners, colour);
                sheet.line(&[(left, top), (right, top)], 0.8, &[], [1.0; 3]);
                places.push((top + bottom) / 2.0);
                bottom = top;
            }
        });
        let names = places.into_iter().zip(0..5);
        let names = plot::apart(names.collect(), 13.0, TOP + TALL);
        sheet.group(StructRole::Table, |sheet| {
            for (y, range) in names {
                self.write_range(sheet, range, &shares, (right + 10.0, y + 3.0));
            }
        });
    }

    fn write_range(&self, sheet: &mut Sheet, range: usize, shares: &[f64; 5], (x, y): (f64, f64)) {
        let bounds = said::bounds(self.report.unit);
        let (Some(name), Some(bounds), Some(share)) =
            (self.words.ranges.get(range), bounds.get(range), shares.get(range))
        else {
            return;
        };
        sheet.group(StructRole::TR, |sheet| {
            sheet.block(StructRole::TH, None, |sheet| {
                let line = format!("{name} ({bounds})");
                sheet.text((x, y), 9.0, Weight::Plain, Anchor::Start, &line);
            });
            sheet.block(StructRole::TD, None, |sheet| {
                let line = format!("{share:.1} %");
                sheet.text((WIDTH - MARGIN, y), 9.0, Weight::Bold, Anchor::End, &line);
            });
        });
    }

    fn write_profile(&self, sheet: &mut Sheet) {
        let (top, unit) = (352.0, self.report.unit);
        let title = format!("{} ({})", self.words.profile_title, unit.symbol());
        self.heading(sheet, MARGIN, top, &title);
        let frame = Frame {
            left: MARGIN + 26.0,
            top: top + 12.0,
            width: WIDTH - 2.0 * MARGIN - 26.0 - 42.0,
            height: 190.0,
            most: plot::most(plot::highest(&self.profile)),
        };
        let alt = said::course(&self.profile, unit, self.words).join(" ");
        sheet.block(StructRole::Figure, Some(alt.clone()), |sheet| {
            write_curves(sheet, &frame, &self.profile);
            self.write_scale(sheet, &frame);
            self.write_names(sheet, &frame);
        });
        sheet.block(StructRole::P, None, |sheet| {
            write_lines(sheet, &alt, frame.top + frame.height + 26.0, 8.0);
        });
    }

    fn write_scale(&self, sheet: &mut Sheet, frame: &Frame) {
        for value in [54.0, 70.0, 120.0, 180.0, 250.0, 300.0, 400.0, 500.0] {
            if value > frame.most {
                break;
            }
            let y = frame.y(value);
            let ends = [(frame.left, y), (frame.left + frame.width, y)];
            if TARGET.contains(&value) {
                sheet.line(&ends, 1.0, &[6.0, 3.0], INK);
            } else {
                sheet.line(&ends, 0.4, &[], FAINT);
            }
            let number = self.report.unit.shown(value);
            sheet.text((frame.left - 5.0, y + 3.0), 8.0, Weight::Plain, Anchor::End, &number);
        }
        for hour in (0..=24_u32).step_by(3) {
            let (x, bottom) = (frame.x(f64::from(hour) * 60.0), frame.top + frame.height);
            sheet.line(&[(x, frame.top), (x, bottom)], 0.4, &[], FAINT);
            sheet.text(
                (x, bottom + 11.0),
                8.0,
                Weight::Plain,
                Anchor::Middle,
                &format!("{hour:02}:00"),
            );
        }
    }

    fn write_names(&self, sheet: &mut Sheet, frame: &Frame) {
        let Some(last) = self.profile.buckets.last() else {
            return;
        };
        let percents = [5, 25, 50, 75, 95].into_iter().zip(last.in_order());
        let names = percents.map(|(percent, value)| {
            let name = match percent {
                50 => self.words.median.to_owned(),
                _ => filled(self.words.percentile, &[("percent", percent.to_string())]),
            };
            (frame.y(value) + 3.0, name)
        });
        for (y, name) in plot::apart(names.collect(), 10.0, frame.top + frame.height) {
            let place = (frame.left + frame.width + 5.0, y);
            sheet.text(place, 8.0, Weight::Plain, Anchor::Start, &name);
        }
    }
}

fn write_curves(sheet: &mut Sheet, frame: &Frame, profile: &Profile) {
    for run in plot::runs(profile) {
        sheet.area(&frame.area(run, |bucket| bucket.p5, |bucket| bucket.p95), OUTER);
        sheet.area(&frame.area(run, |bucket| bucket.p25, |bucket| bucket.p75), INNER);
        sheet.line(&frame.line(run, |bucket| bucket.p5), 0.6, &[2.0, 2.0], BLUE);
        sheet.line(&frame.line(run, |bucket| bucket.p95), 0.6, &[2.0, 2.0], BLUE);
        sheet.line(&frame.line(run, |bucket| bucket.p25), 0.6, &[], BLUE);
        sheet.line(&frame.line(run, |bucket| bucket.p75), 0.6, &[], BLUE);
        sheet.line(&frame.line(run, |bucket| bucket.p50), 2.0, &[], BLUE);
    }
}

fn write_lines(sheet: &mut Sheet, what: &str, top: f64, size: f64) {
    let lines = text::lines(what, size, WIDTH - 2.0 * MARGIN);
    for (place, line) in (0..).zip(lines) {
        let y = top + f64::from(place) * size * 1.3;
        sheet.text((MARGIN, y), size, Weight::Plain, Anchor::Start, &line);
    }
}

#[cfg(test)]
mod tests;
