//! `GET /api/vitals/series`: one kind over a range of time: every reading, or how many there were in each stretch, the least,
//! the most and their mean.

use domain::audit::Action;
use domain::id::VitalDeviceId;
use domain::vital::{Unit, VitalKind, VitalRefused};
use jiff::{SignedDuration, Timestamp};
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::{self, Whose};
use crate::paging::{SeriesCursor, stretch};
use crate::series::{self, Bucket, Point, Wanted};

pub static FUNCTION: Function = Function::endpoint::<GetVitalSeries>();

pub struct GetVitalSeries;

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    kind: VitalKind,
    /// A day before the end without it.
    #[serde(default, deserialize_with = "lenient::time")]
    #[schemars(with = "Option<String>")]
    from: Option<Timestamp>,
    /// Now without it.
    #[serde(default, deserialize_with = "lenient::time")]
    #[schemars(with = "Option<String>")]
    until: Option<Timestamp>,
    /// Buckets that the range touches are summed up whole.
    #[serde(default)]
    bucket: Bucket,
    /// The one that it is kept in without it: °C, mg/dL, kg.
    #[serde(default)]
    unit: Option<Unit>,
    /// Only what this device has measured.
    #[serde(default)]
    device_id: Option<VitalDeviceId>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    cursor: Option<SeriesCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VitalSeries")]
pub struct Answer {
    kind: VitalKind,
    unit: Unit,
    bucket: Bucket,
    /// At most 1,000, the earliest first.
    points: Vec<Point>,
    /// The cursor of the next page.
    next: Option<String>,
}

impl Endpoint for GetVitalSeries {
    const NAME: &'static str = "get-vital-series";
    const SUMMARY: &'static str = "A vital sign over a range of time, single readings or summed up";
    const ROUTES: &'static [Route] = &[Route::get("/api/vitals/series")];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;
    const MEMORY_MB: u16 = 512;

    type Caller = SignedIn;
    type Input = (Query<Filter>, Query<Whose>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(filter), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let unit = unit_of(filter.kind, filter.unit)?;
        let (from, until) = times(filter.from, filter.until, context.now);
        let (stretch, items) = stretch(from, until, filter.cursor)?;
        let patient = access::patient(context, session, whose, Action::Read, access::all()).await?;
        let note = patient.note(context, session, Action::Read, access::all())?;
        let wanted = Wanted {
            owner: patient.id,
            kind: filter.kind,
            stretch,
            bucket: filter.bucket,
            device: filter.device_id,
            items,
        };
        let series = context.audited(&note, series::read(&context.store, &wanted)).await?;
        Ok(Json(Answer {
            kind: filter.kind,
            unit,
            bucket: filter.bucket,
            points: series.points(unit),
            next: series.next.map(|cursor| cursor.to_string()),
        }))
    }
}

/// The last day, where nothing else is asked for.
pub fn times(from: Option<Timestamp>, until: Option<Timestamp>, now: Timestamp) -> (Timestamp, Timestamp) {
    // What was measured at this very moment is part of it.
    let until = until.unwrap_or(now + SignedDuration::from_secs(1));
    let a_day_before = || until.checked_sub(SignedDuration::from_hours(24)).unwrap_or(until);
    (from.unwrap_or_else(a_day_before), until)
}

/// As asked, if the kind is measured in it.
pub fn unit_of(kind: VitalKind, asked: Option<Unit>) -> Result<Unit, VitalRefused> {
    let unit = asked.unwrap_or(kind.unit());
    match kind.units().contains(&unit) {
        true => Ok(unit),
        false => Err(VitalRefused::Invalid {
            field: "unit",
            rule: "must be one that the kind is measured in",
        }),
    }
}
