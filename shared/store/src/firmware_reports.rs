//! What was said of updates, newest first: of all devices, of one, and of one version.

use domain::firmware::report::FirmwareReport;
use domain::firmware::{DeviceLabel, FirmwareVersion};
use futures_util::future::try_join_all;

use crate::key::{KeyRange, REPORT_SHARDS, Source};
use crate::write::Write;
use crate::{Error, Store, key};

/// Read past, at most, in search of those of one version among a device's.
const MOST_READ: usize = 1_000;

/// Which reports are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub device: Option<DeviceLabel>,
    pub version: Option<FirmwareVersion>,
}

/// One that moves nothing. It stands in three lists; in fewer, if this dies on the way.
pub async fn add(store: &Store, report: &FirmwareReport) -> Result<(), Error> {
    let writes = writes(report)?;
    try_join_all(writes.into_iter().map(|write| store.write(write))).await?;
    Ok(())
}

pub(crate) fn writes(report: &FirmwareReport) -> Result<Vec<Write>, Error> {
    let source = if report.is_proved {
        Source::Proved
    } else {
        Source::Anybody
    };
    let shard = report.device.part_of(REPORT_SHARDS);
    let lists = [
        key::firmware_reports(source, shard),
        key::reports_of_device(source, &report.device),
        key::reports_of_version(source, &report.version, shard),
    ];
    lists
        .iter()
        .map(|list| Write::put(key::report_in(list, report.id), report))
        .collect()
}

/// At most `limit`. Of a device and a version both, those among the device's newest thousand from either source.
pub async fn list(store: &Store, filter: &Filter, limit: usize) -> Result<Vec<FirmwareReport>, Error> {
    let ranges: Vec<KeyRange> = Source::ALL
        .into_iter()
        .flat_map(|source| ranges(source, filter))
        .collect();
    let is_narrowed = filter.device.is_some() && filter.version.is_some();
    let most = if is_narrowed { MOST_READ } else { limit };
    let found = try_join_all(ranges.iter().map(|range| store.query_all_backwards(range, most))).await?;
    let mut reports = Vec::new();
    for item in found.into_iter().flatten() {
        let report: FirmwareReport = serde_dynamo::from_item(item)?;
        if filter.version.as_ref().is_none_or(|version| *version == report.version) {
            reports.push(report);
        }
    }
    reports.sort_by_key(|report| std::cmp::Reverse(report.id));
    reports.truncate(limit);
    Ok(reports)
}

fn ranges(source: Source, filter: &Filter) -> Vec<KeyRange> {
    let shards = 0..REPORT_SHARDS;
    match (&filter.device, &filter.version) {
        (Some(device), _) => vec![key::reports_of_device(source, device)],
        (None, Some(version)) => shards
            .map(|shard| key::reports_of_version(source, version, shard))
            .collect(),
        (None, None) => shards.map(|shard| key::firmware_reports(source, shard)).collect(),
    }
}
