//! graphql-transport-ws, rule by rule (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "sockets::the_sub_protocol_is_required", sub_protocol);
    suite.on(Backend::Sqlite, "sockets::init_without_a_good_token_is_4403", bad_init);
    suite.on(Backend::Sqlite, "sockets::subscribe_before_the_ack_is_4401", too_early);
    suite.on(Backend::Sqlite, "sockets::a_second_init_is_4429", second_init);
    suite.on(Backend::Sqlite, "sockets::no_init_at_all_is_4408", no_init);
    suite.on(Backend::Sqlite, "sockets::messages_that_are_none_are_4400", nonsense);
    suite.on(Backend::Sqlite, "sockets::an_id_in_use_is_4409", id_in_use);
    suite.on(Backend::Sqlite, "sockets::ping_is_answered_with_its_payload", ping);
    suite.on(Backend::Sqlite, "sockets::queries_and_mutations_complete", operations);
    suite.on(Backend::Sqlite, "sockets::refused_operations_are_errors", refused);
    suite.on(Backend::Sqlite, "sockets::complete_ends_one_operation", complete);
    suite.on(Backend::Sqlite, "sockets::at_most_50_operations", at_most);
    suite.on(Backend::Sqlite, "sockets::messages_above_64_kib_are_1009", too_large);
    suite.on_each_database("sockets::logout_closes_the_socket_within_a_second", logout);
    suite.on(Backend::Sqlite, "sockets::an_expired_token_closes_the_socket", expiry);
}

async fn sub_protocol(backend: Backend) {
    let office = Office::open(backend).await;
    let mut request = format!("ws://{}/graphql/ws", office.address).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-ws".parse().unwrap());
    // Refused at the handshake, or closed with 4406 right after it.
    if let Ok((mut socket, _)) = connect_async(request).await {
        use futures_util::StreamExt;
        match socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), 4406),
            other => panic!("{other:?}"),
        }
    }
}

async fn bad_init(backend: Backend) {
    let office = Office::open(backend).await;
    for payload in
        [Value::Null, json!({}), json!({ "authorization": "Bearer nonsense" }), json!({ "authorization": 7 })]
    {
        let mut socket = office.anyone().raw_socket().await;
        let message = if payload.is_null() {
            json!({ "type": "connection_init" })
        } else {
            json!({ "type": "connection_init", "payload": payload })
        };
        socket.send(message).await;
        assert_eq!(socket.close_code().await, 4403, "{payload}");
    }
}

async fn too_early(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ __typename }" } })).await;
    assert_eq!(socket.close_code().await, 4401);
}

async fn second_init(backend: Backend) {
    let office = Office::open(backend).await;
    let client = office.client("pm").await;
    let mut socket = client.socket().await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.close_code().await, 4429);
}

async fn no_init(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    assert_eq!(socket.close_code().await, 4408);
}

async fn nonsense(backend: Backend) {
    let office = Office::open(backend).await;
    let client = office.client("pm").await;
    for message in [
        "nonsense",
        "{}",
        "[]",
        "7",
        r#"{"type":7}"#,
        r#"{"type":"start"}"#,
        r#"{"type":"subscribe"}"#,
        r#"{"type":"subscribe","id":"1"}"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"subscribe","id":7,"payload":{"query":"{ __typename }"}}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#,
        r#"{"type":"subscribe","id":"1","payload":{}}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"next","id":"1"}"#,
        r#"{"type":"connection_ack"}"#,
    ] {
        let mut socket = client.socket().await;
        socket.send_text(message).await;
        assert_eq!(socket.close_code().await, 4400, "{message}");
    }
    let mut socket = client.socket().await;
    socket.send_frame(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(socket.close_code().await, 4400);
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": { "query": query } })
}

const FOLLOW: &str = "subscription { notificationChanged { id } }";

async fn id_in_use(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("1", FOLLOW)).await;
    socket.send(subscribe("1", "{ __typename }")).await;
    assert_eq!(socket.close_code().await, 4409);
}

async fn ping(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(json!({ "type": "ping", "payload": { "a": 1 } })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "a": 1 } }));
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await["type"], "pong");
}

async fn operations(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for query in ["{ viewer { firstName } }", "mutation { markAllNotificationsRead(input: {}) { __typename } }"] {
        socket.send(subscribe("a", query)).await;
        let next = socket.next().await;
        assert_eq!((&next["type"], &next["id"]), (&json!("next"), &json!("a")), "{next}");
        assert_eq!(socket.next().await, json!({ "type": "complete", "id": "a" }));
    }
}

async fn refused(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for query in [
        "{",
        "{ nonsense }",
        "subscription { projectChanged(projectId: \"nowhere\") { id } }",
        "subscription { alertChanged(after: \"nonsense\") { id } }",
    ] {
        socket.send(subscribe("a", query)).await;
        let error = socket.next().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("a")), "{error}");
        assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
        // That ended it: the id is free again, and nothing more comes.
    }
    assert_eq!(socket.next_within(Duration::from_millis(200)).await, None);
}

async fn complete(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(json!({ "type": "complete", "id": "unknown" })).await;
    socket.send(subscribe("a", FOLLOW)).await;
    socket.send(json!({ "type": "complete", "id": "a" })).await;
    office.project().await;
    assert_eq!(socket.next_within(Duration::from_millis(300)).await, None);
    socket.send(subscribe("a", "{ __typename }")).await;
    assert_eq!(socket.next().await["type"], "next");
}

async fn at_most(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for n in 0..51 {
        socket.send(subscribe(&n.to_string(), FOLLOW)).await;
    }
    let error = socket.next().await;
    assert_eq!(
        (&error["type"], &error["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("LIMIT_EXCEEDED")),
        "{error}"
    );
}

async fn too_large(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(subscribe("a", &format!("{{ __typename }} # {}", "x".repeat(70_000)))).await;
    assert_eq!(socket.close_code().await, 1009);
}

async fn logout(backend: Backend) {
    let office = Office::open(backend).await;
    let client = office.client("pm").await;
    let mut socket = client.socket().await;
    let (second, address) = office.second().await;
    let mut elsewhere = client.at(&second, address).socket().await;
    client.ok("mutation { logout { __typename } }", Value::Null).await;
    let closed = async { (socket.close_code().await, elsewhere.close_code().await) };
    // A second, and what a busy machine adds to it.
    let codes = tokio::time::timeout(Duration::from_secs(5), closed).await.expect("both sockets should close");
    assert_eq!(codes, (4403, 4403));
    assert_eq!(client.code("{ viewer { id } }", Value::Null).await, "UNAUTHENTICATED");
}

async fn expiry(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    office.app.clock.advance(chrono::Duration::minutes(16));
    assert_eq!(socket.close_code().await, 4403);
}
