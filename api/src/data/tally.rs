//! How many rows each of many parents has: counted in one statement, however many ask.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::scalar::Id;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::data::among::among;
use crate::data::gather;
use crate::data::loader::Reader;
use crate::data::reach::Guarded;
use crate::data::scope::Scope;
use crate::data::tx::{column, key};
use crate::error::{Error, Result};

/// What is counted: rows, by the column that names their parent. The name tells one question from another.
pub struct Tally<E: EntityTrait> {
    pub name: &'static str,
    pub parent: &'static str,
    pub select: Select<E>,
}

/// One parent's share.
pub struct TallyOf<E: EntityTrait> {
    tally: Arc<Tally<E>>,
    parent: Id,
}

impl<E: EntityTrait> Clone for TallyOf<E> {
    fn clone(&self) -> Self {
        Self { tally: self.tally.clone(), parent: self.parent.clone() }
    }
}
impl<E: EntityTrait> PartialEq for TallyOf<E> {
    fn eq(&self, other: &Self) -> bool {
        (self.tally.name, &self.parent) == (other.tally.name, &other.parent)
    }
}
impl<E: EntityTrait> Eq for TallyOf<E> {}
impl<E: EntityTrait> Hash for TallyOf<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.tally.name, &self.parent).hash(state);
    }
}

impl<E: Guarded> Loader<TallyOf<E>> for Reader {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[TallyOf<E>]) -> Result<HashMap<TallyOf<E>, i64>> {
        let mut found: HashMap<TallyOf<E>, i64> = keys.iter().map(|key| (key.clone(), 0)).collect();
        let mut asked: HashMap<&str, (&Arc<Tally<E>>, Vec<Id>)> = HashMap::new();
        for key in keys {
            asked.entry(key.tally.name).or_insert((&key.tally, Vec::new())).1.push(key.parent.clone());
        }
        for (tally, parents) in asked.into_values() {
            let by = column::<E>(tally.parent).ok_or_else(|| Error::internal("no such parent column"))?;
            for (parent, total) in self.totals(&tally.select, by, &parents).await? {
                found.insert(TallyOf { tally: tally.clone(), parent }, total);
            }
        }
        self.keep(found.iter().map(|(key, total)| (key.clone(), *total)));
        Ok(found)
    }
}

impl Reader {
    /// How many of these rows each of the parents has; none is not mentioned.
    pub(in crate::data) async fn totals<E: Guarded>(
        &self,
        rows: &Select<E>,
        by: E::Column,
        parents: &[Id],
    ) -> Result<Vec<(Id, i64)>> {
        let of_parents = among::<E>(by, parents.iter().cloned(), self.db.get_database_backend());
        let select = rows.clone().filter(of_parents).select_only();
        let select = select.column_as(by, "parent").column_as(key::<E>().count(), "total").group_by(by);
        let (first, totals) = self.db.abreast(2, select.into_query()).await?;
        gather::rows(totals.len());
        totals.iter().map(|row| Ok((row.try_get_by_index(first)?, row.try_get_by_index(first + 1)?))).collect()
    }
}

impl Scope {
    /// How many of these rows belong to the parent. Asked for by many parents at once, it is one statement.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn tally<E: Guarded>(&self, tally: Tally<E>, parent: &Id) -> Result<i64> {
        let key = TallyOf { tally: Arc::new(tally), parent: parent.clone() };
        Ok(self.ask(key).await?.unwrap_or_default())
    }

    /// Counts in one statement for many parents that will ask, so that each finds its own without waiting.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn prefetch_tally<'i, E: Guarded>(
        &self,
        tally: Tally<E>,
        parents: impl Iterator<Item = &'i Id> + Send,
    ) -> Result<()> {
        let tally = Arc::new(tally);
        let keys: Vec<TallyOf<E>> = parents.map(|id| TallyOf { tally: tally.clone(), parent: id.clone() }).collect();
        if keys.is_empty() {
            return Ok(());
        }
        self.rows().load_many(keys).await?;
        Ok(())
    }
}
