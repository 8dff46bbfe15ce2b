//! Rows for any table, made from what the catalogue says about it, so that a new table is tested without a word.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::catalogue::{self, Column, Schema, Table};
use super::values;
use crate::harness::database::{self, Backend, TestDatabase};

/// How much of a row is filled in: what must be, or everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    Required,
    All,
}

/// A database, its catalogue, and the rows made so far.
pub struct Rows {
    pub db: DatabaseConnection,
    pub schema: Schema,
    numbers: RefCell<BTreeMap<String, usize>>,
    count: Cell<usize>,
    /// One row of each table, for those that only need some row to refer to.
    parents: RefCell<BTreeMap<String, String>>,
    _database: TestDatabase,
}

impl Rows {
    pub async fn on(backend: Backend) -> Self {
        let database = database::fresh(backend).await;
        let db = database.connect().await;
        Self {
            schema: catalogue::read(&db).await,
            db,
            numbers: RefCell::default(),
            count: Cell::new(0),
            parents: RefCell::default(),
            _database: database,
        }
    }

    /// Inserts a row with these values (SQL) and answers its id (SQL).
    pub async fn insert(&self, table: &str, fill: Fill, set: &[(&str, String)]) -> Result<String, DbErr> {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for column in &self.schema[table].columns {
            let value = match set.iter().find(|(name, _)| *name == column.name) {
                Some((_, value)) => value.clone(),
                None if is_left_out(table, column, fill) => continue,
                None => self.some_value(table, column).await,
            };
            values.insert(column.name.clone(), value);
        }
        let columns = values.keys().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let values = values.into_values().collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO \"{table}\" ({columns}) VALUES ({values}) RETURNING CAST(\"id\" AS text)");
        let row = self.db.query_one_raw(self.statement(&sql)).await?.expect("the id of the new row");
        Ok(format!("'{}'", row.try_get_by_index::<String>(0)?))
    }

    /// A row of one's own, with what it must have.
    pub async fn make(&self, table: &str) -> String {
        self.insert(table, Fill::Required, &[]).await.unwrap_or_else(|error| panic!("a row of {table}: {error}"))
    }

    /// Changes a row: `"column" = value, …`.
    pub async fn update(&self, table: &str, id: &str, changes: &str) -> Result<(), DbErr> {
        self.one(&format!("UPDATE \"{table}\" SET {changes} WHERE \"id\" = {id}")).await
    }

    pub async fn delete(&self, table: &str, id: &str) -> Result<(), DbErr> {
        self.one(&format!("DELETE FROM \"{table}\" WHERE \"id\" = {id}")).await
    }

    /// One column of one row as text; `None` for a row that is not there.
    pub async fn read(&self, table: &str, id: &str, column: &str) -> Option<Option<String>> {
        Some(self.read_all(table, id, &[column]).await?.remove(0))
    }

    /// Some columns of one row as text; `None` for a row that is not there.
    pub async fn read_all(&self, table: &str, id: &str, columns: &[&str]) -> Option<Vec<Option<String>>> {
        let texts: Vec<_> = columns.iter().map(|column| format!("CAST(\"{column}\" AS text)")).collect();
        let sql = format!("SELECT {} FROM \"{table}\" WHERE \"id\" = {id}", texts.join(", "));
        let row = self.db.query_one_raw(self.statement(&sql)).await.unwrap()?;
        Some((0..columns.len()).map(|at| row.try_get_by_index(at).unwrap()).collect())
    }

    /// Does something to the one row that it is about.
    async fn one(&self, sql: &str) -> Result<(), DbErr> {
        let done = self.db.execute_raw(self.statement(sql)).await?;
        assert_eq!(done.rows_affected(), 1, "{sql}");
        Ok(())
    }

    /// A value for the column: for a foreign key, a row that is there.
    pub async fn some_value(&self, table: &str, column: &Column) -> String {
        let owner = &self.schema[table];
        match owner.key(&column.name) {
            Some(key) if must_differ(owner, &column.name) => Box::pin(self.make(&key.table)).await,
            Some(key) => Box::pin(self.parent(&key.table)).await,
            None => self.sql(values::sample(table, column, owner, self.number(table, &column.name))),
        }
    }

    /// Written once for both: the name of the type of bytes differs.
    pub fn sql(&self, value: String) -> String {
        if self.is_postgres() { value } else { value.replace("AS bytea", "AS blob") }
    }

    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// After the tables were emptied: no row that was made is there any more.
    pub fn forget(&self) {
        self.parents.borrow_mut().clear();
    }

    async fn parent(&self, table: &str) -> String {
        if let Some(id) = self.parents.borrow().get(table) {
            return id.clone();
        }
        let id = self.make(table).await;
        self.parents.borrow_mut().insert(table.to_owned(), id.clone());
        id
    }

    /// Texts and times are new in every row; enums go through their values, column by column.
    fn number(&self, table: &str, column: &str) -> usize {
        self.count.set(self.count.get() + 1);
        if self.schema[table].column(column).is_some_and(|c| !matches!(c.class, catalogue::Class::Enum(_))) {
            return self.count.get();
        }
        let mut numbers = self.numbers.borrow_mut();
        let number = numbers.entry(format!("{table}.{column}")).or_default();
        *number += 1;
        *number - 1
    }

    fn statement(&self, sql: &str) -> Statement {
        Statement::from_string(self.db.get_database_backend(), sql)
    }
}

fn is_left_out(table: &str, column: &Column, fill: Fill) -> bool {
    let counted = table == "changes" && column.name == "id";
    counted || (fill == Fill::Required && (column.nullable || column.default.is_some()))
}

/// Does a unique index forbid two rows that refer to the same one, whatever else they say?
fn must_differ(table: &Table, column: &str) -> bool {
    let is_free = |name: &String| {
        let column = table.column(name).unwrap();
        table.key(name).is_none() && matches!(column.class, catalogue::Class::Varchar(_) | catalogue::Class::Text)
    };
    table.indexes.iter().any(|index| {
        index.unique && index.columns.iter().any(|name| name == column) && !index.columns.iter().any(is_free)
    })
}
