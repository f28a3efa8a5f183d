//! Token buckets: one number for each caller and class, moved on by conditional updates, so that calls at the same
//! moment are counted one by one wherever they run.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
};
use domain::rate_limit::Quota;
use jiff::Timestamp;

use crate::dynamo::units;
use crate::table::EXPIRY;
use crate::write::key_attributes;
use crate::{Error, Store, key};

/// The attribute that is the bucket, in microseconds since 1970.
const FULL_AT: &str = "full_at";
/// How long an idle bucket is kept: one that is full says no more than none.
const KEPT_SECONDS: i64 = 60;
/// One for an idle bucket, two for a busy one; more only if an item goes between two calls.
const MOST_UPDATES: usize = 3;

/// Whose bucket, of which class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bucket {
    pub caller_hash: String,
    pub class: &'static str,
}

/// What came of a call, with the time at which the bucket will be full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Passed { full_at_micros: i64 },
    Refused { full_at_micros: i64 },
}

/// Takes one call out of a bucket, if it holds one. `remembered`: an earlier `full_at` of this bucket, which saves an
/// update, or all of them: buckets never move back, so one that was too far ahead still is.
pub async fn spend(
    store: &Store,
    bucket: &Bucket,
    quota: Quota,
    now: Timestamp,
    remembered: Option<i64>,
) -> Result<Spent, Error> {
    let latest = quota.latest_micros(now);
    let mut known = remembered;
    for _ in 0..MOST_UPDATES {
        if let Some(full_at_micros) = known.filter(|full_at| *full_at > latest) {
            return Ok(Spent::Refused { full_at_micros });
        }
        let is_busy = known.is_some_and(|full_at| full_at >= now.as_microsecond());
        match move_on(store, bucket, quota, now, is_busy).await? {
            Moved::To(full_at_micros) => return Ok(Spent::Passed { full_at_micros }),
            Moved::NotFrom(found) => known = found,
        }
    }
    Err(Error::Unavailable("a bucket kept changing".to_owned()))
}

enum Moved {
    To(i64),
    /// The bucket is not as expected but so, or not there.
    NotFrom(Option<i64>),
}

async fn move_on(store: &Store, bucket: &Bucket, quota: Quota, now: Timestamp, is_busy: bool) -> Result<Moved, Error> {
    let (update, condition) = if is_busy {
        (
            "SET #full_at = #full_at + :interval",
            "#full_at BETWEEN :now AND :latest",
        )
    } else {
        (
            "SET #full_at = :first",
            "attribute_not_exists(#full_at) OR #full_at < :now",
        )
    };
    let key = key::bucket(&bucket.caller_hash, bucket.class);
    let call = store
        .dynamodb()
        .update_item()
        .table_name(store.shared.names.table(key.table))
        .set_key(Some(key_attributes(&key)))
        .update_expression(format!("{update}, #expires_at = :expires_at"))
        .condition_expression(condition)
        .expression_attribute_names("#full_at", FULL_AT)
        .expression_attribute_names("#expires_at", EXPIRY)
        .set_expression_attribute_values(Some(values(quota, now, is_busy)))
        .return_values(ReturnValue::UpdatedNew)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    match call.send().await {
        Ok(answer) => {
            store.meter.count_write(units(answer.consumed_capacity.as_slice()));
            let full_at = answer.attributes.as_ref().and_then(full_at);
            let empty = || Error::Rejected("a bucket came back empty".to_owned());
            Ok(Moved::To(full_at.ok_or_else(empty)?))
        }
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                store.meter.count_write(1.0);
                Ok(Moved::NotFrom(failed.item().and_then(full_at)))
            }
            _ => Err(Error::from_sdk(error)),
        },
    }
}

/// DynamoDB refuses values that no expression names.
fn values(quota: Quota, now: Timestamp, is_busy: bool) -> HashMap<String, AttributeValue> {
    let number = |value: i64| AttributeValue::N(value.to_string());
    let expires = now.as_second() + quota.window_seconds() + KEPT_SECONDS;
    let mut values = HashMap::from([
        (":now".to_owned(), number(now.as_microsecond())),
        (":expires_at".to_owned(), number(expires)),
    ]);
    if is_busy {
        values.insert(":interval".to_owned(), number(quota.interval_micros()));
        values.insert(":latest".to_owned(), number(quota.latest_micros(now)));
    } else {
        let first = now.as_microsecond() + quota.interval_micros();
        values.insert(":first".to_owned(), number(first));
    }
    values
}

fn full_at(item: &HashMap<String, AttributeValue>) -> Option<i64> {
    item.get(FULL_AT)?.as_n().ok()?.parse().ok()
}
