//! The connections of many parents in one statement: the first rows of each, cut by a window function.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_graphql::Context;
use async_graphql::dataloader::Loader;
use entity::scalar::Id;
use futures_util::future::{try_join, try_join_all};
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, FunctionCall, Order, Query, SelectStatement, SimpleExpr, ValueType, WindowStatement,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use crate::data::among::among;
use crate::data::listing::{Listing, below};
use crate::data::loader::Reader;
use crate::data::page::{Connection, Extent, Node, Window, connect, trim};
use crate::data::reach::Guarded;
use crate::data::scope::Scope;
use crate::data::tx::{column, key};
use crate::data::wanted::{Asked, counts};
use crate::error::{Error, Result};

/// What the parents ask alike: the list, the column that names the parent, the page's size.
struct Question<E: EntityTrait> {
    listing: Listing<E>,
    parent: &'static str,
    extent: Extent,
    total: bool,
}

/// One parent's page.
pub struct PageOf<E: EntityTrait> {
    question: Arc<Question<E>>,
    parent: Id,
}

impl<E: EntityTrait> Clone for PageOf<E> {
    fn clone(&self) -> Self {
        Self { question: self.question.clone(), parent: self.parent.clone() }
    }
}
impl<E: EntityTrait> PageOf<E> {
    fn words(&self) -> (&str, &str, Extent, bool) {
        let question = &*self.question;
        (&question.listing.name, question.parent, question.extent, question.total)
    }
}
impl<E: EntityTrait> PartialEq for PageOf<E> {
    fn eq(&self, other: &Self) -> bool {
        self.parent == other.parent && self.words() == other.words()
    }
}
impl<E: EntityTrait> Eq for PageOf<E> {}
impl<E: EntityTrait> Hash for PageOf<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.words().hash(state);
    }
}

/// A parent's rows (one more than asked for, where there is more) and how many it has in all.
pub struct Rows<M> {
    rows: Vec<Arc<M>>,
    total: i64,
}

impl<M> Clone for Rows<M> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), total: self.total }
    }
}

impl<M> Default for Rows<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), total: 0 }
    }
}

impl<E: Guarded> Loader<PageOf<E>> for Reader {
    type Value = Rows<E::Model>;
    type Error = Error;

    async fn load(&self, keys: &[PageOf<E>]) -> Result<HashMap<PageOf<E>, Rows<E::Model>>> {
        let mut asked: Vec<&PageOf<E>> = Vec::new();
        for key in keys {
            if !asked.iter().any(|known| known.words() == key.words()) {
                asked.push(key);
            }
        }
        let answers = asked.into_iter().map(|key| {
            let parents = keys.iter().filter(|other| other.words() == key.words()).map(|other| other.parent.clone());
            self.answer(&key.question, parents.collect())
        });
        Ok(try_join_all(answers).await?.into_iter().flatten().collect())
    }
}

impl Reader {
    async fn answer<E: Guarded>(
        &self,
        question: &Arc<Question<E>>,
        parents: Vec<Id>,
    ) -> Result<HashMap<PageOf<E>, Rows<E::Model>>> {
        let by = column::<E>(question.parent).ok_or_else(|| Error::internal("no such parent column"))?;
        let key = |parent: Id| PageOf { question: question.clone(), parent };
        let mut pages: HashMap<_, Rows<E::Model>> =
            parents.iter().map(|parent| (key(parent.clone()), Rows::default())).collect();
        let totals = async {
            if !question.total {
                return Ok(Vec::new());
            }
            self.totals(&question.listing.select, by, &parents).await
        };
        let (rows, totals) = try_join(self.related(self.first_of_each(question, by, &parents), &[]), totals).await?;
        for row in rows {
            if let Ok(parent) = <Id as ValueType>::try_from(row.get(by)) {
                pages.entry(key(parent)).or_default().rows.push(Arc::new(row));
            }
        }
        for (parent, total) in totals {
            pages.entry(key(parent)).or_default().total = total;
        }
        Ok(pages)
    }

    fn first_of_each<E: Guarded>(&self, question: &Question<E>, by: E::Column, parents: &[Id]) -> Select<E> {
        let order = question.listing.order(question.extent.backward);
        let most = question.extent.size + 1;
        let all = question.listing.select.clone();
        // One parent needs no ranking: its rows come in order off the index.
        let select = if let [parent] = parents {
            all.filter(by.eq(parent.clone())).limit(most)
        } else {
            let of_parents = among::<E>(by, parents.iter().cloned(), self.db.get_database_backend());
            all.filter(key::<E>().in_subquery(chosen(question, by, of_parents, &order, most)))
        };
        order.into_iter().fold(select, |select, (expr, direction)| select.order_by(expr, direction))
    }
}

/// The ids of each parent's first rows.
fn chosen<E: Guarded>(
    question: &Question<E>,
    by: E::Column,
    of_parents: SimpleExpr,
    order: &[(SimpleExpr, Order)],
    most: u64,
) -> SelectStatement {
    let mut window = WindowStatement::partition_by((E::default(), by));
    for (expr, direction) in order {
        sea_orm::sea_query::OrderedStatement::order_by_expr(&mut window, expr.clone(), direction.clone());
    }
    let rank: FunctionCall = Func::cust("ROW_NUMBER");
    let mut ranked = question.listing.select.clone().filter(of_parents).select_only();
    QuerySelect::query(&mut ranked)
        .expr_as(Expr::col((E::default(), key::<E>())), "id")
        .expr_window_as(rank, window, "rank");
    Query::select()
        .column("id")
        .from_subquery(ranked.into_query(), "ranked")
        .and_where(Expr::col("rank").lte(most))
        .to_owned()
}

impl Scope {
    /// A parent's page of a list. Asked for by many parents at once, it is one statement for all of them.
    ///
    /// # Errors
    /// BAD_USER_INPUT for wrong paging arguments or a foreign cursor.
    pub async fn page_of<N: Node>(
        &self,
        parent_column: &'static str,
        parent: &Id,
        mut listing: Listing<N::Entity>,
        window: &Window,
        ctx: &Context<'_>,
    ) -> Result<Connection<N>> {
        let by = column::<N::Entity>(parent_column).ok_or_else(|| Error::internal("no such parent column"))?;
        if !window.is_start() {
            listing.select = listing.select.filter(by.eq(parent.clone()));
            listing.name = below(&listing.name, parent);
            return self.page(listing, window, ctx).await;
        }
        let extent = window.extent()?;
        let question = Arc::new(Question { listing, parent: parent_column, extent, total: counts(ctx) });
        let mut page =
            self.ask(PageOf { question: question.clone(), parent: parent.clone() }).await?.unwrap_or_default();
        let more = trim(&mut page.rows, extent);
        Ok(connect::<N>(question.listing.cursors_below(parent), page.rows, more, window, extent, page.total))
    }

    /// Reads the pages that many parents will ask for, so that each finds its own without waiting. Those that go on from
    /// a cursor are left to them, and so are those that they will refuse.
    ///
    /// # Errors
    /// INTERNAL when the database fails.
    pub async fn prefetch_pages<'a, E: Guarded>(
        &self,
        parent_column: &'static str,
        parents: &[&Id],
        pages: impl Iterator<Item = Asked<'a>> + Send,
        listing: impl Fn(&Asked<'a>) -> Result<Listing<E>> + Send,
    ) -> Result<()> {
        let mut keys = Vec::new();
        for page in pages {
            let Ok(Some(question)) = question(&page, parent_column, &listing) else { continue };
            let question = Arc::new(question);
            keys.extend(parents.iter().map(|id| PageOf { question: question.clone(), parent: (*id).clone() }));
        }
        if !keys.is_empty() {
            let rows = self.rows();
            let found = rows.load_many(keys).await?;
            rows.loader().keep(found.into_iter());
        }
        Ok(())
    }
}

fn question<'a, E: Guarded>(
    page: &Asked<'a>,
    parent: &'static str,
    listing: &impl Fn(&Asked<'a>) -> Result<Listing<E>>,
) -> Result<Option<Question<E>>> {
    let window = page.window()?;
    let extent = window.extent()?;
    let question = Question { listing: listing(page)?, parent, extent, total: page.counts() };
    Ok(Some(question).filter(|_| window.is_start()))
}
