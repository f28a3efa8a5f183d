//! The daily count behind report numbers: one atomic addition, never read-then-write.

use domain::prediction::{ReportDay, ReportNumber};

use crate::{Error, Store, key};

pub async fn next(store: &Store, day: ReportDay) -> Result<ReportNumber, Error> {
    let count = store.increment(&key::report_count(&day), "count").await?;
    Ok(ReportNumber::new(day, count))
}
