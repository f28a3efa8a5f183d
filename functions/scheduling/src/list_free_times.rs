//! `GET /doctors/{id}/availability`: when a doctor can be booked.

use domain::id::UserId;
use domain::refusal::FieldError;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::availability::{LONGEST_VISIT, SHORTEST_VISIT, is_near};
use domain::scheduling::free::{FreeTime, Wish};
use domain::scheduling::hours::Stretch;
use domain::scheduling::zone::{Zone, tzdb_version};
use jiff::{SignedDuration, Timestamp};
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::scheduling;
use store::table::{ItemAction, Table};

use crate::free_time_answer::FreeTimeAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListFreeTimes>();

pub struct ListFreeTimes;

const USUAL_RANGE: SignedDuration = SignedDuration::from_hours(7 * 24);
const LONGEST_RANGE: SignedDuration = SignedDuration::from_hours(31 * 24);

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DoctorName")]
pub struct Parameters {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
pub struct Range {
    /// Now without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    from: Option<Timestamp>,
    /// At most 31 days later; a week without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    to: Option<Timestamp>,
    /// Minutes; the doctor's usual length without it.
    #[serde(default)]
    #[schemars(range(min = 5, max = 240))]
    duration: Option<u16>,
    /// 1 to 100; 50 without it.
    #[serde(default)]
    limit: Limit,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FreeTimes")]
pub struct Answer {
    /// The doctor's, to show the times in. The times themselves are in UTC.
    time_zone: Zone,
    /// The edition of the time zone database that the doctor's hours are read by.
    tzdb_version: &'static str,
    duration: u16,
    times: Vec<FreeTimeAnswer>,
    /// Where more are to be found: the `from` of the next page.
    #[schemars(with = "Option<String>")]
    next_from: Option<Timestamp>,
}

impl Endpoint for ListFreeTimes {
    const NAME: &'static str = "list-free-times";
    const SUMMARY: &'static str = "When a doctor can be booked";
    const ROUTES: &'static [Route] = &[Route::get("/doctors/{id}/availability")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Scheduling, &[ItemAction::BatchGet, ItemAction::Query]),
        Need::Items(Table::Identity, &[ItemAction::BatchGet]),
    ];

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Range>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        _: SignedIn,
        (Path(path), Query(range)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let doctor: UserId = path.id.parse().map_err(|_| SchedulingRefused::NoDoctor)?;
        let wish = Wish {
            within: within(&range, context.now)?,
            minutes: range.duration,
            busy: &[],
            now: context.now,
        };
        let limit = usize::from(range.limit.0);
        // What is more than a page, and one with it, tells where the next begins.
        let (availability, times) = scheduling::free_times(&context.store, doctor, wish, limit + 2).await?;
        let (times, next_from) = page(times, limit);
        Ok(Json(Answer {
            duration: range.duration.unwrap_or(availability.terms.visit_minutes),
            time_zone: availability.zone,
            tzdb_version: tzdb_version(),
            times: times.into_iter().map(FreeTimeAnswer::from).collect(),
            next_from,
        }))
    }
}

/// A slot and a time by the hours may begin at one moment, no more than these two. They come together, on the next page or,
/// where that is all of this one, on this.
fn page(mut times: Vec<FreeTime>, limit: usize) -> (Vec<FreeTime>, Option<Timestamp>) {
    let first = times.first().map(|first| first.from);
    let begins_at = |place: usize| times.get(place).map(|time| time.from);
    let next = match begins_at(limit) {
        next if next == first => begins_at(limit + 1),
        next => next,
    };
    if let Some(next) = next {
        times.retain(|time| time.from < next);
    }
    (times, next)
}

fn within(range: &Range, now: Timestamp) -> Result<Stretch, Problem> {
    let invalid = |field, rule| Problem::invalid(vec![FieldError::new("query", field, "invalid", rule)]);
    for (field, moment) in [("from", range.from), ("to", range.to)] {
        if !moment.is_none_or(|moment| is_near(moment, now)) {
            return Err(invalid(field, "must be within ten years"));
        }
    }
    let from = range.from.unwrap_or(now).max(now);
    let until = range.to.unwrap_or(from + USUAL_RANGE);
    if until.duration_since(from) > LONGEST_RANGE {
        return Err(invalid("to", "must be at most 31 days after from"));
    }
    if range.to.is_some() && range.from.is_some_and(|from| until <= from) {
        return Err(invalid("to", "must be after from"));
    }
    let is_length = |minutes: u16| (SHORTEST_VISIT..=LONGEST_VISIT).contains(&minutes);
    if !range.duration.is_none_or(is_length) {
        return Err(invalid("duration", "must be from 5 to 240"));
    }
    Ok(Stretch { from, until })
}
