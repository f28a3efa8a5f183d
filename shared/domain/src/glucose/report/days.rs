//! The last fortnight, a small chart for each day: what a profile of many days hides.

use jiff::civil::Date;
use pdf_writer::types::StructRole;

use super::sheet::{Anchor, Sheet, WIDTH};
use super::text::Weight;
use super::{BLUE, FAINT, INK, MARGIN, Page};
use crate::glucose::Reading;
use crate::glucose::metrics::Ranges;
use crate::glucose::plot::{self, Frame, TARGET};
use crate::glucose::series::{GAP, Series};
use crate::glucose::words::filled;

const DAYS: i64 = 14;
const ACROSS: i64 = 7;
const TOP: f64 = 628.0;
const TALL: f64 = 56.0;

pub(super) fn write(page: &Page<'_>, sheet: &mut Sheet) {
    let series = page.series();
    let Some((_, last)) = series.span() else {
        return;
    };
    page.heading(sheet, MARGIN, TOP - 14.0, page.words.days_title);
    let text = filled(page.words.days_text, &[("days", DAYS.to_string())]);
    sheet.block(StructRole::P, None, |sheet| {
        sheet.text((MARGIN + 110.0, TOP - 14.0), 8.0, Weight::Plain, Anchor::Start, &text);
    });
    let highest = series.values().fold(0.0, f64::max);
    let newest = page.report.zone.rules().to_datetime(last).date();
    for place in 0..DAYS {
        let Ok(date) = newest.checked_sub(jiff::Span::new().days(DAYS - 1 - place)) else {
            continue;
        };
        let (row, column) = (place / ACROSS, place % ACROSS);
        let across = (WIDTH - 2.0 * MARGIN) / ACROSS as f64;
        let frame = Frame {
            left: MARGIN + column as f64 * across,
            top: TOP + row as f64 * (TALL + 30.0) + 10.0,
            width: across - 8.0,
            height: TALL,
            most: plot::most(highest),
        };
        write_day(page, sheet, &series, &frame, date);
    }
}

fn write_day(page: &Page<'_>, sheet: &mut Sheet, series: &Series, frame: &Frame, date: Date) {
    let rules = page.report.zone.rules();
    let begins = |date: Date| rules.to_timestamp(date.at(0, 0, 0, 0));
    let (Ok(from), Ok(until)) = (begins(date), date.tomorrow().and_then(begins)) else {
        return;
    };
    let readings = series.between(from, until);
    let (name, said) = (date.strftime("%m-%d").to_string(), said(page, readings));
    sheet.block(StructRole::Figure, Some(format!("{date}: {said}")), |sheet| {
        sheet.text((frame.left, frame.top - 3.0), 7.5, Weight::Bold, Anchor::Start, &name);
        let place = (frame.left + frame.width, frame.top - 3.0);
        sheet.text(place, 6.5, Weight::Plain, Anchor::End, &said);
        write_frame(sheet, frame);
        for part in readings.chunk_by(|one, next| next.at.duration_since(one.at) <= GAP) {
            let points: Vec<(f64, f64)> = part
                .iter()
                .map(|reading| {
                    let clock = rules.to_datetime(reading.at);
                    let minute = f64::from(clock.hour()) * 60.0 + f64::from(clock.minute());
                    (frame.x(minute), frame.y(reading.mg_per_dl()))
                })
                .collect();
            sheet.line(&points, 0.9, &[], BLUE);
        }
    });
}

/// How much of the day was in range.
fn said(page: &Page<'_>, readings: &[Reading]) -> String {
    if readings.is_empty() {
        return "–".to_owned();
    }
    let ranges = Ranges::of(readings.iter().map(Reading::mg_per_dl));
    format!("{} {:.0} %", page.words.ranges[2].to_lowercase(), ranges.in_range)
}

fn write_frame(sheet: &mut Sheet, frame: &Frame) {
    let (right, bottom) = (frame.left + frame.width, frame.top + frame.height);
    let around = [
        (frame.left, frame.top),
        (right, frame.top),
        (right, bottom),
        (frame.left, bottom),
        (frame.left, frame.top),
    ];
    sheet.line(&around, 0.5, &[], FAINT);
    for limit in TARGET {
        let y = frame.y(limit);
        sheet.line(&[(frame.left, y), (right, y)], 0.5, &[3.0, 2.0], INK);
    }
}
