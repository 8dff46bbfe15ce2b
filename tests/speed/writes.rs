//! Completions, beside what the database can commit at all.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions, Executor, SqliteConnection};
use serde_json::{Value, json};

use crate::load::{load, request};
use crate::program::{Program, spent_by_database};

const COMPLETE: &str = "mutation ($input: CompleteLineItemInput!) { completeLineItem(input: $input) {
    alreadyCompleted project { id progress } nextAlert { id title } } }";

/// Completes the current item of one project after another, with one client and with many.
pub async fn measure(ours: &Program, token: &str, time: Duration) {
    // Connections come to know their statements first, as they do in the first minute of any day.
    load(ours.address, &Arc::new(completions(ours, token).await), 32, time / 2, true).await;
    println!("\n{:<46} {:>8} {:>8} {:>8} {:>10} {:>10}", "", "per s", "p50 ms", "p99 ms", "CPU ms", "DB CPU ms");
    for clients in [1, 32] {
        let requests = Arc::new(completions(ours, token).await);
        let before = (ours.spent(), spent_by_database());
        let mut measured = load(ours.address, &requests, clients, time, true).await;
        let done = measured.latencies.len() as f64;
        println!(
            "{:<46} {:>8.0} {:>8.2} {:>8.2} {:>10.3} {:>10.3}",
            format!("completing an item, {clients} at a time"),
            measured.per_second(),
            measured.percentile(50),
            measured.percentile(99),
            (ours.spent() - before.0) / done * 1_000.0,
            (spent_by_database() - before.1) / done * 1_000.0
        );
    }
}

/// A completion for each project that has a current item, each of another project.
async fn completions(ours: &Program, token: &str) -> Vec<Vec<u8>> {
    let document = "query ($after: String) { projects(first: 200, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { id tracker { currentLineItem { id } } } } }";
    let (mut requests, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = ours.ask(Some(token), document, &json!({ "after": after })).await;
        let page = &answer["data"]["projects"];
        for node in page["nodes"].as_array().expect("projects") {
            let item = &node["tracker"]["currentLineItem"]["id"];
            if !item.is_null() {
                let input = json!({ "projectId": node["id"], "lineItemId": item });
                let body = json!({ "query": COMPLETE, "variables": { "input": input } }).to_string();
                requests.push(request("POST", "/graphql", Some(token), &body));
            }
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return requests;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// What `pgbench` commits a second on this server: its own transaction, a bare insert, and the rows of a completion
/// written by hand, into a copy of the database that is measured.
pub async fn pgbench(server: &str, measured: &str, time: Duration) {
    if Command::new(pgbench_binary()).args(["-i", "-q", "-s", "10", server]).output().is_err() {
        println!("pgbench is not installed: no commit rate to compare with");
        return;
    }
    let [insert, completion] =
        [("insert", INSERT), ("completion", include_str!("completion.sql"))].map(|(name, text)| {
            let script = std::env::temp_dir().join(format!("ridgeline-{name}.sql"));
            std::fs::write(&script, text).expect("a file");
            script.to_string_lossy().into_owned()
        });
    let copy = Copy::of(measured, server).await;
    let seconds = time.as_secs().max(1).to_string();
    for clients in ["1", "32"] {
        let run = |database: &str, script: &[&str]| {
            let options = ["-n", "-M", "prepared", "-j", "2", "-T", &seconds, "-c", clients];
            let output = Command::new(pgbench_binary()).args(options).args(script).arg(database).output().ok()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().find_map(|line| line.strip_prefix("tps = ")?.split('.').next().map(str::to_owned))
        };
        let [own, bare, by_hand] = [
            run(server, &[]).unwrap_or_default(),
            run(server, &["-f", &insert]).unwrap_or_default(),
            run(&copy.database, &["-f", &completion]).unwrap_or_default(),
        ];
        println!(
            "pgbench, {clients} at a time: {own} of its transactions a second, {bare} bare inserts, \
             {by_hand} times the rows of a completion by hand"
        );
    }
    copy.remove(server).await;
}

/// The address of another database of the same server.
pub fn beside(database: &str, name: &str) -> String {
    let (address, options) = database.split_once('?').unwrap_or((database, ""));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    if options.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{options}") }
}

const INSERT: &str = "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, 1, 1, now());";

/// A copy of a database that nobody uses at the moment.
struct Copy {
    database: String,
    name: String,
}

impl Copy {
    async fn of(database: &str, server: &str) -> Self {
        let options: PgConnectOptions = database.parse().expect("an address");
        let name = options.get_database().expect("the name of a database");
        let copy = format!("{name}_copy");
        let copy = Self { database: beside(database, &copy), name: copy };
        copy.say(server, &format!(r#"DROP DATABASE IF EXISTS "{}""#, copy.name)).await;
        copy.say(server, &format!(r#"CREATE DATABASE "{}" TEMPLATE "{name}""#, copy.name)).await;
        copy
    }

    async fn remove(&self, server: &str) {
        self.say(server, &format!(r#"DROP DATABASE "{}""#, self.name)).await;
    }

    async fn say(&self, server: &str, sql: &str) {
        let options: PgConnectOptions = server.parse().expect("an address");
        let mut connection = options.connect().await.expect("a PostgreSQL server");
        connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("a copy of the database");
    }
}

fn pgbench_binary() -> String {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut candidates = installed.map(|version| version.path().join("bin/pgbench"));
    candidates.find(|path| path.exists()).map_or("pgbench".into(), |path| path.to_string_lossy().into_owned())
}

/// What SQLite commits a second on this disk, as safely as Ridgeline has it: one bare insert a transaction.
pub async fn bare_inserts(file: &str, time: Duration) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let mut connection: SqliteConnection = options.connect().await.expect("a database");
    let sql = "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, words TEXT NOT NULL)";
    connection.execute(AssertSqlSafe(sql)).await.expect("a table");
    let (began, mut done) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        connection.execute("INSERT INTO bare (words) VALUES ('one bare insert')").await.expect("an insert");
        done += 1;
    }
    println!("bare inserts into SQLite: {:.0} a second", f64::from(done) / began.elapsed().as_secs_f64());
}
