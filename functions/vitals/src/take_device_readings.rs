//! `POST /api/iot/data/batch`: a device sends what it has measured (contract #118), with its token in the body.

use domain::audit::{Action, Actor, Why};
use domain::id::VitalDeviceId;
use domain::role::Role;
use domain::session::Product;
use domain::vital::{Source, Unit, VitalDevice, VitalDeviceToken, VitalKind, VitalRefused};
use runtime::answer::Created;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::lenient;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;
use store::vitals;

use crate::access;
use crate::intake::{self, At, Delivery, Point, Taken};

pub static FUNCTION: Function = Function::endpoint::<TakeDeviceReadings>();

pub struct TakeDeviceReadings;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "DeviceReadings")]
pub struct Body {
    device_id: String,
    device_token: String,
    /// 1 to 1,000.
    data_points: Vec<DataPoint>,
    /// Of all of them, where the device measures in others.
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    units: Units,
    /// A sensor that was changed says nothing until then, and is not missed: for a day at most.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    sensor_warm_up_until: AsSent,
}

/// A member as it stands there: one that cannot be read is a fault of that reading, and holds up no other.
type AsSent = Option<Box<RawValue>>;

/// None where nothing was sent, also in quotes.
fn number(sent: &RawValue) -> Option<f64> {
    let read = lenient::number(&mut serde_json::Deserializer::from_str(sent.get()));
    read.unwrap_or(Some(f64::NAN))
}

fn time(sent: &AsSent) -> At {
    let Some(sent) = sent else { return At::Unsaid };
    match lenient::time(&mut serde_json::Deserializer::from_str(sent.get())) {
        Ok(Some(at)) => At::Said(at),
        Ok(None) => At::Unsaid,
        Err(_) => At::Unreadable,
    }
}

/// With the device and the kind, its time is what a reading is known by: sent again, it is the same one.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalDataPoint")]
pub struct DataPoint {
    /// Now without it.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    timestamp: AsSent,
    /// 20 to 250 a minute.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    heart_rate: AsSent,
    /// 40 to 300 mmHg.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    systolic_bp: AsSent,
    /// 20 to 200 mmHg.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    diastolic_bp: AsSent,
    /// 50 to 100 %.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    spo2: AsSent,
    /// 30 to 43 °C.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    temperature: AsSent,
    /// 3 to 80 a minute.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    respiratory_rate: AsSent,
    /// 20 to 600 mg/dL.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    glucose: AsSent,
    /// 0.3 to 650 kg.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    weight: AsSent,
}

#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "VitalUnits")]
pub struct Units {
    /// °C without it.
    #[serde(default)]
    temperature: Option<Unit>,
    /// mg/dL without it.
    #[serde(default)]
    glucose: Option<Unit>,
    /// kg without it.
    #[serde(default)]
    weight: Option<Unit>,
}

impl Units {
    fn of(&self, kind: VitalKind) -> Unit {
        let said = match kind {
            VitalKind::Temperature => self.temperature,
            VitalKind::Glucose => self.glucose,
            VitalKind::Weight => self.weight,
            _ => None,
        };
        said.unwrap_or(kind.unit())
    }
}

impl DataPoint {
    fn value(&self, kind: VitalKind) -> Option<f64> {
        let sent = match kind {
            VitalKind::HeartRate => &self.heart_rate,
            VitalKind::SystolicBp => &self.systolic_bp,
            VitalKind::DiastolicBp => &self.diastolic_bp,
            VitalKind::Spo2 => &self.spo2,
            VitalKind::Temperature => &self.temperature,
            VitalKind::RespiratoryRate => &self.respiratory_rate,
            VitalKind::Glucose => &self.glucose,
            VitalKind::Weight => &self.weight,
        };
        number(sent.as_ref()?)
    }

    fn point(&self, units: &Units) -> Point {
        let values = VitalKind::ALL.into_iter();
        Point {
            at: time(&self.timestamp),
            values: values
                .filter_map(|kind| Some((kind, self.value(kind)?, units.of(kind))))
                .collect(),
        }
    }
}

impl Endpoint for TakeDeviceReadings {
    const NAME: &'static str = "take-device-readings";
    const SUMMARY: &'static str = "What a device has measured, with what became of each reading";
    const ROUTES: &'static [Route] = &[Route::post("/api/iot/data/batch").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Devices;
    const HEALTH_DATA: bool = true;
    const RETRY: Retry =
        Retry::HandledAgain("a reading is known by its device, kind and time: sent again, it is a duplicate");
    const NEEDS: &'static [Need] = &access::WRITE;
    /// Packing a thousand readings, of a core or so.
    const MEMORY_MB: u16 = 512;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = Created<Taken>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let device = device(context, &body).await?;
        intake::check_count("data_points", body.data_points.len())?;
        let by = Actor {
            id: device.owner,
            role: Role::Patient,
        };
        let why = Why::Device {
            device: device.id.to_string(),
        };
        let note = context.audit_by(by, device.owner, Action::Create, access::one(device.id), why)?;
        let points = body.data_points.iter().map(|point| point.point(&body.units));
        let delivery = Delivery {
            owner: device.owner,
            source: Source::Device(device.id),
            points: points.collect(),
            warm_up_until: match time(&body.sensor_warm_up_until) {
                At::Said(until) => Some(until),
                At::Unsaid | At::Unreadable => None,
            },
            note: &note,
        };
        intake::take(context, delivery).await.map(Created)
    }
}

/// The token names its owner, so the device is looked for among what is theirs.
async fn device(context: &Context, body: &Body) -> Result<VitalDevice, Problem> {
    let token: VitalDeviceToken = body.device_token.parse()?;
    let id: VitalDeviceId = body.device_id.parse().map_err(|_| VitalRefused::DeviceCredentials)?;
    let device = vitals::get_device(&context.store, token.owner(), id).await?;
    let device = device.filter(|device| device.is_opened_by(&token));
    Ok(device.ok_or(VitalRefused::DeviceCredentials)?)
}
