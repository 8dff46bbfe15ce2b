//! "One of these", in one parameter however many they are: the statement's text stays the same, so that each connection
//! prepares it once.

use entity::scalar::Id;
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr, Value};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait};

/// PostgreSQL takes a list that it does not know to have so many.
const UNKNOWN: usize = 10;

/// Is the column's id one of these?
pub(in crate::data) fn among<E: EntityTrait>(
    column: E::Column,
    ids: impl Iterator<Item = Id>,
    backend: DbBackend,
) -> SimpleExpr {
    let mut ids: Vec<String> = ids.map(|id| id.0).collect();
    if let [id] = ids.as_slice() {
        return column.eq(id.as_str());
    }
    if backend == DbBackend::Postgres {
        // A shorter list would look cheaper than the plan that is kept, and be planned anew each time.
        let last = ids.last().cloned().unwrap_or_default();
        ids.resize(ids.len().max(UNKNOWN), last);
        return Expr::col(column.as_column_ref()).eq(PgFunc::any(Expr::val(Value::from(ids))));
    }
    let list = Func::cust("json_each").arg(serde_json::Value::from(ids).to_string());
    column.in_subquery(Query::select().column("value").from_function(list, "ids").to_owned())
}
