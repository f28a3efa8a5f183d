//! `POST /api/vitals/readings`: what somebody has measured themselves, each with its unit.

use domain::audit::{Action, Why};
use domain::vital::{Source, Unit, VitalKind, VitalRefused};
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access;
use crate::intake::{self, At, Delivery, Point, Taken};

pub static FUNCTION: Function = Function::endpoint::<AddVitalReadings>();

pub struct AddVitalReadings;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewVitalReadings")]
pub struct Body {
    /// 1 to 1,000.
    readings: Vec<OneReading>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewVitalReading")]
pub struct OneReading {
    kind: VitalKind,
    #[serde(deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "f64")]
    value: Option<f64>,
    /// A number without its unit is refused.
    unit: Unit,
    #[serde(deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "String")]
    measured_at: Option<Timestamp>,
}

impl OneReading {
    fn point(&self) -> Result<Point, VitalRefused> {
        let missing = VitalRefused::Invalid {
            field: "readings",
            rule: "must each have a value and a time",
        };
        let (value, at) = self.value.zip(self.measured_at).ok_or(missing)?;
        Ok(Point {
            at: At::Said(at),
            values: vec![(self.kind, value, self.unit)],
        })
    }
}

impl Endpoint for AddVitalReadings {
    const NAME: &'static str = "add-vital-readings";
    const SUMMARY: &'static str = "What one has measured oneself, with what became of each reading";
    const ROUTES: &'static [Route] = &[Route::post("/api/vitals/readings")];
    const HEALTH_DATA: bool = true;
    const RETRY: Retry = Retry::HandledAgain("a reading is known by its kind and time: sent again, it is a duplicate");
    const NEEDS: &'static [Need] = &access::WRITE;
    const MEMORY_MB: u16 = 512;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<Taken>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let owner = caller.user_id();
        intake::check_count("readings", body.readings.len())?;
        let note = context.audit(&caller.session, owner, Action::Create, access::all(), Why::Own)?;
        let points = body.readings.iter().map(OneReading::point);
        let delivery = Delivery {
            owner,
            source: Source::Hand,
            points: points.collect::<Result<_, _>>()?,
            warm_up_until: None,
            note: &note,
        };
        intake::take(context, delivery).await.map(Created)
    }
}
