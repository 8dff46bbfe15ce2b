//! What a transaction reads: what its viewer reaches, and, for the rules, whatever there is. Everything that it has
//! written is there.

use entity::placed::Table;
use entity::scalar::Id;
use entity::user;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select};
use serde::de::DeserializeOwned;

use super::{Tx, key, within};
use crate::data::columns::rows_of;
use crate::data::gather;
use crate::data::joined::{Joined, Together};
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

    /// The first row, with those that belong to it.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn together<E: Table>(&self, joined: Joined<E>) -> Result<Option<Together>> {
        let rows = joined.all(self.db().await?).await?;
        gather::rows(rows.len());
        Ok(rows.into_iter().next())
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
}
