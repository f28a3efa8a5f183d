//! Reading many items: parts of a partition in either order, and batches by key.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnConsumedCapacity};

use crate::dynamo::units;
use crate::key::{Key, KeyRange, item_of};
use crate::page::{Cursor, MalformedCursor, Page, PageRequest};
use crate::table::{PARTITION_KEY, SORT_KEY, Table};
use crate::write::{Item, key_attributes};
use crate::{Error, Store};

/// DynamoDB takes no more keys at once.
const MOST_KEYS: usize = 100;
/// How often DynamoDB is asked again for what it left out of a batch.
const BATCH_RETRIES: u32 = 6;

/// By sort key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Forwards,
    Backwards,
}

impl Store {
    /// One page of a range, as stored.
    pub(crate) async fn query(&self, range: &KeyRange, page: &PageRequest, order: Order) -> Result<Page<Item>, Error> {
        let start = page.after.as_ref();
        // Clients can make up a place outside of the range, which DynamoDB would refuse.
        if start.is_some_and(|cursor| !cursor.sort_key().starts_with(&range.sort_prefix)) {
            return Err(MalformedCursor.into());
        }
        let start = start.map(|cursor| key_attributes(&item_of(range, cursor.sort_key())));
        let mut call = self
            .dynamodb()
            .query()
            .table_name(self.shared.names.table(range.table))
            .expression_attribute_names("#pk", PARTITION_KEY)
            .expression_attribute_values(":pk", AttributeValue::S(range.partition.clone()))
            .key_condition_expression("#pk = :pk");
        // DynamoDB refuses an empty prefix.
        if !range.sort_prefix.is_empty() {
            call = call
                .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
                .expression_attribute_names("#sk", SORT_KEY)
                .expression_attribute_values(":prefix", AttributeValue::S(range.sort_prefix.clone()));
        }
        let answer = call
            .set_exclusive_start_key(start)
            .limit(i32::from(page.limit))
            .scan_index_forward(order == Order::Forwards)
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_read(units(answer.consumed_capacity.as_slice()));
        let next = answer.last_evaluated_key.as_ref().and_then(sort_key).map(Cursor::at);
        let items = self.with_held_in(range, page, order, next.as_ref(), answer.items.unwrap_or_default())?;
        Ok(Page { items, next })
    }

    /// The first items of a partition that sort before `until`, at most `most`: for queues whose sort keys begin with a
    /// time.
    pub(crate) async fn query_until(&self, range: &KeyRange, until: &str, most: u16) -> Result<Vec<Item>, Error> {
        let answer = self
            .dynamodb()
            .query()
            .table_name(self.shared.names.table(range.table))
            .key_condition_expression("#pk = :pk AND #sk < :until")
            .expression_attribute_names("#pk", PARTITION_KEY)
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_values(":pk", AttributeValue::S(range.partition.clone()))
            .expression_attribute_values(":until", AttributeValue::S(until.to_owned()))
            .limit(i32::from(most))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_read(units(answer.consumed_capacity.as_slice()));
        Ok(answer.items.unwrap_or_default())
    }

    /// A page of those whose sort keys are between the two, both included, at most `most`: for lists by time.
    pub(crate) async fn query_between(
        &self,
        range: &KeyRange,
        (from, to): (&str, &str),
        most: u16,
        order: Order,
    ) -> Result<Page<Item>, Error> {
        // DynamoDB refuses a beginning after the end.
        if from > to {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        }
        let answer = self
            .dynamodb()
            .query()
            .table_name(self.shared.names.table(range.table))
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", PARTITION_KEY)
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_values(":pk", AttributeValue::S(range.partition.clone()))
            .expression_attribute_values(":from", AttributeValue::S(from.to_owned()))
            .expression_attribute_values(":to", AttributeValue::S(to.to_owned()))
            .limit(i32::from(most))
            .scan_index_forward(order == Order::Forwards)
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_read(units(answer.consumed_capacity.as_slice()));
        let next = answer.last_evaluated_key.as_ref().and_then(sort_key).map(Cursor::at);
        let items = answer.items.unwrap_or_default();
        Ok(Page { items, next })
    }

    /// The first items of a range, at most `most`.
    pub(crate) async fn query_all(&self, range: &KeyRange, most: usize) -> Result<Vec<Item>, Error> {
        self.query_up_to(range, most, Order::Forwards).await
    }

    /// The last items of a range, last first, at most `most`.
    pub(crate) async fn query_all_backwards(&self, range: &KeyRange, most: usize) -> Result<Vec<Item>, Error> {
        self.query_up_to(range, most, Order::Backwards).await
    }

    async fn query_up_to(&self, range: &KeyRange, most: usize, order: Order) -> Result<Vec<Item>, Error> {
        let (mut found, mut after) = (Vec::new(), None);
        while found.len() < most {
            let limit = u16::try_from(most - found.len()).unwrap_or(u16::MAX);
            let page = self.query(range, &PageRequest { limit, after }, order).await?;
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// Items by their keys, in the order of the keys; none where there is none.
    pub(crate) async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, Error> {
        // The same key twice would be refused.
        let mut distinct: Vec<&Key> = keys.iter().collect();
        distinct.sort_by_key(|key| place(key));
        distinct.dedup();
        let mut found: HashMap<Key, Item> = HashMap::new();
        for part in distinct.chunks(MOST_KEYS) {
            for (table, item) in self.batch_get_part(part).await? {
                let text = |name| text(&item, name).unwrap_or_default().to_owned();
                let (partition, sort) = (text(PARTITION_KEY), text(SORT_KEY));
                found.insert(Key { table, partition, sort }, item);
            }
        }
        keys.iter()
            .map(|key| self.with_held(key, found.get(key).cloned()))
            .collect()
    }

    async fn batch_get_part(&self, keys: &[&Key]) -> Result<Vec<(Table, Item)>, Error> {
        let mut missing = self.request(keys)?;
        let (mut found, mut pause) = (Vec::new(), Duration::from_millis(10));
        for attempt in 0.. {
            let answer = self
                .dynamodb()
                .batch_get_item()
                .set_request_items(Some(missing))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(Error::from_sdk)?;
            self.meter.count_read(units(answer.consumed_capacity()));
            for (name, items) in answer.responses.unwrap_or_default() {
                if let Some(table) = Table::ALL
                    .into_iter()
                    .find(|table| self.shared.names.table(*table) == name)
                {
                    found.extend(items.into_iter().map(|item| (table, item)));
                }
            }
            missing = answer.unprocessed_keys.unwrap_or_default();
            if missing.is_empty() {
                return Ok(found);
            }
            if attempt == BATCH_RETRIES {
                break;
            }
            tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
            pause *= 2;
        }
        Err(Error::Unavailable("a batch of reads stayed unfinished".to_owned()))
    }

    fn request(&self, keys: &[&Key]) -> Result<HashMap<String, KeysAndAttributes>, Error> {
        let mut by_table: HashMap<String, Vec<Item>> = HashMap::new();
        for key in keys {
            let table = self.shared.names.table(key.table);
            by_table.entry(table).or_default().push(key_attributes(key));
        }
        let request = |(table, keys)| {
            let keys = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
            let keys = keys.build().map_err(|error| Error::Rejected(error.to_string()))?;
            Ok((table, keys))
        };
        by_table.into_iter().map(request).collect()
    }
}

fn place(key: &Key) -> (Table, &str, &str) {
    (key.table, &key.partition, &key.sort)
}

pub(crate) fn sort_key(item: &Item) -> Option<&str> {
    text(item, SORT_KEY)
}

/// Where an item of a range lies.
pub(crate) fn place_in(range: &KeyRange, item: &Item) -> Result<Key, Error> {
    let sort = sort_key(item).ok_or_else(|| Error::Rejected("an item came without its key".to_owned()))?;
    Ok(item_of(range, sort))
}

pub(crate) fn text<'a>(item: &'a Item, attribute: &str) -> Option<&'a str> {
    item.get(attribute)?.as_s().ok().map(String::as_str)
}
