//! Queries, each beside its hand-written statement: in turns, so that whatever else the machine does hits both.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cases::{CASES, Case};
use crate::load::{Connection, Measured, load, request};
use crate::program::{Program, spent_by_database};

const CLIENTS: usize = 32;
const TURNS: usize = 4;

/// What one of the two servers did in all its turns.
#[derive(Default)]
struct Account {
    measured: Measured,
    server: f64,
    database: f64,
}

impl Account {
    async fn turn(&mut self, program: &Program, requests: &Arc<Vec<Vec<u8>>>, time: Duration) {
        let before = (program.spent(), spent_by_database());
        self.measured.add(load(program.address, requests, CLIENTS, time, false).await);
        self.server += program.spent() - before.0;
        self.database += spent_by_database() - before.1;
    }

    fn line(&mut self, name: &str) -> String {
        let requests = self.measured.latencies.len() as f64;
        format!(
            "{name:<46} {:>8.0} {:>8.2} {:>8.2} {:>10.3} {:>10.3}",
            self.measured.per_second(),
            self.measured.percentile(50),
            self.measured.percentile(99),
            self.server / requests * 1_000.0,
            self.database / requests * 1_000.0
        )
    }
}

/// Measures every case that matches, each turn for so long.
pub async fn measure(database: &str, ours: &Program, token: &str, time: Duration, only: Option<&str>) {
    let beside = Program::beside(database).await;
    let ids = project_ids(ours, token).await;
    println!("\n{:<46} {:>8} {:>8} {:>8} {:>10} {:>10}", "", "req/s", "p50 ms", "p99 ms", "CPU ms", "DB CPU ms");
    for (at, case) in CASES.iter().enumerate().filter(|(_, case)| only.is_none_or(|only| case.name.contains(only))) {
        let asked = Arc::new(asked_of_us(case, &ids, token));
        let plain = Arc::new(asked_beside(at, case, &ids));
        same_answer(ours, &beside, &asked[0], &plain[0], case.name).await;
        let (mut us, mut them) = (Account::default(), Account::default());
        load(ours.address, &asked, CLIENTS, time / 4, false).await;
        load(beside.address, &plain, CLIENTS, time / 4, false).await;
        for _ in 0..TURNS {
            us.turn(ours, &asked, time).await;
            them.turn(&beside, &plain, time).await;
        }
        println!("{}", us.line(case.name));
        println!("{}", them.line("  one hand-written statement"));
        println!("  ratio {:.3}", us.measured.per_second() / them.measured.per_second());
    }
}

fn asked_of_us(case: &Case, ids: &[String], token: &str) -> Vec<Vec<u8>> {
    let post = |variables: Value| {
        let body = json!({ "query": case.document, "variables": variables }).to_string();
        request("POST", "/graphql", Some(token), &body)
    };
    if case.by_id { ids.iter().map(|id| post(json!({ "id": id }))).collect() } else { vec![post(Value::Null)] }
}

fn asked_beside(at: usize, case: &Case, ids: &[String]) -> Vec<Vec<u8>> {
    let get = |path: &str| request("GET", path, None, "");
    if case.by_id {
        ids.iter().map(|id| get(&format!("/{at}?id={id}"))).collect()
    } else {
        vec![get(&format!("/{at}"))]
    }
}

/// A comparison of two answers is worth something if they are the same answer.
async fn same_answer(ours: &Program, beside: &Program, asked: &[u8], plain: &[u8], name: &str) {
    let mut left: Value = answer(ours, asked).await;
    let right: Value = answer(beside, plain).await;
    left.as_object_mut().expect("an object").retain(|key, _| key == "data");
    assert_eq!(left, right, "{name}");
}

async fn answer(program: &Program, request: &[u8]) -> Value {
    serde_json::from_slice(Connection::open(program.address).await.ask(request).await).expect("JSON")
}

async fn project_ids(ours: &Program, token: &str) -> Vec<String> {
    let document = "{ projects(first: 200) { nodes { id } } }";
    let answer = ours.ask(Some(token), document, &Value::Null).await;
    let nodes = answer["data"]["projects"]["nodes"].as_array().expect("projects").clone();
    nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}
