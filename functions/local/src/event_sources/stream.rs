//! A table's stream, read and handed to a worker in batches, as a Lambda event source mapping does it with
//! `ReportBatchItemFailures` and `BisectBatchOnFunctionError`:
//!
//! - in order; what follows a failed record waits for it;
//! - a batch is taken up again at the lowest failed sequence number;
//! - when the function fails as a whole, the batch is halved until the culprit stands alone;
//! - a record that keeps failing is parked (logged) and the stream goes on.

mod batch;
mod position;
mod reader;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::{Feed, Invoke, Retries, log};
use crate::cloud::Credentials;
use position::Position;
use reader::Reader;

/// An idle stream is polled at most this often; one with traffic without a pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);
const SHORTEST_PAUSE: Duration = Duration::from_millis(5);
/// When the database does not answer, or the table does not exist yet.
const TROUBLE_PAUSE: Duration = Duration::from_millis(250);

pub struct TableStream {
    /// The DynamoDB address, and credentials for it.
    pub endpoint: String,
    pub credentials: Credentials,
    pub table: String,
    /// A small file that remembers what was delivered. Without one, every start begins with the oldest record.
    pub position: Option<PathBuf>,
    /// At most this many records per invocation; Lambda's default is 100.
    pub batch_size: usize,
    pub retries: Retries,
    pub invoke: Invoke,
}

impl TableStream {
    /// With Lambda's batch size, and some seconds of patience for a failing record.
    pub fn new(
        endpoint: impl Into<String>,
        credentials: Credentials,
        table: impl Into<String>,
        position: Option<PathBuf>,
        invoke: Invoke,
    ) -> Self {
        let retries = Retries {
            times: 5,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(2),
        };
        Self {
            endpoint: endpoint.into(),
            credentials,
            table: table.into(),
            position,
            batch_size: 100,
            retries,
            invoke,
        }
    }
}

/// Must be called within a runtime.
pub fn feed(stream: TableStream) -> Feed {
    Feed::start(async move {
        let mut delivery = Delivery::new(&stream);
        let mut reader = Reader::new(&stream.endpoint, &stream.credentials, &stream.table);
        let (mut pause, mut complained) = (SHORTEST_PAUSE, false);
        loop {
            match reader.next(delivery.position.last()).await {
                Ok(records) if records.is_empty() => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Ok(records) => {
                    delivery.all(records).await;
                    (pause, complained) = (SHORTEST_PAUSE, false);
                }
                Err(error) => {
                    if !std::mem::replace(&mut complained, true) {
                        log(&format!("{}: the stream cannot be read: {error}", stream.table));
                    }
                    tokio::time::sleep(TROUBLE_PAUSE).await;
                }
            }
        }
    })
}

/// A record as Lambda shows it, and its place in the stream.
struct Record {
    sequence: String,
    json: Value,
}

struct Delivery<'a> {
    stream: &'a TableStream,
    position: Position,
    /// How often the first of the waiting records has failed.
    failures: u32,
    /// Shrinks while the function fails as a whole.
    size: usize,
}

impl<'a> Delivery<'a> {
    fn new(stream: &'a TableStream) -> Self {
        let position = Position::open(stream.position.clone());
        Self {
            stream,
            position,
            failures: 0,
            size: stream.batch_size.max(1),
        }
    }

    async fn all(&mut self, records: Vec<Record>) {
        let mut waiting = VecDeque::from(records);
        while !waiting.is_empty() {
            let count = self.size.min(waiting.len());
            let outcome = self.attempt(&waiting.make_contiguous()[..count]).await;
            let done = match outcome {
                Ok(()) => count,
                Err(Failure::At(index)) => index,
                Err(Failure::Whole) => 0,
            };
            self.advance(&mut waiting, done);
            match outcome {
                Ok(()) => self.size = self.stream.batch_size.max(1),
                // Nobody knows yet which record it was.
                Err(Failure::Whole) if count > 1 => {
                    self.size = count / 2;
                    tokio::time::sleep(self.stream.retries.wait(1)).await;
                }
                Err(_) => self.retry_or_park(&mut waiting).await,
            }
        }
    }

    async fn attempt(&self, batch: &[Record]) -> Result<(), Failure> {
        let event = batch::event(batch.iter().map(|record| record.json.clone()).collect());
        let answer = (self.stream.invoke)(event).await.map_err(|_| Failure::Whole)?;
        let sequences: Vec<&str> = batch.iter().map(|record| record.sequence.as_str()).collect();
        match batch::first_failed(&answer, &sequences) {
            Ok(None) => Ok(()),
            Ok(Some(index)) => Err(Failure::At(index)),
            Err(batch::Malformed) => Err(Failure::Whole),
        }
    }

    fn advance(&mut self, waiting: &mut VecDeque<Record>, done: usize) {
        if let Some(last) = waiting.drain(..done).next_back() {
            self.position.reach(last.sequence);
            self.failures = 0;
        }
    }

    async fn retry_or_park(&mut self, waiting: &mut VecDeque<Record>) {
        self.failures += 1;
        if self.failures <= self.stream.retries.times {
            return tokio::time::sleep(self.stream.retries.wait(self.failures)).await;
        }
        if let Some(record) = waiting.front() {
            // Its number only: the record itself holds personal data.
            log(&format!(
                "{}: record {} parked after {} attempts",
                self.stream.table, record.sequence, self.failures
            ));
        }
        self.advance(waiting, 1);
        self.size = self.stream.batch_size.max(1);
    }
}

enum Failure {
    /// The function named this record as the first that failed.
    At(usize),
    /// The function failed, or answered nonsense.
    Whole,
}
