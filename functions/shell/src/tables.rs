//! The tables as this installation has them: their names, and over how many keys their busiest indexes are spread.

use crate::{
    Env, StartError,
    commit::Item,
    failure::Failure,
    key::{DUE_SHARDS, QUEUE_SHARDS, Table, coarser_due_shard, coarser_queue_key, numbers_of_shards},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The tables a function may use.
#[derive(Debug, Clone)]
pub struct Tables {
    names: HashMap<Table, String>,
    /// Over how many keys of its index the work that is due is spread.
    pub(crate) due_shards: u32,
    /// The same of the queue of a store's inquiries.
    pub(crate) queue_shards: u32,
}

impl Tables {
    /// The physical names that the environment gives.
    pub fn from_env(env: &Env) -> Result<Self, StartError> {
        let names = Table::ALL.into_iter().filter_map(|t| Some((t, env.get(t.variable())?.clone()))).collect();
        let shards = |variable: &'static str, usual| {
            let given = |given: &String| numbers_of_shards().find(|shards| shards.to_string() == *given);
            env.get(variable).map_or(Some(usual), given).ok_or(StartError::Wrong(variable))
        };
        let (due_shards, queue_shards) = (shards("DUE_SHARDS", DUE_SHARDS)?, shards("QUEUE_SHARDS", QUEUE_SHARDS)?);
        Ok(Self { names, due_shards, queue_shards })
    }

    /// The name of a table; a function that was not given it has no business there.
    pub fn name(&self, table: Table) -> Result<&str, Failure> {
        let missing = || Failure::Fault(format!("this function was not given {}", table.variable()));
        self.names.get(&table).map(String::as_str).ok_or_else(missing)
    }

    pub(crate) fn table(&self, name: &str) -> Option<Table> {
        self.names.iter().find(|(_, known)| *known == name).map(|(table, _)| *table)
    }

    /// An item as it is laid down: what is due, and what waits in a queue, in one of as many shards as there are.
    pub(crate) fn spread(&self, mut item: Item) -> Item {
        if let Some(AttributeValue::S(shard)) = item.get_mut("due_shard") {
            *shard = coarser_due_shard(shard, self.due_shards);
        }
        if let Some(AttributeValue::S(key)) = item.get_mut("queue_key") {
            *key = coarser_queue_key(key, self.queue_shards);
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::{Env, Tables};

    #[test]
    fn how_many_keys_an_index_is_spread_over_is_a_power_of_two_up_to_64() {
        let read = |variable: &str, given: &str| {
            let env = Env::from([(variable.to_owned(), given.to_owned())]);
            let shards = |tables: Tables| [tables.due_shards, tables.queue_shards];
            Tables::from_env(&env).map(shards).map_err(|error| error.to_string())
        };
        for known in [1, 2, 4, 8, 16, 32, 64] {
            assert_eq!(read("DUE_SHARDS", &known.to_string()), Ok([known, 4]));
            assert_eq!(read("QUEUE_SHARDS", &known.to_string()), Ok([16, known]));
        }
        for variable in ["DUE_SHARDS", "QUEUE_SHARDS"] {
            for wrong in ["0", "3", "128", "016", "DueShards", ""] {
                let refused = format!("the environment variable {variable} is none of the values it may have");
                assert_eq!(read(variable, wrong), Err(refused), "{wrong}");
            }
        }
    }
}
