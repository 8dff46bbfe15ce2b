//! Few connections to the database serve everybody: none is kept from whoever waits, and all go back in the end.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tokio::time::timeout;

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;
use crate::messages::{message, send};

pub fn register(suite: &mut Suite) {
    suite.on_each_database("connections::two_serve_everybody", async |backend| few(backend, "2").await);
    suite.on(Backend::Postgres, "connections::one_that_is_gone_is_found_once", ended);
    suite.on_each_database("connections::four_serve_everybody", async |backend| few(backend, "4").await);
}

/// The server ends every connection, as it does when it starts anew: one request finds that out, the others go on.
async fn ended(backend: Backend) {
    let office = Office::open(backend).await;
    let project = office.project().await;
    let manager = office.client("manager").await;
    let ask = "query($id: ID!) { project(id: $id) { customer { id } messages { totalCount } } }";
    join_all((0..24).map(|_| manager.ok(ask, json!({ "id": project.id })))).await;
    join_all((0..8).map(|_| send(&manager, message(&project, "Ladder"))).collect::<Vec<_>>()).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    office.db.execute_unprepared(end).await.unwrap();
    let mut failed = 0;
    for _ in 0..12 {
        let (_, answer) = manager.send(ask, json!({ "id": project.id })).await;
        failed += usize::from(!answer["errors"].is_null());
    }
    assert!(failed <= 1, "{failed} requests of 12 found connections that were gone");
    send(&manager, message(&project, "Ladder")).await;
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
