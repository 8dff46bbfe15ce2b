//! The connection that an operation reads through.
//!
//! The pool looks a connection over each time it is given back, which is a journey to the server and back for every
//! statement. So an operation keeps the connection of its first read until it ends, or until it begins to write: then
//! it needs another, and whoever holds one while waiting for one could wait for ever. On SQLite, where there is no
//! journey, reads go through the pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection, Postgres};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use crate::data::gather;

/// An operation's connection, once it has read anything.
pub(in crate::data) type Held = Arc<Mutex<Option<PoolConnection<Postgres>>>>;

/// Where reads go: to the connection that the operation of the moment holds, or to the pool.
#[derive(Clone)]
pub(in crate::data) struct Reads {
    pub(in crate::data) pool: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Reads {
    pub(in crate::data) fn new(pool: DatabaseConnection, statements: Arc<AtomicU64>) -> Self {
        Self { pool, statements }
    }

    fn held(&self) -> Option<Held> {
        if self.pool.get_database_backend() == DbBackend::Postgres { gather::held() } else { None }
    }

    async fn through(&self, held: &Held, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut held = held.lock().await;
        let connection = self.connection(&mut held).await?;
        self.statements.fetch_add(1, Ordering::Relaxed);
        gather::statement();
        let values = SqlxValues(statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
        let rows = sqlx::query_with(AssertSqlSafe(statement.sql), values).fetch_all(connection).await;
        Ok(kept(&mut held, rows)?.into_iter().map(QueryResult::from).collect())
    }

    async fn connection<'c>(
        &self,
        held: &'c mut Option<PoolConnection<Postgres>>,
    ) -> Result<&'c mut PgConnection, DbErr> {
        Ok(match held {
            Some(connection) => connection,
            none => none.insert(self.pool.get_postgres_connection_pool().acquire().await.map_err(failed)?),
        })
    }
}

/// After a failure the connection may be broken: the pool looks it over, and the next read takes another.
fn kept<T>(held: &mut Option<PoolConnection<Postgres>>, outcome: Result<T, sqlx::Error>) -> Result<T, DbErr> {
    if outcome.is_err() {
        *held = None;
    }
    outcome.map_err(failed)
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

#[async_trait::async_trait]
impl ConnectionTrait for Reads {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let Some(held) = self.held() else { return self.pool.execute_unprepared(sql).await };
        let mut held = held.lock().await;
        let connection = self.connection(&mut held).await?;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
        Ok(kept(&mut held, done)?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.held() {
            Some(held) => Ok(self.through(&held, statement).await?.into_iter().next()),
            None => self.pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.held() {
            Some(held) => self.through(&held, statement).await,
            None => self.pool.query_all_raw(statement).await,
        }
    }
}
