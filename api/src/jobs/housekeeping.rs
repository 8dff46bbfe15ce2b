//! What is kept only for a while: changes, idempotency keys, finished jobs, spent tokens, counts of attempts, ended
//! sessions and old security events.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::Duration;
use entity::{idempotency_key, job, rate_limit, refresh_token, security_event, session};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::app::App;
use crate::data::access::Permission;
use crate::data::idempotency;
use crate::data::scope::{RequestInfo, Scope};
use crate::data::tx::{Tx, UseCase};
use crate::error::Result;

const EVERY: Duration = Duration::hours(1);
/// How long a session is kept after it has ended, for whoever looks into what happened.
const SESSIONS: Duration = Duration::days(30);
/// How long security events are kept.
const EVENTS: Duration = Duration::days(365);

/// Clears away once an hour; in between it costs nothing.
pub(super) async fn keep(app: &Arc<App>) -> Result<()> {
    let now = app.now();
    let last = app.jobs.cleared.load(Ordering::Relaxed);
    if last != 0 && now.millis() - last < EVERY.num_milliseconds() {
        return Ok(());
    }
    app.jobs.cleared.store(now.millis(), Ordering::Relaxed);
    app.sessions.sweep(now);
    let retention = Duration::from_std(app.settings.change_retention).unwrap_or(Duration::days(7));
    Scope::system(app, RequestInfo::background()).write(&Clear { retention }).await
}

struct Clear {
    retention: Duration,
}

impl UseCase for Clear {
    type Output = ();
    const PERMISSION: Permission = Permission::System;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        tx.prune_changes(now + (-self.retention)).await?;
        tx.purge(
            idempotency_key::Entity::delete_many()
                .filter(idempotency_key::Column::CreatedAt.lt(now + (-idempotency::KEPT))),
        )
        .await?;
        tx.purge(job::Entity::delete_many().filter(job::Column::DoneAt.lt(now + (-self.retention)))).await?;
        tx.purge(refresh_token::Entity::delete_many().filter(refresh_token::Column::ExpiresAt.lt(now))).await?;
        let over = now + (-SESSIONS);
        let ended = Condition::any().add(session::Column::EndedAt.lt(over)).add(session::Column::ExpiresAt.lt(over));
        tx.purge(session::Entity::delete_many().filter(ended)).await?;
        tx.purge(security_event::Entity::delete_many().filter(security_event::Column::CreatedAt.lt(now + (-EVENTS))))
            .await?;
        tx.purge(rate_limit::Entity::delete_many().filter(rate_limit::Column::ExpiresAt.lt(now))).await
    }
}
