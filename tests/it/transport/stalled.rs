//! A peer that asks for much and takes nothing: whatever its socket holds up, it holds up nobody else.

use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::sockets::subscribe;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("sockets::a_peer_that_takes_nothing_keeps_nobody_waiting", takes_nothing);
    suite.on_each_database("sockets::a_follower_that_takes_nothing_keeps_nobody_waiting", follows);
}

/// Something from the database, and a third of a megabyte of schema: more than buffers take, times forty.
const MUCH: &str = "projects { nodes { id customer { primaryName } workflow { steps { stepName } } } }
    __schema { types { name description fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } }";

async fn takes_nothing(backend: Backend) {
    let office = Office::with(backend, &["--db-max-connections", "4"]).await;
    let project = office.project().await;
    let (greedy, other) = (office.client("manager").await, office.client("admin").await);
    let mut socket = greedy.socket().await;
    for number in 0..40 {
        socket.send(subscribe(&number.to_string(), &format!("{{ {MUCH} }}"))).await;
    }
    at_work(&office, &other, &project.id).await;
    drop(socket);
}

async fn follows(backend: Backend) {
    let office = Office::with(backend, &["--db-max-connections", "4"]).await;
    let project = office.project().await;
    let (greedy, other) = (office.client("manager").await, office.client("admin").await);
    let mut socket = greedy.socket().await;
    let long = "x".repeat(60_000);
    for number in 0..20 {
        let document = "subscription { projectMessageChanged { message { content author { firstName } project { customer { id } } } } }";
        socket.send(subscribe(&number.to_string(), document)).await;
    }
    for _ in 0..12 {
        let message = json!({ "projectId": project.id, "subject": "Long", "content": &long[..9_000] });
        let document =
            "mutation($input: SendProjectMessageInput!) { sendProjectMessage(input: $input) { message { id } } }";
        other.ok(document, json!({ "input": message })).await;
    }
    at_work(&office, &other, &project.id).await;
    drop(socket);
}

/// Everybody else goes on, long before the server gives up on a peer.
async fn at_work(office: &Office, other: &crate::harness::client::Client, project: &str) {
    for _ in 0..20 {
        let query = other.ok("query($id: ID!) { project(id: $id) { id customer { id } } }", json!({ "id": project }));
        timeout(Duration::from_secs(4), query).await.expect("nobody waits for a peer that does not read");
        timeout(Duration::from_secs(4), office.app.db.ready()).await.expect("a connection").expect("ready");
    }
}
