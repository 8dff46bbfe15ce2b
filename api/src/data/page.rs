//! Relay connections, once for every table: any allowed order, both ways, by key and never by offset.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, OutputType, SimpleObject, TypeName};
use entity::scalar::Id;
use futures_util::future::try_join;
use sea_orm::EntityTrait;

use crate::data::listing::{Cursors, Listing};
use crate::data::loader::Row;
use crate::data::reach::Guarded;
use crate::data::relation::Relation;
use crate::data::scope::Scope;
use crate::data::wanted::{Wanted, counts};
use crate::error::{Error, Fault, Result};

const DEFAULT_SIZE: i32 = 50;
const MOST: i32 = 200;

/// What is shown for a row of a table.
pub trait Node: OutputType + Sized + 'static {
    type Entity: Guarded;

    fn of(row: impl Into<Arc<<Self::Entity as EntityTrait>::Model>>) -> Self;

    /// The fields that answer a row of another table, or rows beside this one.
    #[must_use]
    fn relations() -> Vec<Relation<Self::Entity>> {
        Vec::new()
    }

    /// Loads the lists that hang on the rows with these ids, as far as they are selected: those of all rows at once, and
    /// of a single one along with it.
    fn lists(_scope: &Scope, _ids: &[&Id], _wanted: &Wanted<'_>) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// One page of a list.
#[derive(SimpleObject)]
#[graphql(complex, name_type)]
pub struct Connection<T: Node> {
    #[graphql(skip)]
    page: Page<T::Entity>,
    /// How many rows the whole list has.
    pub total_count: i64,
}

/// The rows of a page, and what is told of them to those who ask.
pub(in crate::data) struct Page<E: Guarded> {
    pub(in crate::data) rows: Vec<Row<E>>,
    pub(in crate::data) cursors: Cursors<E>,
    pub(in crate::data) has_next: bool,
    pub(in crate::data) has_previous: bool,
}

#[ComplexObject]
impl<T: Node> Connection<T> {
    /// The rows of this page, each with its cursor.
    async fn edges(&self) -> Vec<Edge<T>> {
        let Page { rows, cursors, .. } = &self.page;
        rows.iter().map(|row| Edge { cursor: cursors.of(row), node: T::of(row.clone()) }).collect()
    }

    /// The rows of this page, without their cursors.
    async fn nodes(&self) -> Vec<T> {
        self.page.rows.iter().map(|row| T::of(row.clone())).collect()
    }

    /// What lies before and after this page.
    async fn page_info(&self) -> PageInfo {
        let Page { rows, cursors, has_next, has_previous } = &self.page;
        PageInfo {
            has_next_page: *has_next,
            has_previous_page: *has_previous,
            start_cursor: rows.first().map(|row| cursors.of(row)),
            end_cursor: rows.last().map(|row| cursors.of(row)),
        }
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
        let extent = window.extent()?;
        let cut = listing.cut(window, extent)?;
        let total = async { if counts(ctx) { self.count(listing.select.clone()).await } else { Ok(0) } };
        let (mut rows, total) = try_join(self.all(cut), total).await?;
        let more = trim(&mut rows, extent);
        let rows: Vec<Row<N::Entity>> = rows.into_iter().map(Arc::new).collect();
        self.relate::<N>(&rows, &Wanted::of_page(ctx)).await?;
        Ok(connect::<N>(listing.cursors(), rows, more, window, extent, total))
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
    cursors: Cursors<N::Entity>,
    rows: Vec<Row<N::Entity>>,
    more: bool,
    window: &Window,
    extent: Extent,
    total_count: i64,
) -> Connection<N> {
    let has_next = if extent.backward { window.before.is_some() } else { more };
    let has_previous = if extent.backward { more } else { window.after.is_some() };
    Connection { page: Page { rows, cursors, has_next, has_previous }, total_count }
}
