//! Lists: which rows, in which order, and where one goes on from.

use std::sync::OnceLock;

use entity::scalar::Id;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SimpleExpr};
use sea_orm::{Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::data::cursor::{Mark, Place, fingerprint};
use crate::data::page::{Extent, Window};
use crate::data::reach::Guarded;
use crate::data::tx::{id_of, key};
use crate::error::Result;

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

/// Makes the cursors of a list.
pub(in crate::data) struct Cursors<E: EntityTrait> {
    marks: Vec<fn(&E::Model) -> Mark>,
    name: String,
    fingerprint: OnceLock<String>,
}

impl<E: Guarded> Cursors<E> {
    pub(in crate::data) fn of(&self, row: &E::Model) -> String {
        let place = Place { marks: self.marks.iter().map(|mark| mark(row)).collect(), id: id_of::<E>(row) };
        place.encode(self.fingerprint.get_or_init(|| fingerprint(&self.name)))
    }
}

impl<E: Guarded> Listing<E> {
    pub(in crate::data) fn cursors(&self) -> Cursors<E> {
        self.cursors_as(self.name.clone())
    }

    /// Those of the same list below one parent, which are another's to the list below another.
    pub(in crate::data) fn cursors_below(&self, parent: &Id) -> Cursors<E> {
        self.cursors_as(below(&self.name, parent))
    }

    fn cursors_as(&self, name: String) -> Cursors<E> {
        let marks = self.keys.iter().map(|key| key.mark).collect();
        Cursors { marks, name, fingerprint: OnceLock::new() }
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

    pub(in crate::data) fn cut(&self, window: &Window, extent: Extent) -> Result<Select<E>> {
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

/// What the list below one parent is called.
pub(in crate::data) fn below(name: &str, parent: &Id) -> String {
    format!("{name} of {parent}")
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
