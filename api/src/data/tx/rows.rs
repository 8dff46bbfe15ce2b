//! What a transaction writes: rows, whose ids and instants are filled in and of which the change log takes note.

use entity::enums::ChangeKind;
use entity::scalar::Instant;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DeleteMany, EntityTrait, IntoActiveModel, Iterable, ModelTrait, QueryFilter,
    QueryTrait, TryIntoModel, UpdateMany,
};

use super::{Tx, column, id_of, key};
use crate::data::ids::new_id;
use crate::data::loader::ById;
use crate::data::reach::Guarded;
use crate::data::writes::Write;
use crate::error::Result;

impl Tx<'_> {
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
        self.leave::<E>(&row);
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
        self.leave::<E>(&after);
        Ok(after)
    }

    /// Removes a row, and with it what the keys cascade to.
    ///
    /// # Errors
    /// CONFLICT where something still refers to it.
    pub async fn delete<E: Guarded>(&mut self, row: &E::Model) -> Result<()> {
        self.watch_delete::<E>(row).await?;
        self.left.forget_all();
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
        self.left.forget::<ById<E>>();
        self.later(Write::change::<E>(row)?).await
    }

    /// Writes many rows that nobody is told of, and answers them.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn update_returning<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<Vec<E::Model>> {
        self.left.forget::<ById<E>>();
        Ok(update.exec_with_returning(self.db().await?).await?)
    }

    /// Writes many rows that nobody is told of. Answers how many.
    ///
    /// # Errors
    /// What the database's constraints refuse, as the coded error.
    pub async fn update_all<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<u64> {
        self.left.forget::<ById<E>>();
        Ok(update.exec(self.db().await?).await?.rows_affected)
    }

    /// Removes rows that nobody is told of.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn purge<E: EntityTrait>(&self, delete: DeleteMany<E>) -> Result<()> {
        self.left.forget_all();
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
