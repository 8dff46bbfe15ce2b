//! The entities, the migrations and the two databases say the same.

use super::catalogue::{self, Schema, Table};
use super::entities::{self, Declared};
use crate::harness::database::{self, Backend};

/// Every column of every table: name, place, type, nullability, primary key, uniqueness.
pub async fn columns_agree(backend: Backend) {
    let database = database::fresh(backend).await;
    let schema = catalogue::read(&database.connect().await).await;
    let declared = entities::declared();
    let mut tables: Vec<_> = declared.iter().map(|(table, _)| table.as_str()).collect();
    tables.sort_unstable();
    assert_eq!(tables, schema.keys().collect::<Vec<_>>(), "each table has an entity and each entity a table");
    for (name, columns) in &declared {
        assert!(columns[0].primary, "the key of {name} comes first: a row is there where it is");
        let table = &schema[name];
        let stored: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(columns.iter().map(|column| column.name).collect::<Vec<_>>(), stored, "{name}");
        for column in columns {
            agree(name, table, column);
        }
    }
}

fn agree(name: &str, table: &Table, declared: &Declared) {
    let stored = table.column(declared.name).unwrap();
    let place = format!("{name}.{}", declared.name);
    assert_eq!(declared.class, stored.class, "{place}");
    assert_eq!(declared.nullable, stored.nullable, "may {place} be null?");
    assert_eq!(declared.primary, stored.primary, "is {place} the primary key?");
    assert_eq!(declared.unique, table.is_unique(declared.name), "is {place} unique?");
    if stored.enum_name.is_some() {
        assert_eq!(declared.enum_name, stored.enum_name, "the enum type of {place}");
    }
}

/// Everything that both catalogues can say: columns, defaults, keys, indexes, checks.
pub async fn databases_agree(backend: Backend) {
    let postgres = of(backend).await;
    let sqlite = of(Backend::Sqlite).await;
    assert_eq!(postgres.keys().collect::<Vec<_>>(), sqlite.keys().collect::<Vec<_>>());
    for (name, there) in &postgres {
        let here = &sqlite[name];
        for (there, here) in there.columns.iter().zip(&here.columns) {
            let there = catalogue::Column { enum_name: None, ..there.clone() };
            assert_eq!(&there, here, "{name}.{}", here.name);
        }
        assert_eq!(there.keys, here.keys, "foreign keys of {name}");
        assert_eq!(there.indexes, here.indexes, "indexes of {name}");
        // What PostgreSQL's types refuse, SQLite checks.
        let shared: Vec<_> = here.checks.iter().filter(|check| !check.ends_with("_fits_check")).collect();
        assert_eq!(there.checks.iter().collect::<Vec<_>>(), shared, "checks of {name}");
    }
}

async fn of(backend: Backend) -> Schema {
    catalogue::read(&database::fresh(backend).await.connect().await).await
}

/// Ids and folded text compare as SQLite and the program compare them, whatever the server's language.
pub async fn text_is_ordered_by_its_bytes(backend: Backend) {
    let database = database::fresh(backend).await;
    let db = database.connect().await;
    let sql = r#"SELECT c.relname || '.' || a.attname AS "column" FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relkind = 'r' AND c.relname <> 'seaql_migrations' AND l.collname <> 'C'
          AND (a.attname = 'id' OR a.attname LIKE '%Folded' OR a.atttypmod = 32 + 4)
        ORDER BY 1"#;
    let others: Vec<_> = catalogue::rows(&db, sql).await.iter().map(|row| catalogue::text(row, "column")).collect();
    // Their ids are names that the program gives, and no page is ordered by them.
    assert_eq!(others, ["change_head.epoch", "number_counters.id", "rate_limits.id"]);
}
