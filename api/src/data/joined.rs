//! Rows that belong together: a row of one table and, of each further table, the one that belongs to it. They are read
//! in one statement, as they stood at one moment.

use std::marker::PhantomData;

use entity::scalar::Id;
use sea_orm::sea_query::{JoinType, SelectStatement};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult, QuerySelect,
    QueryTrait, Select,
};

use crate::data::abreast::Place;
use crate::data::columns::{self, Named};
use crate::data::held::Reads;
use crate::data::tx::key;
use crate::error::Result;

/// A table by the name it goes by, and what selects its columns.
type Table = (&'static str, fn(&mut SelectStatement, Named));

/// A select of rows, with the tables whose rows belong to them.
pub struct Joined<E> {
    select: SelectStatement,
    tables: Vec<Table>,
    columns: usize,
    first: PhantomData<fn() -> E>,
}

impl<E: EntityTrait> Joined<E> {
    pub fn of(select: Select<E>) -> Self {
        let select = select.select_only().into_query();
        Self {
            select,
            tables: vec![(name_of::<E>(), columns::select::<E>)],
            columns: E::Column::iter().count(),
            first: PhantomData,
        }
    }

    /// Each row has one of this table; without one, it is not read.
    #[must_use]
    pub fn with<F: EntityTrait>(self, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::InnerJoin, name_of::<F>(), on.into())
    }

    /// A row may have one of this table.
    #[must_use]
    pub fn maybe_with<F: EntityTrait>(self, on: impl Into<Condition>) -> Self {
        self.maybe_with_as::<F>(name_of::<F>(), on)
    }

    /// The same of a table that goes by another name here, for it may be joined more than once.
    #[must_use]
    pub fn maybe_with_as<F: EntityTrait>(self, name: &'static str, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::LeftJoin, name, on.into())
    }

    fn join<F: EntityTrait>(mut self, join: JoinType, name: &'static str, on: Condition) -> Self {
        self.select.join_as(join, F::default(), name, on);
        self.tables.push((name, columns::select::<F>));
        self.columns += F::Column::iter().count();
        self
    }

    /// The names of its columns at a place.
    fn names(&self, place: Place) -> Names {
        Names { place, alone: self.tables.len() == 1 }
    }

    fn named(mut self, names: Names) -> SelectStatement {
        for (table, select_columns) in self.tables {
            select_columns(&mut self.select, names.of(table));
        }
        self.select
    }

    /// Read by itself.
    pub(in crate::data) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<Together>> {
        let names = self.names(Place::FIRST);
        let statement = db.get_database_backend().build(&self.named(names));
        Ok(db.query_all_raw(statement).await?.into_iter().map(|row| Together { row, names }).collect())
    }

    /// Read with whatever the operation asks for at the same moment.
    pub(in crate::data) async fn abreast(self, db: &Reads) -> Result<Vec<Together>> {
        let alone = self.tables.len() == 1;
        let asked = db.abreast(self.columns, |place| {
            let names = self.names(place);
            (self.named(names), names.of(name_of::<E>()).column(key::<E>().as_str()))
        });
        let (place, rows) = asked.await?;
        Ok(rows.into_iter().map(|row| Together { row, names: Names { place, alone } }).collect())
    }
}

/// The rows that belong together.
pub struct Together {
    row: QueryResult,
    names: Names,
}

impl Together {
    /// The row of a table that was joined, or of the first.
    ///
    /// # Errors
    /// INTERNAL where there is none, or the table was not joined.
    pub fn row<E: EntityTrait>(&self) -> Result<E::Model> {
        self.row_as::<E>(name_of::<E>())
    }

    /// The row of a table of which there may be none.
    ///
    /// # Errors
    /// INTERNAL where the table was not joined.
    pub fn maybe<E: EntityTrait>(&self) -> Result<Option<E::Model>> {
        self.maybe_as::<E>(name_of::<E>())
    }

    /// The same of a table that goes by this name.
    ///
    /// # Errors
    /// INTERNAL where no table does.
    pub fn maybe_as<E: EntityTrait>(&self, name: &'static str) -> Result<Option<E::Model>> {
        self.key_as::<E>(name)?.map(|_| self.row_as::<E>(name)).transpose()
    }

    pub(in crate::data) fn key_as<E: EntityTrait>(&self, name: &'static str) -> Result<Option<Id>> {
        Ok(self.row.try_get("", &self.names.of(name).column(key::<E>().as_str()))?)
    }

    pub(in crate::data) fn row_as<E: EntityTrait>(&self, name: &'static str) -> Result<E::Model> {
        Ok(E::Model::from_query_result(&self.row, &self.names.of(name).column(""))?)
    }
}

/// How columns are named: after their select's place, and those of several tables after their tables.
#[derive(Clone, Copy)]
struct Names {
    place: Place,
    alone: bool,
}

impl Names {
    fn of(self, table: &'static str) -> Named {
        Named { table, place: self.place, by_table: !self.alone }
    }
}

fn name_of<E: EntityTrait>() -> &'static str {
    E::default().as_str()
}
