//! Few connections to the database serve everybody: none is kept from whoever waits, and all go back in the end.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;
use crate::messages::{message, send};

pub fn register(suite: &mut Suite) {
    suite.on_each_database("connections::two_serve_everybody", async |backend| few(backend, "2").await);
    suite.on_each_database("connections::four_serve_everybody", async |backend| few(backend, "4").await);
}

async fn few(backend: Backend, connections: &str) {
    let office = Office::with(backend, &["--db-max-connections", connections]).await;
    let project = office.project().await;
    let manager = office.client("manager").await;
    let deep = "query($id: ID!) { project(id: $id) { customer { id } teamMembers { user { id } }
        messages(first: 20) { totalCount nodes { author { id } } } alerts(first: 50) { nodes { id } } } }";
    for _ in 0..3 {
        let asked = (0..24).map(|_| manager.ok(deep, json!({ "id": project.id })));
        let said = (0..8).map(|_| send(&manager, message(&project, "Ladder"))).collect::<Vec<_>>();
        let both = async { futures_util::future::join(join_all(asked), join_all(said)).await };
        timeout(Duration::from_secs(30), both).await.expect("nobody waits for ever");
        // The background's own work finds a connection too, whatever rests.
        timeout(Duration::from_secs(5), office.app.db.ready()).await.expect("a connection").expect("ready");
    }
    let answer = manager.ok(deep, json!({ "id": project.id })).await;
    assert_eq!(answer["project"]["messages"]["nodes"].as_array().map(Vec::len), Some(20));
    assert!(answer["project"]["messages"]["totalCount"].as_i64() >= Some(24));
    timeout(Duration::from_secs(10), office.app.db.clone().close()).await.expect("every connection goes back");
}
