//! The open port: connections are accepted, served and, at the end, let go.
//!
//! What a connection may cost is bounded before any request is known: how many there are, how long one may take to say
//! what it wants, how large its headers are, and how long it may leave an answer lying.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower_service::Service;

/// What is read of a request before it is understood: its headers, or a part of its body.
const HEADERS: usize = 64 * 1024;
/// The answer to a connection for which there is no place.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json; charset=utf-8\r\n\
    retry-after: 5\r\nconnection: close\r\ncontent-length: 103\r\n\r\n\
    {\"errors\":[{\"message\":\"Too many connections: try again soon.\",\"extensions\":{\"code\":\"RATE_LIMITED\"}}]} \n";

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Doors {
    /// How many connections at a time, sockets included.
    pub connections: usize,
    /// For a request's headers to come whole.
    pub headers: Duration,
    /// Without a byte either way: longer than proxies keep idle connections, and than a request may take.
    pub idle: Duration,
    /// For a part of an answer to be taken.
    pub stall: Duration,
}

impl Doors {
    /// As patient as usual, with room for so many.
    #[must_use]
    pub fn of(connections: usize) -> Self {
        let (headers, idle, stall) = (Duration::from_secs(30), Duration::from_secs(75), Duration::from_secs(30));
        Self { connections, headers, idle, stall }
    }

    /// For requests that may take so long.
    #[must_use]
    pub fn outlasting(self, request: Duration) -> Self {
        Self { idle: self.idle.max(request * 2), ..self }
    }
}

/// Serves until it is asked to stop; then nothing new is accepted, and what is under way comes to its end.
pub async fn serve(mut listener: TcpListener, router: Router, doors: Doors, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(doors.connections));
    let (closing, closed) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, address) = Listener::accept(&mut listener) => match places.clone().try_acquire_owned() {
                Ok(place) => {
                    let stream = Held::new(stream, place, &doors);
                    drop(connections.spawn(converse(stream, address, router.clone(), doors, closed.clone())));
                }
                Err(_) => drop(connections.spawn(turn_away(stream))),
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    closing.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// One connection, from its first request to its last answer, or until it becomes a socket.
async fn converse(stream: Held, address: SocketAddr, router: Router, doors: Doors, mut closed: watch::Receiver<bool>) {
    // Small answers, each wanted at once.
    let _ = stream.stream.set_nodelay(true);
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    // A client may have said all it has to say, and still listen.
    builder.http1().half_close(true);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(doors.headers).max_buf_size(HEADERS);
    let service = TowerToHyperService::new(Addressed { router, address });
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    tokio::select! {
        // A peer that breaks off is no news.
        _ = connection.as_mut() => return,
        _ = closed.wait_for(|closed| *closed) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// There is no place: said, and given a moment to be read.
async fn turn_away(mut stream: TcpStream) {
    let told = async {
        stream.write_all(FULL).await?;
        stream.shutdown().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Result::Ok(())
    };
    let _ = timeout(Duration::from_secs(1), told).await;
}

/// The router, which learns from every request whose it is.
#[derive(Clone)]
struct Addressed {
    router: Router,
    address: SocketAddr,
}

impl<B> Service<axum::http::Request<B>> for Addressed
where
    B: axum::body::HttpBody<Data = axum::body::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = <Router as Service<Request>>::Response;
    type Error = <Router as Service<Request>>::Error;
    type Future = <Router as Service<Request>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), Self::Error>> {
        Service::<Request>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, mut request: axum::http::Request<B>) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.address));
        Service::call(&mut self.router, request.map(Body::new))
    }
}

/// A connection that holds its place for as long as it is open, and breaks when its peer takes nothing for too long, or
/// when nothing happens on it at all.
struct Held {
    stream: TcpStream,
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    idle: Duration,
    idled: Pin<Box<Sleep>>,
    moved: Instant,
    _place: OwnedSemaphorePermit,
}

impl Held {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, doors: &Doors) -> Self {
        Self {
            stream,
            stall: doors.stall,
            stalled: None,
            idle: doors.idle,
            idled: Box::pin(sleep(doors.idle)),
            moved: Instant::now(),
            _place: place,
        }
    }

    /// Read, or still in time to be.
    fn not_idle(&mut self, read: Poll<Result<()>>, context: &mut Context<'_>) -> Poll<Result<()>> {
        if read.is_ready() {
            self.moved = Instant::now();
            return read;
        }
        loop {
            ready!(self.idled.as_mut().poll(context));
            let until = self.moved + self.idle;
            if until <= Instant::now() {
                return Poll::Ready(Err(Error::from(ErrorKind::TimedOut)));
            }
            self.idled.as_mut().reset(until);
        }
    }

    /// Written, or still in time to be.
    fn in_time<T>(&mut self, written: Poll<Result<T>>, context: &mut Context<'_>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.moved = Instant::now();
            self.stalled = None;
            return written;
        }
        let stall = self.stall;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(stall))).as_mut().poll(context));
        Poll::Ready(Err(Error::from(ErrorKind::TimedOut)))
    }
}

impl AsyncRead for Held {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        self.not_idle(read, context)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.in_time(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_without_a_place_is_a_whole_one() {
        let text = std::str::from_utf8(FULL).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(headers.contains(&format!("content-length: {}", body.len())), "{}", body.len());
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    }
}
