//! Rows that belong together: a row of one table and, of each further table, the one that belongs to it. They are read
//! in one statement, as they stood at one moment.

use std::marker::PhantomData;
use std::sync::Arc;

use entity::placed::{Placed, Table};
use entity::scalar::Id;
use sea_orm::sea_query::{JoinType, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, EntityTrait, Iterable, QueryResult, QuerySelect, QueryTrait, Select};

use crate::data::columns;
use crate::data::held::Reads;
use crate::error::{Error, Result};

/// A select of rows, with the tables whose rows belong to them.
pub struct Joined<E> {
    select: SelectStatement,
    /// The tables by the names they go by, each with the place of its first column.
    tables: Vec<(&'static str, usize)>,
    columns: usize,
    first: PhantomData<fn() -> E>,
}

impl<E: Table> Joined<E> {
    pub fn of(select: Select<E>) -> Self {
        let select = select.select_only().into_query();
        Self { select, tables: Vec::new(), columns: 0, first: PhantomData }.and::<E>(name_of::<E>())
    }

    /// Each row has one of this table; without one, it is not read.
    #[must_use]
    pub fn with<F: Table>(self, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::InnerJoin, name_of::<F>(), on.into())
    }

    /// A row may have one of this table.
    #[must_use]
    pub fn maybe_with<F: Table>(self, on: impl Into<Condition>) -> Self {
        self.maybe_with_as::<F>(name_of::<F>(), on)
    }

    /// The same of a table that goes by another name here, for it may be joined more than once.
    #[must_use]
    pub fn maybe_with_as<F: Table>(self, name: &'static str, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::LeftJoin, name, on.into())
    }

    fn join<F: Table>(mut self, join: JoinType, name: &'static str, on: Condition) -> Self {
        self.select.join_as(join, F::default(), name, on);
        self.and::<F>(name)
    }

    fn and<F: Table>(mut self, name: &'static str) -> Self {
        columns::select::<F>(&mut self.select, name);
        self.tables.push((name, self.columns));
        self.columns += F::Column::iter().count();
        self
    }

    /// Read by itself.
    pub(in crate::data) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<Together>> {
        let rows = db.query_all_raw(db.get_database_backend().build(&self.select)).await?;
        Ok(together(rows, 0, self.tables))
    }

    /// Read with whatever the operation asks for at the same moment.
    pub(in crate::data) async fn abreast(self, db: &Reads) -> Result<Vec<Together>> {
        // Every table's first column is its key, which no row lacks.
        let (first, rows) = db.abreast(self.columns, self.select).await?;
        Ok(together(rows, first, self.tables))
    }
}

fn together(rows: Vec<QueryResult>, first: usize, tables: Vec<(&'static str, usize)>) -> Vec<Together> {
    let tables: Arc<[_]> = tables.into_iter().map(|(name, place)| (name, first + place)).collect();
    rows.into_iter().map(|row| Together { row, tables: tables.clone() }).collect()
}

/// The rows that belong together.
pub struct Together {
    row: QueryResult,
    tables: Arc<[(&'static str, usize)]>,
}

impl Together {
    /// The row of a table that was joined, or of the first.
    ///
    /// # Errors
    /// INTERNAL where there is none, or the table was not joined.
    pub fn row<E: Table>(&self) -> Result<E::Model> {
        self.row_as::<E>(name_of::<E>())
    }

    /// The row of a table of which there may be none.
    ///
    /// # Errors
    /// INTERNAL where the table was not joined.
    pub fn maybe<E: Table>(&self) -> Result<Option<E::Model>> {
        self.maybe_as::<E>(name_of::<E>())
    }

    /// The same of a table that goes by this name.
    ///
    /// # Errors
    /// INTERNAL where no table does.
    pub fn maybe_as<E: Table>(&self, name: &'static str) -> Result<Option<E::Model>> {
        self.key_as(name)?.map(|_| self.row_as::<E>(name)).transpose()
    }

    pub(in crate::data) fn key_as(&self, name: &'static str) -> Result<Option<Id>> {
        Ok(self.row.try_get_by_index(self.first_of(name)?)?)
    }

    pub(in crate::data) fn row_as<E: Table>(&self, name: &'static str) -> Result<E::Model> {
        Ok(E::Model::placed(&self.row, self.first_of(name)?)?)
    }

    fn first_of(&self, name: &'static str) -> Result<usize> {
        let table = self.tables.iter().find(|(table, _)| *table == name);
        table.map(|(_, first)| *first).ok_or_else(|| Error::internal(format!("{name} was not read")))
    }
}

fn name_of<E: EntityTrait>() -> &'static str {
    E::default().as_str()
}
