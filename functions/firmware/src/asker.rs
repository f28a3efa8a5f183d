//! Who asks for firmware, as far as they say it: in the query, or in headers, which fit where a device's buffer for the
//! address is full.

use domain::firmware::report::LONGEST_PARTITION;
use domain::firmware::update::Evidence;
use domain::firmware::{DeviceLabel, EnrolledDevice, FirmwareRefused, Hardware};
use domain::refusal::FieldError;
use http::header::HeaderName;
use runtime::input::{Input, Query};
use runtime::openapi::Describe;
use runtime::{Incoming, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

/// Of the texts in an image, and some more.
const LONGEST_VERSION: usize = 64;
const DEVICE_HEADER: &str = "x-device-id";
const HARDWARE_HEADER: &str = "x-device-hardware";
const RUNNING_HEADER: &str = "x-running-version";
const PARTITION_HEADER: &str = "x-running-partition";

pub struct Asker {
    /// Without it, only what is for everybody is offered.
    pub device: Option<DeviceLabel>,
    pub hardware: Option<Hardware>,
    /// What it says it runs, and from which slot.
    pub running: Option<String>,
    pub partition: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "some members are for the documentation only")]
struct InQuery {
    /// What the device calls itself: a release for a part of all devices is offered to the same ones each time.
    device_id: Option<String>,
    /// Its chip; `esp32p4` without it.
    hardware: Option<String>,
    /// The version that it runs, as its image calls itself.
    running_version: Option<String>,
    /// The slot that it runs from, such as `ota_1`.
    partition: Option<String>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "for the documentation only")]
struct InHeaders {
    /// In place of `device_id`.
    #[schemars(rename = "X-Device-Id")]
    device_id: Option<String>,
    /// In place of `hardware`.
    #[schemars(rename = "X-Device-Hardware")]
    hardware: Option<String>,
    /// In place of `running_version`.
    #[schemars(rename = "X-Running-Version")]
    running_version: Option<String>,
    /// In place of `partition`.
    #[schemars(rename = "X-Running-Partition")]
    partition: Option<String>,
}

impl Asker {
    /// Who it is and its hardware: of a registered device what is known, of any other what it says.
    pub fn identity(
        &self,
        proved: Option<&EnrolledDevice>,
    ) -> Result<(Option<DeviceLabel>, Hardware), FirmwareRefused> {
        match proved {
            Some(device) if self.device.as_ref().is_some_and(|claimed| *claimed != device.label) => {
                Err(FirmwareRefused::AnotherDevice)
            }
            Some(device) => Ok((Some(device.label.clone()), device.hardware)),
            None => Ok((self.device.clone(), self.hardware.unwrap_or_default())),
        }
    }

    pub fn evidence(&self) -> Evidence {
        Evidence {
            status: None,
            about: None,
            running: self.running.clone(),
            partition: self.partition.clone(),
        }
    }
}

impl Input for Asker {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let Query(query) = Query::<InQuery>::read(request).await?;
        let in_header = |name| request.header(&HeaderName::from_static(name)).map(str::to_owned);
        let device = given(query.device_id).or_else(|| given(in_header(DEVICE_HEADER)));
        let hardware = given(query.hardware).or_else(|| given(in_header(HARDWARE_HEADER)));
        let running = given(query.running_version).or_else(|| given(in_header(RUNNING_HEADER)));
        let partition = given(query.partition).or_else(|| given(in_header(PARTITION_HEADER)));
        Ok(Self {
            device: device.map(|text| parse("device_id", &text)).transpose()?,
            hardware: hardware.map(|text| parse("hardware", &text)).transpose()?,
            running: running.map(|text| check_running(&text)).transpose()?,
            partition: partition.map(|text| check_partition(&text)).transpose()?,
        })
    }

    fn describe(operation: &mut Describe) {
        operation.parameters::<InQuery>("query");
        operation.parameters::<InHeaders>("header");
    }
}

/// The name of a version and of a slot as they are kept, whichever way they come.
pub fn check_running(text: &str) -> Result<String, Problem> {
    short("running_version", text, LONGEST_VERSION)
}

pub fn check_partition(text: &str) -> Result<String, Problem> {
    short("partition", text, LONGEST_PARTITION)
}

fn short(field: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    let is_printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if text.is_empty() || text.len() > longest || !is_printable {
        let rule = format!("must have 1 to {longest} printable characters");
        return Err(Problem::invalid(vec![FieldError::new(
            "request", field, "invalid", rule,
        )]));
    }
    Ok(text.to_owned())
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(field: &str, text: &str) -> Result<T, Problem> {
    let refused = |error| Problem::invalid(vec![FieldError::new("query", field, "invalid", error)]);
    text.parse().map_err(refused)
}
