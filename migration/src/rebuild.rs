//! SQLite cannot change a column, a CHECK or a foreign key: the table is made anew, filled from the old one, and takes
//! its place.
//!
//! Dropping the old table would delete the rows that refer to it, so foreign keys are off meanwhile. They can only be
//! turned off outside a transaction: a migration that rebuilds answers `Some(false)` to `use_transaction`, and has one
//! of its own in here. A row that refers to nothing when it is done takes everything back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::sqlx::{self, AssertSqlSafe, Connection, Executor, SqliteConnection};
use sea_orm_migration::sea_orm::{DbBackend, RuntimeErr};

/// The table in its new shape: what stands between the brackets of `CREATE TABLE`, and for each column to be filled,
/// what from (SQL over the old columns). Its indexes are made again as they were.
pub struct Shape<'a> {
    pub table: &'a str,
    pub definition: &'a str,
    pub columns: &'a [(&'a str, &'a str)],
}

/// Rebuilds a table, or leaves everything as it was.
///
/// # Errors
/// Inside a transaction, on another database than SQLite, and when the rows do not fit the new shape.
pub async fn rebuild(manager: &SchemaManager<'_>, shape: &Shape<'_>) -> Result<(), DbErr> {
    let SchemaManagerConnection::Connection(db) = manager.get_connection() else {
        return Err(DbErr::Migration("a table cannot be rebuilt inside a transaction".to_owned()));
    };
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Err(DbErr::Migration("only SQLite needs tables rebuilt".to_owned()));
    }
    let mut connection = db.get_sqlite_connection_pool().acquire().await.map_err(failed)?;
    connection.execute("PRAGMA foreign_keys = OFF").await.map_err(failed)?;
    let done = replace(&mut connection, shape).await;
    connection.execute("PRAGMA foreign_keys = ON").await.map_err(failed)?;
    done
}

async fn replace(connection: &mut SqliteConnection, shape: &Shape<'_>) -> Result<(), DbErr> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    match steps(&mut transaction, shape).await {
        Ok(()) => transaction.commit().await.map_err(failed),
        Err(error) => {
            transaction.rollback().await.map_err(failed)?;
            Err(error)
        }
    }
}

async fn steps(connection: &mut SqliteConnection, shape: &Shape<'_>) -> Result<(), DbErr> {
    let Shape { table, definition, columns } = shape;
    let indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL";
    let indexes: Vec<String> =
        sqlx::query_scalar(indexes).bind(*table).fetch_all(&mut *connection).await.map_err(failed)?;
    let names: Vec<_> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let values: Vec<_> = columns.iter().map(|(_, value)| *value).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    let mut statements = vec![
        format!("CREATE TABLE \"new_{table}\" ({definition})"),
        format!("INSERT INTO \"new_{table}\" ({names}) SELECT {values} FROM \"{table}\""),
        format!("DROP TABLE \"{table}\""),
        format!("ALTER TABLE \"new_{table}\" RENAME TO \"{table}\""),
    ];
    statements.extend(indexes);
    for statement in statements {
        connection.execute(AssertSqlSafe(statement)).await.map_err(failed)?;
    }
    let strays = connection.fetch_all("PRAGMA foreign_key_check").await.map_err(failed)?;
    match strays.len() {
        0 => Ok(()),
        count => Err(DbErr::Migration(format!("rebuilding {table} would leave {count} rows that refer to nothing"))),
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}
