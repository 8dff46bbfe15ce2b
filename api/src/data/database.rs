//! The connections: a pool to read from, one to write through, and the migrations before either is used.
//!
//! SQLite has a single writer, so its write pool holds one connection, handed out in the order it was asked for;
//! reads go through a pool of their own that cannot write. PostgreSQL serves both from one pool.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entity::job;
use entity::scalar::{Id, Instant};
use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, QuerySelect};

use crate::data::held::Reads;
use crate::data::writing::Writing;
use crate::error::{Error, Result};

/// Guards the migrations, the numbering of changes: one number for each advisory lock of PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0072_6964_6765_0001;

/// A connection that was not used for so long is tried before it is.
const RESTED: Duration = Duration::from_secs(5);

/// How many statements a connection keeps prepared: more than there are kinds of them, or they push each other out.
const STATEMENTS: usize = 512;

/// How much of the embedded database a connection keeps at hand, as SQLite writes it: 8 MiB where it reads, 32 where it
/// writes, for a write looks into every index of every table that it touches.
const PAGES: [&str; 2] = ["-8192", "-32768"];

/// After so many pages the write-ahead log is brought into the database. A page that many commits change is then
/// written once; at SQLite's own 1,000 pages, a tenth of the writing thread's time went there.
const WRITE_AHEAD: &str = "4000";

/// How many rows SQLite's thread may be ahead of whoever reads them: a page, so that the two need not take turns.
const ROWS: usize = 256;

#[derive(Clone)]
pub struct Database {
    pub(in crate::data) read: Reads,
    pub(in crate::data) write: DatabaseConnection,
    /// Like `read`, but what goes through it is not counted: the background's own looking.
    pub(in crate::data) background: DatabaseConnection,
    /// Like `background`, in one go: what the reader of the change log reads through.
    pub(in crate::data) log: Reads,
    /// The same of `write`: what is taken ahead for requests to come.
    pub(in crate::data) background_write: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Connects. The embedded database's folder is made where it is missing.
    ///
    /// # Errors
    /// When the address is not one of `sqlite:` or `postgres:`, or nothing answers there.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let (read, write) = if url.starts_with("sqlite:") {
            make_place(url)?;
            let write = open(sqlite(url, 1, false)).await?;
            // Opened second: a reader finds the file and its write-ahead log in place.
            (open(sqlite(url, max_connections.clamp(1, 8), true)).await?, write)
        } else {
            let pool = open(postgres(url, max_connections)).await?;
            (pool.clone(), pool)
        };
        Ok(Self::counted(read, write, max_connections))
    }

    fn counted(mut read: DatabaseConnection, mut write: DatabaseConnection, connections: u32) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let (background, background_write) = (read.clone(), write.clone());
        for pool in [&mut read, &mut write] {
            let statements = statements.clone();
            pool.set_metric_callback(move |_| {
                statements.fetch_add(1, Ordering::Relaxed);
                super::gather::statement();
            });
        }
        // One listens, one reads the log, and an eighth keeps going round: the background never waits for one that rests.
        let spare = 2 + (connections / 8).max(1);
        let (turns, rested) = (connections.saturating_sub(spare).max(1) as usize, connections >= 4);
        let read = Reads::new(read, statements.clone(), turns, rested);
        let log = Reads::new(background.clone(), Arc::default(), 1, rested);
        Self { read, write, background, log, background_write, statements }
    }

    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// How many statements the requests have cost so far.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Opens a write transaction.
    pub(in crate::data) async fn begin(&self) -> Result<Writing> {
        Ok(Writing::begin(&self.read, &self.write).await?)
    }

    /// Is the database reachable, and its schema the one this program knows?
    ///
    /// # Errors
    /// When it is not.
    pub async fn ready(&self) -> Result<()> {
        let pending = Migrator::get_pending_migrations(&self.background).await?;
        if pending.is_empty() { Ok(()) } else { Err(Error::internal("the database is not migrated")) }
    }

    /// Brings the schema up to date. Safe when several instances start at once: one does it, the others wait.
    ///
    /// # Errors
    /// When a migration fails; it is rolled back, those before it stay.
    pub async fn migrate(&self) -> Result<()> {
        self.migrating(async |db| Migrator::up(db, None).await).await
    }

    /// Takes back the last migration, or every one.
    ///
    /// # Errors
    /// When a migration cannot be taken back.
    pub async fn unmigrate(&self, all: bool) -> Result<()> {
        self.migrating(async |db| Migrator::down(db, if all { None } else { Some(1) }).await).await
    }

    async fn migrating(&self, work: impl AsyncFnOnce(&DatabaseConnection) -> Result<(), sea_orm::DbErr>) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            return Ok(work(&self.write).await?);
        }
        // The lock belongs to a connection, so this one is kept for it.
        let lock = self.begin().await?;
        // Whoever migrates takes as long as it takes.
        let lock_it = format!("SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        lock.execute_unprepared(&lock_it).await?;
        work(&self.write).await?;
        Ok(lock.commit().await?)
    }

    /// Is there anything for a worker to do?
    #[expect(clippy::disallowed_methods, reason = "the queue belongs to the system")]
    pub(crate) async fn has_due_jobs(&self, now: Instant) -> Result<bool> {
        let due = job::Entity::find().filter(crate::jobs::due(now)).select_only().column(job::Column::Id);
        Ok(due.into_tuple::<Id>().one(&self.background).await?.is_some())
    }

    /// The migrations by name, each with whether it has been applied.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migrations(&self) -> Result<Vec<(String, bool)>> {
        let pending: Vec<String> =
            Migrator::get_pending_migrations(&self.write).await?.iter().map(|m| m.name().to_owned()).collect();
        let all = Migrator::migrations();
        Ok(all.iter().map(|m| m.name().to_owned()).map(|name| (name.clone(), !pending.contains(&name))).collect())
    }

    pub async fn close(self) {
        self.log.give_back();
        self.read.give_back();
        let _ = self.read.pool.close_by_ref().await;
        let _ = self.write.close_by_ref().await;
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection> {
    Ok(sea_orm::Database::connect(options).await?)
}

fn postgres(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(secured(url));
    options.max_connections(max_connections).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    // A question before every statement would be a second round trip; only one that has rested may be gone.
    options.test_before_acquire_if_idle_for(RESTED);
    options.map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENTS));
    options
}

/// TLS is required unless the address says otherwise in so many words; on this machine there is nothing to hide from.
fn secured(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or("").rsplit('@').next().unwrap_or("");
    let local = host.is_empty()
        || ["localhost", "127.", "[::1]", "%2F", "%2f"].iter().any(|start| host.starts_with(start))
        || rest.contains("host=/");
    if url.contains("sslmode=") || url.contains("ssl-mode=") {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    let mode = if local { "disable" } else { "require" };
    format!("{url}{joint}sslmode={mode}")
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire_if_idle_for(RESTED)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let options = options.busy_timeout(Duration::from_secs(15)).foreign_keys(true);
            let options = options.statement_cache_capacity(STATEMENTS).row_buffer_size(ROWS);
            let [reading, writing] = PAGES;
            if read_only {
                return options.read_only(true).pragma("query_only", "ON").pragma("cache_size", reading);
            }
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .pragma("cache_size", writing)
                .pragma("wal_autocheckpoint", WRITE_AHEAD)
        });
    options
}

/// The folder of the embedded database, and its file: readable by its owner alone.
fn make_place(url: &str) -> Result<()> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = Path::new(path.split('?').next().unwrap_or(path));
    let cannot = |what: &Path, error| Error::Internal(format!("cannot make {}: {error}", what.display()));
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
        }
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    // One that is there is not touched: closing it would take away the locks that this process has on it.
    match file.write(true).create_new(true).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(cannot(path, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::secured;

    #[test]
    fn tls_is_required_of_distant_servers() {
        assert_eq!(secured("postgres://u:p@db.example.com/r"), "postgres://u:p@db.example.com/r?sslmode=require");
        assert_eq!(secured("postgres://u@db.example.com/r?a=b"), "postgres://u@db.example.com/r?a=b&sslmode=require");
        assert_eq!(secured("postgres://u@127.0.0.1:5432/r"), "postgres://u@127.0.0.1:5432/r?sslmode=disable");
        assert_eq!(secured("postgres://localhost/r"), "postgres://localhost/r?sslmode=disable");
        let socket = "postgres:///r?host=/run/postgresql";
        assert_eq!(secured(socket), format!("{socket}&sslmode=disable"));
        let said = "postgres://u@db.example.com/r?sslmode=disable";
        assert_eq!(secured(said), said);
    }
}
