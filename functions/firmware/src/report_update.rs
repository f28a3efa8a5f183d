//! `POST /api/firmware/report`: a device, or an app for it, says how an update goes (contract #138).

use domain::firmware::report::{FirmwareReport, Said};
use domain::firmware::update::{Evidence, ReportStatus};
use domain::firmware::{DeviceLabel, EnrolledDevice, FirmwareRefused, FirmwareVersion};
use domain::id::FirmwareReportId;
use domain::session::Product;
use runtime::answer;
use runtime::callers::MaybeDevice;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::fleet::With;
use store::{firmware, firmware_reports};

use crate::asker::{check_partition, check_running};
use crate::{campaign, hearing};

pub static FUNCTION: Function = Function::endpoint::<ReportUpdate>();

pub struct ReportUpdate;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FirmwareReport")]
pub struct Body {
    device_id: DeviceLabel,
    firmware_version: FirmwareVersion,
    status: ReportStatus,
    #[serde(default)]
    error_message: Option<String>,
    /// 0 to 100.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<u8>")]
    progress_percent: Option<i64>,
    #[serde(default)]
    ip_address: Option<String>,
    /// What the device runs now, as its image calls itself. An update is confirmed by a device that says, with its own
    /// token, that it runs it, and from which slot.
    #[serde(default)]
    running_version: Option<String>,
    #[serde(default)]
    partition: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareReported")]
pub struct Answer {
    success: bool,
    message: &'static str,
}

impl Endpoint for ReportUpdate {
    const NAME: &'static str = "report-update";
    const SUMMARY: &'static str = "How a device's update goes";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/report").of(Product::Dental)];
    const RATE: RateClass = RateClass::Devices;
    const NEEDS: &'static [Need] = &campaign::NEEDS;

    type Caller = MaybeDevice;
    type Input = Json<Body>;
    type Output = answer::Json<Answer>;

    async fn handle(
        context: &Context,
        MaybeDevice(device): MaybeDevice,
        Json(body): Json<Body>,
    ) -> Result<Self::Output, Problem> {
        let evidence = Evidence {
            status: Some(body.status),
            about: Some(body.firmware_version.to_string()),
            running: body.running_version.as_deref().map(check_running).transpose()?,
            partition: body.partition.as_deref().map(check_partition).transpose()?,
        };
        let said = Said {
            device: body.device_id,
            version: body.firmware_version,
            status: body.status,
            error_message: body.error_message,
            progress_percent: body.progress_percent,
            ip_address: body.ip_address,
        };
        let id = context.new_id(FirmwareReportId::new)?;
        let report = FirmwareReport::new(id, said, device.is_some(), context.now);
        let report = report.map_err(|error| Problem::invalid(vec![error]))?;
        match device {
            Some(device) => by_device(context, &device, evidence, &report).await?,
            // Kept for operators to read; nothing hangs on it.
            None => firmware_reports::add(&context.store, &report).await?,
        }
        Ok(answer::Json(Answer {
            success: true,
            message: "Report received",
        }))
    }
}

async fn by_device(
    context: &Context,
    device: &EnrolledDevice,
    evidence: Evidence,
    report: &FirmwareReport,
) -> Result<(), Problem> {
    if device.label != report.device {
        return Err(FirmwareRefused::AnotherDevice.into());
    }
    let head = firmware::head(&context.store, device.hardware).await?;
    let with = With {
        report: Some(report),
        notice: None,
    };
    hearing::hear(context, &head, device, &evidence, with).await
}
