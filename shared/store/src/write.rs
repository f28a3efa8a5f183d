//! One conditional write, alone or in a transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::Error;
use crate::key::Key;
use crate::table::{PARTITION_KEY, SORT_KEY};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// A change of one item, with what it expects to find: all of its conditions, or it fails as `ConditionFailed`.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub key: Key,
    pub action: Action,
    changes: Changes,
    conditions: Vec<String>,
    pub names: HashMap<String, String>,
    pub values: HashMap<String, AttributeValue>,
}

#[derive(Debug, Clone)]
pub(crate) enum Action {
    Put(Item),
    Update,
    Delete,
    Check,
}

/// The clauses of an update: what stands for an attribute, and what stands for the value.
#[derive(Debug, Clone, Default)]
struct Changes {
    set: Vec<(String, String)>,
    add: Vec<(String, String)>,
    remove: Vec<String>,
}

impl Write {
    pub fn put(key: Key, item: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::put_item(key, serde_dynamo::to_item(item)?))
    }

    pub fn put_item(key: Key, mut attributes: Item) -> Self {
        attributes.extend(key_attributes(&key));
        Self::new(key, Action::Put(attributes))
    }

    /// Of single attributes, to be named by [`Write::set`] and [`Write::add`].
    pub fn update(key: Key) -> Self {
        Self::new(key, Action::Update)
    }

    pub fn delete(key: Key) -> Self {
        Self::new(key, Action::Delete)
    }

    pub fn check(key: Key) -> Self {
        Self::new(key, Action::Check)
    }

    pub fn set(mut self, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        let value = serde_dynamo::to_attribute_value(value)?;
        let clause = (self.name(attribute), self.value(value));
        self.changes.set.push(clause);
        Ok(self)
    }

    /// To a number, which is 0 if it is not there.
    pub fn add(mut self, attribute: &str, number: i64) -> Self {
        let clause = (self.name(attribute), self.number(number));
        self.changes.add.push(clause);
        self
    }

    /// An attribute, there or not.
    pub fn remove(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.changes.remove.push(name);
        self
    }

    pub fn if_absent(self) -> Self {
        self.if_attribute_absent(PARTITION_KEY)
    }

    pub fn if_present(mut self) -> Self {
        let name = self.name(PARTITION_KEY);
        self.condition_also(format!("attribute_exists({name})"))
    }

    pub fn if_attribute_absent(mut self, attribute: &str) -> Self {
        let name = self.name(attribute);
        self.condition_also(format!("attribute_not_exists({name})"))
    }

    pub fn if_equals(mut self, attribute: &str, value: &impl Serialize) -> Result<Self, Error> {
        let value = serde_dynamo::to_attribute_value(value)?;
        let condition = format!("{} = {}", self.name(attribute), self.value(value));
        Ok(self.condition_also(condition))
    }

    /// As it was when `read` was read, there or not.
    pub fn if_unchanged(mut self, attribute: &str, read: &Item) -> Self {
        let Some(value) = read.get(attribute) else {
            return self.if_attribute_absent(attribute);
        };
        let condition = format!("{} = {}", self.name(attribute), self.value(value.clone()));
        self.condition_also(condition)
    }

    /// Items of before an attribute was thought of have none; later ones have null where there is nothing.
    pub fn if_null_or_absent(mut self, attribute: &str) -> Self {
        let (name, null) = (self.name(attribute), self.value(AttributeValue::Null(true)));
        self.condition_also(format!("(attribute_not_exists({name}) OR {name} = {null})"))
    }

    /// A number that is not there is not less.
    pub fn if_less(mut self, attribute: &str, number: i64) -> Self {
        let condition = format!("{} < {}", self.name(attribute), self.number(number));
        self.condition_also(condition)
    }

    /// A number that is not there is not as much.
    pub fn if_at_least(mut self, attribute: &str, number: i64) -> Self {
        let condition = format!("{} >= {}", self.name(attribute), self.number(number));
        self.condition_also(condition)
    }

    pub fn if_less_or_absent(mut self, attribute: &str, number: i64) -> Self {
        let (name, number) = (self.name(attribute), self.number(number));
        self.condition_also(format!("(attribute_not_exists({name}) OR {name} < {number})"))
    }

    fn new(key: Key, action: Action) -> Self {
        Self {
            key,
            action,
            changes: Changes::default(),
            conditions: Vec::new(),
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    fn condition_also(mut self, condition: String) -> Self {
        self.conditions.push(condition);
        self
    }

    /// What stands for an attribute in expressions: many of their names are DynamoDB's own words.
    fn name(&mut self, attribute: &str) -> String {
        let known = self.names.iter().find(|(_, named)| *named == attribute);
        if let Some((name, _)) = known {
            return name.clone();
        }
        let name = format!("#n{}", self.names.len());
        self.names.insert(name.clone(), attribute.to_owned());
        name
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let name = format!(":v{}", self.values.len());
        self.values.insert(name.clone(), value);
        name
    }

    fn number(&mut self, number: i64) -> String {
        self.value(AttributeValue::N(number.to_string()))
    }

    pub fn condition(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    pub fn update_expression(&self) -> Option<String> {
        let Changes { set, add, remove } = &self.changes;
        let clauses = [("SET", " = ", set), ("ADD", " ", add)].into_iter();
        let clauses = clauses.filter(|(_, _, parts)| !parts.is_empty());
        let clause = |(word, between, parts): (&str, &str, &Vec<(String, String)>)| {
            let parts = parts.iter().map(|(name, value)| format!("{name}{between}{value}"));
            format!("{word} {}", parts.collect::<Vec<_>>().join(", "))
        };
        let mut clauses: Vec<_> = clauses.map(clause).collect();
        if !remove.is_empty() {
            clauses.push(format!("REMOVE {}", remove.join(", ")));
        }
        (!clauses.is_empty()).then(|| clauses.join(" "))
    }

    /// What becomes of the item that is there, if this is carried out.
    pub fn applied_to(&self, found: Option<Item>) -> Result<Option<Item>, Error> {
        match &self.action {
            Action::Put(item) => Ok(Some(item.clone())),
            Action::Delete => Ok(None),
            Action::Check => Ok(found),
            Action::Update => {
                let mut item = found.unwrap_or_else(|| key_attributes(&self.key));
                for (name, value) in &self.changes.set {
                    item.insert(self.names[name].clone(), self.values[value].clone());
                }
                for name in &self.changes.remove {
                    item.remove(&self.names[name]);
                }
                for (name, value) in &self.changes.add {
                    let attribute = self.names[name].clone();
                    let sum = number(item.get(&attribute))? + number(self.values.get(value))?;
                    item.insert(attribute, AttributeValue::N(sum.to_string()));
                }
                Ok(Some(item))
            }
        }
    }

    /// As part of a transaction.
    pub fn into_transact_item(self, table: String) -> Result<TransactWriteItem, Error> {
        let key = key_attributes(&self.key);
        let (expression, condition) = (self.update_expression(), self.condition());
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
            Action::Update => item.update(
                Update::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_update_expression(expression)
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

/// None is 0, as for DynamoDB.
fn number(value: Option<&AttributeValue>) -> Result<i64, Error> {
    let Some(value) = value else { return Ok(0) };
    Ok(serde_dynamo::from_attribute_value(value.clone())?)
}

/// DynamoDB refuses empty maps of names or values.
pub(crate) fn none_if_empty<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}

fn build_error(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Rejected(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    fn write() -> Write {
        Write::update(Key {
            table: Table::Platform,
            partition: "P".to_owned(),
            sort: "S".to_owned(),
        })
    }

    #[test]
    fn clauses_and_conditions_are_joined_and_attributes_named_once() {
        let write = write().set("state", &"done").unwrap().add("count", 2);
        let write = write
            .if_present()
            .if_equals("count", &1)
            .unwrap()
            .if_less_or_absent("count", 9);
        assert_eq!(write.update_expression().unwrap(), "SET #n0 = :v0 ADD #n1 :v1");
        assert_eq!(
            write.condition().unwrap(),
            "attribute_exists(#n2) AND #n1 = :v2 AND (attribute_not_exists(#n1) OR #n1 < :v3)"
        );
        assert_eq!((write.names.len(), write.values.len()), (3, 4));
    }

    #[test]
    fn what_is_held_back_is_applied_as_dynamodb_will() {
        let write = write().set("state", &"done").unwrap().add("count", 2).remove("old");
        assert!(write.update_expression().unwrap().ends_with(" REMOVE #n2"));
        let fresh = write.applied_to(None).unwrap().unwrap();
        assert_eq!(fresh["count"], AttributeValue::N("2".to_owned()));
        assert_eq!(fresh["pk"], AttributeValue::S("P".to_owned()));
        let mut before = fresh;
        before.insert("old".to_owned(), AttributeValue::Bool(true));
        let again = write.applied_to(Some(before)).unwrap().unwrap();
        assert!(!again.contains_key("old"));
        assert_eq!(again["count"], AttributeValue::N("4".to_owned()));
        assert_eq!(again["state"], AttributeValue::S("done".to_owned()));
        let delete = Write::delete(write.key.clone());
        assert!(delete.applied_to(Some(again)).unwrap().is_none());
    }

    #[test]
    fn nothing_to_say_is_no_expression() {
        assert_eq!((write().update_expression(), write().condition()), (None, None));
    }
}
