//! PostgreSQL's side of the test databases: each a copy, on the server, of one that is migrated once.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};
use tokio::sync::{Mutex, OnceCell};

use crate::harness::{database, runtime};

/// What names of databases, and of the connection that says their run is alive, begin with.
const PREFIX: &str = "ridgeline_test_";

/// The server, through the one connection that makes and drops databases, one after the other: a database being
/// copied must not be in use.
struct Server {
    connection: Mutex<PgConnection>,
    run: String,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static TEMPLATE: OnceCell<Named> = OnceCell::const_new();

/// A database by its name, dropped when this is.
pub struct Named(String);

/// The server's address, if the tests were given one.
pub fn address() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|address| !address.trim().is_empty())
}

impl Named {
    pub fn url(&self) -> String {
        let address = address().expect("TEST_DATABASE_URL");
        let (address, options) = address.split_once('?').map_or((address.as_str(), None), |(a, o)| (a, Some(o)));
        let (scheme, rest) = address.split_once("://").expect("an address like postgres://postgres@127.0.0.1/postgres");
        let host = rest.split('/').next().unwrap_or_default();
        let options = options.map(|options| format!("?{options}")).unwrap_or_default();
        format!("{scheme}://{host}/{}{options}", self.0)
    }
}

/// Dropping a database makes the server write out everything it has in memory, so many are dropped together.
const AT_ONCE: usize = 20;

impl Drop for Named {
    fn drop(&mut self) {
        static UNUSED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        let name = std::mem::take(&mut self.0);
        let mut unused = UNUSED.lock().unwrap_or_else(PoisonError::into_inner);
        unused.push(name.clone());
        let many = if unused.len() < AT_ONCE { Vec::new() } else { std::mem::take(&mut *unused) };
        // Not waited for: what is not done at the end of the run is done then.
        runtime().spawn(async move {
            let server = server().await;
            server.close(&name).await;
            server.drop(many).await;
        });
    }
}

pub async fn copy() -> Named {
    let template = TEMPLATE.get_or_init(make_template).await;
    let server = server().await;
    let database = server.next();
    server.run(&format!("CREATE DATABASE {} TEMPLATE {}", database.0, template.0)).await.unwrap();
    database
}

/// In a language's order where the server can: a query that relies on bytewise order without saying so fails then.
pub async fn empty() -> Named {
    let server = server().await;
    let database = server.next();
    let plain = format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database.0);
    if server.run(&format!("{plain} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")).await.is_err() {
        server.run(&plain).await.expect("the user of TEST_DATABASE_URL must be allowed to make databases");
    }
    database
}

async fn make_template() -> Named {
    let database = empty().await;
    database::migrate(&database.url()).await;
    database
}

/// Drops every database of this run.
pub async fn tidy_up() {
    if let Some(server) = SERVER.get() {
        server.drop_all(&format!("datname LIKE '{}\\_%'", server.run)).await;
    }
}

async fn server() -> &'static Server {
    SERVER.get_or_init(connect).await
}

async fn connect() -> Server {
    let run = format!("{PREFIX}{:08x}", RandomState::new().build_hasher().finish() >> 32);
    let options: PgConnectOptions = address().unwrap().parse().expect("TEST_DATABASE_URL should be an address");
    let connection = options.application_name(&run).disable_statement_logging().connect().await;
    let connection = connection.expect("the server that TEST_DATABASE_URL names should answer");
    let server = Server { connection: Mutex::new(connection), run };
    // What a run that was killed left behind: nobody is connected under its name any more.
    let dead = format!(
        "datname ~ '^{PREFIX}[0-9a-f]{{8}}_' AND NOT EXISTS (SELECT 1 FROM pg_stat_activity alive
         WHERE alive.application_name = left(pg_database.datname, {}))",
        server.run.len()
    );
    server.drop_all(&dead).await;
    server
}

impl Server {
    fn next(&self) -> Named {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Named(format!("{}_{}", self.run, NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    async fn run(&self, sql: &str) -> Result<(), sea_orm::sqlx::Error> {
        self.connection.lock().await.execute(AssertSqlSafe(sql)).await.map(|_| ())
    }

    /// Throws out whoever is still connected, and lets nobody in again: the server's connections are for other tests.
    async fn close(&self, name: &str) {
        let _ = self.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        let _ =
            self.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    }

    async fn drop(&self, names: Vec<String>) {
        for name in names {
            let _ = self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }

    async fn drop_all(&self, condition: &str) {
        let sql = format!("SELECT datname::text FROM pg_database WHERE {condition}");
        let rows = self.connection.lock().await.fetch_all(AssertSqlSafe(sql)).await.expect("the server's databases");
        self.drop(rows.iter().map(|row| row.get(0)).collect()).await;
    }
}
