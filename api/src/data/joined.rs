//! Rows that belong together: a row of one table and, of each further table, the one that belongs to it. They are read
//! in one statement, as they stood at one moment.

use std::marker::PhantomData;
use std::sync::Arc;

use entity::placed::{Placed, Table};
use entity::scalar::Id;
use sea_orm::sea_query::{JoinType, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, EntityTrait, Iterable, QueryResult, QuerySelect, QueryTrait, Select};
use serde::de::DeserializeOwned;

use crate::data::held::Reads;
use crate::data::packed::PACKED;
use crate::data::{abreast, columns};
use crate::error::{Error, Result};

/// A select of rows, with the tables whose rows belong to them.
pub struct Joined<E> {
    asked: Asked,
    first: PhantomData<fn() -> E>,
}

/// A select, and where in its rows those of each table stand.
pub struct Asked {
    pub(in crate::data) select: SelectStatement,
    /// The tables by the names they go by, each with the place of its first column.
    pub(in crate::data) tables: Vec<(&'static str, usize)>,
    pub(in crate::data) columns: usize,
}

impl<E: Table> Joined<E> {
    pub fn of(select: Select<E>) -> Self {
        let select = select.select_only().into_query();
        let asked = Asked { select, tables: Vec::new(), columns: 0 };
        Self { asked, first: PhantomData }.and::<E>(name_of::<E>())
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
        self.asked.select.join_as(join, F::default(), name, on);
        self.and::<F>(name)
    }

    fn and<F: Table>(mut self, name: &'static str) -> Self {
        let asked = &mut self.asked;
        columns::select::<F>(&mut asked.select, name);
        asked.tables.push((name, asked.columns));
        asked.columns += F::Column::iter().count();
        self
    }

    /// To be read beside others.
    #[must_use]
    pub fn asked(self) -> Asked {
        self.asked
    }

    /// Read by itself.
    pub(in crate::data) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<Together>> {
        let rows = db.query_all_raw(db.get_database_backend().build(&self.asked.select)).await?;
        Ok(together(rows, 0, self.asked.tables))
    }

    /// Read with whatever the operation asks for at the same moment.
    pub(in crate::data) async fn abreast(self, db: &Reads) -> Result<Vec<Together>> {
        // Every table's first column is its key, which no row lacks.
        let (first, rows) = db.abreast(self.asked.columns, self.asked.select).await?;
        Ok(together(rows, first, self.asked.tables))
    }
}

/// The rows of each of these selects, of which no row lacks the first column: on PostgreSQL in one journey.
pub(in crate::data) async fn each(asked: Vec<Asked>, db: &impl ConnectionTrait) -> Result<Vec<Vec<Together>>> {
    let (selects, tables): (Vec<_>, Vec<_>) =
        asked.into_iter().map(|asked| ((asked.columns, asked.select), asked.tables)).unzip();
    let answers = abreast::each(selects, db).await?;
    Ok(answers.into_iter().zip(tables).map(|((first, rows), tables)| together(rows, first, tables)).collect())
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

    /// The rows that the database has packed into this one.
    ///
    /// # Errors
    /// INTERNAL where they are not what was expected.
    pub fn packed<M: DeserializeOwned>(&self) -> Result<Vec<M>> {
        let text: String = self.row.try_get_by_index(self.first_of(PACKED)?)?;
        serde_json::from_str(&text).map_err(Error::internal)
    }

    fn first_of(&self, name: &'static str) -> Result<usize> {
        let table = self.tables.iter().find(|(table, _)| *table == name);
        table.map(|(_, first)| *first).ok_or_else(|| Error::internal(format!("{name} was not read")))
    }
}

fn name_of<E: EntityTrait>() -> &'static str {
    E::default().as_str()
}
