//! `GET /api/firmware/reports`: what devices said of their updates, newest first (contract #139).

use domain::firmware::report::FirmwareReport;
use domain::firmware::update::ReportStatus;
use domain::firmware::{DeviceLabel, FirmwareVersion};
use domain::id::FirmwareReportId;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Operator;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::firmware_reports::{self, Filter};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<ListUpdateReports>();

pub struct ListUpdateReports;

const USUAL: u32 = 100;
const MOST: u32 = 1000;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    #[serde(default)]
    device_id: Option<DeviceLabel>,
    /// With a device, among the newest thousand of its reports.
    #[serde(default)]
    firmware_version: Option<FirmwareVersion>,
    /// 1 to 1,000; 100 without it.
    #[serde(default)]
    limit: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareReports")]
pub struct Answer {
    success: bool,
    /// Length of the list.
    count: usize,
    reports: Vec<Entry>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareReportEntry")]
struct Entry {
    id: FirmwareReportId,
    device_id: DeviceLabel,
    firmware_version: FirmwareVersion,
    status: ReportStatus,
    error_message: Option<String>,
    progress_percent: Option<u8>,
    #[schemars(with = "String")]
    reported_at: Timestamp,
    ip_address: Option<String>,
    /// Whether it came with the device's own token. Anybody can have sent the others.
    is_proved: bool,
}

impl Endpoint for ListUpdateReports {
    const NAME: &'static str = "list-update-reports";
    const SUMMARY: &'static str = "What devices said of their updates";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/reports").of(Product::Dental)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Query])];

    type Caller = Operator;
    type Input = Query<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Operator, Query(query): Query<Parameters>) -> Result<Self::Output, Problem> {
        let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
        let filter = Filter {
            device: query.device_id,
            version: query.firmware_version,
        };
        let reports =
            firmware_reports::list(&context.store, &filter, usize::try_from(limit).unwrap_or_default()).await?;
        let reports: Vec<Entry> = reports.into_iter().map(Entry::from).collect();
        Ok(Json(Answer {
            success: true,
            count: reports.len(),
            reports,
        }))
    }
}

impl From<FirmwareReport> for Entry {
    fn from(report: FirmwareReport) -> Self {
        Self {
            id: report.id,
            device_id: report.device,
            firmware_version: report.version,
            status: report.status,
            error_message: report.error_message,
            progress_percent: report.progress_percent,
            reported_at: report.reported_at,
            ip_address: report.ip_address,
            is_proved: report.is_proved,
        }
    }
}
