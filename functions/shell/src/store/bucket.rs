//! Taking a place of a seller's bucket (ACC-2): many may want one at a time, so the table itself decides, and nothing is
//! read before.

use super::Store;
use crate::{
    commit::{SCHEMA, key_item, number, stored},
    failure::{Failure, of_sdk},
    key::Key,
};
use aws_sdk_dynamodb::{error::ProvideErrorMetadata, operation::update_item::builders::UpdateItemFluentBuilder};
use chrono::TimeDelta;
use domain::{
    at::after,
    pace::{Bucket, Turn},
};

/// A bucket that has been full for so long is as none.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(1);

impl Store {
    /// Takes a place, if there is one: one `UpdateItem` where the bucket was full, two where it was not.
    pub async fn take(&self, key: &Key, turn: &Turn) -> Result<bool, Failure> {
        let state = stored(key, &Bucket { full_at: turn.then_full_at })?;
        let full = self
            .updating(key, turn)?
            .update_expression("SET #state = :state, #schema = :schema, expires_at = :expires_at")
            .expression_attribute_names("#schema", "schema")
            .expression_attribute_values(":schema", number(SCHEMA))
            .expression_attribute_values(":state", state)
            .condition_expression("attribute_not_exists(pk) OR #state.full_at <= :full_by")
            .expression_attribute_values(":full_by", number(turn.full_by.timestamp_millis()));
        if taken(full).await? {
            return Ok(true);
        }
        let other = self
            .updating(key, turn)?
            .update_expression("SET #state.full_at = #state.full_at + :later, expires_at = :expires_at")
            .expression_attribute_values(":later", number(turn.later.num_milliseconds()))
            .condition_expression("#state.full_at <= :fits_by")
            .expression_attribute_values(":fits_by", number(turn.fits_by.timestamp_millis()));
        taken(other).await
    }

    fn updating(&self, key: &Key, turn: &Turn) -> Result<UpdateItemFluentBuilder, Failure> {
        let update = self.client.update_item().table_name(self.tables.name(key.table)?).set_key(Some(key_item(key)));
        let expires_at = after(turn.fits_by, FORGOTTEN_AFTER).timestamp();
        Ok(update
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":expires_at", number(expires_at)))
    }
}

async fn taken(update: UpdateItemFluentBuilder) -> Result<bool, Failure> {
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(of_sdk("UpdateItem", &error)),
    }
}
