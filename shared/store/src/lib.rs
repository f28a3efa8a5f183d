//! DynamoDB, S3 and KMS: the only crate that knows them.
//!
//! Here: what tables and buckets there are ([`table`], [`bucket`]), how keys are built and which questions they
//! answer ([`key`]), how personal fields are encrypted
//! (`sealing`, [`rotation`]), and one module for each stored thing with its reads and its conditional writes.
//! Deliberately not here: rules (in `domain`) and retries of whole requests (clients do that).
//! Every function takes the owner first; nothing of a person is fetched by a bare id.

pub mod accounts;
pub mod activity;
pub mod audit;
pub mod aws;
pub mod bucket;
pub mod budgets;
pub mod care;
pub mod clinics;
pub mod codes;
pub mod consultations;
pub mod counters;
pub mod dental_analyses;
pub mod devices;
pub mod directory;
pub mod documents;
mod dynamo;
pub mod emergencies;
pub mod erasure;
mod error;
pub mod exports;
pub mod failures;
pub mod families;
pub mod firmware;
pub mod firmware_reports;
pub mod firmware_uploads;
pub mod fleet;
mod held;
pub mod holdings;
pub mod homes;
pub mod identities;
mod key;
mod large_object;
pub mod ledger;
pub mod limits;
mod meter;
pub mod notifications;
mod objects;
pub mod opinions;
pub mod outbox;
mod page;
mod pause;
pub mod pharmacies;
pub mod pictures;
pub mod predictions;
pub mod provision;
mod query;
pub mod records;
pub mod report_numbers;
pub mod results;
pub mod reviews;
pub mod rotation;
pub mod scheduling;
mod sealing;
pub mod sessions;
pub mod skin_records;
pub mod sockets;
pub mod sync_devices;
pub mod table;
pub mod tickets;
mod treating;
pub mod treatments;
pub mod uploads;
pub mod vitals;
mod write;
mod writing;

use std::sync::{Arc, OnceLock};

pub use dynamo::from_stream_image;
pub use error::{Error, RefusedOr};
pub use meter::{Meter, Usage};
pub use page::{Cursor, MalformedCursor, Page, PageRequest, Window};

/// The way to all data. Clients are made at their first use, so a function that reads nothing pays nothing.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
    meter: Meter,
    held: held::Holder,
}

struct Shared {
    connection: aws::Connection,
    names: aws::ResourceNames,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    kms: OnceLock<aws_sdk_kms::Client>,
    keys: sealing::KeyCache,
}

/// A keyed hash of a text, in hex: proof that we wrote it. `purpose` keeps proofs of different things apart.
pub async fn keyed_text(store: &Store, purpose: &str, text: &str) -> Result<String, Error> {
    let hash = store.keyed_hash(purpose, text.as_bytes()).await?;
    Ok(data_encoding::HEXLOWER.encode(&hash))
}

impl Store {
    pub fn new(connection: aws::Connection, names: aws::ResourceNames) -> Self {
        let shared = Shared {
            connection,
            names,
            dynamodb: OnceLock::new(),
            s3: OnceLock::new(),
            kms: OnceLock::new(),
            keys: sealing::KeyCache::default(),
        };
        Self {
            shared: Arc::new(shared),
            meter: Meter::default(),
            held: held::Holder::default(),
        }
    }

    /// The same store, counting into a meter of its own: one for each request.
    pub fn metered(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            meter: Meter::default(),
            held: held::Holder::default(),
        }
    }

    /// What has been used through this handle so far.
    pub fn usage(&self) -> Usage {
        self.meter.read()
    }

    fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        self.shared.dynamodb.get_or_init(|| self.shared.connection.dynamodb())
    }

    fn kms(&self) -> &aws_sdk_kms::Client {
        self.shared.kms.get_or_init(|| self.shared.connection.kms())
    }

    fn s3(&self) -> &aws_sdk_s3::Client {
        self.shared.s3.get_or_init(|| self.shared.connection.s3())
    }
}
