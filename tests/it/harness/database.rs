//! A database for each test: made and migrated once a process, and copied for whoever asks.

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::SqliteSynchronous;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::harness::{postgres, sqlite};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// The databases that this run can use.
    pub fn at_hand() -> Vec<Self> {
        Self::ALL.into_iter().filter(|backend| *backend == Self::Sqlite || postgres::address().is_some()).collect()
    }

    /// As the names of trials begin.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database of one's own, gone when this is dropped.
pub struct TestDatabase {
    pub url: String,
    _home: Home,
}

/// Where the database lives; dropping it removes the database.
enum Home {
    Folder { _folder: sqlite::Folder },
    Server { _database: postgres::Named },
}

/// A migrated database without any rows.
pub async fn fresh(backend: Backend) -> TestDatabase {
    match backend {
        Backend::Sqlite => of_folder(sqlite::copy().await),
        Backend::Postgres => of_server(postgres::copy().await),
    }
}

/// A database without so much as a table.
pub async fn empty(backend: Backend) -> TestDatabase {
    match backend {
        Backend::Sqlite => of_folder(sqlite::Folder::new()),
        Backend::Postgres => of_server(postgres::empty().await),
    }
}

impl TestDatabase {
    /// A plain connection, for looking at what is stored.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }
}

/// Removes what is left of this run.
pub async fn tidy_up() {
    sqlite::tidy_up();
    postgres::tidy_up().await;
}

pub(in crate::harness) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false);
    // What a test writes need not outlive the machine.
    if url.starts_with("sqlite:") {
        options.map_sqlx_sqlite_opts(|options| options.synchronous(SqliteSynchronous::Off));
    } else {
        options.max_connections(3).map_sqlx_postgres_opts(|options| options.options([("synchronous_commit", "off")]));
    }
    Database::connect(options).await.unwrap_or_else(|error| panic!("{url} cannot be opened: {error}"))
}

/// Migrates the database that everybody's copies come from. Nothing may be connected to it afterwards.
pub(in crate::harness) async fn migrate(url: &str) {
    let db = connect(url).await;
    Migrator::up(&db, None).await.expect("the migrations should apply");
    db.close().await.expect("the connection should close");
}

fn of_folder(folder: sqlite::Folder) -> TestDatabase {
    TestDatabase { url: folder.url(), _home: Home::Folder { _folder: folder } }
}

fn of_server(database: postgres::Named) -> TestDatabase {
    TestDatabase { url: database.url(), _home: Home::Server { _database: database } }
}
