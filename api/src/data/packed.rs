//! Rows as JSON, put together by the database: a hundred small rows that are only wanted together arrive as one.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr, SubQueryStatement};

use crate::data::joined::Asked;

/// What a row of packed rows is called.
pub(in crate::data) const PACKED: &str = "packed";

/// How the database at hand writes JSON.
#[derive(Clone, Copy)]
pub struct Packing(pub(in crate::data) DbBackend);

impl Packing {
    /// `[a, b, …]`, of one row.
    #[must_use]
    pub fn row(self, columns: impl IntoIterator<Item = SimpleExpr>) -> SimpleExpr {
        let name = if self.0 == DbBackend::Postgres { "json_build_array" } else { "json_array" };
        Func::cust(name).args(columns).into()
    }

    /// All of them; null or empty where there are none.
    #[must_use]
    pub fn rows(self, row: SimpleExpr) -> SimpleExpr {
        let name = if self.0 == DbBackend::Postgres { "json_agg" } else { "json_group_array" };
        Func::cust(name).arg(row).into()
    }

    /// A select of packed rows, as one row that is always there.
    #[must_use]
    pub fn asked(rows: SelectStatement) -> Asked {
        let text = Func::coalesce([sub_query(rows).cast_as("text"), Expr::val("[]")]);
        let select = Query::select().expr_as(text, PACKED).to_owned();
        Asked { select, tables: vec![(PACKED, 0)], columns: 1 }
    }

    /// Those of a sub-query, as a part of the row that it belongs to.
    #[must_use]
    pub fn within(self, rows: SelectStatement) -> SimpleExpr {
        let rows = sub_query(rows);
        // SQLite forgets on the way out of a sub-query that a text is JSON.
        if self.0 == DbBackend::Postgres { rows } else { Func::cust("json").arg(rows).into() }
    }
}

fn sub_query(rows: SelectStatement) -> SimpleExpr {
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(rows)))
}
