//! What a transaction reads: what its viewer reaches, and, for the rules, whatever there is. Everything that it has
//! written is there.

use entity::placed::Table;
use entity::scalar::Id;
use entity::user;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select};

use super::{Tx, key, within};
use crate::data::columns::rows_of;
use crate::data::gather;
use crate::data::joined::{Asked, Joined, Together, each};
use crate::data::packed::Packing;
use crate::data::reach::Guarded;
use crate::data::viewer::Viewer;
use crate::error::{Error, Result};

impl Tx<'_> {
    /// Rows the viewer reaches, to be narrowed down and read in this transaction.
    pub fn find<E: Guarded>(&self) -> Select<E> {
        within::<E>(self.viewer)
    }

    /// Rows whatever the viewer reaches: for the rules that look past it (uniqueness, the holder of a role).
    #[expect(clippy::unused_self, reason = "only a write may look past reach")]
    pub fn find_any<E: EntityTrait>(&self) -> Select<E> {
        rows_of::<E>()
    }

    /// Rows that this client of the company reaches, for rules about whom they may meet.
    #[expect(clippy::unused_self, reason = "only a write may look past reach")]
    pub fn find_for_client<E: Guarded>(&self, client: &user::Model) -> Select<E> {
        within::<E>(&Viewer::client(client))
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn all<E: Table>(&self, select: Select<E>) -> Result<Vec<E::Model>> {
        let rows = Joined::of(select).all(self.db().await?).await?;
        gather::rows(rows.len());
        rows.iter().map(Together::row::<E>).collect()
    }

    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn first<E: Table>(&self, select: Select<E>) -> Result<Option<E::Model>> {
        let rows = Joined::of(select.limit(1)).all(self.db().await?).await?;
        gather::rows(rows.len());
        rows.first().map(Together::row::<E>).transpose()
    }

    /// The rows of each of these selects, with those that belong to them; what is read at once is one journey.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn each<const N: usize>(&self, asked: [Asked; N]) -> Result<[Vec<Together>; N]> {
        let answers = each(asked.into(), self.db().await?).await?;
        gather::rows(answers.iter().map(Vec::len).sum());
        answers.try_into().map_err(|_| Error::internal("a select without an answer"))
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
        let row = self.first(select).await?.ok_or_else(|| Error::not_found(E::NAME))?;
        self.leave::<E>(&row);
        Ok(row)
    }
}
