//! The columns of each table as they are selected: spelled out once, not anew for every statement.
//!
//! Spelled for PostgreSQL, where an enumeration is read as its text; SQLite, where it is one, takes the cast too.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use sea_orm::sea_query::{Expr, PostgresQueryBuilder, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, QuerySelect, Select};

/// The columns of a table, under the name that it goes by in a statement.
type Texts = HashMap<(TypeId, &'static str), &'static str>;
type Starts = HashMap<TypeId, Box<dyn Any + Send + Sync>>;

static TEXTS: LazyLock<RwLock<Texts>> = LazyLock::new(RwLock::default);
static STARTS: LazyLock<RwLock<Starts>> = LazyLock::new(RwLock::default);

/// Selects all columns of a table, in the order of its row's fields.
pub(in crate::data) fn select<E: EntityTrait>(into: &mut SelectStatement, table: &'static str) {
    let known = (TypeId::of::<E>(), table);
    let text = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&known).copied();
    let text = text.unwrap_or_else(|| {
        // There are only so many of them, and each serves until the program ends.
        let text = spelled_out::<E>(table).leak();
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(known, text);
        text
    });
    into.expr(Expr::cust(text));
}

fn spelled_out<E: EntityTrait>(table: &'static str) -> String {
    let mut all = Query::select();
    for column in E::Column::iter() {
        all.expr_as(column.select_as(Expr::col((table, column))), column.as_str());
    }
    let text = all.to_string(PostgresQueryBuilder);
    text.trim_start_matches("SELECT ").to_owned()
}

/// All rows of a table, to be narrowed down.
#[expect(clippy::disallowed_methods, reason = "whoever starts here says from whose reach, or why from nobody's")]
pub(in crate::data) fn rows_of<E: EntityTrait>() -> Select<E> {
    let starts = STARTS.read().unwrap_or_else(PoisonError::into_inner);
    let known = starts.get(&TypeId::of::<E>()).and_then(|start| start.downcast_ref::<Select<E>>()).cloned();
    drop(starts);
    known.unwrap_or_else(|| {
        let mut start = E::find().select_only();
        select::<E>(QuerySelect::query(&mut start), E::default().as_str());
        let kept: Box<dyn Any + Send + Sync> = Box::new(start.clone());
        STARTS.write().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<E>(), kept);
        start
    })
}
