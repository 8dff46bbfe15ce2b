//! The types of columns, as each database spells them, and what SQLite has to check that PostgreSQL's types refuse by
//! themselves.

use sea_orm_migration::sea_orm::DbBackend;

/// An enum: a type of its own on PostgreSQL, checked text on SQLite.
#[derive(Clone, Copy)]
pub(crate) struct Enum {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

/// An instant without its fraction and zone.
const SQLITE_SECOND: &str = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]";

pub(crate) enum Kind {
    Key,
    Varchar(u32),
    Text,
    Folded,
    Int,
    Big,
    Serial,
    Boolean,
    Instant,
    Json,
    List,
    Bytes,
    Decimal(u32),
    Enum(&'static Enum),
}

impl Kind {
    pub(crate) fn ddl(&self, backend: DbBackend) -> String {
        if backend == DbBackend::Sqlite { self.sqlite() } else { self.postgres() }
    }

    fn postgres(&self) -> String {
        let name = match self {
            Self::Key => "varchar(32) COLLATE \"C\"",
            Self::Varchar(length) => return format!("varchar({length})"),
            Self::Decimal(precision) => return format!("numeric({precision}, 2)"),
            Self::Enum(values) => return format!("\"{}\"", values.name),
            Self::Text => "text",
            Self::Folded => "text COLLATE \"C\"",
            Self::Int => "integer",
            Self::Big => "bigint",
            Self::Serial => "bigserial",
            Self::Boolean => "boolean",
            Self::Instant => "timestamptz(3)",
            Self::Json | Self::List => "jsonb",
            Self::Bytes => "bytea",
        };
        name.to_owned()
    }

    /// The names by which the ORM knows them, each with the affinity that keeps what was written.
    fn sqlite(&self) -> String {
        let name = match self {
            Self::Key => "varchar(32)",
            Self::Varchar(length) => return format!("varchar({length})"),
            Self::Decimal(precision) => return format!("real({precision}, 2)"),
            Self::Text | Self::Folded | Self::Enum(_) => "text",
            Self::Int | Self::Serial => "integer",
            Self::Big => "bigint",
            Self::Boolean => "boolean",
            Self::Instant => "timestamp_with_timezone_text",
            Self::Json | Self::List => "jsonb_text",
            Self::Bytes => "blob",
        };
        name.to_owned()
    }

    /// What PostgreSQL's types refuse by themselves.
    pub(crate) fn sqlite_check(&self, name: &str) -> Option<String> {
        Some(match self {
            Self::Key => format!("length(\"{name}\") <= 32"),
            Self::Varchar(length) => format!("length(\"{name}\") <= {length}"),
            Self::Enum(values) => format!("\"{name}\" IN ('{}')", values.values.join("', '")),
            Self::Boolean => format!("\"{name}\" IN (0, 1)"),
            Self::Json => format!("json_valid(\"{name}\")"),
            // One text for each instant, so that the order of texts is the order of time.
            Self::Instant => format!(
                "\"{name}\" GLOB '{SQLITE_SECOND}+00:00' OR (\"{name}\" GLOB '{SQLITE_SECOND}.[0-9][0-9][0-9]+00:00' \
                 AND \"{name}\" NOT GLOB '*.000+00:00')"
            ),
            Self::Decimal(precision) => {
                let most = format!("{}.99", "9".repeat(*precision as usize - 2));
                format!("\"{name}\" BETWEEN -{most} AND {most}")
            }
            Self::Int => format!("\"{name}\" BETWEEN -2147483648 AND 2147483647"),
            Self::Text | Self::Folded | Self::Big | Self::Serial | Self::List | Self::Bytes => return None,
        })
    }
}
