//! Work that is done later, once: rows written in the transaction that wants it done.
//!
//! Every instance looks for due jobs and leases what it takes, so a job outlives the instance that dies over it and is
//! taken up by another. A job may be started twice and must then change nothing the second time.

mod housekeeping;
mod queue;
mod register;

pub(crate) use queue::due;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use tokio::sync::Notify;

use crate::app::App;
use crate::error::Result;

/// How long an instance sleeps when nothing rings: the net under the bell, and how late a job may be.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// This instance's worker: what wakes it, and when it last cleared away (milliseconds since 1970; 0 for never).
#[derive(Default)]
pub struct Jobs {
    bell: Notify,
    cleared: AtomicI64,
}

impl Jobs {
    pub(crate) fn wake(&self) {
        self.bell.notify_one();
    }
}

/// Works until the process stops.
pub(crate) async fn run(app: &Arc<App>) {
    let mut stopping = app.stopping();
    loop {
        if let Err(error) = run_due(app).await {
            tracing::warn!(%error, "the jobs could not be read; trying again");
        }
        tokio::select! {
            () = app.jobs.bell.notified() => {}
            () = tokio::time::sleep(LONGEST_SLEEP) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Does everything that is due now. Answers how many jobs were done.
///
/// # Errors
/// When the queue itself cannot be read; a job that fails is tried again later and fails nobody else.
pub async fn run_due(app: &Arc<App>) -> Result<u64> {
    housekeeping::keep(app).await?;
    let mut done = 0;
    loop {
        let jobs = queue::claim(app).await?;
        if jobs.is_empty() {
            return Ok(done);
        }
        for job in jobs {
            let outcome = register::run(app, &job).await;
            if let Err(error) = &outcome {
                tracing::error!(kind = job.kind, id = %job.id, %error, "a job failed");
            }
            queue::finish(app, &job, outcome).await?;
            done += 1;
        }
    }
}
