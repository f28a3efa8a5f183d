//! Carrying out one conditional write.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use crate::dynamo::units;
use crate::held::Basis;
use crate::write::{Action, Write, key_attributes, none_if_empty};
use crate::{Error, Store};

impl Store {
    /// One conditional write, at once or with the request that holds it back.
    pub(crate) async fn write(&self, write: Write) -> Result<(), Error> {
        match self.hold(std::slice::from_ref(&write), Basis::Conditions) {
            Some(held) => held,
            None => self.write_now(write).await,
        }
    }

    pub(crate) async fn write_now(&self, write: Write) -> Result<(), Error> {
        match write.action {
            Action::Put(_) => self.put(write).await,
            Action::Update => self.update(write).await,
            Action::Delete => self.delete(write).await,
            Action::Check => Err(Error::Rejected("a check needs a transaction".to_owned())),
        }
    }

    async fn put(&self, write: Write) -> Result<(), Error> {
        let condition = write.condition();
        let Action::Put(item) = write.action else { return Ok(()) };
        let answer = self
            .dynamodb()
            .put_item()
            .table_name(self.shared.names.table(write.key.table))
            .set_item(Some(item))
            .set_condition_expression(condition)
            .set_expression_attribute_names(none_if_empty(write.names))
            .set_expression_attribute_values(none_if_empty(write.values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_write(units(answer.consumed_capacity.as_slice()));
        Ok(())
    }

    async fn update(&self, write: Write) -> Result<(), Error> {
        let (expression, condition) = (write.update_expression(), write.condition());
        let answer = self
            .dynamodb()
            .update_item()
            .table_name(self.shared.names.table(write.key.table))
            .set_key(Some(key_attributes(&write.key)))
            .set_update_expression(expression)
            .set_condition_expression(condition)
            .set_expression_attribute_names(none_if_empty(write.names))
            .set_expression_attribute_values(none_if_empty(write.values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_write(units(answer.consumed_capacity.as_slice()));
        Ok(())
    }

    async fn delete(&self, write: Write) -> Result<(), Error> {
        let condition = write.condition();
        let answer = self
            .dynamodb()
            .delete_item()
            .table_name(self.shared.names.table(write.key.table))
            .set_key(Some(key_attributes(&write.key)))
            .set_condition_expression(condition)
            .set_expression_attribute_names(none_if_empty(write.names))
            .set_expression_attribute_values(none_if_empty(write.values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        self.meter.count_write(units(answer.consumed_capacity.as_slice()));
        Ok(())
    }
}
