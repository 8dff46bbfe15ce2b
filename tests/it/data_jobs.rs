//! The queue: each job once, however many look for it, and never lost with whoever took it.

use std::sync::Arc;

use entity::enums::UserRole;
use entity::job;
use entity::scalar::Instant;
use ridgeline::app::App;
use ridgeline::data::access::Permission;
use ridgeline::data::tx::{Tx, UseCase};
use ridgeline::error::Result;
use ridgeline::jobs::run_due;
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::data_bench::Bench;
use crate::harness::database::Backend;
use crate::harness::suite::Suite;

pub fn register(suite: &mut Suite) {
    suite.on_each_database("data_jobs::each_job_is_done_once_by_many_workers", once);
    suite.on_each_database("data_jobs::jobs_wait_for_their_time", in_time);
    suite.on_each_database("data_jobs::a_job_that_fails_is_tried_again_later_and_later", again);
    suite.on_each_database("data_jobs::a_job_outlives_the_instance_that_took_it", leases);
    suite.on_each_database("data_jobs::a_job_is_wanted_once", wanted_once);
}

/// Wants a job done.
struct Want {
    payload: Value,
    run_at: Instant,
    key: Option<&'static str>,
    times: usize,
}

impl UseCase for Want {
    type Output = ();
    const PERMISSION: Permission = Permission::Staff;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for _ in 0..self.times {
            tx.enqueue("alert-due", self.payload.clone(), self.run_at, self.key.map(str::to_owned));
        }
        Ok(())
    }
}

/// A job that finds nothing left to do, and is done.
fn good() -> Value {
    json!({ "alert": "gone", "project": "gone" })
}

/// A job that does not know what to do, and fails.
fn bad() -> Value {
    json!({})
}

async fn want(bench: &Bench, app: &Arc<App>, wanted: Want) {
    bench.hire(app, UserRole::Admin).await.write(&wanted).await.unwrap();
}

async fn jobs(bench: &Bench) -> Vec<job::Model> {
    job::Entity::find().all(&bench.db).await.unwrap()
}

async fn the_job(bench: &Bench) -> job::Model {
    let [job] = jobs(bench).await.try_into().expect("one job");
    job
}

async fn once(backend: Backend) {
    const JOBS: usize = 70;
    let bench = Bench::open(backend).await;
    let apps = [bench.instance().await, bench.instance().await, bench.instance().await];
    want(&bench, &apps[0], Want { payload: good(), run_at: bench.now(), key: None, times: JOBS }).await;
    let workers = (0..9).map(|n| {
        let app = apps[n % 3].clone();
        tokio::spawn(async move { run_due(&app).await })
    });
    let mut done = 0;
    for worker in workers.collect::<Vec<_>>() {
        done += worker.await.unwrap().unwrap();
    }
    assert_eq!(usize::try_from(done).unwrap(), JOBS);
    for job in jobs(&bench).await {
        assert_eq!((job.attempts, job.done_at, job.last_error), (1, Some(bench.now()), None));
    }
    assert_eq!(run_due(&apps[1]).await.unwrap(), 0);
}

async fn in_time(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    let hour = chrono::Duration::hours(1);
    want(&bench, &app, Want { payload: good(), run_at: bench.now() + hour, key: None, times: 1 }).await;
    bench.clock.advance(hour - chrono::Duration::milliseconds(1));
    assert_eq!(run_due(&app).await.unwrap(), 0);
    bench.clock.advance(chrono::Duration::milliseconds(1));
    assert_eq!(run_due(&app).await.unwrap(), 1);
}

async fn again(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    want(&bench, &app, Want { payload: bad(), run_at: bench.now(), key: Some("bad"), times: 1 }).await;
    want(&bench, &app, Want { payload: good(), run_at: bench.now(), key: None, times: 3 }).await;
    assert_eq!(run_due(&app).await.unwrap(), 4);
    let done = jobs(&bench).await.into_iter().filter(|job| job.done_at.is_some()).count();
    assert_eq!(done, 3, "one that fails holds up nobody else");

    for attempt in 2..=10 {
        let failed = failing(&bench).await;
        assert_eq!((failed.attempts, failed.failed_at, failed.locked_until), (attempt - 1, None, None));
        assert!(failed.last_error.is_some_and(|error| !error.is_empty()));
        let wait = failed.run_at - bench.now();
        assert_eq!(wait, chrono::Duration::seconds(1 << (attempt - 1)), "twice as long each time");
        bench.clock.advance(wait - chrono::Duration::milliseconds(1));
        assert_eq!(run_due(&app).await.unwrap(), 0);
        bench.clock.advance(chrono::Duration::milliseconds(1));
        assert_eq!(run_due(&app).await.unwrap(), 1);
    }
    let failed = failing(&bench).await;
    assert_eq!((failed.attempts, failed.failed_at), (10, Some(bench.now())), "put aside for a person to look at");
    bench.clock.advance(chrono::Duration::hours(12));
    assert_eq!(run_due(&app).await.unwrap(), 0);
}

async fn failing(bench: &Bench) -> job::Model {
    jobs(bench).await.into_iter().find(|job| job.dedupe_key.as_deref() == Some("bad")).unwrap()
}

async fn leases(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    want(&bench, &app, Want { payload: good(), run_at: bench.now(), key: None, times: 1 }).await;
    // As an instance leaves it that took the job and died.
    let ends = bench.now() + chrono::Duration::minutes(5);
    let id = the_job(&bench).await.id;
    let taken = job::ActiveModel { id: Set(id), attempts: Set(1), locked_until: Set(Some(ends)), ..Default::default() };
    job::Entity::update(taken).exec(&bench.db).await.unwrap();

    bench.clock.advance(chrono::Duration::minutes(5));
    assert_eq!(run_due(&app).await.unwrap(), 0, "somebody may still be at it");
    bench.clock.advance(chrono::Duration::milliseconds(1));
    assert_eq!(run_due(&app).await.unwrap(), 1);
    let job = the_job(&bench).await;
    assert_eq!((job.attempts, job.done_at, job.locked_until), (2, Some(bench.now()), None));
}

async fn wanted_once(backend: Backend) {
    let bench = Bench::open(backend).await;
    let app = bench.instance().await;
    for _ in 0..2 {
        want(&bench, &app, Want { payload: good(), run_at: bench.now(), key: Some("this one"), times: 2 }).await;
        run_due(&app).await.unwrap();
    }
    assert_eq!(the_job(&bench).await.attempts, 1);
}
