//! A row with the rows of which it has one each, in one statement: a project with its customer, its manager and its
//! tracker. Only what the viewer reaches all of can be had so; the rest is read by itself, from what they do reach.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::scalar::Id;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::data::among::among;
use crate::data::gather;
use crate::data::joined::{Joined, Together};
use crate::data::loader::{ById, Of, Reader, Row};
use crate::data::page::{Node, Wanted};
use crate::data::reach::{Guarded, Reach};
use crate::data::scope::Scope;
use crate::data::tx::{column, id_of, key, within};
use crate::data::viewer::Viewer;
use crate::error::{Error, Result};

/// A field that answers one row of another table.
pub struct Relation<E: EntityTrait> {
    field: &'static str,
    /// The column that names the other row, or that of the other row that names this one.
    by: &'static str,
    reaches_all: fn(&Viewer) -> bool,
    join: fn(Joined<E>, &'static str) -> Joined<E>,
    keep: fn(&Reader, &Id, &Together, &'static str) -> Result<()>,
}

impl<E: Guarded> Relation<E> {
    /// The row that this one names in a column of its own.
    #[must_use]
    pub fn to<F: Guarded>(field: &'static str, by: &'static str) -> Self {
        Self {
            field,
            by,
            reaches_all: reaches_all::<F>,
            join: |joined, by| joined.maybe_with::<F>(same::<F, E>(key::<F>(), column::<E>(by))),
            keep: |reader, _, together, _| {
                let row = together.maybe::<F>()?.map(|row| (ById::new(id_of::<F>(&row)), Arc::new(row)));
                reader.keep::<ById<F>, Row<F>>(row.into_iter());
                Ok(())
            },
        }
    }

    /// The row of which a unique column names this one.
    #[must_use]
    pub fn of<F: Guarded>(field: &'static str, by: &'static str) -> Self {
        Self {
            field,
            by,
            reaches_all: reaches_all::<F>,
            join: |joined, by| joined.maybe_with::<F>(same::<E, F>(key::<E>(), column::<F>(by))),
            keep: |reader, id, together, by| {
                let rows: Vec<Row<F>> = together.maybe::<F>()?.into_iter().map(Arc::new).collect();
                reader.keep::<Of<F>, Arc<Vec<Row<F>>>>([(Of::one(by, id.clone()), Arc::new(rows))].into_iter());
                Ok(())
            },
        }
    }
}

fn reaches_all<F: Guarded>(viewer: &Viewer) -> bool {
    matches!(F::reach(viewer), Reach::All)
}

/// The two columns hold the same. Where one is not there nothing joins, and the field would find no row.
fn same<A: EntityTrait, B: EntityTrait>(one: A::Column, other: Option<B::Column>) -> sea_orm::Condition {
    let other = other.map(|other| Expr::col(other.as_column_ref()).eq(Expr::col(one.as_column_ref())));
    sea_orm::Condition::all().add(other.unwrap_or_else(|| Expr::val(1).eq(0)))
}

/// A row by its id, with these relations.
struct Whole<E: EntityTrait> {
    id: Id,
    relations: Arc<[Relation<E>]>,
}

impl<E: EntityTrait> Whole<E> {
    fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.relations.iter().map(|relation| relation.field)
    }

    fn asks_the_same(&self, other: &Self) -> bool {
        self.fields().eq(other.fields())
    }
}

impl<E: EntityTrait> Clone for Whole<E> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), relations: self.relations.clone() }
    }
}
impl<E: EntityTrait> PartialEq for Whole<E> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.asks_the_same(other)
    }
}
impl<E: EntityTrait> Eq for Whole<E> {}
impl<E: EntityTrait> Hash for Whole<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl<E: Guarded> Loader<Whole<E>> for Reader {
    type Value = Row<E>;
    type Error = Error;

    async fn load(&self, keys: &[Whole<E>]) -> Result<HashMap<Whole<E>, Row<E>>> {
        let mut found = HashMap::new();
        for (at, first) in keys.iter().enumerate() {
            if keys.iter().take(at).any(|known| known.asks_the_same(first)) {
                continue;
            }
            let ids = keys.iter().filter(|key| key.asks_the_same(first)).map(|key| key.id.clone());
            let these = among::<E>(key::<E>(), ids, self.db.get_database_backend());
            let mut joined = Joined::of(within::<E>(&self.viewer).filter(these));
            for relation in first.relations.iter() {
                joined = (relation.join)(joined, relation.by);
            }
            for together in joined.all(&self.db).await? {
                gather::rows(1 + first.relations.len());
                let row = Arc::new(together.row::<E>()?);
                let id = id_of::<E>(&row);
                for relation in first.relations.iter() {
                    (relation.keep)(self, &id, &together, relation.by)?;
                }
                self.keep([(ById::<E>::new(id.clone()), row.clone())].into_iter());
                found.insert(Whole { id, relations: first.relations.clone() }, row);
            }
        }
        Ok(found)
    }
}

impl Scope {
    /// What is shown for a row, if the viewer reaches one; with it, those relations are read that are selected.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn node<N: Node>(&self, id: &Id, ctx: &Context<'_>) -> Result<Option<N>> {
        let wanted = Wanted::of_one(ctx);
        let selected = N::relations().into_iter().filter(|relation| wanted.has(relation.field));
        let relations: Arc<[_]> = selected.filter(|relation| (relation.reaches_all)(self.viewer())).collect();
        let row = if relations.is_empty() {
            self.one::<N::Entity>(id).await?
        } else {
            self.ask(Whole { id: id.clone(), relations }).await?
        };
        Ok(row.map(N::of))
    }
}
