//! A client over real HTTP and WebSocket.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{ACCEPT, AUTHORIZATION, RETRY_AFTER};
use ridgeline::app::App;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::office::text;

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// The instance spoken to: asked when a subscription has begun, which no protocol tells.
    app: Arc<App>,
    pub address: SocketAddr,
    pub token: Option<String>,
    /// The address that a proxy says the client has.
    forwarded: Option<String>,
}

impl Client {
    pub fn new(http: reqwest::Client, app: &Arc<App>, address: SocketAddr, token: Option<String>) -> Self {
        Self { http, app: app.clone(), address, token, forwarded: None }
    }

    /// The same person at another instance.
    pub fn at(&self, app: &Arc<App>, address: SocketAddr) -> Self {
        Self { app: app.clone(), address, ..self.clone() }
    }

    /// The same client behind a proxy, at another address.
    pub fn from(&self, address: &str) -> Self {
        Self { forwarded: Some(address.to_owned()), ..self.clone() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Status and body of a document's answer.
    pub async fn send(&self, query: &str, variables: Value) -> (u16, Value) {
        let response = self.request(query, variables).send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.expect("JSON"))
    }

    /// Status, `Retry-After` and body of a document's answer.
    pub async fn send_and_wait(&self, query: &str, variables: Value) -> (u16, Option<u64>, Value) {
        let response = self.request(query, variables).send().await.expect("an answer");
        let wait = response.headers().get(RETRY_AFTER).map(|wait| wait.to_str().unwrap().parse().unwrap());
        (response.status().as_u16(), wait, response.json().await.expect("JSON"))
    }

    /// The body, or nothing where the server does not answer any more.
    pub async fn try_send(&self, query: &str, variables: Value) -> Option<Value> {
        self.request(query, variables).send().await.ok()?.json().await.ok()
    }

    fn request(&self, query: &str, variables: Value) -> reqwest::RequestBuilder {
        let body = json!({ "query": query, "variables": variables });
        let request = self.http.post(self.url("/graphql")).json(&body);
        let mut request = request.header(ACCEPT, "application/graphql-response+json");
        if let Some(address) = &self.forwarded {
            request = request.header("x-forwarded-for", address);
        }
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// The data of an answer without errors.
    pub async fn ok(&self, query: &str, variables: Value) -> Value {
        let (_, answer) = self.send(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// The first error of an answer.
    pub async fn error(&self, query: &str, variables: Value) -> Value {
        let (_, answer) = self.send(query, variables).await;
        assert!(answer["errors"].is_array(), "{query} should be refused\n{answer:#}");
        answer["errors"][0].clone()
    }

    /// The code of the first error.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        text(&self.error(query, variables).await["extensions"]["code"])
    }

    pub async fn create_customer(&self, email: &str) -> String {
        let input = json!({
            "primaryName": "Ada Ridge", "primaryEmail": email, "primaryPhone": "+13035550123",
            "address": "12 Ridge Road, Denver",
        });
        let document = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }";
        text(&self.ok(document, json!({ "input": input })).await["createCustomer"]["customer"]["id"])
    }

    pub async fn complete(&self, project: &str, item: &str) -> Value {
        let input = json!({ "projectId": project, "lineItemId": item });
        self.ok(COMPLETE, json!({ "input": input })).await["completeLineItem"].clone()
    }

    /// Where the change log stands, everything committed before included.
    pub async fn cursor(&self) -> String {
        self.app.catch_up().await.expect("the change log");
        text(&self.ok("{ changeCursor }", json!({})).await["changeCursor"])
    }

    pub async fn subscribe(&self, query: &str, variables: Value) -> Subscription {
        let mut socket = self.socket().await;
        let payload = json!({ "query": query, "variables": variables });
        // What was committed before is not to be heard of now.
        self.app.catch_up().await.expect("the change log");
        let before = self.app.log.followers();
        socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        // It has begun when one more follows the log, or something has come of it already.
        while self.app.log.followers() <= before {
            if let Some(message) = socket.next_within(Duration::from_millis(5)).await {
                socket.early.push_back(message);
                break;
            }
        }
        Subscription { socket }
    }

    /// A socket that has been acknowledged.
    pub async fn socket(&self) -> Socket {
        let mut socket = self.raw_socket().await;
        let token = self.token.as_deref().unwrap_or_default();
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await["type"], "connection_ack");
        socket
    }

    pub async fn raw_socket(&self) -> Socket {
        let mut request = format!("ws://{}/graphql/ws", self.address).into_client_request().expect("a request");
        let protocol = "graphql-transport-ws".parse().expect("a header");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        if let Some(address) = &self.forwarded {
            request.headers_mut().insert("x-forwarded-for", address.parse().expect("a header"));
        }
        Socket { stream: connect_async(request).await.expect("a socket").0, early: VecDeque::new() }
    }
}

pub const COMPLETE: &str = "mutation($input: CompleteLineItemInput!) { completeLineItem(input: $input) {
    alreadyCompleted completedItem { id lineItem { id } notes completedBy { id } }
    nextAlert { id status title dueDate assignedTo { id } lineItem { id } }
    project { id progress status phase tracker { currentLineItem { id } currentPhase { phaseType } } } } }";

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Messages that came before anybody asked for them.
    early: VecDeque<Value>,
}

impl Socket {
    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub async fn send_text(&mut self, message: &str) {
        self.stream.send(Message::text(message)).await.expect("the socket should take it");
    }

    pub async fn send_frame(&mut self, frame: Message) {
        self.stream.send(frame).await.expect("the socket should take it");
    }

    /// The next message, pings aside.
    pub async fn next(&mut self) -> Value {
        if let Some(message) = self.early.pop_front() {
            return message;
        }
        match self.frame().await {
            Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("a message, not {other:?}"),
        }
    }

    /// The next message, if one comes within the time.
    pub async fn next_within(&mut self, time: Duration) -> Option<Value> {
        tokio::time::timeout(time, self.next()).await.ok()
    }

    /// The code with which the server closes the socket.
    pub async fn close_code(&mut self) -> u16 {
        self.closed().await.0
    }

    /// The same with the reason.
    pub async fn closed(&mut self) -> (u16, String) {
        match self.frame().await {
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.as_str().to_owned()),
            other => panic!("a close, not {other:?}"),
        }
    }

    /// Sends what the socket may no longer take.
    pub async fn try_send(&mut self, messages: &[&str]) -> Option<()> {
        for message in messages {
            self.stream.send(Message::text(*message)).await.ok()?;
        }
        Some(())
    }

    /// Bytes that need not be a frame.
    pub async fn send_raw(&mut self, bytes: &[u8]) {
        use tokio::io::AsyncWriteExt;
        self.stream.get_mut().write_all(bytes).await.expect("the connection should take it");
    }

    /// The next frame of any kind; none once the connection has ended.
    pub async fn any_frame(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.stream.next()).await;
        next.expect("nothing came")?.ok()
    }

    async fn frame(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.stream.next()).await;
            match next.expect("nothing came").expect("the socket ended").expect("a frame") {
                Message::Ping(_) | Message::Pong(_) => {}
                other => return other,
            }
        }
    }
}

/// One subscription on a socket of its own.
pub struct Subscription {
    pub socket: Socket,
}

impl Subscription {
    /// The next event: the one field of its data.
    pub async fn next(&mut self) -> Value {
        let message = self.socket.next().await;
        assert_eq!(message["type"], "next", "{message:#}");
        let payload = &message["payload"];
        assert!(payload.get("errors").is_none(), "{payload:#}");
        payload["data"].as_object().and_then(|data| data.values().next()).expect("a field").clone()
    }

    /// Nothing comes for a moment.
    pub async fn is_silent(&mut self) -> bool {
        self.socket.next_within(Duration::from_millis(400)).await.is_none()
    }
}

/// The codes of an answer's errors.
pub fn codes(answer: &Value) -> Vec<String> {
    answer["errors"].as_array().into_iter().flatten().map(|e| text(&e["extensions"]["code"])).collect()
}
