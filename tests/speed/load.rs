//! A client that costs next to nothing: so many connections, each sending its next request when its last was answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as bytes, made beforehand.
pub fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{authorization}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// One connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request; the body of its answer, which must be a 200.
    pub async fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.expect("the server takes the request");
        self.buffer.clear();
        let (mut start, mut end) = (0, usize::MAX);
        while self.buffer.len() < end {
            assert!(self.stream.read_buf(&mut self.buffer).await.expect("an answer") > 0, "the server hung up");
            if end == usize::MAX
                && let Some(head) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n")
            {
                let text = String::from_utf8_lossy(&self.buffer[..head]).to_lowercase();
                assert!(text.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(&self.buffer));
                let length = text.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
                start = head + 4;
                end = start + length.expect("a length").trim().parse::<usize>().expect("a number");
            }
        }
        &self.buffer[start..end]
    }
}

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub seconds: f64,
    pub latencies: Vec<Duration>,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// In milliseconds.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        self.latencies.sort_unstable();
        let at = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    }

    pub fn add(&mut self, other: Self) {
        self.seconds += other.seconds;
        self.latencies.extend(other.latencies);
    }
}

/// Sends the requests in turn over so many connections, for so long or until each was sent once.
pub async fn load(
    address: SocketAddr,
    requests: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    time: Duration,
    once: bool,
) -> Measured {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (requests, next) = (requests.clone(), next.clone());
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                let mut latencies = Vec::new();
                while began.elapsed() < time {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if once && at >= requests.len() {
                        break;
                    }
                    let sent = Instant::now();
                    connection.ask(&requests[at % requests.len()]).await;
                    latencies.push(sent.elapsed());
                }
                latencies
            })
        })
        .collect();
    let mut measured = Measured::default();
    for task in tasks {
        measured.latencies.extend(task.await.expect("a connection"));
    }
    measured.seconds = began.elapsed().as_secs_f64();
    measured
}
