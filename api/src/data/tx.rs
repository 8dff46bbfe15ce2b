//! One write: a use-case run in one transaction, with all it changes, tells and enqueues, or nothing of it.
//!
//! A use-case may be run again when the database asks for another try, so its only effect is through its [`Tx`].
//! Locks are taken in one order everywhere: the aggregate's root first (project, user; several in id order), then what
//! belongs to it, whose order is free for whoever holds the root. Whoever keeps to `Tx::lock` first cannot deadlock.

mod reads;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;

use entity::enums::ChangeKind;
use entity::scalar::{Id, Instant};
use entity::{change, job};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue, ConnectionTrait, DbBackend, EntityTrait, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter,
    QueryTrait, Select,
};

use crate::data::access::Permission;
use crate::data::changes::{self, Feed, Pending, Signal};
use crate::data::columns::rows_of;
use crate::data::ids::new_id;
use crate::data::known::Known;
use crate::data::loader::ById;
use crate::data::reach::{Guarded, Reach};
use crate::data::scope::RequestInfo;
use crate::data::viewer::Viewer;
use crate::data::writes::{Write, Writes};
use crate::data::writing::Writing;
use crate::error::Result;

/// Something a person (or the system) does to the data.
pub trait UseCase: Sync {
    type Output: Send;
    /// Checked before the transaction opens.
    const PERMISSION: Permission;

    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// An open write transaction.
pub struct Tx<'a> {
    connection: Writing,
    writes: Writes,
    pub(in crate::data) viewer: &'a Viewer,
    request: &'a RequestInfo,
    now: Instant,
    pub(in crate::data) pending: Pending,
    pub(in crate::data) sight: super::openings::Watch,
    jobs: Vec<job::ActiveModel>,
    /// Rows as this transaction leaves them.
    left: Known,
}

/// What has to be done after the commit.
pub(in crate::data) struct Committed {
    pub(in crate::data) signals: Vec<Signal>,
    /// Is any job due at once?
    pub(in crate::data) jobs: bool,
    /// Rows as the transaction has left them: whoever asks next need not read them.
    pub(in crate::data) left: Known,
}

impl<'a> Tx<'a> {
    pub(in crate::data) fn new(
        connection: Writing,
        viewer: &'a Viewer,
        request: &'a RequestInfo,
        now: Instant,
    ) -> Self {
        Self {
            connection,
            writes: Writes::default(),
            viewer,
            request,
            now,
            pending: Pending::default(),
            sight: super::openings::Watch::default(),
            jobs: Vec::new(),
            left: Known::default(),
        }
    }

    /// The database, with everything written so far in it.
    pub(in crate::data) async fn db(&self) -> Result<&Writing> {
        self.writes.send(&self.connection).await?;
        Ok(&self.connection)
    }

    /// The same, but for what is still to be written to other tables than these, the only ones that are to be read.
    pub(in crate::data) async fn db_for(&self, tables: &[&str]) -> Result<&Writing> {
        if self.writes.touch(tables) { self.db().await } else { Ok(&self.connection) }
    }

    pub(in crate::data) fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Writes along with what else is to be written, before anything is read again.
    async fn later(&self, write: Write) -> Result<()> {
        Ok(self.writes.wait(write, &self.connection).await?)
    }

    #[must_use]
    pub fn viewer(&self) -> &'a Viewer {
        self.viewer
    }

    #[must_use]
    pub fn request(&self) -> &'a RequestInfo {
        self.request
    }

    /// The instant of this transaction: everything in it happened then.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    pub(crate) async fn prune_changes(&self, before: Instant) -> Result<()> {
        super::changes::prune(before, self.db().await?).await
    }

    /// The session is over: its sockets close, on every instance.
    pub fn end_session(&mut self, session: &Id) {
        self.tell(Feed::new(super::changes::SESSION, session, None, serde_json::json!({})));
    }

    /// What this person may see as a whole has changed: their streams start afresh.
    pub fn renew_viewer(&mut self, user: &Id) {
        self.tell(Feed::new(super::changes::VIEWER, user, None, serde_json::json!({})));
    }

    /// Tells of a row that another table's change touches.
    pub fn tell(&mut self, feed: Feed) {
        self.pending.tell(ChangeKind::Updated, Some(feed.clone()), Some(feed));
    }

    /// Tells of a row that these people came to reach, and those no longer do, by another table's change.
    pub fn tell_reach(&mut self, feed: &Feed, gained: &[Id], lost: &[Id]) {
        self.pending.reach(feed, gained, lost);
    }

    /// Tells that rows are gone which a cascade took along.
    pub fn tell_gone(&mut self, feed: Feed) {
        self.pending.tell(ChangeKind::Deleted, Some(feed), None);
    }

    /// Has something done after the commit: at `run_at`, once for each `dedupe_key`.
    pub fn enqueue(&mut self, kind: &str, payload: serde_json::Value, run_at: Instant, dedupe_key: Option<String>) {
        self.jobs.push(job::ActiveModel {
            id: ActiveValue::Set(new_id()),
            created_at: ActiveValue::Set(self.now),
            kind: ActiveValue::Set(kind.to_owned()),
            payload: ActiveValue::Set(payload),
            run_at: ActiveValue::Set(run_at),
            dedupe_key: ActiveValue::Set(dedupe_key),
            ..Default::default()
        });
    }

    /// This is how a row is when all is done. Kept for whoever reads it next, if the viewer reaches all of its table:
    /// otherwise what was done may have put it out of reach.
    fn leave<E: Guarded>(&self, row: &E::Model) {
        if matches!(E::reach(self.viewer), Reach::All) {
            self.left.keep([(ById::<E>::new(id_of::<E>(row)), Arc::new(row.clone()))].into_iter());
        }
    }

    /// Writes what is left to be written: jobs, then changes. Answers what has to be done after the commit.
    pub(in crate::data) async fn finish(&mut self) -> Result<Committed> {
        self.settle_sight().await?;
        let jobs = std::mem::take(&mut self.jobs);
        let due = jobs.iter().any(|job| *job.run_at.as_ref() <= self.now);
        let known = OnConflict::column(job::Column::DedupeKey).do_nothing().to_owned();
        for chunk in jobs.chunks(2_000) {
            let insert = job::Entity::insert_many(chunk.to_vec()).on_conflict(known.clone()).into_query();
            self.later(Write::add::<job::Entity>(insert)).await?;
        }
        let pending = std::mem::take(&mut self.pending);
        let signals = pending.signals();
        let changes = pending.rows(self.now, &self.request.id);
        for chunk in changes.chunks(2_000) {
            let insert = change::Entity::insert_many(chunk.to_vec()).into_query();
            self.later(Write::add::<change::Entity>(insert)).await?;
        }
        self.db().await?;
        if !changes.is_empty() && self.backend() == DbBackend::Sqlite {
            changes::number_own(&self.connection).await?;
        }
        Ok(Committed { signals, jobs: due, left: std::mem::take(&mut self.left) })
    }

    pub(in crate::data) async fn commit(self) -> Result<()> {
        Ok(self.connection.commit().await?)
    }

    /// Takes everything back. Where even that fails, the database does it when it is hung up on.
    pub(in crate::data) async fn roll_back(self) {
        if let Err(error) = self.connection.roll_back().await {
            tracing::warn!(%error, "a transaction was not rolled back by itself");
        }
    }
}

/// Reads of a table start here.
pub(in crate::data) fn within<E: Guarded>(viewer: &Viewer) -> Select<E> {
    match E::reach(viewer) {
        Reach::All => rows_of::<E>(),
        Reach::Where(condition) => rows_of::<E>().filter(condition),
        Reach::None => rows_of::<E>().filter(sea_orm::sea_query::ExprTrait::eq(sea_orm::sea_query::Expr::val(1), 0)),
    }
}

pub(in crate::data) fn column<E: EntityTrait>(name: &str) -> Option<E::Column> {
    use sea_orm::IdenStatic;
    E::Column::iter().find(|column| column.as_str() == name)
}

/// The column of the primary key: every table has exactly one.
pub(in crate::data) fn key<E: EntityTrait>() -> E::Column {
    #[expect(clippy::expect_used, reason = "a table without a key does not get past the schema tests")]
    E::PrimaryKey::iter().next().expect("every table has a primary key").into_column()
}

pub(in crate::data) fn id_of<E: EntityTrait>(row: &E::Model) -> Id {
    <Id as sea_orm::sea_query::ValueType>::try_from(row.get(key::<E>())).unwrap_or_else(|_| Id(String::new()))
}

/// Rows by their id, for use-cases that read several at once.
#[must_use]
pub fn by_id<E: EntityTrait>(rows: Vec<E::Model>) -> HashMap<Id, E::Model> {
    rows.into_iter().map(|row| (id_of::<E>(&row), row)).collect()
}
