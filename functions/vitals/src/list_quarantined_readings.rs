//! `GET /api/vitals/quarantine`: readings that cannot be true, and why: to be measured again.

use domain::audit::Action;
use domain::vital::{Fault, Unit, VitalKind};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::ListCursor;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Page;
use store::vitals::{self, QuarantineBook};

use crate::access::{self, Whose};

pub static FUNCTION: Function = Function::endpoint::<ListQuarantinedReadings>();

pub struct ListQuarantinedReadings;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QuarantinedReadings")]
pub struct Answer {
    /// Of each source the newest 500 at most, in the order in which they came.
    readings: Vec<Item>,
    /// How many older ones made room, of these sources.
    dropped_count: u64,
    /// The cursor of the next sources.
    next: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
pub struct From {
    /// From an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QuarantinedReading")]
struct Item {
    /// `hand` for what was typed in.
    device_id: String,
    kind: VitalKind,
    /// As it came; none where it was no number.
    value: Option<f64>,
    unit: Unit,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    code: Fault,
    message: String,
    #[schemars(with = "String")]
    received_at: Timestamp,
}

impl Endpoint for ListQuarantinedReadings {
    const NAME: &'static str = "list-quarantined-readings";
    const SUMMARY: &'static str = "Readings that cannot be true, and why";
    const ROUTES: &'static [Route] = &[Route::get("/api/vitals/quarantine")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Whose>, Query<From>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(whose), Query(from)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose, Action::List, access::all()).await?;
        let note = patient.note(context, session, Action::List, access::all())?;
        let after = from.cursor.map(|cursor| cursor.0);
        let reading = vitals::quarantined(&context.store, patient.id, after);
        let Page { items: books, next } = context.audited(&note, reading).await?;
        Ok(Json(Answer {
            dropped_count: books.iter().map(|book| book.dropped).sum(),
            readings: books.iter().flat_map(items).collect(),
            next: next.map(|cursor| cursor.to_string()),
        }))
    }
}

fn items(book: &QuarantineBook) -> Vec<Item> {
    let item = |entry: &domain::vital::Quarantined| Item {
        device_id: book.source.to_string(),
        kind: entry.kind,
        value: entry.value,
        unit: entry.unit,
        timestamp: entry.at,
        code: entry.fault,
        message: format!("{} {}", entry.kind.title(), entry.fault.sentence()),
        received_at: entry.received_at,
    };
    book.entries.iter().map(item).collect()
}
