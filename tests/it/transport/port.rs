//! The port: connections that say nothing, or too much, or are too many; and how they are let go.

use std::time::Duration;

use ridgeline::http::{Doors, Pace};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::database::Backend;
use crate::harness::office::{Office, eventually};
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on(Backend::Sqlite, "port::headers_that_do_not_come_whole_lose_the_connection", slow_headers);
    suite.on(Backend::Sqlite, "port::a_connection_that_says_nothing_is_closed", silent);
    suite.on(Backend::Sqlite, "port::a_connection_is_kept_for_the_next_request", kept_alive);
    suite.on(Backend::Sqlite, "port::a_client_that_takes_no_answer_loses_the_connection", untaken);
    suite.on(Backend::Sqlite, "port::a_body_that_does_not_come_is_408", slow_body);
    suite.on(Backend::Sqlite, "port::headers_that_are_too_large_are_431", large_headers);
    suite.on(Backend::Sqlite, "port::an_address_that_is_too_long_is_414", long_address);
    suite.on(Backend::Sqlite, "port::connections_beyond_the_most_are_503", too_many);
    suite.on(Backend::Sqlite, "port::sockets_hold_their_place", sockets_count);
    suite.on(Backend::Sqlite, "port::what_is_under_way_ends_when_the_server_stops", stop);
    suite.on(Backend::Sqlite, "port::what_cannot_be_served_now_says_when_to_try_again", try_again);
    suite.on(Backend::Sqlite, "port::a_request_that_is_no_http_is_400", no_http);
}

fn moment() -> Doors {
    let moment = Duration::from_millis(300);
    Doors { headers: moment, idle: moment, stall: moment, ..Doors::of(100) }
}

async fn connect(office: &Office) -> TcpStream {
    TcpStream::connect(office.address).await.unwrap()
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    // A reset ends it as well as a close.
    let _ = read.expect("the server should have closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

const BODY: &str = r#"{"query":"{ __typename }"}"#;

fn request(close: bool) -> String {
    let connection = if close { "connection: close\r\n" } else { "" };
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{connection}\r\n{BODY}",
        BODY.len()
    )
}

async fn slow_headers(backend: Backend) {
    let office = Office::paced(backend, Pace::default(), moment()).await;
    let mut stream = connect(&office).await;
    // Byte by byte, each well in time.
    for byte in b"GET / HTTP/1.1\r\nhost: x\r\nx-a: " {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!rest(&mut stream).await.contains("200 OK"));
}

async fn silent(backend: Backend) {
    let office = Office::paced(backend, Pace::default(), moment()).await;
    assert_eq!(rest(&mut connect(&office).await).await, "");
    // After an answer, too.
    let mut stream = connect(&office).await;
    stream.write_all(request(false).as_bytes()).await.unwrap();
    let text = rest(&mut stream).await;
    assert_eq!(text.matches("200 OK").count(), 1, "{text}");
}

async fn kept_alive(backend: Backend) {
    let office = Office::open(backend).await;
    let mut stream = connect(&office).await;
    let three = request(false).repeat(2) + &request(true);
    stream.write_all(three.as_bytes()).await.unwrap();
    let text = rest(&mut stream).await;
    assert_eq!(text.matches("200 OK").count(), 3, "{text}");
    assert_eq!(text.matches(r#"{"data":{"__typename":"Query"}}"#).count(), 3, "{text}");
}

async fn untaken(backend: Backend) {
    let office = Office::paced(backend, Pace::default(), moment()).await;
    let token = office.token("admin").await;
    let query =
        json!({ "query": "{ __schema { types { name description fields { name description } } } }" }).to_string();
    let one = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\n\r\n{query}",
        query.len()
    );
    let mut stream = connect(&office).await;
    // Asks without end, and reads nothing, until the server has had enough.
    let asking = async { while stream.write_all(one.as_bytes()).await.is_ok() {} };
    tokio::time::timeout(Duration::from_mins(1), asking).await.expect("the connection should break");
    office.client("admin").await.ok("{ viewer { id } }", Value::Null).await;
}

async fn slow_body(backend: Backend) {
    let office = Office::with(backend, &["--request-timeout", "1s"]).await;
    let mut stream = connect(&office).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\
                connection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 408") && text.contains("BAD_USER_INPUT"), "{text}");
}

async fn large_headers(backend: Backend) {
    let office = Office::open(backend).await;
    let mut stream = connect(&office).await;
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n", "x".repeat(200_000));
    let _ = stream.write_all(head.as_bytes()).await;
    let text = rest(&mut stream).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 431"), "{text}");
    let mut stream = connect(&office).await;
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\n{}", "x-many: x\r\n".repeat(500) + "\r\n");
    let _ = stream.write_all(head.as_bytes()).await;
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 431"), "{text}");
}

async fn long_address(backend: Backend) {
    let office = Office::open(backend).await;
    let mut stream = connect(&office).await;
    let head = format!("GET /graphql?query={} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(65_600));
    let _ = stream.write_all(head.as_bytes()).await;
    let text = rest(&mut stream).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 414") || text.starts_with("HTTP/1.1 431"), "{text}");
}

async fn too_many(backend: Backend) {
    let office = Office::paced(backend, Pace::default(), Doors::of(2)).await;
    let (mut first, second) = (connect(&office).await, connect(&office).await);
    first.write_all(request(false).as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    first.read_exact(&mut answer).await.unwrap();
    let text = rest(&mut connect(&office).await).await;
    assert!(text.starts_with("HTTP/1.1 503") && text.contains("retry-after: 5"), "{text}");
    let body: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    drop((first, second));
    eventually("a free place", async || reqwest::get(office.anyone().url("/healthz")).await.ok()).await;
}

async fn sockets_count(backend: Backend) {
    let office = Office::paced(backend, Pace::default(), Doors::of(2)).await;
    let sockets = (office.anyone().raw_socket().await, office.anyone().raw_socket().await);
    let text = rest(&mut connect(&office).await).await;
    assert!(text.starts_with("HTTP/1.1 503"), "{text}");
    drop(sockets);
    eventually("a free place", async || {
        reqwest::get(office.anyone().url("/healthz")).await.ok().filter(|answer| answer.status() == 200)
    })
    .await;
}

/// A request whose body is still coming is answered; then nothing more is accepted.
async fn stop(backend: Backend) {
    let office = Office::open(backend).await;
    let (mut busy, mut idle) = (connect(&office).await, connect(&office).await);
    let request = request(false);
    let (first, last) = request.split_at(request.len() - 5);
    busy.write_all(first.as_bytes()).await.unwrap();
    idle.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    idle.read_exact(&mut answer).await.unwrap();
    office.app.stop();
    // The idle one is let go, and no other is let in.
    rest(&mut idle).await;
    eventually("the closed port", async || TcpStream::connect(office.address).await.err()).await;
    busy.write_all(last.as_bytes()).await.unwrap();
    assert!(rest(&mut busy).await.contains(r#"{"data":{"__typename":"Query"}}"#));
}

async fn try_again(backend: Backend) {
    let office = Office::open(backend).await;
    office.app.db.clone().close().await;
    let ready = reqwest::get(office.anyone().url("/readyz")).await.unwrap();
    assert_eq!((ready.status().as_u16(), ready.headers()["retry-after"].as_bytes()), (503, &b"5"[..]));
    let body: Value = ready.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL");
}

async fn no_http(backend: Backend) {
    let office = Office::open(backend).await;
    let mut stream = connect(&office).await;
    let _ = stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc nonsense\r\n\r\n").await;
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    office.client("pm").await.ok("{ viewer { id } }", Value::Null).await;
}
