//! Fields that answer what a row names in a column: one row of another table, as a rule. They are read along with a
//! single row, or for a whole page at once, so that no row of it has to ask.

use std::sync::Arc;

use entity::scalar::Id;
use futures_util::future::{BoxFuture, try_join, try_join_all};
use sea_orm::sea_query::{Expr, ExprTrait, ValueType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ModelTrait, Select};

use crate::data::gather;
use crate::data::joined::{Joined, Together};
use crate::data::loader::{ById, Of, Reader, Row};
use crate::data::page::Node;
use crate::data::reach::{Guarded, Reach};
use crate::data::scope::Scope;
use crate::data::tx::{column, id_of, key};
use crate::data::viewer::Viewer;
use crate::data::wanted::Wanted;
use crate::error::Result;

type Loading<'r> = BoxFuture<'r, Result<()>>;

/// A field that answers what a row and another table say of each other.
pub struct Relation<E: EntityTrait> {
    pub(in crate::data) field: &'static str,
    /// The column that names the other row, or that of the other row that names this one.
    by: &'static str,
    /// The order of the others, where there may be several.
    order: &'static str,
    joins: fn(&Viewer) -> bool,
    join: fn(&Self, Joined<E>) -> Joined<E>,
    keep: fn(&Self, &Reader, &Id, &Together) -> Result<()>,
    load: for<'r> fn(&Self, &'r Scope, &'r [Row<E>], Wanted<'r>) -> Loading<'r>,
}

impl<E: EntityTrait> Clone for Relation<E> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<E: Guarded> Relation<E> {
    /// The row that this one names in a column of its own.
    #[must_use]
    pub fn to<N: Node>(field: &'static str, by: &'static str) -> Self {
        Self {
            field,
            by,
            order: "id",
            joins: joins::<N::Entity>,
            join: |this, joined| {
                let on = column::<E>(this.by).map(|by| here(by).eq(there::<N::Entity>(this.field, key::<N::Entity>())));
                joined.maybe_with_as::<N::Entity>(this.field, condition(on))
            },
            keep: |this, reader, _, together| {
                let Some(id) = together.key_as(this.field)? else { return Ok(()) };
                // Many rows name the same one: it is taken from the first of them.
                let id = ById::<N::Entity>::new(id);
                if reader.knows(&id).is_none() {
                    let row = together.row_as::<N::Entity>(this.field)?;
                    reader.keep([(id, Arc::new(row))].into_iter());
                }
                Ok(())
            },
            load: |this, scope, rows, wanted| {
                let ids = ids_in::<E>(rows, this.by);
                Box::pin(async move {
                    scope.prefetch::<N::Entity>(ids.iter().map(Some)).await?;
                    if !wanted.has_objects() {
                        return Ok(());
                    }
                    let others = scope.known::<N::Entity>(ids.iter()).await?;
                    scope.relate::<N>(&others, &wanted).await
                })
            },
        }
    }

    /// The row of which a unique column names this one.
    #[must_use]
    pub fn of<N: Node>(field: &'static str, by: &'static str) -> Self {
        Self {
            field,
            by,
            order: "id",
            joins: joins::<N::Entity>,
            join: |this, joined| {
                let on = column::<N::Entity>(this.by).map(|by| here(key::<E>()).eq(there::<N::Entity>(this.field, by)));
                joined.maybe_with_as::<N::Entity>(this.field, condition(on))
            },
            keep: |this, reader, id, together| {
                let rows = together.maybe_as::<N::Entity>(this.field)?.into_iter().map(Arc::new).collect();
                let found = [(Of::one(this.by, id.clone()), Arc::new(rows))];
                reader.keep::<Of<N::Entity>, Arc<Vec<Row<N::Entity>>>>(found.into_iter());
                Ok(())
            },
            load: |this, scope, rows, _| {
                let (by, order) = (this.by, this.order);
                Box::pin(async move {
                    let ids: Vec<Id> = rows.iter().map(|row| id_of::<E>(row)).collect();
                    scope.prefetch_of::<N::Entity>(by, ids.iter(), order).await
                })
            },
        }
    }

    /// The rows beside this one: those of another table that name the same row in a column of that name.
    #[must_use]
    pub fn beside<N: Node>(field: &'static str, by: &'static str, order: &'static str) -> Self {
        Self {
            field,
            by,
            order,
            joins: |_| false,
            join: |_, joined| joined,
            keep: |_, _, _, _| Ok(()),
            load: |this, scope, rows, _| {
                let (by, order) = (this.by, this.order);
                Box::pin(async move {
                    let ids = ids_in::<E>(rows, by);
                    scope.prefetch_of::<N::Entity>(by, ids.iter(), order).await
                })
            },
        }
    }
}

impl Reader {
    /// The rows of a select with those that their relations answer, which are put where their fields look for them.
    pub(in crate::data) async fn related<E: Guarded>(
        &self,
        select: Select<E>,
        relations: &[Relation<E>],
    ) -> Result<Vec<E::Model>> {
        let joined = relations.iter().fold(Joined::of(select), |joined, relation| (relation.join)(relation, joined));
        let found = joined.abreast(&self.db).await?;
        gather::rows(found.len() * (1 + relations.len()));
        let mut rows = Vec::with_capacity(found.len());
        for together in &found {
            let row = together.row::<E>()?;
            for relation in relations {
                (relation.keep)(relation, self, &id_of::<E>(&row), together)?;
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Scope {
    /// The relations that are selected and may be joined.
    pub(in crate::data) fn joinable<N: Node>(&self, wanted: &Wanted<'_>) -> Vec<Relation<N::Entity>> {
        let mut relations = N::relations();
        relations.retain(|relation| wanted.has(relation.field) && (relation.joins)(self.viewer()));
        relations
    }

    /// Reads what the selection of these rows asks for besides them: each relation at once with the others.
    pub(in crate::data) async fn relate<N: Node>(&self, rows: &[Row<N::Entity>], wanted: &Wanted<'_>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let relations = N::relations();
        let relations = relations.iter().filter(|relation| wanted.has(relation.field));
        let load = relations.map(|relation| (relation.load)(relation, self, rows, wanted.of_field(relation.field)));
        let ids: Vec<Id> = rows.iter().map(|row| id_of::<N::Entity>(row)).collect();
        let ids: Vec<&Id> = ids.iter().collect();
        try_join(try_join_all(load), N::lists(self, &ids, wanted)).await?;
        Ok(())
    }
}

/// May a table be joined as it is? Where the viewer reaches all of it, and where it is not at hand anyway.
fn joins<F: Guarded>(viewer: &Viewer) -> bool {
    !F::STANDING && matches!(F::reach(viewer), Reach::All)
}

fn here(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

/// The column of a table that goes by the name of its field.
fn there<F: EntityTrait>(field: &'static str, column: F::Column) -> Expr {
    Expr::col((field, column))
}

/// Where one of the columns is not there nothing joins, and the field would find no row.
fn condition(on: Option<Expr>) -> Condition {
    Condition::all().add(on.unwrap_or_else(|| Expr::val(1).eq(0)))
}

/// What rows name in one of their columns.
fn ids_in<E: Guarded>(rows: &[Row<E>], name: &str) -> Vec<Id> {
    let by = column::<E>(name);
    let named = |row: &Row<E>| <Option<Id> as ValueType>::try_from(row.get(by?)).ok().flatten();
    rows.iter().filter_map(named).collect()
}
