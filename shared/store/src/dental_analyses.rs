//! Analyses of dental pictures, in their patient's partition.

use domain::dental::DentalAnalysis;
use domain::id::UserId;

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

/// Keeps the analyses of one request, all or none, with the note of them.
pub async fn add(store: &Store, analyses: &[DentalAnalysis], audit: &Entry) -> Result<(), Error> {
    let mut writes = Vec::new();
    for analysis in analyses {
        writes.push(Write::put(key::dental_analysis(analysis.patient, analysis.number), analysis)?.if_absent());
    }
    writes.push(audit.write(store).await?);
    store.transact(writes).await
}

/// A patient's own, newest first.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<DentalAnalysis>, Error> {
    store.query_backwards(&key::dental_analyses(patient), page).await
}
