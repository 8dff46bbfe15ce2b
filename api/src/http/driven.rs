//! An operation of a socket at work by itself.
//!
//! A socket that is not read from takes nothing for a while. What runs on it must not stand still meanwhile: halfway it
//! may hold a connection to the database, or be the next in line for one, and everybody else would wait for it. So each
//! operation goes on in a task of its own until it has something to tell, and waits there with nothing in its hands.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::stream::{BoxStream, Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::errors::internal;
use super::operation::Event;

/// The events of an operation, one ahead at the most. Dropped, the operation ends.
pub(super) struct Driven {
    told: mpsc::Receiver<Event>,
    task: JoinHandle<()>,
}

impl Driven {
    pub(super) fn new(mut events: BoxStream<'static, Event>, id: Arc<str>) -> Self {
        let (tell, told) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            loop {
                let event = match AssertUnwindSafe(events.next()).catch_unwind().await {
                    Ok(Some(event)) => event,
                    Ok(None) => return,
                    Err(_) => {
                        tracing::error!(request = &*id, "an operation of a socket panicked");
                        let _ = tell.send(Event::Failed(vec![internal(&id)])).await;
                        return;
                    }
                };
                if tell.send(event).await.is_err() {
                    return;
                }
            }
        });
        Self { told, task }
    }
}

impl Stream for Driven {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.told.poll_recv(cx)
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.task.abort();
    }
}
