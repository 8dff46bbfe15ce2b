//! Rows that belong together: a row of one table and, of each further table, the one that belongs to it. They are read
//! in one statement, as they stood at one moment.

use std::marker::PhantomData;

use sea_orm::sea_query::{Expr, JoinType, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult,
    QuerySelect, QueryTrait, Select,
};

use crate::data::tx::key;

/// A select of rows, with the tables whose rows belong to them.
pub struct Joined<E> {
    select: SelectStatement,
    first: PhantomData<fn() -> E>,
}

impl<E: EntityTrait> Joined<E> {
    pub fn of(select: Select<E>) -> Self {
        let mut select = select.select_only().into_query();
        name_columns::<E>(&mut select);
        Self { select, first: PhantomData }
    }

    /// Each row has one of this table; without one, it is not read.
    #[must_use]
    pub fn with<F: EntityTrait>(self, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::InnerJoin, on.into())
    }

    /// A row may have one of this table.
    #[must_use]
    pub fn maybe_with<F: EntityTrait>(self, on: impl Into<Condition>) -> Self {
        self.join::<F>(JoinType::LeftJoin, on.into())
    }

    fn join<F: EntityTrait>(mut self, join: JoinType, on: Condition) -> Self {
        self.select.join(join, F::default(), on);
        name_columns::<F>(&mut self.select);
        self
    }

    pub(in crate::data) async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<Together>, DbErr> {
        let statement = db.get_database_backend().build(&self.select);
        Ok(db.query_all_raw(statement).await?.into_iter().map(Together).collect())
    }
}

/// The rows that belong together.
pub struct Together(QueryResult);

impl Together {
    /// The row of a table that was joined, or of the first.
    ///
    /// # Errors
    /// INTERNAL where there is none, or the table was not joined.
    pub fn row<E: EntityTrait>(&self) -> Result<E::Model, DbErr> {
        E::Model::from_query_result(&self.0, &prefix::<E>())
    }

    /// The row of a table of which there may be none.
    ///
    /// # Errors
    /// INTERNAL where the table was not joined.
    pub fn maybe<E: EntityTrait>(&self) -> Result<Option<E::Model>, DbErr> {
        let id: Option<String> = self.0.try_get(&prefix::<E>(), key::<E>().as_str())?;
        id.map(|_| self.row::<E>()).transpose()
    }
}

fn name_columns<E: EntityTrait>(select: &mut SelectStatement) {
    for column in E::Column::iter() {
        let expr = column.select_as(Expr::col(column.as_column_ref()));
        select.expr_as(expr, format!("{}{}", prefix::<E>(), column.as_str()));
    }
}

/// Columns of several tables are told apart by their tables' names.
fn prefix<E: EntityTrait>() -> String {
    format!("{}.", E::default().as_str())
}
