//! One conditional write, alone or in a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::Error;
use crate::key::Key;
use crate::table::{PARTITION_KEY, SORT_KEY};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A change of one item, with what it expects to find. Conditions add up: all must hold.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub key: Key,
    pub action: Action,
    conditions: Vec<String>,
    pub names: HashMap<String, String>,
    pub values: HashMap<String, AttributeValue>,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Put(Item),
    Update(Changes),
    Delete,
    Check,
}

/// The parts of an update expression.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    set: Vec<String>,
    add: Vec<String>,
    remove: Vec<String>,
}

impl Changes {
    pub fn expression(&self) -> String {
        [("SET", &self.set), ("ADD", &self.add), ("REMOVE", &self.remove)]
            .into_iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(word, parts)| format!("{word} {}", parts.join(", ")))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Write {
    pub fn put(key: Key, item: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::put_item(key, serde_dynamo::to_item(item)?))
    }

    pub fn put_item(key: Key, mut attributes: Item) -> Self {
        attributes.extend(key_attributes(&key));
        Self::new(key, Action::Put(attributes))
    }

    pub fn delete(key: Key) -> Self {
        Self::new(key, Action::Delete)
    }

    /// Changes attributes of an item, which is made if it is not there and nothing says it must be.
    pub fn update(key: Key) -> Self {
        Self::new(key, Action::Update(Changes::default()))
    }

    /// A condition on an item that the transaction leaves alone.
    pub fn check(key: Key) -> Self {
        Self::new(key, Action::Check)
    }

    pub fn set(mut self, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.name(attribute), self.value(value)?);
        if let Action::Update(changes) = &mut self.action {
            changes.set.push(format!("{name} = {value}"));
        }
        Ok(self)
    }

    /// Adds to a number, which counts from 0.
    pub fn add(mut self, attribute: &str, by: i64) -> Self {
        let name = self.name(attribute);
        let value = self.number(by);
        if let Action::Update(changes) = &mut self.action {
            changes.add.push(format!("{name} {value}"));
        }
        self
    }

    pub fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        if let Action::Update(changes) = &mut self.action {
            changes.remove.push(name);
        }
        self
    }

    pub fn if_absent(self) -> Self {
        self.if_attribute_absent(PARTITION_KEY)
    }

    pub fn if_present(mut self) -> Self {
        let name = self.name(PARTITION_KEY);
        self.condition(format!("attribute_exists({name})"))
    }

    pub fn if_attribute_absent(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.condition(format!("attribute_not_exists({name})"))
    }

    pub fn if_equals(mut self, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        let (name, value) = (self.name(attribute), self.value(value)?);
        Ok(self.condition(format!("{name} = {value}")))
    }

    /// What is not there is not less.
    pub fn if_less(mut self, attribute: &str, than: i64) -> Self {
        let name = self.name(attribute);
        let value = self.number(than);
        self.condition(format!("{name} < {value}"))
    }

    pub fn if_less_or_absent(mut self, attribute: &str, than: i64) -> Self {
        let name = self.name(attribute);
        let value = self.number(than);
        self.condition(format!("(attribute_not_exists({name}) OR {name} < {value})"))
    }

    pub fn condition_expression(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    fn new(key: Key, action: Action) -> Self {
        Self {
            key,
            action,
            conditions: Vec::new(),
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    fn condition(mut self, text: String) -> Self {
        self.conditions.push(text);
        self
    }

    /// A placeholder for an attribute's name: many plain words are reserved.
    fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#{attribute}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    fn value(&mut self, value: &impl Serialize) -> Result<String, Error> {
        Ok(self.placeholder(serde_dynamo::to_attribute_value(value)?))
    }

    fn number(&mut self, number: i64) -> String {
        self.placeholder(AttributeValue::N(number.to_string()))
    }

    fn placeholder(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    /// As part of a transaction.
    pub fn into_transact_item(self, table: String) -> Result<TransactWriteItem, Error> {
        let key = key_attributes(&self.key);
        let condition = self.condition_expression();
        let (names, values) = (none_if_empty(self.names), none_if_empty(self.values));
        let item = TransactWriteItem::builder();
        let item = match self.action {
            Action::Put(attributes) => item.put(
                Put::builder()
                    .table_name(table)
                    .set_item(Some(attributes))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Update(changes) => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .update_expression(changes.expression())
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Delete => item.delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .build()
                    .map_err(build_error)?,
            ),
            Action::Check => item.condition_check(
                ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
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
