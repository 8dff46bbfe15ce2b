//! The servers as processes of their own, and what they and the database spend.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::load::{Connection, request};

/// Set, this binary is the program that is measured.
pub const AS_PROGRAM: &str = "RUN_AS_RIDGELINE";
/// Set to the address of a database, it is the server beside it.
pub const AS_BESIDE: &str = "RUN_BESIDE_RIDGELINE";

/// Connections to the database, the same for both servers.
pub const CONNECTIONS: u32 = 16;

pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

impl Program {
    /// The demo on this database, filled the first time.
    pub async fn ridgeline(folder: &str, database: &str, projects: u32) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let (projects, connections) = (projects.to_string(), CONNECTIONS.to_string());
        let arguments = ["demo", "--projects", &projects, "--db-max-connections", &connections];
        Self::start(AS_PROGRAM, "1", folder, database, &arguments, "/healthz").await
    }

    pub async fn beside(database: &str) -> Self {
        Self::start(AS_BESIDE, database, ".", database, &[], "/0").await
    }

    async fn start(role: &str, value: &str, folder: &str, database: &str, arguments: &[&str], ready: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .current_dir(folder)
            .env(role, value)
            .env("DATABASE_URL", database)
            .env("BIND", address.to_string())
            .env("RUST_LOG", "warn")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("a process");
        // A demo is filled before it answers: minutes, for thousands of projects.
        for _ in 0..6_000 {
            if reqwest::get(format!("http://{address}{ready}")).await.is_ok_and(|answer| answer.status().is_success()) {
                return Self { child, address };
            }
            assert!(child.try_wait().expect("a process").is_none(), "the server ended before it was ready");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server did not come up");
    }

    /// The processor time spent so far, in seconds.
    pub fn spent(&self) -> f64 {
        spent(self.child.id())
    }

    /// The token of somebody who sees everything.
    pub async fn sign_in(&self) -> String {
        let document = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }";
        let input = json!({ "email": "admin@ridgeline.test", "password": "Ridgeline-demo-1" });
        let answer = self.ask(None, document, &json!({ "input": input })).await;
        answer["data"]["login"]["accessToken"].as_str().expect("a token").to_owned()
    }

    pub async fn ask(&self, token: Option<&str>, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let mut connection = Connection::open(self.address).await;
        let answer = connection.ask(&request("POST", "/graphql", token, &body)).await;
        serde_json::from_slice(answer).expect("JSON")
    }
}

/// What all processes of the database server have spent, in seconds.
pub fn spent_by_database() -> f64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let of_database =
        |id: &u32| fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "postgres");
    ids.filter(of_database).map(spent).sum()
}

/// User and system time, which Linux counts in hundredths of a second.
fn spent(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}
