//! A person's budget for a minute: shared by instances, told to sockets, and almost free.

use chrono::Duration;
use entity::rate_limit;
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::harness::client::Client;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::limits::{code, used};

/// Costs two points.
const VIEWER: &str = "{ viewer { id } }";

pub async fn minute(backend: Backend) {
    let office = Office::with(backend, &["--person-budget", "100"]).await;
    let (pm, worker) = (office.client("pm").await, office.client("worker").await);
    let ask = async |client: &Client, _: usize| client.send_and_wait(VIEWER, Value::Null).await;
    office.app.clock.advance(Duration::milliseconds(12_300));
    let answers = join_all((0..80).map(|n| ask(&pm, n))).await;
    let served = answers.iter().filter(|(_, _, answer)| answer.get("errors").is_none()).count();
    assert_eq!(served, 50, "two points each");
    let (status, wait, refusal) = answers.into_iter().find(|(status, _, _)| *status != 200).unwrap();
    assert_eq!((status, wait, code(&refusal).as_str()), (429, Some(48), "RATE_LIMITED"));
    assert_eq!(refusal["errors"][0]["extensions"]["retryAfter"], 48);
    assert!(refusal.get("data").is_none(), "nothing was executed");
    assert_eq!(ask(&worker, 0).await.0, 200, "another person has a minute of their own");
    assert_eq!(ask(&office.client("pm").await, 0).await.0, 429, "another session of the same person has not");
    assert_eq!(ask(&office.anyone(), 0).await.0, 200, "nobody pays; and gets UNAUTHENTICATED");
    office.app.clock.advance(Duration::milliseconds(47_700));
    assert_eq!(ask(&pm, 0).await.0, 200, "the next minute");
    // One that is larger than the whole budget is never served.
    let large = "{ projects(first: 100) { nodes { id } } }";
    assert_eq!(pm.code(large, Value::Null).await, "RATE_LIMITED");
    assert_eq!(ask(&pm, 0).await.0, 200);
}

pub async fn shared_minute(backend: Backend) {
    let flags = ["--person-budget", "200"];
    let office = Office::with(backend, &flags).await;
    let (second, address) = office.second_with(&flags).await;
    let pm = office.client("pm").await;
    let there = pm.at(&second, address);
    for _ in 0..2 {
        let asking = (0..160).map(|n| {
            let client = if n % 2 == 0 { pm.clone() } else { there.clone() };
            tokio::spawn(async move { client.send_and_wait(VIEWER, Value::Null).await.0 })
        });
        let statuses = join_all(asking.collect::<Vec<_>>()).await;
        let served = statuses.iter().filter(|status| *status.as_ref().unwrap() == 200).count();
        assert_eq!(served, 100, "what both spend together is one budget");
        office.app.clock.advance(Duration::minutes(1));
        second.clock.advance(Duration::minutes(1));
    }
    second.stop();
}

pub async fn socket_minute(backend: Backend) {
    let office = Office::with(backend, &["--person-budget", "20"]).await;
    let pm = office.client("pm").await;
    let mut socket = pm.socket().await;
    for n in 0..10 {
        let id = n.to_string();
        socket.send(json!({ "id": id, "type": "subscribe", "payload": { "query": VIEWER } })).await;
        assert_eq!((&socket.next().await["type"], &socket.next().await["type"]), (&json!("next"), &json!("complete")));
    }
    for query in [VIEWER, "subscription { alertChanged { id } }"] {
        socket.send(json!({ "id": "a", "type": "subscribe", "payload": { "query": query } })).await;
        let message = socket.next().await;
        assert_eq!((&message["id"], &message["type"]), (&json!("a"), &json!("error")), "{message}");
        let extensions = &message["payload"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["retryAfter"]), (&json!("RATE_LIMITED"), &json!(60)));
    }
    office.app.clock.advance(Duration::minutes(1));
    socket.send(json!({ "id": "a", "type": "subscribe", "payload": { "query": VIEWER } })).await;
    assert_eq!(socket.next().await["type"], "next", "the socket has gone on");
}

pub async fn no_statements(backend: Backend) {
    let office = Office::with(backend, &["--person-budget", "1000000"]).await;
    let pm = office.client("pm").await;
    pm.ok(VIEWER, Value::Null).await;
    let person = format!("budget:{}", office.id("pm"));
    assert_eq!(used(&office, &person).await, Some(20_000), "a fiftieth is taken ahead");
    let before = office.app.db.statements();
    for _ in 0..50 {
        pm.ok("{ changeCursor }", Value::Null).await;
    }
    assert_eq!(office.app.db.statements(), before, "and spent from memory");
    assert_eq!(used(&office, &person).await, Some(20_000));
    let free = Office::with(backend, &["--person-budget", "0"]).await;
    free.client("pm").await.ok(VIEWER, Value::Null).await;
    assert_eq!(rate_limit::Entity::find().count(&free.db).await.unwrap(), 0);
}
