//! A client over real HTTP and WebSocket.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::office::text;

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub address: SocketAddr,
    pub token: Option<String>,
}

impl Client {
    pub fn new(http: reqwest::Client, address: SocketAddr, token: Option<String>) -> Self {
        Self { http, address, token }
    }

    /// The same person at another instance.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Status and body of a document's answer.
    pub async fn send(&self, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables });
        let mut request =
            self.http.post(self.url("/graphql")).header(ACCEPT, "application/graphql-response+json").json(&body);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.expect("JSON"))
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

    pub async fn subscribe(&self, query: &str, variables: Value) -> Subscription {
        let mut socket = self.socket().await;
        let payload = json!({ "query": query, "variables": variables });
        socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
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
        Socket(connect_async(request).await.expect("a socket").0)
    }
}

pub const COMPLETE: &str = "mutation($input: CompleteLineItemInput!) { completeLineItem(input: $input) {
    alreadyCompleted completedItem { id lineItem { id } notes completedBy { id } }
    nextAlert { id status title dueDate assignedTo { id } lineItem { id } }
    project { id progress status phase tracker { currentLineItem { id } currentPhase { phaseType } } } } }";

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub async fn send_text(&mut self, message: &str) {
        self.0.send(Message::text(message)).await.expect("the socket should take it");
    }

    pub async fn send_frame(&mut self, frame: Message) {
        self.0.send(frame).await.expect("the socket should take it");
    }

    /// The next message, pings aside.
    pub async fn next(&mut self) -> Value {
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
        match self.frame().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("a close, not {other:?}"),
        }
    }

    async fn frame(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await;
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
