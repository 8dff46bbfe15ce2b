//! Relay connections, once for every table: any allowed order, both ways, by key and never by offset.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, OutputType, SelectionField, SimpleObject, TypeName};
use sea_orm::sea_query::{Expr, ExprTrait, Order, SimpleExpr};
use sea_orm::{Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::data::cursor::{Mark, Place};
use crate::data::reach::Guarded;
use crate::data::scope::Scope;
use crate::data::tx::{id_of, key};
use crate::data::whole::Relation;
use crate::error::{Error, Fault, Result};

const DEFAULT_SIZE: i32 = 50;
const MOST: i32 = 200;

/// What is shown for a row of a table.
pub trait Node: OutputType + Sized + 'static {
    type Entity: Guarded;

    fn of(row: impl Into<Arc<<Self::Entity as EntityTrait>::Model>>) -> Self;

    /// The fields that answer one row of another table, each of a different one: they can be read along with a single row.
    #[must_use]
    fn relations() -> Vec<Relation<Self::Entity>> {
        Vec::new()
    }

    /// Loads the relations that a page's selection asks for, each in one statement.
    fn prefetch(
        _scope: &Scope,
        _rows: &[<Self::Entity as EntityTrait>::Model],
        _wanted: &Wanted,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// One page of a list.
#[derive(SimpleObject)]
#[graphql(complex, name_type)]
pub struct Connection<T: Node> {
    /// The rows of this page, each with its cursor.
    pub edges: Vec<Edge<T>>,
    /// What lies before and after this page.
    pub page_info: PageInfo,
    /// How many rows the whole list has.
    pub total_count: i64,
}

#[ComplexObject]
impl<T: Node> Connection<T> {
    /// The rows of this page, without their cursors.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

/// A row of a page, with its cursor.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Edge<T: Node> {
    /// Pass it as `after` or `before` to go on from this row.
    pub cursor: String,
    /// The row.
    pub node: T,
}

/// What lies before and after a page.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// Is there more after this page?
    pub has_next_page: bool,
    /// Is there more before this page?
    pub has_previous_page: bool,
    /// The cursor of the first row; null on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last row; null on an empty page.
    pub end_cursor: Option<String>,
}

impl<T: Node> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: Node> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// The paging arguments of a list, as they came.
#[derive(Clone, Debug, Default)]
pub struct Window {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::data) struct Extent {
    pub(in crate::data) size: u64,
    pub(in crate::data) backward: bool,
}

impl Window {
    /// # Errors
    /// BAD_USER_INPUT for both `first` and `last`, or one outside 1 to 200.
    pub(in crate::data) fn extent(&self) -> Result<Extent> {
        let mut faults = Vec::new();
        if self.first.is_some() && self.last.is_some() {
            faults.push(Fault::new("last", "Give `first` or `last`, not both."));
        }
        for (name, size) in [("first", self.first), ("last", self.last)] {
            if size.is_some_and(|size| !(1..=MOST).contains(&size)) {
                faults.push(Fault::new(name, format!("`{name}` must lie between 1 and {MOST}.")));
            }
        }
        if !faults.is_empty() {
            return Err(Error::BadUserInput(faults));
        }
        let size = self.last.or(self.first).unwrap_or(DEFAULT_SIZE);
        Ok(Extent { size: u64::try_from(size).unwrap_or_default(), backward: self.last.is_some() })
    }

    pub(in crate::data) fn is_start(&self) -> bool {
        self.after.is_none() && self.before.is_none()
    }
}

/// One key of an order.
pub struct Key<E: EntityTrait> {
    pub expr: SimpleExpr,
    pub descending: bool,
    /// Rows without a value stand last, whichever the direction.
    pub nullable: bool,
    pub mark: fn(&E::Model) -> Mark,
}

impl<E: EntityTrait> Clone for Key<E> {
    fn clone(&self) -> Self {
        Self { expr: self.expr.clone(), ..*self }
    }
}

/// A list: rows, their order (the id comes last by itself), and what names both in cursors.
pub struct Listing<E: EntityTrait> {
    pub select: Select<E>,
    pub keys: Vec<Key<E>>,
    /// Names list, order and filter: a cursor of one is refused by another.
    pub name: String,
}

impl<E: EntityTrait> Clone for Listing<E> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), keys: self.keys.clone(), name: self.name.clone() }
    }
}

impl<E: Guarded> Listing<E> {
    pub(in crate::data) fn place(&self, row: &E::Model) -> Place {
        Place { marks: self.keys.iter().map(|key| (key.mark)(row)).collect(), id: id_of::<E>(row) }
    }

    /// The order as SQL, turned round for a page that is read backwards.
    pub(in crate::data) fn order(&self, backward: bool) -> Vec<(SimpleExpr, Order)> {
        let mut order = Vec::new();
        let way = |descending: bool| if descending == backward { Order::Asc } else { Order::Desc };
        for key in &self.keys {
            if key.nullable {
                order.push((missing(&key.expr), way(false)));
            }
            order.push((key.expr.clone(), way(key.descending)));
        }
        // The id goes the way of the last key, so that one index serves both.
        let descending = self.keys.last().is_some_and(|key| key.descending);
        order.push((Expr::col((E::default(), key::<E>())), way(descending)));
        order
    }

    /// The rows beyond a place, in the order or against it.
    fn beyond(&self, place: &Place, backward: bool) -> Condition {
        let mut steps: Vec<(SimpleExpr, bool, sea_orm::Value)> = Vec::new();
        for (key, mark) in self.keys.iter().zip(&place.marks) {
            if key.nullable {
                steps.push((missing(&key.expr), false, i64::from(*mark == Mark::Null).into()));
            }
            if let Some(value) = mark.value() {
                steps.push((key.expr.clone(), key.descending, value));
            }
        }
        let descending = self.keys.last().is_some_and(|key| key.descending);
        steps.push((Expr::col((E::default(), key::<E>())), descending, place.id.clone().into()));
        let mut any = Condition::any();
        let mut same = Condition::all();
        for (expr, descending, value) in steps {
            let further =
                if descending == backward { expr.clone().gt(value.clone()) } else { expr.clone().lt(value.clone()) };
            any = any.add(same.clone().add(further));
            same = same.add(expr.eq(value));
        }
        any
    }

    fn cut(&self, window: &Window, extent: Extent) -> Result<Select<E>> {
        let mut select = self.select.clone();
        if let Some(after) = &window.after {
            select = select.filter(self.beyond(&Place::decode(after, &self.name, "after")?, false));
        }
        if let Some(before) = &window.before {
            select = select.filter(self.beyond(&Place::decode(before, &self.name, "before")?, true));
        }
        for (expr, order) in self.order(extent.backward) {
            select = select.order_by(expr, order);
        }
        // One more than asked for tells whether there is more.
        Ok(select.limit(extent.size + 1))
    }
}

fn missing(expr: &SimpleExpr) -> SimpleExpr {
    Expr::case(expr.clone().is_null(), 1).finally(0).into()
}

/// Which way a list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum OrderDirection {
    /// The smallest, earliest or first in the alphabet comes first.
    Asc,
    /// The largest, latest or last in the alphabet comes first.
    Desc,
}

impl OrderDirection {
    #[must_use]
    pub fn is_descending(self) -> bool {
        self == Self::Desc
    }
}

/// What the selection of a page asks for: its fields, and theirs as `project.customer`.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub total: bool,
    fields: HashSet<String>,
}

impl Wanted {
    #[must_use]
    pub fn of(ctx: &Context<'_>) -> Self {
        let look = ctx.look_ahead();
        let rows = [look.field("nodes"), look.field("edges").field("node")];
        let rows = rows.iter().flat_map(async_graphql::Lookahead::selection_fields);
        Self { total: look.field("totalCount").exists(), fields: fields(rows) }
    }

    /// The same of a field that answers a single row.
    #[must_use]
    pub fn of_one(ctx: &Context<'_>) -> Self {
        Self { total: false, fields: fields([ctx.field()].into_iter()) }
    }

    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.contains(field)
    }
}

fn fields<'a>(rows: impl Iterator<Item = SelectionField<'a>>) -> HashSet<String> {
    let mut fields = HashSet::new();
    for field in rows.flat_map(|row| row.selection_set().collect::<Vec<_>>()) {
        fields.extend(field.selection_set().map(|inner| format!("{}.{}", field.name(), inner.name())));
        fields.insert(field.name().to_owned());
    }
    fields
}

impl Scope {
    /// One page of a list: one statement, one more for `totalCount` where it is selected, one for each relation.
    ///
    /// # Errors
    /// BAD_USER_INPUT for wrong paging arguments or a foreign cursor.
    pub async fn page<N: Node>(
        &self,
        listing: Listing<N::Entity>,
        window: &Window,
        ctx: &Context<'_>,
    ) -> Result<Connection<N>> {
        let wanted = Wanted::of(ctx);
        let extent = window.extent()?;
        let mut rows = self.all(listing.cut(window, extent)?).await?;
        let more = trim(&mut rows, extent);
        N::prefetch(self, &rows, &wanted).await?;
        let total = if wanted.total { self.count(listing.select.clone()).await? } else { 0 };
        let rows = rows.into_iter().map(Arc::new).collect();
        Ok(connect::<N>(&listing, rows, more, window, extent, total))
    }
}

/// Cuts the one row too many, and brings the page into the list's own order. Was there one too many?
pub(in crate::data) fn trim<M>(rows: &mut Vec<M>, extent: Extent) -> bool {
    let size = usize::try_from(extent.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    if extent.backward {
        rows.reverse();
    }
    more
}

pub(in crate::data) fn connect<N: Node>(
    listing: &Listing<N::Entity>,
    rows: Vec<Arc<<N::Entity as EntityTrait>::Model>>,
    more: bool,
    window: &Window,
    extent: Extent,
    total_count: i64,
) -> Connection<N> {
    let edges: Vec<Edge<N>> = rows
        .into_iter()
        .map(|row| Edge { cursor: listing.place(&row).encode(&listing.name), node: N::of(row) })
        .collect();
    let page_info = PageInfo {
        has_next_page: if extent.backward { window.before.is_some() } else { more },
        has_previous_page: if extent.backward { more } else { window.after.is_some() },
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Connection { edges, page_info, total_count }
}
