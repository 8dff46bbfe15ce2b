//! One socket: from `connection_init` to its close. A single task reads and writes, and each operation has its own
//! (`driven.rs`), so that whatever stalls a socket stalls nobody else.

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_stream::{StreamExt, StreamMap};

use super::Http;
use super::caller::{Sender, token};
use super::driven::Driven;
use super::errors::coded;
use super::limits::refusals;
use super::operation::{Event, Operation};
use super::protocol::{self, Close, Incoming};
use super::request::Params;
use super::signed_in::{SignedIn, over, unattended};

/// So many queries and mutations of one socket run at a time, or wait for their answers to be taken.
const AT_ONCE: usize = 8;

/// How patient the server is with a socket.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Until `connection_init` must have come.
    pub init: Duration,
    /// Between pings; a peer from which nothing came since the last one is gone.
    pub ping: Duration,
    /// For one message to be taken.
    pub stall: Duration,
    /// Between looks at the clock, for tokens that end.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(3),
            ping: Duration::from_secs(20),
            stall: Duration::from_secs(10),
            look: Duration::from_millis(750),
        }
    }
}

/// Goes on, or ends the socket: with a close frame, or without where the peer is gone.
type Step = ControlFlow<Option<Close>>;

/// A socket and what runs on it.
pub(super) struct Connection {
    http: Arc<Http>,
    socket: WebSocket,
    sender: Sender,
    signed_in: Option<SignedIn>,
    operations: StreamMap<String, Driven>,
    /// Of its queries and mutations.
    turns: Arc<Semaphore>,
    started: u64,
    /// Something came since the last ping.
    alive: bool,
    init_by: Instant,
    look_at: Instant,
    ping_at: Instant,
}

impl Connection {
    pub(super) fn new(http: Arc<Http>, socket: WebSocket, sender: Sender) -> Self {
        let now = Instant::now();
        Self {
            init_by: now + http.pace.init,
            look_at: now + http.pace.look,
            ping_at: now + http.pace.ping,
            http,
            socket,
            sender,
            signed_in: None,
            operations: StreamMap::new(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            started: 0,
            alive: true,
        }
    }

    /// Serves the socket until it ends. It holds a receiver of the app's stop signal all the while, so whoever sends
    /// the signal can wait until nobody listens any more. What a socket does now and then is boxed, since a waiting
    /// socket keeps room for all that is not.
    pub(super) async fn serve(mut self) {
        let mut stopping = self.http.app.stopping();
        loop {
            let wake_at = self.wake_at();
            let step = tokio::select! {
                message = self.socket.recv() => Box::pin(self.received(message)).await,
                Some((id, event)) = self.operations.next(), if !self.operations.is_empty() => self.happened(id, event).await,
                () = unattended(self.signed_in.as_mut()) => Box::pin(self.sign_in_again()).await,
                () = over(&mut stopping) => Break(Some(Close::STOPPING)),
                () = sleep_until(wake_at) => self.looked_up().await,
            };
            match step {
                Continue(()) => {}
                Break(Some(close)) => return Box::pin(self.close(&close)).await,
                Break(None) => return,
            }
        }
    }

    /// Says why, and waits a moment for the peer to have read it.
    pub(super) async fn close(mut self, close: &Close) {
        self.operations.clear();
        let frame = CloseFrame { code: close.code, reason: close.reason().into() };
        let goodbye = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        let _ = timeout(Duration::from_secs(1), goodbye).await;
    }

    fn wake_at(&self) -> Instant {
        let next = if self.signed_in.is_some() { self.look_at } else { self.init_by };
        next.min(self.ping_at)
    }

    /// Some time has passed.
    async fn looked_up(&mut self) -> Step {
        let now = Instant::now();
        self.look_at = now + self.http.pace.look;
        match &self.signed_in {
            None if now >= self.init_by => return Break(Some(Close::NO_INIT)),
            Some(signed_in) if signed_in.has_expired(&self.http.app) => return Break(Some(Close::FORBIDDEN)),
            _ => {}
        }
        if now < self.ping_at {
            return Continue(());
        }
        if !self.alive {
            return Break(None);
        }
        self.alive = false;
        self.ping_at = now + self.http.pace.ping;
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn received(&mut self, message: Option<Result<Message, axum::Error>>) -> Step {
        self.alive = true;
        match message {
            Some(Ok(Message::Text(text))) => match Incoming::read(&text) {
                Ok(incoming) => self.understood(incoming).await,
                Err(close) => Break(Some(close)),
            },
            Some(Ok(Message::Binary(_))) => Break(Some(Close::BINARY)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Continue(()),
            // The library answers a close by itself, at the next read.
            Some(Ok(Message::Close(_))) => {
                let _ = timeout(Duration::from_secs(1), self.socket.recv()).await;
                Break(None)
            }
            Some(Err(error)) => Break(unreadable(&error)),
            None => Break(None),
        }
    }

    async fn understood(&mut self, incoming: Incoming) -> Step {
        match incoming {
            Incoming::Init(_) if self.signed_in.is_some() => Break(Some(Close::SECOND_INIT)),
            Incoming::Init(authorization) => self.init(authorization).await,
            Incoming::Ping(payload) => self.send_text(protocol::pong(payload.as_ref())).await,
            Incoming::Pong => Continue(()),
            Incoming::Subscribe(id, params) => self.start(id, params).await,
            Incoming::Complete(id) => {
                self.operations.remove(&id);
                Continue(())
            }
        }
    }

    async fn init(&mut self, authorization: Option<String>) -> Step {
        let Some(token) = authorization.as_deref().and_then(token) else { return Break(Some(Close::FORBIDDEN)) };
        self.sign_in(token.to_owned()).await?;
        self.send_text(protocol::ACK.to_owned()).await
    }

    /// The session has ended; or it is no longer kept up, because what its person may do has changed: then the token
    /// tells what holds now. Operations under way go on: their streams end by themselves where sight has changed.
    async fn sign_in_again(&mut self) -> Step {
        match self.signed_in.take() {
            Some(signed_in) if signed_in.has_ended() => Break(Some(Close::FORBIDDEN)),
            Some(signed_in) => self.sign_in(signed_in.token).await,
            None => Continue(()),
        }
    }

    async fn sign_in(&mut self, token: String) -> Step {
        match SignedIn::with(&self.http.app, token).await {
            Ok(signed_in) => {
                self.signed_in = Some(signed_in);
                Continue(())
            }
            Err(close) => Break(Some(close)),
        }
    }

    async fn start(&mut self, id: String, params: Params) -> Step {
        let Some(signed_in) = &self.signed_in else { return Break(Some(Close::UNAUTHORIZED)) };
        if self.operations.contains_key(&id) {
            return Break(Some(Close::duplicate(&id)));
        }
        let most = self.http.app.settings.limits.socket_operations;
        if self.operations.len() >= most {
            let message = format!("At most {most} operations run on one socket at a time. Complete one first.");
            return self.send_text(protocol::error(&id, &[coded("LIMIT_EXCEEDED", message)])).await;
        }
        self.started += 1;
        let sender = self.sender.operation(self.started);
        match Operation::prepare(&self.http, params, Some(signed_in.session.clone()), &sender) {
            Ok(operation) => {
                let request = operation.id.clone();
                let events = operation.events(self.http.clone(), self.turns.clone());
                self.operations.insert(id, Driven::new(events, request));
                Continue(())
            }
            Err(errors) => {
                refusals(&self.http, &errors, &sender).await;
                self.send_text(protocol::error(&id, &errors)).await
            }
        }
    }

    /// An operation has something to tell.
    async fn happened(&mut self, id: String, event: Event) -> Step {
        let text = match event {
            Event::Next(response) => protocol::next(&id, &response),
            Event::Failed(errors) => {
                self.operations.remove(&id);
                protocol::error(&id, &errors)
            }
            Event::Complete => {
                self.operations.remove(&id);
                protocol::complete(&id)
            }
        };
        self.send_text(text).await
    }

    async fn send_text(&mut self, text: String) -> Step {
        self.send(Message::Text(text.into())).await
    }

    /// Sends a message; a peer that does not take it in time has lost its socket.
    async fn send(&mut self, message: Message) -> Step {
        match timeout(self.http.pace.stall, self.socket.send(message)).await {
            Ok(Ok(())) => Continue(()),
            Ok(Err(_)) | Err(_) => Break(None),
        }
    }
}

/// What to tell a peer whose message could not be read; nothing where the connection itself is gone.
fn unreadable(error: &axum::Error) -> Option<Close> {
    let text = error.to_string();
    if text.contains("too long") {
        return Some(Close::TOO_LARGE);
    }
    if text.contains("UTF-8") || text.contains("utf-8") {
        return Some(Close::NOT_UTF8);
    }
    text.starts_with("WebSocket protocol error").then_some(Close::BROKEN_FRAME)
}
