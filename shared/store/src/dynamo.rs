//! The handful of DynamoDB calls that everything else is made of. All are metered; all reads are consistent, since
//! people look for what they have just written.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity};
use serde::de::DeserializeOwned;

use crate::held::Basis;
use crate::key::{Key, KeyRange};
use crate::page::{Page, PageRequest};
use crate::query::Order;
use crate::write::{Item, Write, key_attributes};
use crate::{Error, Store};

/// How often a transaction is tried again when others write the same items at the same moment.
const CONFLICT_RETRIES: u32 = 6;

impl Store {
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, Error> {
        let item = self.get_item(key).await?;
        item.map(|item| Ok(serde_dynamo::from_item(item)?)).transpose()
    }

    /// As stored.
    pub(crate) async fn get_item(&self, key: &Key) -> Result<Option<Item>, Error> {
        let answer = self
            .dynamodb()
            .get_item()
            .table_name(self.shared.names.table(key.table))
            .set_key(Some(key_attributes(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_read(units(answer.consumed_capacity.as_slice()));
        self.with_held(key, answer.item)
    }

    /// Newest first: sort keys hold time-ordered ids.
    pub(crate) async fn query_backwards<T: DeserializeOwned>(
        &self,
        range: &KeyRange,
        page: &PageRequest,
    ) -> Result<Page<T>, Error> {
        let Page { items, next } = self.query(range, page, Order::Backwards).await?;
        let items = serde_dynamo::from_items(items)?;
        Ok(Page { items, next })
    }

    /// Adds one to a counter and gives its new value; the first is 1.
    pub(crate) async fn increment(&self, key: &Key, attribute: &str) -> Result<u64, Error> {
        let answer = self
            .dynamodb()
            .update_item()
            .table_name(self.shared.names.table(key.table))
            .set_key(Some(key_attributes(key)))
            .update_expression("ADD #attribute :one")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_write(units(answer.consumed_capacity.as_slice()));
        let value = answer.attributes.unwrap_or_default().remove(attribute);
        let value = value.ok_or_else(|| Error::Rejected("a counter came back empty".to_owned()))?;
        Ok(serde_dynamo::from_attribute_value(value)?)
    }

    /// All of the writes, or none, at once or with the request that holds them back. Tried again while others hold the
    /// same items; a condition that fails is told by the place of its write.
    pub(crate) async fn transact(&self, writes: Vec<Write>) -> Result<(), Error> {
        match self.hold(&writes, Basis::Conditions) {
            Some(held) => held,
            None => self.transact_now(writes).await,
        }
    }

    pub(crate) async fn transact_now(&self, writes: Vec<Write>) -> Result<(), Error> {
        let mut pause = Duration::from_millis(10);
        for _ in 0..CONFLICT_RETRIES {
            match self.transact_once(writes.clone()).await {
                Err(TransactionFailure::Conflict) => {
                    tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
                    pause *= 2;
                }
                Err(TransactionFailure::Other(error)) => return Err(error),
                Ok(()) => return Ok(()),
            }
        }
        Err(Error::Contended)
    }

    /// The same for what was read and may have changed since. Whoever meets another transaction is told so at once: trying
    /// again without reading again would be in vain.
    pub(crate) async fn transact_as_seen(&self, writes: Vec<Write>) -> Result<(), Error> {
        if let Some(held) = self.hold(&writes, Basis::Seen) {
            return held;
        }
        self.transact_at_once(writes).await
    }

    /// Not tried again.
    pub(crate) async fn transact_at_once(&self, writes: Vec<Write>) -> Result<(), Error> {
        match self.transact_once(writes).await {
            Ok(()) => Ok(()),
            Err(TransactionFailure::Conflict) => Err(Error::Contended),
            Err(TransactionFailure::Other(error)) => Err(error),
        }
    }

    async fn transact_once(&self, writes: Vec<Write>) -> Result<(), TransactionFailure> {
        let items = writes
            .into_iter()
            .map(|write| {
                let table = self.shared.names.table(write.key.table);
                write.into_transact_item(table)
            })
            .collect::<Result<Vec<_>, Error>>()
            .map_err(TransactionFailure::Other)?;
        let answer = self
            .dynamodb()
            .transact_write_items()
            .set_transact_items(Some(items))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(transaction_failure)?;
        self.meter.count_write(units(answer.consumed_capacity()));
        Ok(())
    }
}

enum TransactionFailure {
    Conflict,
    Other(Error),
}

fn transaction_failure(error: aws_sdk_dynamodb::error::SdkError<TransactWriteItemsError>) -> TransactionFailure {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return TransactionFailure::Other(Error::from_sdk(error));
    };
    let codes: Vec<&str> = cancelled
        .cancellation_reasons()
        .iter()
        .filter_map(|reason| reason.code())
        .collect();
    if let Some(place) = codes.iter().position(|code| *code == "ConditionalCheckFailed") {
        return TransactionFailure::Other(Error::ConditionFailed(place));
    }
    if codes.contains(&"TransactionConflict") {
        return TransactionFailure::Conflict;
    }
    TransactionFailure::Other(Error::from_sdk(error))
}

/// The new image of a stream record, in the JSON that Lambda hands over.
pub fn from_stream_image<T: DeserializeOwned>(image: serde_dynamo::Item) -> Result<T, Error> {
    Ok(serde_dynamo::from_item(image)?)
}

pub(crate) fn units(consumed: &[ConsumedCapacity]) -> f64 {
    consumed.iter().filter_map(ConsumedCapacity::capacity_units).sum()
}
