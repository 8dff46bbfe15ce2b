//! One write: a use-case run in one transaction, with all it changes, tells and enqueues, or nothing of it.
//!
//! A use-case may be run again when the database asks for another try, so its only effect is through its [`Tx`].
//! Locks are taken in one order everywhere: the aggregate's root (project, user; several in id order), its children,
//! jobs, changes. Whoever keeps to `Tx::lock` first cannot deadlock.

use std::collections::HashMap;

use entity::enums::ChangeKind;
use entity::scalar::{Id, Instant};
use entity::{change, job, user};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DeleteMany,
    EntityTrait, FromQueryResult, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, QuerySelect,
    QueryTrait, Select, TryIntoModel, UpdateMany,
};
use serde::de::DeserializeOwned;

use crate::data::access::Permission;
use crate::data::changes::{self, Feed, Pending};
use crate::data::gather;
use crate::data::ids::new_id;
use crate::data::joined::{Joined, Together};
use crate::data::packed::Packing;
use crate::data::reach::{Guarded, Reach};
use crate::data::scope::RequestInfo;
use crate::data::viewer::Viewer;
use crate::data::writes::{Write, Writes};
use crate::error::{Error, Result};

/// Something a person (or the system) does to the data.
pub trait UseCase: Sync {
    type Output: Send;
    /// Checked before the transaction opens.
    const PERMISSION: Permission;

    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// An open write transaction.
pub struct Tx<'a> {
    connection: DatabaseTransaction,
    writes: Writes,
    pub(in crate::data) viewer: &'a Viewer,
    request: &'a RequestInfo,
    now: Instant,
    pub(in crate::data) pending: Pending,
    pub(in crate::data) sight: super::openings::Watch,
    jobs: Vec<job::ActiveModel>,
}

/// What has to be done after the commit.
pub(in crate::data) struct Committed {
    pub(in crate::data) signals: Vec<super::changes::Signal>,
    /// Is any job due at once?
    pub(in crate::data) jobs: bool,
}

impl<'a> Tx<'a> {
    pub(in crate::data) fn new(
        connection: DatabaseTransaction,
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
        }
    }

    /// The database, with everything written so far in it.
    pub(in crate::data) async fn db(&self) -> Result<&DatabaseTransaction> {
        self.writes.send(&self.connection).await?;
        Ok(&self.connection)
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

    /// Rows the viewer reaches, to be narrowed down and read in this transaction.
    pub fn find<E: Guarded>(&self) -> Select<E> {
        within::<E>(self.viewer)
    }

    /// Rows whatever the viewer reaches: for the rules that look past it (uniqueness, the holder of a role).
    #[expect(clippy::disallowed_methods, reason = "rules must see rows that their viewer does not")]
    #[expect(clippy::unused_self, reason = "only a write may look past reach")]
    pub fn find_any<E: EntityTrait>(&self) -> Select<E> {
        E::find()
    }

    /// Rows that this client of the company reaches, for rules about whom they may meet.
    #[expect(clippy::unused_self, reason = "only a write may look past reach")]
    pub fn find_for_client<E: Guarded>(&self, client: &user::Model) -> Select<E> {
        within::<E>(&Viewer::client(client))
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn all<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        let rows = select.all(self.db().await?).await?;
        gather::rows(rows.len());
        Ok(rows)
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn first<E: EntityTrait>(&self, select: Select<E>) -> Result<Option<E::Model>> {
        let row = select.limit(1).one(self.db().await?).await?;
        gather::rows(usize::from(row.is_some()));
        Ok(row)
    }

    /// The first row, with those that belong to it.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn together<E: EntityTrait>(&self, joined: Joined<E>) -> Result<Option<Together>> {
        Ok(self.all_together(joined).await?.into_iter().next())
    }

    /// The rows, each with those that belong to it.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn all_together<E: EntityTrait>(&self, joined: Joined<E>) -> Result<Vec<Together>> {
        let rows = joined.all(self.db().await?).await?;
        gather::rows(rows.len());
        Ok(rows)
    }

    /// The columns that were selected.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn columns<E: EntityTrait, M: FromQueryResult>(&self, select: Select<E>) -> Result<Vec<M>> {
        let rows = select.into_model::<M>().all(self.db().await?).await?;
        gather::rows(rows.len());
        Ok(rows)
    }

    /// How this database packs rows into one.
    pub fn packing(&self) -> Packing {
        Packing(self.backend())
    }

    /// The rows that a select has packed into its only column.
    ///
    /// # Errors
    /// INTERNAL when the database fails, or the rows are not what was expected.
    pub async fn packed<M: DeserializeOwned>(&self, select: SelectStatement) -> Result<Vec<M>> {
        let text = Expr::col("rows").cast_as("text");
        let select = Query::select().expr_as(text, "rows").from_subquery(select, "packed").to_owned();
        let row = self.db().await?.query_one_raw(self.backend().build(&select)).await?;
        let text: Option<String> = row.map(|row| row.try_get("", "rows")).transpose()?.flatten();
        let rows = text.map(|text| serde_json::from_str(&text)).transpose().map_err(Error::internal)?;
        let rows: Vec<M> = rows.flatten().unwrap_or_default();
        gather::rows(rows.len());
        Ok(rows)
    }

    /// The one column that was selected, as ids.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn ids<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<Id>> {
        Ok(select.into_tuple::<Id>().all(self.db().await?).await?)
    }

    /// A row by id, unlocked.
    ///
    /// # Errors
    /// NOT_FOUND where the viewer reaches no such row.
    pub async fn load<E: Guarded>(&self, id: &Id) -> Result<E::Model> {
        let select = self.find::<E>().filter(key::<E>().eq(id.clone()));
        self.first(select).await?.ok_or_else(|| Error::not_found(E::NAME))
    }

    /// The root of an aggregate by id, locked until the end.
    ///
    /// # Errors
    /// NOT_FOUND where the viewer reaches no such row.
    pub async fn lock<E: Guarded>(&self, id: &Id) -> Result<E::Model> {
        let select = self.find::<E>().filter(key::<E>().eq(id.clone())).lock(LockType::NoKeyUpdate);
        self.first(select).await?.ok_or_else(|| Error::not_found(E::NAME))
    }

    /// Adds a row. Its id and instants are filled in; the change log and the openings of projects take note.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn insert<E: Guarded>(&mut self, row: E::ActiveModel) -> Result<E::Model> {
        let row = self.dated::<E>(row);
        self.watch_insert::<E>(&row).await?;
        // A row that leaves nothing to the database's defaults need not be read back.
        let row = match row.clone().try_into_model() {
            Ok(whole) => {
                self.later(Write::add::<E>(E::insert(row).into_query())).await?;
                whole
            }
            Err(_) => E::insert(row).exec_with_returning(self.db().await?).await?,
        };
        self.pending.tell(ChangeKind::Created, None, E::feed(&row));
        Ok(row)
    }

    /// Adds many rows of a table that nobody is told of, some hundreds a statement.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn insert_all<E: Guarded>(&mut self, rows: Vec<E::ActiveModel>) -> Result<()> {
        // Neither database takes more than some 32,000 parameters a statement.
        let most = 30_000 / E::Column::iter().count().max(1);
        let mut rows = rows.into_iter().map(|row| self.dated::<E>(row)).peekable();
        while rows.peek().is_some() {
            let chunk: Vec<_> = rows.by_ref().take(most).collect();
            E::insert_many(chunk).exec_without_returning(self.db().await?).await?;
        }
        Ok(())
    }

    /// Adds those rows of a table that nobody is told of whose unique columns nobody has yet; the others are there.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn insert_missing<E: Guarded>(&mut self, rows: Vec<E::ActiveModel>, unique: &[E::Column]) -> Result<()> {
        let there = OnConflict::columns(unique.iter().copied()).do_nothing().to_owned();
        let rows: Vec<_> = rows.into_iter().map(|row| self.dated::<E>(row)).collect();
        for chunk in rows.chunks(30_000 / E::Column::iter().count().max(1)) {
            E::insert_many(chunk.to_vec()).on_conflict(there.clone()).exec_without_returning(self.db().await?).await?;
        }
        Ok(())
    }

    /// Writes the columns in which the row differs from what it was; none, and nothing happens.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn save<E: Guarded>(&mut self, before: &E::Model, after: E::Model) -> Result<E::Model> {
        let changed: Vec<E::Column> = E::Column::iter().filter(|c| before.get(*c) != after.get(*c)).collect();
        if changed.is_empty() {
            return Ok(after);
        }
        let mut after = after;
        self.touch::<E>(before, &mut after);
        self.watch_save::<E>(before, &after).await?;
        let mut row = after.clone().into_active_model();
        for column in changed.into_iter().chain(column::<E>("updatedAt")) {
            row.set(column, after.get(column));
        }
        // What it is now is known without asking: nothing but this writes to it, and no default can fill in.
        self.later(Write::change::<E>(row)?.apart()).await?;
        self.pending.tell(ChangeKind::Updated, E::feed(before), E::feed(&after));
        Ok(after)
    }

    /// Removes a row, and with it what the keys cascade to.
    ///
    /// # Errors
    /// CONFLICT where something still refers to it.
    pub async fn delete<E: Guarded>(&mut self, row: &E::Model) -> Result<()> {
        self.watch_delete::<E>(row).await?;
        E::delete_many().filter(key::<E>().eq(id_of::<E>(row))).exec(self.db().await?).await?;
        self.pending.tell(ChangeKind::Deleted, E::feed(row), None);
        Ok(())
    }

    /// When a row is changed now that was last changed then: `updatedAt` grows strictly.
    #[must_use]
    pub fn after(&self, changed_at: Instant) -> Instant {
        Ord::max(self.now, changed_at + chrono::Duration::milliseconds(1))
    }

    /// Writes the set columns of a row that nobody is told of; none of them is unique.
    ///
    /// # Errors
    /// INTERNAL when there is no such row.
    pub async fn update<E>(&self, row: E::ActiveModel) -> Result<()>
    where
        E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: Send>,
    {
        self.later(Write::change::<E>(row)?).await
    }

    /// Writes many rows that nobody is told of, and answers them.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn update_returning<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<Vec<E::Model>> {
        Ok(update.exec_with_returning(self.db().await?).await?)
    }

    /// Writes many rows that nobody is told of. Answers how many.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn update_all<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<u64> {
        Ok(update.exec(self.db().await?).await?.rows_affected)
    }

    /// Removes rows that nobody is told of.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn purge<E: EntityTrait>(&self, delete: DeleteMany<E>) -> Result<()> {
        delete.exec(self.db().await?).await?;
        Ok(())
    }

    /// Adds a row of a table that nobody is told of and no viewer reads.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn put<E>(&self, row: E::ActiveModel) -> Result<()>
    where
        E: EntityTrait<ActiveModel: Send>,
    {
        let row = self.dated::<E>(row);
        self.later(Write::add::<E>(E::insert(row).into_query())).await
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

    /// Jobs, then changes, then the commit.
    pub(in crate::data) async fn commit(mut self) -> Result<Committed> {
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
        self.connection.commit().await?;
        Ok(Committed { signals, jobs: due })
    }

    fn dated<E: EntityTrait>(&self, mut row: E::ActiveModel) -> E::ActiveModel {
        let id = key::<E>();
        if row.get(id).is_not_set() {
            row.set(id, new_id().into());
        }
        for column in ["createdAt", "updatedAt"].into_iter().filter_map(column::<E>) {
            if row.get(column).is_not_set() {
                row.set(column, self.now.into());
            }
        }
        row
    }

    /// `updatedAt` grows strictly, so that it can tell two states of a row apart.
    fn touch<E: EntityTrait>(&self, before: &E::Model, after: &mut E::Model) {
        let Some(column) = column::<E>("updatedAt") else { return };
        let old = <Instant as sea_orm::sea_query::ValueType>::try_from(before.get(column)).unwrap_or(self.now);
        after.set(column, self.after(old).into());
    }
}

/// Reads of a table start here.
#[expect(clippy::disallowed_methods, reason = "this is where reads start from reach")]
pub(in crate::data) fn within<E: Guarded>(viewer: &Viewer) -> Select<E> {
    match E::reach(viewer) {
        Reach::All => E::find(),
        Reach::Where(condition) => E::find().filter(condition),
        Reach::None => E::find().filter(sea_orm::sea_query::ExprTrait::eq(sea_orm::sea_query::Expr::val(1), 0)),
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
