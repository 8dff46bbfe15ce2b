//! How fast Ridgeline is, beside how fast it could be: `just bench [reads|writes|CASE]`.
//!
//! Figures are ratios within one run. Queries run on PostgreSQL with 5,000 projects, each beside an endpoint that
//! answers the same JSON from one hand-written statement; completions beside what the database commits at all.
//!
//! `BENCH_DATABASE_URL` names an empty or earlier filled database, which is kept: filling it takes minutes.
//! `BENCH_SECONDS` is how long each of the turns takes (5).

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a measurement that finds nothing where something must be should end right there"
)]

mod beside;
mod cases;
mod load;
mod program;
mod reads;
mod writes;

use std::process::ExitCode;
use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use crate::program::{AS_BESIDE, AS_PROGRAM, CONNECTIONS, Program};

const DATABASE: &str = "postgres://postgres@127.0.0.1:5432/ridgeline_bench";
const PROJECTS: u32 = 5_000;

/// Makes the database where it is missing; an earlier run's is used as it stands.
async fn make(database: &str) {
    let options: PgConnectOptions = database.parse().expect("the address of a PostgreSQL database");
    let name = options.get_database().expect("the name of a database").to_owned();
    let mut server = options.database("postgres").connect().await.expect("a PostgreSQL server");
    let made = server.execute(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).await;
    assert!(
        made.is_ok() || made.is_err_and(|error| error.to_string().contains("already exists")),
        "no database {name}"
    );
}

/// Brings in order what filling the database has left behind: not what is measured, and in its way.
async fn rest(database: &str) {
    let options: PgConnectOptions = database.parse().expect("the address of a PostgreSQL database");
    let mut connection = options.connect().await.expect("a PostgreSQL server");
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        // Whoever may not has to wait for the server to do it.
        let _ = connection.execute(statement).await;
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
        return ridgeline::commands::run(std::env::args_os()).await;
    }
    if let (Ok(database), Ok(address)) = (std::env::var(AS_BESIDE), std::env::var("BIND")) {
        return beside::serve(address.parse().expect("an address"), &database, CONNECTIONS).await;
    }
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5.0);
    let asked = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    measure(Duration::from_secs_f64(seconds), asked.as_deref()).await;
    ExitCode::SUCCESS
}

async fn measure(time: Duration, asked: Option<&str>) {
    let database = std::env::var("BENCH_DATABASE_URL").unwrap_or_else(|_| DATABASE.to_owned());
    let folder = std::env::temp_dir().join("ridgeline-bench").to_string_lossy().into_owned();
    let (reads, writes) = (asked != Some("writes"), matches!(asked, None | Some("writes")));
    make(&database).await;
    {
        println!("PostgreSQL, {PROJECTS} projects; 32 connections, each with one request under way");
        let ours = Program::ridgeline(&folder, &database, PROJECTS).await;
        let token = ours.sign_in().await;
        rest(&database).await;
        if reads {
            reads::measure(&database, &ours, &token, time, asked.filter(|asked| *asked != "reads")).await;
        }
        if writes {
            writes::measure(&ours, &token, time * 2).await;
        }
    }
    if writes {
        writes::pgbench(&writes::beside(&database, "postgres"), &database, time).await;
        println!("\nSQLite, 500 projects");
        let file = format!("sqlite://{folder}/speed.db");
        let ours = Program::ridgeline(&folder, &file, 500).await;
        let token = ours.sign_in().await;
        writes::measure(&ours, &token, time).await;
        writes::bare_inserts(&format!("{folder}/bare.db"), time).await;
    }
}
