//! Analyses of dental pictures, in their patient's partition.

use domain::dental::DentalAnalysis;
use domain::id::UserId;

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

const TOTAL: &str = "total";

/// Keeps the analyses of one request, all or none, with the notes of them.
pub async fn add(store: &Store, analyses: &[DentalAnalysis], notes: &[Entry]) -> Result<(), Error> {
    let mut writes = Vec::new();
    for analysis in analyses {
        writes.push(Write::put(key::dental_analysis(analysis.patient, analysis.number), analysis)?.if_absent());
    }
    if let Some(first) = analyses.first() {
        let more = i64::try_from(analyses.len()).unwrap_or(i64::MAX);
        writes.push(Write::update(key::dental_count(first.patient)).add(TOTAL, more));
    }
    for note in notes {
        writes.push(note.write(store).await?);
    }
    store.transact(writes).await
}

/// How many there are: counted with them, so that it costs one read.
pub async fn count(store: &Store, patient: UserId) -> Result<u64, Error> {
    let counts = store.get_item(&key::dental_count(patient)).await?.unwrap_or_default();
    let total = counts.get(TOTAL).and_then(|value| value.as_n().ok());
    Ok(total.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Whether those of one request are there, of which one tells for all.
pub async fn are_kept(store: &Store, analyses: &[DentalAnalysis]) -> Result<bool, Error> {
    let Some(first) = analyses.first() else { return Ok(true) };
    let found = store
        .get_item(&key::dental_analysis(first.patient, first.number))
        .await?;
    Ok(found.is_some())
}

/// A patient's own, newest first.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<DentalAnalysis>, Error> {
    store.query_backwards(&key::dental_analyses(patient), page).await
}
