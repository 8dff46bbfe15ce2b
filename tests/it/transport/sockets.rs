//! graphql-transport-ws, one test a rule (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

use std::time::Duration;

use ridgeline::http::{Doors, Pace};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::client::Socket;
use crate::harness::database::Backend;
use crate::harness::office::Office;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    negotiation(suite);
    beginning(suite);
    malformed(suite);
    suite.on(Backend::Sqlite, "sockets::must_answer_a_ping_with_its_payload", ping);
    suite.on(Backend::Sqlite, "sockets::must_answer_a_ping_without_a_payload", bare_ping);
    suite.on(Backend::Sqlite, "sockets::must_answer_a_ping_before_init", early_ping);
    suite.on(Backend::Sqlite, "sockets::must_accept_an_unsolicited_pong", unsolicited_pong);
    suite.on(Backend::Sqlite, "sockets::must_close_with_1012_when_the_server_stops", stopping);
    suite.on(Backend::Sqlite, "sockets::must_close_with_4403_when_the_token_expires", expiry);
    suite.on(Backend::Sqlite, "sockets::must_answer_a_close_with_a_close", goodbye);
    suite.on(Backend::Sqlite, "sockets::must_ignore_what_comes_after_its_close", after_close);
    suite.on(Backend::Sqlite, "sockets::must_keep_close_reasons_within_123_bytes", reasons);
    suite.on_each_database("sockets::logout_closes_the_socket_within_a_second", logout);
}

fn negotiation(suite: &mut Suite) {
    for (name, offered, chosen) in [
        ("must_choose_graphql_transport_ws", Some("graphql-transport-ws"), true),
        ("must_choose_it_among_several", Some("graphql-ws, graphql-transport-ws, soap"), true),
        ("must_close_with_4406_for_another_sub_protocol", Some("graphql-ws"), false),
        ("must_close_with_4406_for_a_sub_protocol_that_looks_alike", Some("GraphQL-Transport-WS"), false),
        ("must_close_with_4406_without_a_sub_protocol", None, false),
    ] {
        suite.on(Backend::Sqlite, &format!("sockets::{name}"), move |backend| offers(backend, offered, chosen));
    }
    suite.on(Backend::Sqlite, "sockets::must_reply_426_to_a_request_that_is_no_handshake", no_handshake);
    suite.on(Backend::Sqlite, "sockets::must_refuse_pages_of_other_origins", other_origin);
}

fn beginning(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "sockets::must_acknowledge_init", acknowledged);
    for (name, message) in [
        ("without_a_payload", json!({ "type": "connection_init" })),
        ("with_a_null_payload", json!({ "type": "connection_init", "payload": null })),
        ("with_an_empty_payload", json!({ "type": "connection_init", "payload": {} })),
        ("with_a_bad_token", json!({ "type": "connection_init", "payload": { "authorization": "Bearer nonsense" } })),
        ("with_a_token_of_another_type", json!({ "type": "connection_init", "payload": { "authorization": 7 } })),
    ] {
        let name = format!("sockets::must_close_with_4403_on_init_{name}");
        suite.on(Backend::Sqlite, &name, move |backend| closes_raw(backend, message.to_string(), 4403));
    }
    let early = subscribe("1", "{ __typename }").to_string();
    suite.on(Backend::Sqlite, "sockets::must_close_with_4401_on_subscribe_before_init", move |backend| {
        closes_raw(backend, early, 4401)
    });
    suite.on(Backend::Sqlite, "sockets::must_run_what_is_sent_right_behind_init_after_the_ack", right_behind);
    suite.on(Backend::Sqlite, "sockets::must_close_with_4429_on_a_second_init", second_init);
    suite.on(Backend::Sqlite, "sockets::must_close_with_4429_on_two_inits_at_once", two_inits);
    suite.on(Backend::Sqlite, "sockets::must_close_with_4408_without_init", no_init);
    suite.on(Backend::Sqlite, "sockets::must_close_with_4408_though_pings_come", pings_only);
}

/// Messages that the protocol does not know, or not so: each closes the socket.
fn malformed(suite: &mut Suite) {
    for (name, message) in [
        ("text_that_is_not_json", "nonsense"),
        ("an_empty_text", ""),
        ("an_object_without_a_type", "{}"),
        ("a_list", "[]"),
        ("a_number", "7"),
        ("a_type_that_is_no_string", r#"{"type":7}"#),
        ("an_unknown_type", r#"{"type":"start","id":"1"}"#),
        ("a_type_in_capitals", r#"{"type":"PING"}"#),
        ("subscribe_without_id_and_payload", r#"{"type":"subscribe"}"#),
        ("subscribe_without_a_payload", r#"{"type":"subscribe","id":"1"}"#),
        ("subscribe_without_an_id", r#"{"type":"subscribe","payload":{"query":"{ __typename }"}}"#),
        ("subscribe_with_an_empty_id", r#"{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}"#),
        (
            "subscribe_with_an_id_that_is_a_number",
            r#"{"type":"subscribe","id":7,"payload":{"query":"{ __typename }"}}"#,
        ),
        ("subscribe_with_a_query_that_is_a_number", r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#),
        ("subscribe_without_a_query", r#"{"type":"subscribe","id":"1","payload":{}}"#),
        (
            "subscribe_with_variables_that_are_a_text",
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":"x"}}"#,
        ),
        ("complete_without_an_id", r#"{"type":"complete"}"#),
        ("a_message_of_the_server_next", r#"{"type":"next","id":"1","payload":{}}"#),
        ("a_message_of_the_server_error", r#"{"type":"error","id":"1","payload":[]}"#),
        ("a_message_of_the_server_ack", r#"{"type":"connection_ack"}"#),
        ("a_ping_with_a_payload_that_is_no_object", r#"{"type":"ping","payload":7}"#),
        ("a_pong_with_a_payload_that_is_no_object", r#"{"type":"pong","payload":[]}"#),
        ("an_init_with_a_payload_that_is_no_object", r#"{"type":"connection_init","payload":"x"}"#),
    ] {
        let name = format!("sockets::must_close_with_4400_on_{name}");
        suite.on(Backend::Sqlite, &name, move |backend| closes(backend, message, 4400));
    }
}

async fn offers(backend: Backend, offered: Option<&str>, chosen: bool) {
    use futures_util::StreamExt;
    let office = Office::open(backend).await;
    let mut request = format!("ws://{}/graphql/ws", office.address).into_client_request().unwrap();
    if let Some(offered) = offered {
        request.headers_mut().insert("sec-websocket-protocol", offered.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((_, response)) if chosen => {
            assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        }
        Ok((mut socket, response)) => {
            assert!(response.headers().get("sec-websocket-protocol").is_none());
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), 4406),
                other => panic!("{other:?}"),
            }
        }
        // A client that offered something and was given nothing may break off the handshake itself.
        Err(error) => assert!(!chosen && error.to_string().contains("protocol"), "{error}"),
    }
}

async fn no_handshake(backend: Backend) {
    let office = Office::open(backend).await;
    let response = reqwest::get(office.anyone().url("/graphql/ws")).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["upgrade"].as_bytes()), (426, &b"websocket"[..]));
    assert_eq!(response.headers()["sec-websocket-version"], "13");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let short = reqwest::Client::new()
        .get(office.anyone().url("/graphql/ws"))
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "abc");
    assert_eq!(short.send().await.unwrap().status().as_u16(), 400);
}

async fn other_origin(backend: Backend) {
    let office = Office::with(backend, &["--allowed-origins", "https://app.example"]).await;
    for (origin, allowed) in [("https://evil.example", false), ("null", false), ("https://app.example", true)] {
        let mut request = format!("ws://{}/graphql/ws", office.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        assert_eq!(connect_async(request).await.is_ok(), allowed, "{origin}");
    }
}

pub fn subscribe(id: &str, query: &str) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": { "query": query } })
}

pub const FOLLOW: &str = "subscription { notificationChanged { id } }";

async fn init(office: &Office) -> Value {
    json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", office.token("pm").await) } })
}

async fn acknowledged(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send(init(&office).await).await;
    assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
}

/// On a socket that has not begun.
async fn closes_raw(backend: Backend, message: String, code: u16) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send_text(&message).await;
    assert_eq!(socket.close_code().await, code);
}

/// On one that has.
async fn closes(backend: Backend, message: &str, code: u16) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send_text(message).await;
    let (found, reason) = socket.closed().await;
    assert_eq!(found, code);
    assert!(!reason.is_empty());
}

async fn right_behind(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send(init(&office).await).await;
    socket.send(subscribe("1", "{ __typename }")).await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    assert_eq!(socket.next().await["type"], "next");
    assert_eq!(socket.next().await["type"], "complete");
}

async fn second_init(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(init(&office).await).await;
    assert_eq!(socket.close_code().await, 4429);
}

async fn two_inits(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    let init = init(&office).await;
    socket.send(init.clone()).await;
    socket.send(init).await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    assert_eq!(socket.close_code().await, 4429);
}

async fn hasty(backend: Backend) -> Office {
    let pace = Pace { init: Duration::from_millis(100), ..Pace::default() };
    Office::paced(backend, pace, Doors::of(100)).await
}

async fn no_init(backend: Backend) {
    let office = hasty(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    assert_eq!(socket.close_code().await, 4408);
}

async fn pings_only(backend: Backend) {
    let office = hasty(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await["type"], "pong");
    assert_eq!(socket.close_code().await, 4408);
}

async fn ping(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(json!({ "type": "ping", "payload": { "a": [1, null] } })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "a": [1, null] } }));
}

async fn bare_ping(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    for message in [json!({ "type": "ping" }), json!({ "type": "ping", "payload": null })] {
        socket.send(message).await;
        assert_eq!(socket.next().await, json!({ "type": "pong" }));
    }
}

async fn early_ping(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.anyone().raw_socket().await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await, json!({ "type": "pong" }));
}

async fn unsolicited_pong(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "pong", "payload": { "a": 1 } })).await;
    works(&mut socket).await;
}

/// It runs an operation, and nothing else comes.
pub async fn works(socket: &mut Socket) {
    socket.send(subscribe("still", "{ __typename }")).await;
    let next = socket.next().await;
    assert_eq!((&next["type"], &next["id"]), (&json!("next"), &json!("still")), "{next}");
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "still" }));
}

async fn stopping(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    office.app.stop();
    assert_eq!(socket.closed().await, (1012, "Service restart".to_owned()));
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

async fn goodbye(backend: Backend) {
    let office = Office::open(backend).await;
    let mut socket = office.client("pm").await.socket().await;
    socket.send_frame(Message::Close(None)).await;
    assert!(matches!(socket.any_frame().await, Some(Message::Close(_))));
    assert_eq!(socket.any_frame().await, None);
}

async fn after_close(backend: Backend) {
    let office = Office::open(backend).await;
    let admin = office.client("admin").await;
    let mut socket = office.client("pm").await.socket().await;
    let rename = r#"mutation { updateProfile(input: { firstName: "Late" }) { user { id } } }"#;
    // All in one go: the server has closed before it comes to the second.
    socket.send_text("nonsense").await;
    socket.send(subscribe("late", rename)).await;
    assert_eq!(socket.close_code().await, 4400);
    let named = admin.ok("query($id: ID!) { user(id: $id) { firstName } }", json!({ "id": office.id("pm").0 })).await;
    assert_eq!(named["user"]["firstName"], "pm");
}

async fn reasons(backend: Backend) {
    let office = Office::open(backend).await;
    let long = "é".repeat(128);
    for (messages, code) in [
        (vec![subscribe(&long, FOLLOW), subscribe(&long, FOLLOW)], 4409),
        (vec![json!({ "type": "é".repeat(5_000) })], 4400),
    ] {
        let mut socket = office.client("pm").await.socket().await;
        for message in messages {
            socket.send(message).await;
        }
        let (found, reason) = socket.closed().await;
        assert_eq!(found, code);
        assert!((100..=123).contains(&reason.len()), "{reason}");
    }
}
