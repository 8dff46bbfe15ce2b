//! The queue: taking due jobs under a lease, and putting down how they went.

use std::sync::Arc;

use chrono::Duration;
use entity::job;
use entity::scalar::Id;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::data::access::Permission;
use crate::data::scope::{RequestInfo, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

/// How long a job belongs to the instance that took it.
const LEASE: Duration = Duration::minutes(5);
const AT_ONCE: u64 = 20;
/// After so many failures a job is put aside for a person to look at.
const ATTEMPTS: i32 = 10;

pub(super) async fn claim(app: &Arc<App>) -> Result<Vec<job::Model>> {
    // Looked at without a lock first: an idle worker writes nothing.
    if !app.db.has_due_jobs(app.now()).await? {
        return Ok(Vec::new());
    }
    Scope::system(app, RequestInfo::background()).write(&Claim).await
}

pub(super) async fn finish(app: &Arc<App>, job: &job::Model, outcome: Result<()>) -> Result<()> {
    let error = outcome.err().map(|error| error.to_string().chars().take(1_000).collect());
    Scope::system(app, RequestInfo::background()).write(&Finish { job: job.clone(), error }).await
}

struct Claim;

impl UseCase for Claim {
    type Output = Vec<job::Model>;
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<job::Model>> {
        let due = tx
            .find_any::<job::Entity>()
            .filter(due(tx.now()))
            .order_by_asc(job::Column::RunAt)
            .limit(AT_ONCE)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let ids: Vec<Id> = tx.all(due).await?.into_iter().map(|job| job.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let update = job::Entity::update_many()
            .col_expr(job::Column::LockedUntil, Expr::value(tx.now() + LEASE))
            .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
            .filter(job::Column::Id.is_in(ids));
        tx.update_returning(update).await
    }
}

struct Finish {
    job: job::Model,
    error: Option<String>,
}

impl UseCase for Finish {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        let mut row = job::ActiveModel { id: Set(self.job.id.clone()), locked_until: Set(None), ..Default::default() };
        match &self.error {
            None => row.done_at = Set(Some(now)),
            Some(error) => {
                row.last_error = Set(Some(error.clone()));
                if self.job.attempts >= ATTEMPTS {
                    row.failed_at = Set(Some(now));
                } else {
                    // 2, 4, 8 … seconds: a passing fault is over soon, a lasting one is not hammered at.
                    row.run_at = Set(now + Duration::seconds(1 << self.job.attempts.clamp(0, 12)));
                }
            }
        }
        tx.update::<job::Entity>(row).await
    }
}

/// Due, not done, not given up, and in nobody's hands.
pub(crate) fn due(now: entity::scalar::Instant) -> Condition {
    Condition::all()
        .add(job::Column::DoneAt.is_null())
        .add(job::Column::FailedAt.is_null())
        .add(job::Column::RunAt.lte(now))
        .add(Condition::any().add(job::Column::LockedUntil.is_null()).add(job::Column::LockedUntil.lt(now)))
}
