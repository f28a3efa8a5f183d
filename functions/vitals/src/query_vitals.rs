//! `POST /api/iot/data/timeseries`: several vital signs over a range of time (contract #120), single or as means by hour or day.

use std::collections::BTreeMap;

use domain::audit::Action;
use domain::session::Product;
use domain::vital::{Number, VitalKind, VitalRefused};
use futures_util::future::try_join_all;
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::{Json, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Error, Store, vitals};

use crate::access::{self, Patient, Whose};
use crate::metric::Metric;
use crate::paging::{MOST_POINTS, SeriesCursor, stretch};
use crate::rows::{UnitsShown, rows};
use crate::series::{self, Bucket, Series, Wanted};

pub static FUNCTION: Function = Function::endpoint::<QueryVitals>();

pub struct QueryVitals;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalsQuery")]
pub struct Body {
    #[serde(deserialize_with = "lenient::time")]
    #[schemars(with = "String")]
    start_time: Option<Timestamp>,
    #[serde(deserialize_with = "lenient::time")]
    #[schemars(with = "String")]
    end_time: Option<Timestamp>,
    /// Heart rate, SpO2 and blood pressure without it.
    #[serde(default)]
    metrics: Option<Vec<Metric>>,
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    aggregation: Aggregation,
}

const USUAL: [Metric; 3] = [Metric::HeartRate, Metric::Spo2, Metric::Bp];

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Aggregation {
    #[default]
    None,
    Hourly,
    Daily,
}

#[derive(Default, Deserialize, JsonSchema)]
pub struct From {
    /// From the `Link` of an earlier answer to the same body.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    cursor: Option<SeriesCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalsAtATime")]
pub struct TimeRow {
    /// Of a single reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Of the reading, or the beginning of the hour or day.
    #[schemars(with = "String")]
    timestamp: Timestamp,
    /// What was asked for, by its name: the number, or its mean.
    #[serde(flatten)]
    values: BTreeMap<&'static str, Option<Number>>,
    units: UnitsShown,
}

impl Endpoint for QueryVitals {
    const NAME: &'static str = "query-vitals";
    const SUMMARY: &'static str = "Several vital signs over a range of time, at most 1,000 rows a page";
    const ROUTES: &'static [Route] = &[Route::post("/api/iot/data/timeseries").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const RETRY: Retry = Retry::HandledAgain("it only reads, and may answer with what has come since");
    const NEEDS: &'static [Need] = &access::READ;
    const MEMORY_MB: u16 = 512;

    type Caller = SignedIn;
    type Input = (Json<Body>, (Query<From>, Query<Whose>));
    type Output = PageOf<TimeRow>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Json(body), (Query(from), Query(whose))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let times = body.start_time.zip(body.end_time).ok_or(VitalRefused::Invalid {
            field: "start_time",
            rule: "and end_time are needed",
        })?;
        let kinds = Metric::all_kinds(body.metrics.as_deref().unwrap_or(&USUAL));
        if kinds.is_empty() {
            return Err(invalid("metrics", "must name one at least").into());
        }
        let (stretch, items) = stretch(times.0, times.1, from.cursor)?;
        let patient = access::patient(context, session, whose, Action::Read, access::all()).await?;
        let note = patient.note(context, session, Action::Read, access::all())?;
        let question = Question {
            kinds: &kinds,
            stretch,
            items,
        };
        let reading = question.read(&context.store, &patient, body.aggregation);
        let (items, next) = context.audited(&note, reading).await?;
        let whose = whose
            .patient_id
            .map(|id| format!("&patient_id={id}"))
            .unwrap_or_default();
        let next = next.map(|cursor| format!("/api/iot/data/timeseries?cursor={cursor}{whose}"));
        Ok(PageOf { items, next })
    }
}

fn invalid(field: &'static str, rule: &'static str) -> VitalRefused {
    VitalRefused::Invalid { field, rule }
}

struct Question<'a> {
    kinds: &'a [VitalKind],
    stretch: (Timestamp, Timestamp),
    items: u16,
}

type Rows = (Vec<TimeRow>, Option<SeriesCursor>);

impl Question<'_> {
    async fn read(&self, store: &Store, patient: &Patient, aggregation: Aggregation) -> Result<Rows, Error> {
        match aggregation {
            Aggregation::None => self.single(store, patient).await,
            Aggregation::Hourly => self.means(store, patient, Bucket::Hour).await,
            Aggregation::Daily => self.means(store, patient, Bucket::Day).await,
        }
    }

    async fn single(&self, store: &Store, patient: &Patient) -> Result<Rows, Error> {
        let of_kind = |kind: &VitalKind| vitals::raw(store, (patient.id, *kind), self.stretch, self.items);
        let pages = try_join_all(self.kinds.iter().map(of_kind)).await?;
        let in_an_item = pages.iter().map(|page| page.in_an_item).max().unwrap_or_default();
        let covered = pages.iter().map(|page| page.covered_until).min();
        let of_kinds = self.kinds.iter().zip(pages);
        let mut found = rows(of_kinds.flat_map(|(kind, page)| page.readings.into_iter().map(|kept| (*kind, kept))));
        let cut = found.get(MOST_POINTS).map(|row| row.at);
        let covered = cut.into_iter().chain(covered).min().unwrap_or(self.stretch.1);
        found.retain(|row| row.at < covered);
        let row = |row: &crate::rows::Row| {
            let amount = |kind: VitalKind| row.amounts.get(&kind).map(|amount| amount.shown(kind.unit()));
            self.row(Some(row.id()), row.at, amount)
        };
        Ok((found.iter().map(row).collect(), self.next(covered, in_an_item)))
    }

    async fn means(&self, store: &Store, patient: &Patient, bucket: Bucket) -> Result<Rows, Error> {
        let wanted = |kind: &VitalKind| Wanted {
            owner: patient.id,
            kind: *kind,
            stretch: self.stretch,
            bucket,
            device: None,
            items: self.items,
        };
        let wanted: Vec<Wanted> = self.kinds.iter().map(wanted).collect();
        let pages: Vec<Series> = try_join_all(wanted.iter().map(|wanted| series::read(store, wanted))).await?;
        let ends = pages.iter().filter_map(|page| page.next.map(|next| next.from));
        let covered = ends.min().unwrap_or(self.stretch.1);
        let mut means: BTreeMap<Timestamp, BTreeMap<VitalKind, Number>> = BTreeMap::new();
        for (kind, page) in self.kinds.iter().zip(pages) {
            for (at, summary) in page.buckets.into_iter().filter(|(at, _)| *at < covered) {
                let mean = summary.mean_shown(kind.unit());
                means.entry(at).or_default().insert(*kind, mean);
            }
        }
        let cut = means.keys().nth(MOST_POINTS).copied();
        let covered = cut.unwrap_or(covered);
        means.retain(|at, _| *at < covered);
        let row = |(at, means): (Timestamp, BTreeMap<VitalKind, Number>)| {
            self.row(None, at, |kind| means.get(&kind).copied())
        };
        Ok((means.into_iter().map(row).collect(), self.next(covered, 0)))
    }

    fn row(&self, id: Option<String>, timestamp: Timestamp, number: impl Fn(VitalKind) -> Option<Number>) -> TimeRow {
        TimeRow {
            id,
            timestamp,
            values: self.kinds.iter().map(|kind| (kind.word(), number(*kind))).collect(),
            units: UnitsShown::of(|kind| self.kinds.contains(&kind)),
        }
    }

    fn next(&self, covered: Timestamp, in_an_item: usize) -> Option<SeriesCursor> {
        (covered < self.stretch.1).then(|| SeriesCursor {
            from: covered,
            in_an_item: u32::try_from(in_an_item).unwrap_or(u32::MAX),
        })
    }
}
