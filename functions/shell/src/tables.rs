//! The tables as this installation has them: their names, and over how many keys the index of due work is spread.

use crate::{
    Env, StartError,
    commit::Item,
    failure::Failure,
    key::{DUE_SHARDS, Table, coarser_due_shard, numbers_of_due_shards},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The tables a function may use.
#[derive(Debug, Clone)]
pub struct Tables {
    names: HashMap<Table, String>,
    /// Over how many keys of its index the work that is due is spread.
    pub(crate) due_shards: u32,
}

impl Tables {
    /// The physical names that the environment gives.
    pub fn from_env(env: &Env) -> Result<Self, StartError> {
        let names = Table::ALL.into_iter().filter_map(|t| Some((t, env.get(t.variable())?.clone()))).collect();
        let due_shards = env
            .get("DUE_SHARDS")
            .map_or(Some(DUE_SHARDS), |given| numbers_of_due_shards().find(|shards| shards.to_string() == *given));
        Ok(Self { names, due_shards: due_shards.ok_or(StartError::Wrong("DUE_SHARDS"))? })
    }

    /// The name of a table; a function that was not given it has no business there.
    pub fn name(&self, table: Table) -> Result<&str, Failure> {
        let missing = || Failure::Fault(format!("this function was not given {}", table.variable()));
        self.names.get(&table).map(String::as_str).ok_or_else(missing)
    }

    pub(crate) fn table(&self, name: &str) -> Option<Table> {
        self.names.iter().find(|(_, known)| *known == name).map(|(table, _)| *table)
    }

    /// An item as it is laid down: what is due in one of as many shards as there are.
    pub(crate) fn spread(&self, mut item: Item) -> Item {
        if let Some(AttributeValue::S(shard)) = item.get_mut("due_shard") {
            *shard = coarser_due_shard(shard, self.due_shards);
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::{Env, Tables};

    #[test]
    fn how_many_keys_of_due_work_there_are_is_a_power_of_two_up_to_64() {
        let read = |given: &str| {
            let env = Env::from([("DUE_SHARDS".to_owned(), given.to_owned())]);
            Tables::from_env(&env).map(|tables| tables.due_shards).map_err(|error| error.to_string())
        };
        for known in [1, 2, 4, 8, 16, 32, 64] {
            assert_eq!(read(&known.to_string()), Ok(known));
        }
        for wrong in ["0", "3", "128", "016", "DueShards", ""] {
            let refused = "the environment variable DUE_SHARDS is none of the values it may have";
            assert_eq!(read(wrong), Err(refused.to_owned()), "{wrong}");
        }
    }
}
