//! Whole processes: killed in the middle of their work, stopped politely, started on settings that are wrong.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use entity::scalar::Id;
use entity::session;
use ridgeline::clock::Clock;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::harness::client::{COMPLETE, Client};
use crate::harness::database::Backend;
use crate::harness::office::{Office, eventually};
use crate::harness::suite::Suite;

/// Set, this binary is the program instead of its tests: the very code under test, as a process of its own.
pub const AS_PROGRAM: &str = "RUN_AS_RIDGELINE";

pub fn register(suite: &mut Suite) {
    suite.on_each_database("processes::killed_in_the_middle_of_completions", killed);
    suite.on_each_database("processes::a_polite_stop_tells_the_sockets", stopped);
    suite.pure("processes::a_wrong_setting_is_one_line", wrong_setting);
}

pub struct Program {
    child: Child,
    address: SocketAddr,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn program(arguments: &[&str]) -> Command {
    // On Linux the running file itself, even where a build has just put another in its place.
    let linux = std::path::PathBuf::from("/proc/self/exe");
    let this = if cfg!(target_os = "linux") { linux } else { std::env::current_exe().unwrap() };
    let mut command = Command::new(this);
    command.env_clear().env(AS_PROGRAM, "1").args(arguments).stdin(Stdio::null());
    command
}

impl Program {
    pub async fn serve(office: &Office) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let settings = &office.app.settings;
        let child = program(&["serve", "--bind", &address.to_string(), "--database-url", &office.database.url])
            .env("JWT_KEY", settings.jwt_key.as_deref().unwrap())
            .env("ENCRYPTION_KEY", settings.encryption_key.as_deref().unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let ready = format!("http://{address}/readyz");
        eventually("the server", async || reqwest::get(&ready).await.ok().filter(|r| r.status().is_success())).await;
        Self { child, address }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The manager's client of this process, which goes by the machine's clock.
    pub async fn manager(&self, office: &Office) -> Client {
        let now = Clock::System.now();
        let id = Id("session-by-the-real-clock".into());
        let row = session::ActiveModel {
            id: Set(id.clone()),
            user_id: Set(office.id("manager")),
            expires_at: Set(now + chrono::Duration::days(1)),
            last_used_at: Set(now),
            ..Default::default()
        };
        session::Entity::insert(row).exec_without_returning(&office.db).await.unwrap();
        let token = office.app.security.tokens.issue(&office.id("manager"), &id, now).unwrap().0;
        let mut client = office.anyone().at(&office.app, self.address);
        client.token = Some(token);
        client
    }
}

async fn killed(backend: Backend) {
    let office = Office::open(backend).await;
    let projects = [office.project().await, office.project().await];
    let mut program = Program::serve(&office).await;
    let client = program.manager(&office).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    for (at, project) in projects.iter().enumerate() {
        let (client, project, tell) = (client.clone(), project.clone(), tell.clone());
        tokio::spawn(async move {
            for item in &project.items {
                let input = json!({ "projectId": project.id, "lineItemId": item });
                let Some(answer) = client.try_send(COMPLETE, json!({ "input": input })).await else { return };
                if answer["data"]["completeLineItem"]["alreadyCompleted"] == false {
                    let _ = tell.send((at, item.clone()));
                }
            }
        });
    }
    drop(tell);
    let mut acknowledged = Vec::new();
    while acknowledged.len() < 30 {
        acknowledged.push(told.recv().await.expect("completions"));
    }
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    while let Some(late) = told.recv().await {
        acknowledged.push(late);
    }
    let manager = office.client("manager").await;
    for (at, project) in projects.iter().enumerate() {
        let document = "query($id: ID!) { project(id: $id) { tracker { completedItems { lineItem { id } } } } }";
        let state = manager.ok(document, json!({ "id": project.id })).await;
        let there = state["project"]["tracker"]["completedItems"].as_array().unwrap().clone();
        for (_, item) in acknowledged.iter().filter(|(of, _)| *of == at) {
            assert!(
                there.iter().any(|done| done["lineItem"]["id"] == item.as_str()),
                "{item} was acknowledged and is gone"
            );
        }
    }
    let wrong = ridgeline::workflow::audit::check(&office.app).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn stopped(backend: Backend) {
    let office = Office::open(backend).await;
    let mut program = Program::serve(&office).await;
    let mut socket = program.manager(&office).await.socket().await;
    let pid = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(socket.close_code().await, 1012);
    let status = eventually("the end of the process", async || program.child.try_wait().unwrap()).await;
    assert!(status.success());
}

fn wrong_setting() {
    for arguments in [
        vec!["serve", "--bind", "nowhere"],
        vec!["serve", "--request-timeout", "soon"],
        vec!["serve", "--database-url", "mysql://localhost/ridgeline"],
        vec!["serve", "--bind", "0.0.0.0:1", "--database-url", "sqlite://nowhere.db"],
        vec!["fly"],
    ] {
        let output = program(&arguments).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{arguments:?}: {text}");
    }
}

/// What the binary does when it is not to run tests.
pub fn run_as_program() -> std::process::ExitCode {
    crate::harness::runtime().block_on(ridgeline::commands::run(std::env::args_os()))
}
