//! `GET /api/vitals/chart`: a vital sign over a range of time as a drawing: people would rather look than read.

use domain::audit::Action;
use domain::vital::{Side, Unit, VitalKind, VitalRefused, VitalSettings};
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use runtime::answer::Svg;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use store::vitals;

use crate::access::{self, Whose};
use crate::chart::{self, Chart, Line, Threshold};
use crate::get_vital_series::{times, unit_of};
use crate::metric::Metric;
use crate::paging::stretch;
use crate::series::{self, Bucket, Wanted};

pub static FUNCTION: Function = Function::endpoint::<GetVitalsChart>();

pub struct GetVitalsChart;

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    metric: Metric,
    /// A day before the end without it.
    #[serde(default, deserialize_with = "lenient::time")]
    #[schemars(with = "Option<String>")]
    from: Option<Timestamp>,
    /// Now without it; at most 1,000 days after the beginning.
    #[serde(default, deserialize_with = "lenient::time")]
    #[schemars(with = "Option<String>")]
    until: Option<Timestamp>,
    #[serde(default)]
    unit: Option<Unit>,
}

const LONGEST: SignedDuration = SignedDuration::from_hours(1_000 * 24);
/// Up to here a point is five minutes, and up to there an hour.
const BY_MINUTES: SignedDuration = SignedDuration::from_hours(25);
const BY_HOURS: SignedDuration = SignedDuration::from_hours(41 * 24);

impl Endpoint for GetVitalsChart {
    const NAME: &'static str = "get-vitals-chart";
    const SUMMARY: &'static str = "A vital sign over a range of time, as an SVG drawing";
    const ROUTES: &'static [Route] = &[Route::get("/api/vitals/chart")];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;
    const MEMORY_MB: u16 = 512;

    type Caller = SignedIn;
    type Input = (Query<Filter>, Query<Whose>);
    type Output = Svg;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(filter), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (session, store) = (&caller.session, &context.store);
        let kinds = filter.metric.kinds();
        let unit = kinds.first().map(|kind| unit_of(*kind, filter.unit)).transpose()?;
        let (from, until) = times(filter.from, filter.until, context.now);
        let (stretch, items) = stretch(from, until, None)?;
        let bucket = bucket_for(until.duration_since(from))?;
        let patient = access::patient(context, session, whose, Action::Read, access::all()).await?;
        let note = patient.note(context, session, Action::Read, access::all())?;
        let wanted = |kind: &VitalKind| Wanted {
            owner: patient.id,
            kind: *kind,
            stretch,
            bucket,
            device: None,
            items,
        };
        let wanted: Vec<Wanted> = kinds.iter().map(wanted).collect();
        let reading = async {
            let settings = vitals::get_settings(store, patient.id).await?;
            let series = try_join_all(wanted.iter().map(|wanted| series::read(store, wanted))).await?;
            Ok::<_, store::Error>((settings, series))
        };
        let (settings, series) = context.audited(&note, reading).await?;
        let lines = kinds.iter().zip(series).map(|(kind, series)| Line {
            title: kind.title(),
            points: series.buckets,
            thresholds: thresholds(&settings, *kind),
        });
        Ok(Svg(chart::draw(&Chart {
            lines: lines.collect(),
            unit: unit.unwrap_or(Unit::PerMinute),
            from,
            until,
            zone: &settings.zone,
            step: SignedDuration::from_secs(bucket.seconds().unwrap_or(1)),
        })))
    }
}

fn bucket_for(span: SignedDuration) -> Result<Bucket, VitalRefused> {
    match span {
        span if span <= BY_MINUTES => Ok(Bucket::FiveMinutes),
        span if span <= BY_HOURS => Ok(Bucket::Hour),
        span if span <= LONGEST => Ok(Bucket::Day),
        _ => Err(VitalRefused::Invalid {
            field: "until",
            rule: "must be at most 1000 days after the beginning",
        }),
    }
}

fn thresholds(settings: &VitalSettings, kind: VitalKind) -> Vec<Threshold> {
    let on = |side: Side| {
        let thresholds = settings.thresholds(kind, side);
        let both = [("warning", thresholds.warning), ("critical", thresholds.critical)];
        both.into_iter().filter_map(move |(word, amount)| {
            Some(Threshold {
                word,
                side,
                amount: amount?,
            })
        })
    };
    Side::BOTH.into_iter().flat_map(on).collect()
}
