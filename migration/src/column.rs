//! A column as both databases understand it: one call makes it, and it is written out as DDL for the one at hand.
//!
//! The schema builder of the ORM cannot say everything that has to be the same here (milliseconds, length checks on
//! SQLite, one text form for instants, the order of text), so this file says it once for all tables.

use sea_orm_migration::sea_orm::DbBackend;

use crate::kind::{Enum, Kind};

/// What happens to a row when the row that it refers to is deleted.
#[derive(Clone, Copy)]
pub(crate) enum OnDelete {
    Cascade,
    Restrict,
    SetNull,
}

pub(crate) const CASCADE: OnDelete = OnDelete::Cascade;
pub(crate) const RESTRICT: OnDelete = OnDelete::Restrict;
pub(crate) const SET_NULL: OnDelete = OnDelete::SetNull;

/// The instant of the insertion, in the text that the program writes: no fraction where it would be `.000`.
const SQLITE_NOW: &str = "(replace(strftime('%Y-%m-%dT%H:%M:%f', 'now'), '.000', '') || '+00:00')";
enum Default {
    Now,
    Sql(&'static str),
}

pub(crate) struct Column {
    pub(crate) name: &'static str,
    kind: Kind,
    null: bool,
    primary: bool,
    default: Option<Default>,
    pub(crate) reference: Option<(&'static str, OnDelete)>,
}

fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, null: false, primary: false, default: None, reference: None }
}

/// The primary key of nearly every table: made by the program.
pub(crate) fn id() -> Column {
    key("id").primary()
}
pub(crate) fn created() -> Column {
    instant("createdAt").default_now()
}
pub(crate) fn updated() -> Column {
    instant("updatedAt").default_now()
}
/// The id of a row. Its order is that of its bytes on both databases, as pages and locks need it.
pub(crate) fn key(name: &'static str) -> Column {
    column(name, Kind::Key)
}
pub(crate) fn varchar(name: &'static str, length: u32) -> Column {
    column(name, Kind::Varchar(length))
}
pub(crate) fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}
/// Text folded by the program, to sort and search by: ordered by its bytes on both databases.
pub(crate) fn folded(name: &'static str) -> Column {
    column(name, Kind::Folded)
}
pub(crate) fn int(name: &'static str) -> Column {
    column(name, Kind::Int)
}
pub(crate) fn big(name: &'static str) -> Column {
    column(name, Kind::Big)
}
/// A primary key that the database counts up.
pub(crate) fn serial(name: &'static str) -> Column {
    column(name, Kind::Serial).primary()
}
pub(crate) fn boolean(name: &'static str) -> Column {
    column(name, Kind::Boolean)
}
pub(crate) fn instant(name: &'static str) -> Column {
    column(name, Kind::Instant)
}
pub(crate) fn json(name: &'static str) -> Column {
    column(name, Kind::Json)
}
/// A list: a JSON array, never null, empty unless said otherwise.
pub(crate) fn list(name: &'static str) -> Column {
    column(name, Kind::List).default("'[]'")
}
pub(crate) fn bytes(name: &'static str) -> Column {
    column(name, Kind::Bytes)
}
/// A number of so many digits, two of them after the point.
pub(crate) fn decimal(name: &'static str, precision: u32) -> Column {
    column(name, Kind::Decimal(precision))
}
pub(crate) fn enumeration(name: &'static str, values: &'static Enum) -> Column {
    column(name, Kind::Enum(values))
}
/// A foreign key.
pub(crate) fn reference(name: &'static str, table: &'static str, on_delete: OnDelete) -> Column {
    Column { reference: Some((table, on_delete)), ..key(name) }
}

impl Column {
    pub(crate) fn primary(self) -> Self {
        Self { primary: true, ..self }
    }
    pub(crate) fn null(self) -> Self {
        Self { null: true, ..self }
    }
    pub(crate) fn default(self, sql: &'static str) -> Self {
        Self { default: Some(Default::Sql(sql)), ..self }
    }
    pub(crate) fn default_now(self) -> Self {
        Self { default: Some(Default::Now), ..self }
    }

    pub(crate) fn ddl(&self, backend: DbBackend) -> String {
        let mut parts = vec![format!("\"{}\"", self.name), self.kind.ddl(backend)];
        if self.primary {
            parts.push("PRIMARY KEY".to_owned());
        }
        if matches!(self.kind, Kind::Serial) {
            let counting = if backend == DbBackend::Sqlite { "AUTOINCREMENT" } else { "" };
            parts.push(counting.to_owned());
        } else if !self.null {
            parts.push("NOT NULL".to_owned());
        }
        if let Some(default) = &self.default {
            parts.push(format!("DEFAULT {}", default.ddl(backend)));
        }
        if let Some((table, on_delete)) = self.reference {
            let rule = on_delete.ddl();
            parts.push(format!("REFERENCES \"{table}\" (\"id\") ON DELETE {rule} ON UPDATE CASCADE"));
        }
        parts.join(" ")
    }

    /// The CHECK that the column's type brings along: its name and its condition.
    pub(crate) fn check(&self, backend: DbBackend) -> Option<(String, String)> {
        let (rule, condition) = match (&self.kind, backend) {
            (Kind::List, DbBackend::Sqlite) => {
                ("is_list", format!("iif(json_valid(\"{0}\"), json_type(\"{0}\") = 'array', 0)", self.name))
            }
            (Kind::List, _) => ("is_list", format!("jsonb_typeof(\"{}\") = 'array'", self.name)),
            (kind, DbBackend::Sqlite) => ("fits", kind.sqlite_check(self.name)?),
            _ => return None,
        };
        Some((format!("{}_{rule}", self.name), condition))
    }
}

impl Default {
    fn ddl(&self, backend: DbBackend) -> &'static str {
        match self {
            Self::Now if backend == DbBackend::Sqlite => SQLITE_NOW,
            Self::Now => "CURRENT_TIMESTAMP",
            Self::Sql(sql) => sql,
        }
    }
}

impl OnDelete {
    fn ddl(self) -> &'static str {
        match self {
            Self::Cascade => "CASCADE",
            Self::Restrict => "RESTRICT",
            Self::SetNull => "SET NULL",
        }
    }
}
