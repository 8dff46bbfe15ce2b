//! The connection that an operation reads through, or that a transaction writes through.
//!
//! The pool looks a connection over each time it is given back, which is a journey to the server and back. So an
//! operation keeps the connection of its first read until it ends, or until it begins to write: then it needs another,
//! and whoever holds one while waiting for one could wait for ever. Most of the pool's connections then rest here, at
//! hand for the next operation or transaction. On SQLite, where there is no journey, both go through their pools.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, PgConnection, Postgres};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::data::gather;

/// One that has rested for so long goes back to the pool, which looks it over.
const RESTED: Duration = Duration::from_secs(5);

/// One that has been here for so long goes back as well: the pool replaces those that have grown old.
const AWAY: Duration = Duration::from_mins(5);

/// For so long connections are tried before use, once one was lost: the server may have started anew.
const DOUBT: Duration = Duration::from_secs(10);

/// An operation waits for its turn no longer than for a connection of the pool.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whoever waits for a lock for so long is told to try again.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = '5s'";

/// An operation's connection, once it has read anything.
pub(in crate::data) type Held = Arc<Mutex<Option<Connection>>>;

/// Where reads go: to the connection that the operation of the moment holds, or to the pool.
#[derive(Clone)]
pub(in crate::data) struct Reads {
    pub(in crate::data) pool: DatabaseConnection,
    statements: Arc<AtomicU64>,
    resting: Arc<Resting>,
}

/// A connection between two operations.
struct Rested {
    connection: PoolConnection<Postgres>,
    since: Instant,
    taken: Instant,
}

/// The resting connections, the one that came last on top. None, and each goes back to the pool.
struct Resting {
    /// So many operations have one at a time; the others wait in line.
    turns: Arc<Semaphore>,
    /// So many of them write: those who wait for each other's locks leave room for whoever reads.
    writers: Arc<Semaphore>,
    connections: std::sync::Mutex<Option<Vec<Rested>>>,
    /// Until then each connection is tried before it is used: one was lost, and others may be.
    doubtful: std::sync::Mutex<Option<Instant>>,
}

impl Resting {
    /// A connection was lost. Those that rest here are let go of.
    fn lost(&self) {
        *self.doubtful.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + DOUBT);
        self.connections().as_mut().map(Vec::clear);
    }

    fn is_doubtful(&self) -> bool {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
    }

    fn connections(&self) -> std::sync::MutexGuard<'_, Option<Vec<Rested>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Rested> {
        let mut connections = self.connections();
        let last = connections.as_mut()?.pop()?;
        if last.since.elapsed() < RESTED {
            return Some(last);
        }
        // Those below have rested for longer still. The pool has them back.
        connections.as_mut()?.clear();
        None
    }

    fn keep(&self, connection: PoolConnection<Postgres>, taken: Instant) {
        if let Some(connections) = self.connections().as_mut().filter(|_| taken.elapsed() < AWAY) {
            connections.push(Rested { connection, since: Instant::now(), taken });
        }
    }
}

/// A connection that rests when its operation or transaction has ended.
pub(in crate::data) struct Connection {
    connection: Option<PoolConnection<Postgres>>,
    taken: Instant,
    /// In the middle of a statement: whoever is cut off there leaves an answer behind that is not the next one's.
    asking: bool,
    /// In the middle of a transaction.
    open: bool,
    resting: Arc<Resting>,
    _turns: [Option<OwnedSemaphorePermit>; 2],
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.open {
            // Cut off: the server takes everything back when it is hung up on, and lets go of the locks.
            drop(connection.detach());
        } else if !self.asking {
            self.resting.keep(connection, self.taken);
        }
    }
}

impl Connection {
    pub(in crate::data) async fn ask<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, DbErr> {
        let connection = self.connection.as_mut().ok_or_else(|| failed(sqlx::Error::PoolClosed))?;
        self.asking = true;
        let answer = ask(connection).await.inspect_err(|error| {
            if is_gone(error) {
                self.resting.lost();
            }
        });
        let answer = answer.map_err(failed)?;
        self.asking = false;
        Ok(answer)
    }

    pub(in crate::data) async fn begin(&mut self) -> Result<(), DbErr> {
        self.open = true;
        self.say(BEGIN).await
    }

    /// Ends the transaction, with `COMMIT` or `ROLLBACK`.
    pub(in crate::data) async fn end(&mut self, how: &'static str) -> Result<(), DbErr> {
        self.say(how).await?;
        self.open = false;
        Ok(())
    }

    async fn say(&mut self, sql: &'static str) -> Result<(), DbErr> {
        self.ask(async |connection| sqlx::raw_sql(sql).execute(connection).await.map(drop)).await
    }
}

impl Reads {
    /// So many operations read at a time. Do their connections rest between them? A pool of few needs each.
    pub(in crate::data) fn new(
        pool: DatabaseConnection,
        statements: Arc<AtomicU64>,
        turns: usize,
        rested: bool,
    ) -> Self {
        let connections = std::sync::Mutex::new(rested.then(Vec::new));
        let [turns, writers] = [turns, turns.saturating_sub(1).max(1)].map(|turns| Arc::new(Semaphore::new(turns)));
        let resting = Arc::new(Resting { turns, writers, connections, doubtful: std::sync::Mutex::default() });
        Self { pool, statements, resting }
    }

    /// The connection of the operation of the moment; one for this statement alone where no operation holds any.
    fn held(&self) -> Option<Held> {
        let postgres = self.pool.get_database_backend() == DbBackend::Postgres;
        postgres.then(|| gather::held().unwrap_or_default())
    }

    /// From now on every connection goes back: a pool is closed when it has them all.
    pub(in crate::data) fn give_back(&self) {
        self.resting.connections().take();
    }

    async fn through<T>(
        &self,
        held: &Held,
        ask: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, DbErr> {
        let mut held = held.lock().await;
        let answer = match &mut *held {
            Some(connection) => connection.ask(ask).await,
            none => none.insert(self.connection(false).await?).ask(ask).await,
        };
        if answer.is_err() {
            // It may be broken: the pool looks it over, and the next read takes another.
            *held = None;
        }
        answer
    }

    /// A connection, to read or to write through, when it is one's turn.
    pub(in crate::data) async fn connection(&self, writes: bool) -> Result<Connection, DbErr> {
        let among_writers = if writes { Some(turn(&self.resting.writers).await?) } else { None };
        let among_all = Some(turn(&self.resting.turns).await?);
        let (connection, taken) = loop {
            let (mut connection, taken) = match self.resting.take() {
                Some(rested) => (rested.connection, rested.taken),
                None => (self.pool.get_postgres_connection_pool().acquire().await.map_err(failed)?, Instant::now()),
            };
            // One that is gone goes back to the pool, which finds that out too and makes another.
            if !self.resting.is_doubtful() || connection.ping().await.is_ok() {
                break (connection, taken);
            }
        };
        Ok(Connection {
            connection: Some(connection),
            taken,
            asking: false,
            open: false,
            resting: self.resting.clone(),
            _turns: [among_all, among_writers],
        })
    }

    async fn query(&self, held: &Held, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        let query = query(statement);
        let rows = self.through(held, async |connection| query.fetch_all(connection).await).await?;
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }

    /// A statement more, for all and for the operation of the moment.
    pub(in crate::data) fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        gather::statement();
    }
}

/// A statement of SeaORM's, as the driver takes it.
pub(in crate::data) fn query(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = SqlxValues(statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
    sqlx::query_with(AssertSqlSafe(statement.sql), values)
}

/// Was the connection lost, or ended by the server (class 57 of its codes)?
fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

async fn turn(of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, DbErr> {
    let turn = tokio::time::timeout(PATIENCE, of.clone().acquire_owned()).await.ok().and_then(Result::ok);
    turn.ok_or_else(|| failed(sqlx::Error::PoolTimedOut))
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
        let done = async |connection: &mut PgConnection| sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
        Ok(self.through(&held, done).await?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.held() {
            Some(held) => Ok(self.query(&held, statement).await?.into_iter().next()),
            None => self.pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.held() {
            Some(held) => self.query(&held, statement).await,
            None => self.pool.query_all_raw(statement).await,
        }
    }
}
