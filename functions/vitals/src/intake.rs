//! Readings come in, from a device or by hand: which can be true, and what became of each.

use std::collections::BTreeMap;

use domain::id::UserId;
use domain::vital::{Fault, MOST_IN_BATCH, Reading, Sent, Source, Unit, VitalKind, VitalRefused, pressures_swapped};
use jiff::{SignedDuration, Timestamp};
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::outbox::Entry;
use store::vitals::{self, Batch, Became, Checked};

use crate::access;

/// When something was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Said(Timestamp),
    /// Now.
    Unsaid,
    Unreadable,
}

/// What was measured at one moment.
pub struct Point {
    pub at: At,
    pub values: Vec<(VitalKind, f64, Unit)>,
}

/// All that came in one request.
pub struct Delivery<'a> {
    pub owner: UserId,
    pub source: Source,
    pub points: Vec<Point>,
    pub warm_up_until: Option<Timestamp>,
    pub note: &'a Entry,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalReadingsTaken")]
pub struct Taken {
    message: String,
    /// Readings that are new or corrected.
    stored_count: usize,
    /// That were there already.
    duplicate_count: usize,
    /// Of which something was set apart.
    quarantined_count: usize,
    /// One for each, in the order that they were sent in.
    results: Vec<PointResult>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "VitalReadingOutcome")]
enum Outcome {
    /// Nothing was measured.
    Empty,
    /// Set apart, and never shown as the latest: measure again.
    Quarantined,
    Duplicate,
    Replaced,
    Stored,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalReadingResult")]
struct PointResult {
    index: usize,
    outcome: Outcome,
    /// As it would be of this one alone: 201, 200, or 422; 207 where some of it was set apart.
    status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    faults: Vec<FaultOf>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalReadingFault")]
struct FaultOf {
    metric: VitalKind,
    code: Fault,
    message: String,
}

pub fn check_count(field: &'static str, count: usize) -> Result<(), VitalRefused> {
    match (1..=MOST_IN_BATCH).contains(&count) {
        true => Ok(()),
        false => Err(VitalRefused::Invalid {
            field,
            rule: "must be 1 to 1000",
        }),
    }
}

/// Refused where nothing of it can be true; what cannot is set apart all the same.
pub async fn take(context: &Context, delivery: Delivery<'_>) -> Result<Taken, Problem> {
    let sent = delivery.sent(context.now);
    let batch = Batch {
        owner: delivery.owner,
        source: delivery.source,
        readings: &checked(&sent, delivery.source, context.now),
        warm_up_until: delivery.warm_up_until,
        late_by: SignedDuration::ZERO,
        note: delivery.note,
        now: context.now,
    };
    let became = vitals::take(&context.store, &batch, access::telling(context)).await?;
    let results = results(delivery.points.len(), &sent, &became);
    let count = |is_counted: fn(&PointResult) -> bool| results.iter().filter(|result| is_counted(result)).count();
    let stored_count = count(|result| result.outcome >= Outcome::Replaced);
    let taken = Taken {
        message: format!("Stored {stored_count} data points"),
        stored_count,
        duplicate_count: count(|result| result.outcome == Outcome::Duplicate),
        quarantined_count: count(|result| !result.faults.is_empty()),
        results,
    };
    match taken.results.iter().any(|result| result.outcome >= Outcome::Duplicate) {
        true => Ok(taken),
        false => Err(taken.refusal()?.into()),
    }
}

/// One number of a point.
struct OfPoint {
    index: usize,
    sent: Sent,
    /// What is wrong with the point, whatever the number.
    fault: Option<Fault>,
}

impl Delivery<'_> {
    /// Points without a time are of now, in their order: a millisecond apart, so that each is a reading of its own.
    fn sent(&self, now: Timestamp) -> Vec<OfPoint> {
        let mut timeless = self
            .points
            .iter()
            .filter(|point| !matches!(point.at, At::Said(_)))
            .count();
        let mut all = Vec::new();
        for (index, point) in self.points.iter().enumerate() {
            let at = match point.at {
                At::Said(at) => at,
                At::Unsaid | At::Unreadable => {
                    timeless = timeless.saturating_sub(1);
                    now - SignedDuration::from_millis(i64::try_from(timeless).unwrap_or_default())
                }
            };
            let fault = (point.at == At::Unreadable).then_some(Fault::TimeUnreadable);
            all.extend(point.values.iter().map(|(kind, value, unit)| OfPoint {
                index,
                sent: Sent {
                    kind: *kind,
                    value: *value,
                    unit: *unit,
                    at,
                },
                fault,
            }));
        }
        all
    }
}

fn checked(sent: &[OfPoint], source: Source, now: Timestamp) -> Vec<Checked> {
    let check = |of: &OfPoint| match of.fault {
        Some(fault) => Err(fault),
        None => of.sent.check(source, now),
    };
    let mut checked: Vec<Checked> = sent
        .iter()
        .map(|of| check(of).map_err(|fault| of.sent.quarantined(fault, now)))
        .collect();
    let mut pressures: BTreeMap<Timestamp, [Option<Reading>; 2]> = BTreeMap::new();
    for reading in checked.iter().flatten() {
        let place = match reading.kind {
            VitalKind::SystolicBp => 0,
            VitalKind::DiastolicBp => 1,
            _ => continue,
        };
        pressures.entry(reading.at).or_default()[place] = Some(*reading);
    }
    pressures
        .retain(|_, pair| matches!(pair, [Some(systolic), Some(diastolic)] if pressures_swapped(systolic, diastolic)));
    for (OfPoint { sent, .. }, result) in sent.iter().zip(&mut checked) {
        let is_swapped = |reading: &Reading| {
            let is_pressure = matches!(reading.kind, VitalKind::SystolicBp | VitalKind::DiastolicBp);
            is_pressure && pressures.contains_key(&reading.at)
        };
        if result.as_ref().is_ok_and(is_swapped) {
            *result = Err(sent.quarantined(Fault::PressuresSwapped, now));
        }
    }
    checked
}

fn results(count: usize, sent: &[OfPoint], became: &[Became]) -> Vec<PointResult> {
    let mut results: Vec<PointResult> = (0..count)
        .map(|index| PointResult {
            index,
            outcome: Outcome::Empty,
            status: 422,
            faults: Vec::new(),
        })
        .collect();
    for (OfPoint { index, sent, .. }, became) in sent.iter().zip(became) {
        let Some(result) = results.get_mut(*index) else {
            continue;
        };
        let outcome = match became {
            Became::Stored => Outcome::Stored,
            Became::Replaced => Outcome::Replaced,
            Became::Duplicate => Outcome::Duplicate,
            Became::Quarantined(fault) | Became::Refused(fault) => {
                result.faults.push(FaultOf {
                    metric: sent.kind,
                    code: *fault,
                    message: format!("{} {}", sent.kind.title(), fault.sentence()),
                });
                Outcome::Quarantined
            }
        };
        result.outcome = result.outcome.max(outcome);
    }
    for result in &mut results {
        result.status = match result.outcome {
            Outcome::Empty | Outcome::Quarantined => 422,
            _ if !result.faults.is_empty() => 207,
            Outcome::Duplicate => 200,
            Outcome::Replaced | Outcome::Stored => 201,
        };
    }
    results
}

impl Taken {
    fn refusal(self) -> Result<VitalRefused, Problem> {
        let first = self.results.iter().flat_map(|result| &result.faults).next();
        let sentence = first.map_or("Nothing was measured".to_owned(), |fault| fault.message.clone());
        let results = serde_json::to_value(&self.results).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(VitalRefused::NothingKept { sentence, results })
    }
}
