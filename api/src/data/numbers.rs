//! Numbers that count up without gaps, one counter a name.

use sea_orm::{DbBackend, FromQueryResult, Statement};

use crate::data::tx::Tx;
use crate::error::{Error, Result};

impl Tx<'_> {
    /// The next number of a counter that begins with `first`. It is this transaction's own: taken back with it.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn next_number(&self, counter: &str, first: i32) -> Result<i32> {
        #[derive(FromQueryResult)]
        struct Row {
            last: i32,
        }
        let backend = self.backend();
        let places = if backend == DbBackend::Postgres { ["$1", "$2"] } else { ["?", "?"] };
        let sql = format!(
            r#"INSERT INTO "number_counters" ("id", "last") VALUES ({}, {})
               ON CONFLICT ("id") DO UPDATE SET "last" = "number_counters"."last" + 1 RETURNING "last""#,
            places[0], places[1]
        );
        let statement = Statement::from_sql_and_values(backend, sql, [counter.into(), first.into()]);
        let row = Row::find_by_statement(statement).one(self.db().await?).await?;
        row.map(|row| row.last).ok_or_else(|| Error::internal("a counter gave no number"))
    }
}
