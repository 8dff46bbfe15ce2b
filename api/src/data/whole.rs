//! A row with the rows of which it has one each, in one statement: a project with its customer, its manager and its
//! tracker. Only what the viewer reaches all of can be had so; the rest is read by itself, from what they do reach.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::scalar::Id;
use futures_util::future::try_join;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};

use crate::data::among::among;
use crate::data::loader::{ById, Reader, Row};
use crate::data::page::Node;
use crate::data::reach::Guarded;
use crate::data::relation::Relation;
use crate::data::scope::Scope;
use crate::data::tx::{id_of, key, within};
use crate::data::wanted::Wanted;
use crate::error::{Error, Result};

/// A row by its id, with these relations.
struct Whole<E: EntityTrait> {
    id: Id,
    relations: Vec<Relation<E>>,
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
            for row in self.related(within::<E>(&self.viewer).filter(these), &first.relations).await? {
                let id = id_of::<E>(&row);
                let row = Arc::new(row);
                self.keep([(ById::<E>::new(id.clone()), row.clone())].into_iter());
                found.insert(Whole { id, relations: first.relations.clone() }, row);
            }
        }
        Ok(found)
    }
}

impl Scope {
    /// What is shown for a row, if the viewer reaches one; with it, those relations and lists are read that are selected.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn node<N: Node>(&self, id: &Id, ctx: &Context<'_>) -> Result<Option<N>> {
        let wanted = Wanted::of_one(ctx);
        let relations = self.joinable::<N>(&wanted);
        let row = async {
            if relations.is_empty() {
                return self.one::<N::Entity>(id).await;
            }
            self.ask(Whole { id: id.clone(), relations }).await
        };
        // The lists need its id alone, so they need not wait for it.
        let (row, ()) = try_join(row, N::lists(self, &[id], &wanted)).await?;
        Ok(row.map(N::of))
    }
}
