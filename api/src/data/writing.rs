//! The connection that a transaction writes through: on PostgreSQL one of those that rest between operations, on SQLite
//! the only one that writes.

use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::Mutex;

use crate::data::held::{Connection, Reads, query};

/// An open transaction. Dropped, it has never been.
pub(in crate::data) enum Writing {
    Postgres { connection: Mutex<Connection>, reads: Reads },
    Sqlite(DatabaseTransaction),
}

impl Writing {
    /// On SQLite it takes the write lock at once, so it can never be refused half-way.
    #[expect(clippy::disallowed_methods, reason = "every write transaction begins here")]
    pub(in crate::data) async fn begin(reads: &Reads, write: &DatabaseConnection) -> Result<Self, DbErr> {
        if write.get_database_backend() == DbBackend::Postgres {
            let mut connection = reads.connection(true).await?;
            connection.begin().await?;
            return Ok(Self::Postgres { connection: Mutex::new(connection), reads: reads.clone() });
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Self::Sqlite(write.begin_with_options(options).await?))
    }

    pub(in crate::data) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres { connection, .. } => connection.into_inner().end("COMMIT").await,
            Self::Sqlite(transaction) => transaction.commit().await,
        }
    }

    /// Takes everything back now, instead of when the connection is next used.
    pub(in crate::data) async fn roll_back(self) -> Result<(), DbErr> {
        match self {
            Self::Postgres { connection, .. } => connection.into_inner().end("ROLLBACK").await,
            Self::Sqlite(transaction) => transaction.rollback().await,
        }
    }
}

async fn ask<T>(
    connection: &Mutex<Connection>,
    reads: &Reads,
    ask: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, DbErr> {
    reads.count();
    connection.lock().await.ask(ask).await
}

#[async_trait::async_trait]
impl ConnectionTrait for Writing {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Postgres { .. } => DbBackend::Postgres,
            Self::Sqlite(transaction) => transaction.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Postgres { connection, reads } => {
                let query = query(statement);
                let done = ask(connection, reads, async |connection| query.execute(connection).await).await?;
                Ok(done.into())
            }
            Self::Sqlite(transaction) => transaction.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Postgres { connection, reads } => {
                let query = sqlx::raw_sql(AssertSqlSafe(sql));
                let done = ask(connection, reads, async |connection| query.execute(connection).await).await?;
                Ok(done.into())
            }
            Self::Sqlite(transaction) => transaction.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Postgres { connection, reads } => {
                let query = query(statement);
                let row = ask(connection, reads, async |connection| query.fetch_optional(connection).await).await?;
                Ok(row.map(QueryResult::from))
            }
            Self::Sqlite(transaction) => transaction.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Postgres { connection, reads } => {
                let query = query(statement);
                let rows = ask(connection, reads, async |connection| query.fetch_all(connection).await).await?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
            Self::Sqlite(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}
