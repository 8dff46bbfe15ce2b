//! Rows for relations, gathered: however many parents ask at once, one statement answers.
//!
//! A loader belongs to one operation of one viewer: it starts from what that viewer reaches, and its cache ends with
//! the operation, with each write, and with each event of a subscription.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use entity::scalar::Id;
use sea_orm::sea_query::ValueType;
use sea_orm::{ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder};

use crate::data::among::among;
use crate::data::held::Reads;
use crate::data::known::{Known, Standing};
use crate::data::page::Node;
use crate::data::reach::Guarded;
use crate::data::scope::Scope;
use crate::data::tx::{column, id_of, key, within};
use crate::data::viewer::Viewer;
use crate::error::{Error, Result};

/// Reads for one viewer.
pub struct Reader {
    pub(in crate::data) db: Reads,
    pub(in crate::data) viewer: Arc<Viewer>,
    known: Known,
    standing: Arc<Standing>,
}

impl Reader {
    pub(in crate::data) fn new(db: Reads, viewer: Arc<Viewer>, known: Known, standing: Arc<Standing>) -> Self {
        Self { db, viewer, known, standing }
    }
}

pub(in crate::data) type Rows = DataLoader<Reader>;

pub(in crate::data) type Row<E> = Arc<<E as EntityTrait>::Model>;

/// A row by its id.
pub struct ById<E>(Id, PhantomData<fn() -> E>);

/// The rows whose column holds this id, in the order of another column.
pub struct Of<E> {
    column: &'static str,
    order: &'static str,
    id: Id,
    entity: PhantomData<fn() -> E>,
}

impl<E> ById<E> {
    pub(in crate::data) fn new(id: Id) -> Self {
        Self(id, PhantomData)
    }
}

impl<E> Of<E> {
    fn new(column: &'static str, id: Id, order: &'static str) -> Self {
        Self { column, order, id, entity: PhantomData }
    }

    /// The one row whose unique column holds this id.
    pub(in crate::data) fn one(column: &'static str, id: Id) -> Self {
        Self::new(column, id, "id")
    }
}

impl<E> Clone for ById<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<E> PartialEq for ById<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for ById<E> {}
impl<E> Hash for ById<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<E> Clone for Of<E> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), ..*self }
    }
}
impl<E> PartialEq for Of<E> {
    fn eq(&self, other: &Self) -> bool {
        (self.column, self.order, &self.id) == (other.column, other.order, &other.id)
    }
}
impl<E> Eq for Of<E> {}
impl<E> Hash for Of<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.column, self.order, &self.id).hash(state);
    }
}

impl<E: Guarded> Loader<ById<E>> for Reader {
    type Value = Row<E>;
    type Error = Error;

    async fn load(&self, keys: &[ById<E>]) -> Result<HashMap<ById<E>, Row<E>>> {
        let generation = self.standing.generation();
        let ids = keys.iter().map(|key| key.0.clone());
        let these = among::<E>(key::<E>(), ids, self.db.get_database_backend());
        let rows = self.related(within::<E>(&self.viewer).filter(these), &[]).await?;
        let found: HashMap<ById<E>, Row<E>> =
            rows.into_iter().map(|row| (ById(id_of::<E>(&row), PhantomData), Arc::new(row))).collect();
        if E::STANDING {
            self.standing.keep(generation, found.iter().map(|(key, row)| (key.clone(), row.clone())));
        }
        self.keep(found.iter().map(|(key, row)| (key.clone(), row.clone())));
        Ok(found)
    }
}

impl<E: Guarded> Loader<Of<E>> for Reader {
    type Value = Arc<Vec<Row<E>>>;
    type Error = Error;

    async fn load(&self, keys: &[Of<E>]) -> Result<HashMap<Of<E>, Self::Value>> {
        let mut found: HashMap<Of<E>, Vec<Row<E>>> = keys.iter().map(|key| (key.clone(), Vec::new())).collect();
        let kinds: HashSet<(&'static str, &'static str)> = keys.iter().map(|key| (key.column, key.order)).collect();
        for (name, order) in kinds {
            let (Some(by), Some(sorted)) = (column::<E>(name), column::<E>(order)) else {
                return Err(Error::internal(format!("no column {name} or {order} in {}", E::NAME)));
            };
            let ids = keys.iter().filter(|key| (key.column, key.order) == (name, order)).map(|key| key.id.clone());
            let select = within::<E>(&self.viewer).filter(among::<E>(by, ids, self.db.get_database_backend()));
            let select = select.order_by_asc(sorted).order_by_asc(key::<E>());
            let rows = self.related(select, &[]).await?;
            for row in rows {
                let Ok(Some(id)) = <Option<Id> as ValueType>::try_from(row.get(by)) else { continue };
                found.entry(Of::new(name, id, order)).or_default().push(Arc::new(row));
            }
        }
        let found: HashMap<Of<E>, Self::Value> = found.into_iter().map(|(key, rows)| (key, Arc::new(rows))).collect();
        self.keep(found.iter().map(|(key, rows)| (key.clone(), rows.clone())));
        Ok(found)
    }
}

impl Reader {
    /// What was read for this key before.
    pub(in crate::data) fn knows<K, V>(&self, key: &K) -> Option<V>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        V: Clone + 'static,
        Self: Loader<K, Value = V>,
    {
        self.known.get(key)
    }

    /// The row with this id, if it is at hand.
    fn row<E: Guarded>(&self, key: &ById<E>) -> Option<Row<E>> {
        self.knows(key).or_else(|| if E::STANDING { self.standing.get(key) } else { None })
    }

    pub(in crate::data) fn keep<K, V>(&self, found: impl Iterator<Item = (K, V)>)
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        V: Send + 'static,
        Self: Loader<K, Value = V>,
    {
        self.known.keep(found);
    }
}

impl Scope {
    /// A row by id, if the viewer reaches one.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn one<E: Guarded>(&self, id: &Id) -> Result<Option<Row<E>>> {
        let (rows, key) = (self.rows(), ById::<E>(id.clone(), PhantomData));
        match rows.loader().row(&key) {
            Some(row) => Ok(Some(row)),
            // Put aside, so that whoever need not wait keeps no room for it.
            None => Box::pin(rows.load_one(key)).await,
        }
    }

    /// The row that an optional key refers to.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn maybe<E: Guarded>(&self, id: Option<&Id>) -> Result<Option<Row<E>>> {
        match id {
            Some(id) => self.one::<E>(id).await,
            None => Ok(None),
        }
    }

    /// The rows whose `column` holds this id, in the order of the column `order`.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn of<E: Guarded>(&self, column: &'static str, id: &Id, order: &'static str) -> Result<Vec<Row<E>>> {
        let found = self.ask(Of::<E>::new(column, id.clone(), order)).await?;
        Ok(found.map(|found| found.to_vec()).unwrap_or_default())
    }

    /// The same, as they are shown.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn nodes_of<N: Node>(&self, column: &'static str, id: &Id, order: &'static str) -> Result<Vec<N>> {
        let rows = self.of::<N::Entity>(column, id, order).await?;
        Ok(rows.into_iter().map(N::of).collect())
    }

    /// What was read for this key before, or else is read with whatever is asked for at the same moment.
    pub(in crate::data) async fn ask<K, V>(&self, key: K) -> Result<Option<V>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        V: Send + Sync + Clone + 'static,
        Reader: Loader<K, Value = V, Error = Error>,
    {
        let rows = self.rows();
        match rows.loader().knows(&key) {
            Some(found) => Ok(Some(found)),
            None => Box::pin(rows.load_one(key)).await,
        }
    }

    /// The one row whose unique `column` holds this id.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn one_of<E: Guarded>(&self, column: &'static str, id: &Id) -> Result<Option<Row<E>>> {
        Ok(self.of::<E>(column, id, "id").await?.into_iter().next())
    }

    /// Loads in one statement the rows that many will ask for, so that each finds its own without waiting.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn prefetch<'i, E: Guarded>(&self, ids: impl Iterator<Item = Option<&'i Id>> + Send) -> Result<()> {
        let rows = self.rows();
        let keys: HashSet<ById<E>> = ids.flatten().map(|id| ById(id.clone(), PhantomData)).collect();
        let keys: Vec<ById<E>> = keys.into_iter().filter(|key| rows.loader().row(key).is_none()).collect();
        if !keys.is_empty() {
            Loader::load(rows.loader(), &keys).await?;
        }
        Ok(())
    }

    /// Rows that were loaded before, from the cache; what is missing is loaded.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn known<'i, E: Guarded>(&self, ids: impl Iterator<Item = &'i Id> + Send) -> Result<Vec<Row<E>>> {
        let rows = self.rows();
        let keys: HashSet<ById<E>> = ids.map(|id| ById(id.clone(), PhantomData)).collect();
        let mut found: Vec<Row<E>> = keys.iter().filter_map(|key| rows.loader().row(key)).collect();
        if found.len() < keys.len() {
            let missing = keys.into_iter().filter(|key| rows.loader().row(key).is_none());
            found.extend(rows.load_many(missing).await?.into_values());
        }
        Ok(found)
    }

    /// The same for the rows that belong to many parents.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn prefetch_of<'i, E: Guarded>(
        &self,
        column: &'static str,
        ids: impl Iterator<Item = &'i Id> + Send,
        order: &'static str,
    ) -> Result<()> {
        let keys: HashSet<Of<E>> = ids.map(|id| Of::new(column, id.clone(), order)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        self.rows().load_many(keys).await?;
        Ok(())
    }
}
