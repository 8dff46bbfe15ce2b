//! What a database says about its own schema, in one form for both.

mod postgres;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

pub type Schema = BTreeMap<String, Table>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub indexes: BTreeSet<Index>,
    /// The names of the CHECKs.
    pub checks: BTreeSet<String>,
    pub keys: BTreeSet<ForeignKey>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub class: Class,
    /// The enum's own name, where the database knows it.
    pub enum_name: Option<String>,
    pub nullable: bool,
    pub default: Option<String>,
    pub primary: bool,
}

/// What a column holds, whatever either database calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    Varchar(u32),
    Text,
    Int,
    Big,
    Boolean,
    Instant,
    Json,
    Bytes,
    Decimal(u32, u32),
    Enum(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index {
    pub name: String,
    /// In their order; one that is sorted downwards ends with " DESC".
    pub columns: Vec<String>,
    pub unique: bool,
    /// Does it cover only the rows that meet a condition?
    pub partial: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignKey {
    pub column: String,
    pub table: String,
    pub on_delete: String,
    pub on_update: String,
}

/// Reads the schema; the migrations' own table is left out.
pub async fn read(db: &DatabaseConnection) -> Schema {
    match db.get_database_backend() {
        DbBackend::Postgres => postgres::read(db).await,
        _ => sqlite::read(db).await,
    }
}

/// PostgreSQL's enum types, each with its values in order.
pub async fn enum_types(db: &DatabaseConnection) -> Vec<(String, String)> {
    postgres::enums(db).await
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Is the column unique all by itself, in every row?
    pub fn is_unique(&self, column: &str) -> bool {
        self.indexes.iter().any(|index| index.unique && !index.partial && index.columns == [column])
    }

    pub fn key(&self, column: &str) -> Option<&ForeignKey> {
        self.keys.iter().find(|key| key.column == column)
    }
}

/// A default as it was meant: without quotes and casts, "now" for the moment of insertion.
fn default(text: Option<String>) -> Option<String> {
    let text = text?;
    if text.starts_with("nextval(") {
        return None;
    }
    if text == "CURRENT_TIMESTAMP" || text.contains("strftime(") {
        return Some("now".to_owned());
    }
    let text = text.rsplit_once("'::").map_or(text.as_str(), |(value, _)| value);
    Some(text.trim_matches('\'').to_owned())
}

/// The numbers in the brackets of `numeric(12,2)`.
fn numbers(text: &str) -> Vec<u32> {
    let inside = text.split(['(', ')']).nth(1).unwrap_or_default();
    inside.split(',').filter_map(|number| number.trim().parse().ok()).collect()
}

pub async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub fn text(row: &QueryResult, column: &str) -> String {
    row.try_get("", column).unwrap()
}

fn flag(row: &QueryResult, column: &str) -> bool {
    row.try_get("", column).unwrap()
}
