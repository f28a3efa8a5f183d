//! One conditional write, alone or in a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::Error;
use crate::key::Key;
use crate::table::{PARTITION_KEY, SORT_KEY};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A change of one item, with what it expects to find.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub key: Key,
    pub action: Action,
    pub condition: Option<String>,
    pub names: HashMap<String, String>,
    pub values: HashMap<String, AttributeValue>,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Put(Item),
    Update(String),
    Delete,
    Check,
}

impl Write {
    pub fn put(key: Key, item: &impl Serialize) -> Result<Self, Error> {
        let mut attributes: Item = serde_dynamo::to_item(item)?;
        attributes.extend(key_attributes(&key));
        Ok(Self::new(key, Action::Put(attributes)))
    }

    pub fn delete(key: Key) -> Self {
        Self::new(key, Action::Delete)
    }

    pub fn check(key: Key) -> Self {
        Self::new(key, Action::Check)
    }

    /// Sets one attribute.
    pub fn set(key: Key, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        let mut write = Self::new(key, Action::Update("SET #attribute = :value".to_owned()));
        write.names.insert("#attribute".to_owned(), attribute.to_owned());
        write
            .values
            .insert(":value".to_owned(), serde_dynamo::to_attribute_value(value)?);
        Ok(write)
    }

    pub fn if_absent(self) -> Self {
        self.condition("attribute_not_exists(#pk)")
    }

    pub fn if_present(self) -> Self {
        self.condition("attribute_exists(#pk)")
    }

    /// An attribute must have this value.
    pub fn if_equals(mut self, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        self.condition = Some("#equal = :equal".to_owned());
        self.names.insert("#equal".to_owned(), attribute.to_owned());
        let value = serde_dynamo::to_attribute_value(value)?;
        self.values.insert(":equal".to_owned(), value);
        Ok(self)
    }

    fn new(key: Key, action: Action) -> Self {
        Self {
            key,
            action,
            condition: None,
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    fn condition(mut self, text: &str) -> Self {
        self.condition = Some(text.to_owned());
        self.names.insert("#pk".to_owned(), PARTITION_KEY.to_owned());
        self
    }

    /// As part of a transaction.
    pub fn into_transact_item(self, table: String) -> Result<TransactWriteItem, Error> {
        let key = key_attributes(&self.key);
        let (names, values) = (none_if_empty(self.names), none_if_empty(self.values));
        let item = TransactWriteItem::builder();
        let item = match self.action {
            Action::Put(attributes) => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(attributes))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Update(expression) => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .update_expression(expression)
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Delete => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Check => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(self.condition)
                    .set_expression_attribute_names(names)
                    .build()
                    .map_err(build_error)?,
            ),
        };
        Ok(item.build())
    }
}

pub(crate) fn key_attributes(key: &Key) -> Item {
    HashMap::from([
        (PARTITION_KEY.to_owned(), AttributeValue::S(key.partition.clone())),
        (SORT_KEY.to_owned(), AttributeValue::S(key.sort.clone())),
    ])
}

/// DynamoDB refuses empty maps of names or values.
pub(crate) fn none_if_empty<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}

fn build_error(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Rejected(error.to_string())
}
