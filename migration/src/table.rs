//! A table: its columns, checks and indexes, made and dropped on the database at hand.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::column::Column;
use crate::kind::Enum;

pub(crate) struct Table {
    name: &'static str,
    columns: Vec<Column>,
    checks: Vec<(String, String)>,
    indexes: Vec<Index>,
}

struct Index {
    name: String,
    unique: bool,
    columns: Vec<&'static str>,
    condition: Option<&'static str>,
}

impl Table {
    /// The columns in their order. Each foreign key gets an index.
    pub(crate) fn new<const N: usize>(name: &'static str, columns: [Column; N]) -> Self {
        let keys: Vec<_> = columns.iter().filter(|column| column.reference.is_some()).map(|key| key.name).collect();
        let table = Self { name, columns: columns.into(), checks: Vec::new(), indexes: Vec::new() };
        keys.into_iter().fold(table, |table, key| table.index(&[key]))
    }

    /// A rule over the row. Its name begins with the column to put right, so that a refusal can name the field.
    pub(crate) fn check(mut self, name: &str, condition: &str) -> Self {
        self.checks.push((name.to_owned(), condition.to_owned()));
        self
    }

    /// An e-mail address, kept in lower case.
    pub(crate) fn lower_case(self, column: &str) -> Self {
        let condition = format!("\"{column}\" = lower(\"{column}\")");
        self.check(&format!("{column}_lower_case"), &condition)
    }

    /// A text with few values, and no type of its own.
    pub(crate) fn one_of(self, column: &str, values: &[&str]) -> Self {
        let condition = format!("\"{column}\" IN ('{}')", values.join("', '"));
        self.check(&format!("{column}_known"), &condition)
    }

    pub(crate) fn unique(self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_key", self.name, columns.join("_"));
        self.add_index(name, true, columns, None)
    }

    /// Unique among the rows that meet the condition.
    pub(crate) fn unique_where(self, name: &str, columns: &[&'static str], condition: &'static str) -> Self {
        self.add_index(name.to_owned(), true, columns, Some(condition))
    }

    pub(crate) fn index(self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_idx", self.name, columns.join("_").replace(" DESC", "Desc"));
        self.add_index(name, false, columns, None)
    }

    fn add_index(
        mut self,
        name: String,
        unique: bool,
        columns: &[&'static str],
        condition: Option<&'static str>,
    ) -> Self {
        self.indexes.push(Index { name, unique, columns: columns.to_vec(), condition });
        self
    }

    fn statements(&self, backend: DbBackend) -> Vec<String> {
        let mut parts: Vec<String> = self.columns.iter().map(|column| column.ddl(backend)).collect();
        let of_types = self.columns.iter().filter_map(|column| column.check(backend));
        parts.extend(
            self.checks
                .iter()
                .cloned()
                .chain(of_types)
                .map(|(name, condition)| format!("CONSTRAINT \"{}_{name}_check\" CHECK ({condition})", self.name)),
        );
        let needed = self.indexes.iter().filter(|index| !self.indexes.iter().any(|other| other.serves(index)));
        let mut statements = vec![format!("CREATE TABLE \"{}\" ({})", self.name, parts.join(", "))];
        statements.extend(needed.map(|index| index.ddl(self.name)));
        statements
    }
}

impl Index {
    /// Does this index answer whatever the other would, because its columns begin with the other's? Two indexes for
    /// the same question would only make every write dearer.
    fn serves(&self, other: &Self) -> bool {
        self.condition.is_none()
            && !other.unique
            && self.columns.starts_with(&other.columns)
            && (self.unique || self.columns.len() > other.columns.len())
    }

    fn ddl(&self, table: &str) -> String {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let column = |column: &&str| match column.strip_suffix(" DESC") {
            Some(column) => format!("\"{column}\" DESC"),
            None => format!("\"{column}\""),
        };
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        let condition = self.condition.map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
        format!("CREATE {unique}INDEX \"{}\" ON \"{table}\" ({}){condition}", self.name, columns.join(", "))
    }
}

pub(crate) async fn create_all(manager: &SchemaManager<'_>, enums: &[Enum], tables: &[Table]) -> Result<(), DbErr> {
    let backend = manager.get_database_backend();
    let db = manager.get_connection();
    if backend == DbBackend::Postgres {
        for each in enums {
            let sql = format!("CREATE TYPE \"{}\" AS ENUM ('{}')", each.name, each.values.join("', '"));
            db.execute_unprepared(&sql).await?;
        }
    }
    for statement in tables.iter().flat_map(|table| table.statements(backend)) {
        db.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// In the opposite order, so that nothing is dropped that something still refers to.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, enums: &[Enum], tables: &[Table]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    for table in tables.iter().rev() {
        db.execute_unprepared(&format!("DROP TABLE \"{}\"", table.name)).await?;
    }
    if manager.get_database_backend() == DbBackend::Postgres {
        for each in enums.iter().rev() {
            db.execute_unprepared(&format!("DROP TYPE \"{}\"", each.name)).await?;
        }
    }
    Ok(())
}
